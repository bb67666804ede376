"""Tests of the modules in `app/text`."""
