"""Lists in files of this site: of CAs, DNS providers, resolvers and targets. People write them by hand, as JSON.

So a misspelt member is an error here, other than in what a CA sends: the fact that it was meant to say would be missing.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from app.encoding.strict_json import JsonObject, parse_json
from app.errors import ProtocolError


def read_entries(text: str, where: str, members: frozenset[str]) -> tuple[JsonObject, ...]:
    """The objects in the JSON list `text`, the content of the file `where`: each has an `id` of its own, and only `members`.

    Raises `ProtocolError`.
    """
    try:
        values = parse_json(text, where)
    except ValueError as error:
        raise ProtocolError("json-invalid", detail=str(error), where=where) from error
    if not isinstance(values, list):
        raise ProtocolError("list-not-a-list", where=where)
    entries = tuple(_entry(value, where, members) for value in values)
    for id_, count in Counter(entry.text("id") for entry in entries).most_common(1):
        if count > 1:
            raise ProtocolError("list-duplicate-id", where=where, id=id_)
    return entries


def check_members(names: Iterable[str], where: str, members: frozenset[str]) -> None:
    """Refuse a list `where` that names a member other than `members`. Raises `ProtocolError`."""
    unknown = sorted(set(names) - members)
    if unknown:
        raise ProtocolError("list-unknown-member", where=where, member=unknown[0])


def _entry(value: Any, where: str, members: frozenset[str]) -> JsonObject:
    entry = JsonObject(value, where)
    check_members(value, where, members)
    return entry
