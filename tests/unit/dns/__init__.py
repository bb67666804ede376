"""Tests of the modules in `app/ca`."""
