"""Tests of the modules in `tests/bench`."""
