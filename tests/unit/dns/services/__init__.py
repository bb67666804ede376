"""The tests of app.dns.services."""
