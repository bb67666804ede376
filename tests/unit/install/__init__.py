"""Tests of the modules in `app/install`."""
