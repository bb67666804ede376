"""Tests of the modules in `app/accounts`."""
