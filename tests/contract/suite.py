"""What both sets of adapters must do: one suite, run on CPython and inside the browser.

The modules beside this one have the checks: plain async functions that take the `Ports` under test and a `Place`, and fail by
an assertion. They import nothing that only one of the two worlds has. What needs a judge that the browser does not have (are
these signatures good?) is handed back as evidence, and judged on CPython (`judge.py`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from app.ports import Formats, Ports, SecretStore, Tabs

E = TypeVar("E", bound=Exception)

Evidence = dict[str, Any]
"""JSON: `spec`, `jwk`, and in hex `spki`, `data`, `signature`, `pkcs8` ("" where the key was not taken out)."""


@dataclass(frozen=True)
class Place:
    """Where the checks of `Http` and `Clock` look. Base addresses end in "/".

    `open` sends CORS headers for every origin, `shut` sends none, `nowhere` has nothing that listens. `now` is the time on
    the tests' clock, in Unix seconds. `another` is the port of a further tab of the same browser,
    `formats` makes the writer of values for a locale, `secrets` is the store of secrets.
    """

    open: str
    shut: str
    nowhere: str
    now: float
    another: Tabs | None = None
    formats: Callable[[str], Formats] | None = None
    secrets: SecretStore | None = None


Check = Callable[[Ports, Place], Awaitable[list[Evidence] | None]]


def group(checks: dict[str, Check]) -> Callable[[Check], None]:
    """A decorator that adds a check to `checks`."""

    def add(function: Check) -> None:
        checks[getattr(function, "__name__", "")] = function

    return add


async def error_of(work: Awaitable[object], kind: type[E]) -> E:
    """The error of this `kind` that `work` ends in."""
    try:
        await work
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")
