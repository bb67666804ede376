"""Tests of the modules in `app/backup`."""
