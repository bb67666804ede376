"""Measures the coverage of app/, as a plugin: `pytest -p tests.measuring`, then `coverage combine` and `coverage report`.

Tracing is slow, so it is on only while modules are imported and while a unit test itself runs: see `is_measured`. pytest-cov
traces everything, and under xdist with two tracers.
"""

from collections.abc import Generator
from typing import Final

import pytest
from coverage import Coverage
from hypothesis import is_hypothesis_test

COVERAGE: Final = Coverage(data_suffix=True)  # a file for each process


def pytest_load_initial_conftests() -> None:
    """The first thing of all: from here on, modules of app/ are imported."""
    COVERAGE.start()


def pytest_collection_finish() -> None:
    """All modules are imported. The tests begin."""
    COVERAGE.stop()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """The innermost part of a test: its own function."""
    if not is_measured(pyfuncitem):
        return (yield)
    COVERAGE.start()
    try:
        return (yield)
    finally:
        COVERAGE.stop()


def pytest_sessionfinish() -> None:
    """The last test of this process is over."""
    COVERAGE.save()


def is_measured(test: pytest.Function) -> bool:
    """Whether `test` counts: unit tests do, but not those that run the same lines with thousands of inputs.

    Those are the property tests, and the ones with the mark `unmeasured`.
    """
    many_inputs = is_hypothesis_test(test.obj) or test.get_closest_marker("unmeasured") is not None
    return test.nodeid.startswith("tests/unit/") and not many_inputs
