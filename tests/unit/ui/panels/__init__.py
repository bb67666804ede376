"""Tests of the modules in `app/ui/panels`."""
