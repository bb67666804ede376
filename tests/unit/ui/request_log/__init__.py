"""Tests of the modules in `app/ui/request_log`."""
