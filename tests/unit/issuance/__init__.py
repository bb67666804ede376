"""Tests of the modules in `app/issuance`."""
