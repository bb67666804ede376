"""Presenters of the panels under the steps."""
