"""Tests of the modules in `app/acme`."""
