"""Keeps the result of a function's last call: a view is put together again after each change, mostly of something else."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def keeps_last(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, a pure one, which is not run again for arguments that equal those of the call before."""
    kept: list[tuple[object, R]] = []

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        if not kept or kept[0][0] != (args, kwargs):
            kept[:] = [((args, kwargs), function(*args, **kwargs))]
        return kept[0][1]

    return call
