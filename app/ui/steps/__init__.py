"""Presenters of the steps after the form."""
