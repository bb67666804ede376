"""Tests of the modules in `app/dns`."""
