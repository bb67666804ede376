"""Tests of `app.dns.lookup`."""
