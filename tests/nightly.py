"""Cases of a parametrized test that run nightly only: `make test` keeps the first ones, `make test-nightly` runs the others."""

from collections.abc import Iterable
from typing import Any

import pytest


def nightly_after(quick: int, cases: Iterable[Any]) -> list[Any]:
    """`cases` for `parametrize`: the first `quick` of them as they are, each other one with the mark `nightly`."""
    return [case if n < quick else _marked(case) for n, case in enumerate(cases)]


def _marked(case: Any) -> Any:
    if hasattr(case, "marks"):  # a pytest.param
        return pytest.param(*case.values, marks=[*case.marks, pytest.mark.nightly], id=case.id)
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.nightly)
