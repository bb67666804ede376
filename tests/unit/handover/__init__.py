"""Tests of the modules in `app/handover`."""
