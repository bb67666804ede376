"""Tests of the modules in `app/pki/viewer`."""
