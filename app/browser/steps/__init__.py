"""Views of the steps after the form."""
