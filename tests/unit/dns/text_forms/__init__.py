"""Tests of the modules in `app/dns/text_forms`."""
