"""Tests of the parts of `make bench` that need no browser."""
