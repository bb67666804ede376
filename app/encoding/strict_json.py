"""Reads the JSON that a CA sends: strict about what is needed, lenient about what is not.

A CA is not trusted: a required member that is missing or has a wrong type must end here in a `ProtocolError`, not later in a
`TypeError`. The same goes for JSON that is too long or too deeply nested. An optional member never makes the rest unusable:
`JsonObject.optional` reads a malformed one as absent. Unknown members are ignored, as RFC 8555 §7 asks of clients.

Errors name the place as `where` ("order", "directory.meta") and the member as `member`.
"""

import json
import re
from collections.abc import Collection, Iterable, Sized
from itertools import accumulate
from typing import Any, Final, NoReturn, TypeVar

from app.errors import OversizeError, ProtocolError

T = TypeVar("T")

MAX_JSON: Final = 1 << 20
"""Bytes of one response. An order of 100 names with an error for each is 100 KB."""

MAX_DEPTH: Final = 32
"""Levels of nested objects and lists; ACME uses 6. Python's own parser recurses and may exhaust a browser's stack."""

MAX_ENTRIES: Final = 1000
"""Entries of one list or map, unless a caller sets another limit. An order has at most 100 names."""

_STRING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # in time that grows with the text only
_NO_BRACKET: Final = re.compile(r"[^\[\]{}]+")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_DIGITS: Final = re.compile(r"[0-9]{1,15}")
_FOR_PEOPLE: Final = ("detail", "message", "error_description", "description", "title", "reason", "msg", "error", "errors")
_MAX_NUMBER: Final = 1 << 53  # what every reader of JSON agrees on (RFC 7493 §2.2)


class JsonObject:
    """A JSON object that returns each member only in the type that is asked for.

    `where` names the resource in errors ("order", "directory", …). Every reader raises `ProtocolError`.
    """

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise ProtocolError("json-not-object", detail=repr(value)[:500], where=where)
        self._value: dict[str, Any] = value
        self._where = where

    @property
    def optional(self) -> "OptionalMembers":
        """The same members, read leniently."""
        return OptionalMembers(self._value, self._where)

    def text(self, name: str) -> str:
        """The string `name`, which must be there."""
        value = self.optional_text(name)
        if value is None:
            raise ProtocolError("json-member-missing", where=self._where, member=name)
        return value

    def optional_text(self, name: str) -> str | None:
        """The string `name`, or None where it is absent or null."""
        value = self._value.get(name)
        if isinstance(value, str) and value.isascii():
            return value
        value = self._optional(name, str)
        return None if value is None else _text(value)

    def flag(self, name: str) -> bool:
        """The boolean `name`; absent means False."""
        return self._optional(name, bool) or False

    def number(self, name: str) -> int | None:
        """The integer `name`, or None where it is absent or null."""
        value = self._optional(name, int)
        if value is not None and abs(value) > _MAX_NUMBER:
            raise ProtocolError("json-number-too-large", where=self._where, member=name)
        return value

    def texts(self, name: str, max_entries: int = MAX_ENTRIES) -> tuple[str, ...]:
        """The list of strings `name`, of at most `max_entries`; absent means empty."""
        values = self._entries(name, list, max_entries)
        if not all(isinstance(value, str) for value in values):
            raise self._wrong(name, values)
        return tuple(map(_text, values))

    def child(self, name: str) -> "JsonObject | None":
        """The object `name`, or None where it is absent or null."""
        value = self._optional(name, dict)
        return None if value is None else JsonObject(value, f"{self._where}.{name}")

    def children(self, name: str) -> "tuple[JsonObject, ...]":
        """The list of objects `name`; absent means empty."""
        values = self._entries(name, list)
        return tuple(JsonObject(value, f"{self._where}.{name}") for value in values)

    def _entries(self, name: str, kind: type[T], max_entries: int = MAX_ENTRIES) -> Any:
        values: Any = self._optional(name, kind) or kind()
        _check_count(values, name, self._where, max_entries)
        return values

    def _optional(self, name: str, kind: type[T]) -> T | None:
        value = self._value.get(name)
        if value is None:
            return None
        # bool is an int to Python, but not to JSON
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self._wrong(name, value)
        return value

    def _wrong(self, name: str, value: object) -> ProtocolError:
        return ProtocolError("json-wrong-type", detail=repr(value)[:500], where=self._where, member=name)


class OptionalMembers:
    """The optional members of a JSON object: absent, null and a wrong type are the same.

    Nothing here raises but `OversizeError`, for a list or map of more than `MAX_ENTRIES`.
    """

    def __init__(self, value: dict[str, Any], where: str) -> None:
        self._value = value
        self._where = where

    def text(self, name: str) -> str:
        """The string `name`, or ""."""
        value = self._value.get(name)
        return _text(value) if isinstance(value, str) else ""

    def flag(self, name: str) -> bool:
        """Whether `name` is true; some servers write it as a text or as a number."""
        value = self._value.get(name)
        return value.strip().lower() == "true" if isinstance(value, str) else value is True or value == 1

    def number(self, name: str) -> int | None:
        """The integer `name`, also where it is written as a string, or None."""
        value = self._value.get(name)
        if isinstance(value, str) and _DIGITS.fullmatch(value):
            return int(value)
        whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MAX_NUMBER
        return value if whole else None

    def texts(self, name: str) -> tuple[str, ...]:
        """The strings in the list `name`; a string alone counts as a list of it."""
        return tuple(_text(value) for value in self.values(name) if isinstance(value, str))

    def child(self, name: str) -> JsonObject:
        """The object `name`; an empty one in place of anything else."""
        value = self._value.get(name)
        return JsonObject(value if isinstance(value, dict) else {}, f"{self._where}.{name}")

    def any(self, name: str) -> object:
        """The member `name` as it is; None where it is absent."""
        return self._value.get(name)

    def beside(self, names: Collection[str]) -> dict[str, object]:
        """All members but those of `names`."""
        return {name: value for name, value in self._value.items() if name not in names}

    def values(self, name: str) -> list[Any]:
        """The entries of the list `name`, of any type; any other value that is not empty counts as a list of it."""
        value = self._value.get(name)
        entries = value if isinstance(value, list) else [value] if value not in (None, "", {}) else []
        _check_count(entries, name, self._where)
        return entries

    def described(self, name: str) -> dict[str, str]:
        """The object `name` as its names and the words in each (`words`); a list of names has no words for them."""
        value = self._value.get(name)
        if not isinstance(value, dict):
            return dict.fromkeys(self.texts(name), "")
        _check_count(value, name, self._where)
        return {_text(key): words(entry) for key, entry in value.items()}


def words(value: object) -> str:
    """The texts for people in a JSON value of any type, one a line; "" where there are none.

    Of an object, the members that servers of every kind write for people, or else all of it as JSON, cut short.
    """
    match value:
        case str():
            return _text(value)
        case list():
            return _lines(map(words, value[:MAX_ENTRIES]))
        case dict():
            return _lines(words(value.get(name)) for name in _FOR_PEOPLE) or (json.dumps(value)[:500] if value else "")
    return "" if value is None else json.dumps(value)[:500]


def _lines(texts: Iterable[str]) -> str:
    """Each text once, one a line."""
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _check_count(values: Sized, name: str, where: str, max_entries: int = MAX_ENTRIES) -> None:
    if len(values) > max_entries:
        raise OversizeError("json-too-many-entries", where=where, member=name, count=len(values), most=max_entries)


def _text(value: str) -> str:
    r"""JSON can write half a character (`\ud800`), which no file and no request can hold; it is replaced."""
    return value if value.isascii() else _SURROGATE.sub("\ufffd", value)


def read_json(body: bytes, where: str) -> JsonObject:
    """Parse `body` (UTF-8 JSON, RFC 8259) as the object `where`. Where a member occurs twice, the last one counts.

    Raises `ProtocolError` for anything but an object, and what `read_value` raises.
    """
    return JsonObject(read_value(body, where), where)


def read_value(body: bytes, where: str) -> object:
    """Parse `body` as the JSON value `where`, of any type.

    Raises `ProtocolError`, and of it `OversizeError` for what is longer than `MAX_JSON` or deeper than `MAX_DEPTH`.
    """
    if len(body) > MAX_JSON:
        raise OversizeError("json-too-long", where=where, length=len(body), most=MAX_JSON)
    try:
        return parse_json(body, where)
    except ValueError as error:
        start = body[:500].decode("utf-8", "replace")
        raise ProtocolError("json-invalid", detail=start, where=where) from error


def is_json(body: bytes) -> bool:
    """Whether `body` is JSON, or so long or deep that `read_json` will say so."""
    try:
        if len(body) <= MAX_JSON:
            parse_json(body, "response")
    except OversizeError:
        return True
    except ValueError:
        return False
    return True


def parse_json(body: bytes | str, where: str) -> Any:
    """Any JSON value, but not NaN and Infinity, which Python would read as well; `where` is as for `read_json`.

    Raises `ValueError` for what is not JSON, `OversizeError` for what is deeper than `MAX_DEPTH`.
    """
    text = body if isinstance(body, str) else body.removeprefix(_BYTE_ORDER_MARK).decode()
    if _is_deep(text):
        raise OversizeError("json-too-deep", where=where, most=MAX_DEPTH)
    return _DECODER.decode(text)


def _is_deep(text: str) -> bool:
    """Whether the brackets of `text` are nested too deeply, counted before any parser recurses into them."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    brackets = _NO_BRACKET.sub("", _STRING.sub("", text))
    return any(depth > MAX_DEPTH for depth in accumulate(1 if bracket in "[{" else -1 for bracket in brackets))


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER: Final = json.JSONDecoder(parse_constant=_no_number)
