"""Presenters of the form in step 1."""
