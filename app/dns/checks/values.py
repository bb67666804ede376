"""Compares the values that are at a name with those that an entry wants there."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from app.dns.checks.persist import persist_match, read_persist
from app.dns.entries import RecordEntry

PERSIST: Final = "dns-persist-01"
"""The type of challenge whose record is read by what it means; all others are compared letter by letter."""

MAX_VALUES: Final = 8
MAX_LENGTH: Final = 600  # characters: a dns-persist-01 record with a long account URL
"""How much of what is at a name a finding keeps: anybody may publish as much as fits into an answer."""

_DIGEST: Final = re.compile(r"[A-Za-z0-9_-]{43}")  # SHA-256 in base64url: what each ACME client publishes
_QUOTES: Final = frozenset("\"'`\\“”„‟‘’‚«»")


def bounded(texts: Iterable[str]) -> tuple[str, ...]:
    """The first of `texts`, each once, none longer than a finding may keep."""
    return tuple(dict.fromkeys(text[:MAX_LENGTH] for text in texts))[:MAX_VALUES]


def is_there(kind: str, wanted: str, texts: Iterable[str], now: float) -> bool:
    """Whether the value `wanted` for a challenge of type `kind` is among `texts`."""
    return persist_match(wanted, texts, now)[0] if kind == PERSIST else wanted in texts


def missing_values(entry: RecordEntry, texts: Sequence[str], now: float) -> tuple[str, ...]:
    """Those values of `entry` that are not among `texts`."""
    return tuple(wanted for wanted in entry.texts if not is_there(entry.kind, wanted, texts, now))


def end_of(entry: RecordEntry, texts: Sequence[str], now: float) -> float | None:
    """When the first of the values of `entry`, which are all there, ends by its own words; None for never."""
    if entry.kind != PERSIST:
        return None
    ends = [end for wanted in entry.texts if (end := persist_match(wanted, texts, now)[1]) is not None]
    return min(ends, default=None)


def spoilt(wanted: str, texts: Iterable[str]) -> str | None:
    """The one of `texts` that is `wanted` but for quotes, blanks or line ends, in it or around it; None where there is none."""
    # A value of 64 KB is no value of ours with quotes around it.
    similar = [text for text in texts if text != wanted and len(wanted) <= len(text) < 2 * len(wanted) + 100]
    bare = _bare(wanted) if similar else ""
    return next((text for text in similar if _bare(text) == bare), None)


def has_quotes(text: str) -> bool:
    """Whether there is a quotation mark or a backslash in `text`, neither of which is part of any value of ours."""
    return not _QUOTES.isdisjoint(text)


def looks_like(kind: str, wanted: str, texts: Sequence[str], now: float) -> bool:
    """As `is_there`, also where the value is spoilt."""
    return is_there(kind, wanted, texts, now) or spoilt(wanted, texts) is not None


def is_digest(text: str) -> bool:
    """Whether `text` could be the value of any order, from whichever program."""
    return bool(_DIGEST.fullmatch(text))


def rivals(entry: RecordEntry, texts: Iterable[str]) -> tuple[str, ...]:
    """Those of `texts` that are at the place of a value of `entry`, but are not it.

    At a name for dns-persist-01, several CAs may have a record each, so those of other CAs are none.
    """
    others = [text for text in texts if text not in entry.texts]
    if entry.kind != PERSIST:
        return tuple(others)
    issuers = {record.issuer for text in entry.texts if (record := read_persist(text))}
    return tuple(text for text in others if (record := read_persist(text)) is None or record.issuer in issuers)


def _bare(text: str) -> str:
    return "".join(char for char in text if char not in _QUOTES and not char.isspace() and char.isprintable())
