"""Views of the panels under the steps."""
