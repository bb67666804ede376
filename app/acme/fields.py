"""Strict reading of the JSON that a CA sends.

A CA is a stranger: a missing field or a wrong type must stop here with a sentence, not later with a `TypeError`. Unknown
fields are ignored, as RFC 8555 §7 asks of clients.
"""

import json
from typing import Any, TypeVar

from app.errors import ProtocolError

T = TypeVar("T")


class Fields:
    """A JSON object that gives its members out only in the types that are asked for.

    `what` names the resource in messages ("order", "directory", …). Every reader raises `ProtocolError`.
    """

    def __init__(self, value: object, what: str) -> None:
        if not isinstance(value, dict):
            raise ProtocolError(f"The CA's {what} is not a JSON object.", detail=repr(value)[:500])
        self._value: dict[str, Any] = value
        self._what = what

    def text(self, name: str) -> str:
        """The string `name`, which must be there."""
        value = self.optional_text(name)
        if value is None:
            raise ProtocolError(f"The CA's {self._what} has no “{name}”.")
        return value

    def optional_text(self, name: str) -> str | None:
        """The string `name`, or None where it is absent or null."""
        return self._optional(name, str)

    def flag(self, name: str) -> bool:
        """The boolean `name`; absent means False."""
        return self._optional(name, bool) or False

    def number(self, name: str) -> int | None:
        """The integer `name`, or None where it is absent or null."""
        return self._optional(name, int)

    def texts(self, name: str) -> tuple[str, ...]:
        """The list of strings `name`; absent means empty."""
        values = self._optional(name, list) or []
        if not all(isinstance(value, str) for value in values):
            raise self._wrong(name, values)
        return tuple(values)

    def child(self, name: str) -> "Fields | None":
        """The object `name`, or None where it is absent or null."""
        value = self._optional(name, dict)
        return None if value is None else Fields(value, f"{self._what}’s {name}")

    def children(self, name: str) -> "tuple[Fields, ...]":
        """The list of objects `name`; absent means empty."""
        values = self._optional(name, list) or []
        return tuple(Fields(value, f"{self._what}’s {name}") for value in values)

    def text_map(self, name: str) -> dict[str, str]:
        """The object `name` with string values only; absent means empty."""
        values = self._optional(name, dict) or {}
        if not all(isinstance(value, str) for value in values.values()):
            raise self._wrong(name, values)
        return dict(values)

    def _optional(self, name: str, kind: type[T]) -> T | None:
        value = self._value.get(name)
        if value is None:
            return None
        # bool is an int to Python, but not to JSON
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self._wrong(name, value)
        return value

    def _wrong(self, name: str, value: object) -> ProtocolError:
        return ProtocolError(f"The CA's {self._what} has a “{name}” of a wrong type.", detail=repr(value)[:500])


def read_json(body: bytes, what: str) -> Fields:
    """Parse `body` (UTF-8 JSON) as the object `what`. Raises `ProtocolError`."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        start = body[:500].decode("utf-8", "replace")
        raise ProtocolError(f"The CA's {what} is not JSON.", detail=start) from error
    return Fields(value, what)


def is_json(body: bytes) -> bool:
    """Whether `body` can be parsed as JSON."""
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
