"""The records of an order by zone and name, as programs take them, and TXT data as zone files write it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.acme.challenge import MAX_STRING
from app.dns.entries import RecordEntry
from app.dns.zones import relative_name

TTL: Final = 300
"""Seconds that resolvers may keep a record: short, because the next order has another value."""

_ODD_IN_NAMES: Final = re.compile(rb"[^A-Za-z0-9_*.-]")
_ODD_IN_TEXTS: Final = re.compile(rb'["\\]|[^ -~]')


@dataclass(frozen=True)
class RecordSet:
    """All TXT records at `name` (full, without final dot), which is in `zone`. `texts` are their values."""

    zone: str
    name: str
    texts: tuple[str, ...]

    @property
    def relative(self) -> str:
        """The name inside the zone; "@" for the zone itself."""
        return relative_name(self.name, self.zone) or "@"


def record_sets(entries: Iterable[RecordEntry]) -> dict[str, list[RecordSet]]:
    """Zone → its record sets, in the order of the `entries`; a name with several entries is one set."""
    texts: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        texts.setdefault((entry.zone, entry.name), []).extend(entry.texts)
    zones: dict[str, list[RecordSet]] = {}
    for (zone, name), values in texts.items():
        zones.setdefault(zone, []).append(RecordSet(zone, name, tuple(dict.fromkeys(values))))
    return zones


def txt_data(text: str) -> str:
    r"""The data of a TXT record as zone files write it: quoted strings of at most 255 octets (RFC 1035 §3.3, §5.1).

    Quotes and backslashes have a backslash before them; what is not printable ASCII is `\DDD`, so this is always one line.
    """
    data = text.encode("utf-8", "replace")
    strings = (data[start : start + MAX_STRING] for start in range(0, max(len(data), 1), MAX_STRING))
    return " ".join(f'"{_ODD_IN_TEXTS.sub(_escaped, string).decode("ascii")}"' for string in strings)


def absolute(name: str) -> str:
    r"""`name` with its final dot, as zone files write it: what is no letter, digit, hyphen, underscore or `*` is `\DDD`."""
    return _ODD_IN_NAMES.sub(_numbered, name.encode("utf-8", "replace")).decode("ascii") + "."


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"\\" + found[0] if found[0] in b'"\\' else _numbered(found)


def _numbered(found: re.Match[bytes]) -> bytes:
    return b"\\%03d" % found[0][0]
