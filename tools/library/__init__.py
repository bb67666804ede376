"""Modules that stand in the page in place of those of the standard library with the same names: smaller, and quicker to import.

Each does what the page and its packages use, in the same way; what is left out is said at its top. `tools/runtime.py` puts
them into the archive of the standard library. Nothing on CPython uses them but the tests that compare them with the originals.
"""
