"""Tests of the modules in `app/encoding`."""
