"""Tests of the modules in `app/ui/steps`."""
