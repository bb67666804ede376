"""Views of the form in step 1."""
