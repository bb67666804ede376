"""Tests of the modules in `tools`."""
