"""Tests of the modules in `app/network`."""
