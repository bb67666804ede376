<<<<<<< HEAD
"""Tests of the modules in `tests/bench`."""
=======
"""Tests of the parts of `make bench` that need no browser."""
>>>>>>> h-bench
