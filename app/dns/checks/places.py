"""Names that people confuse with the name of a record, and where its value ends up because of that."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from app.acme.identifier import MAX_NAME
from app.dns.checks.values import PERSIST
from app.dns.entries import RecordEntry

Mistake = Literal["doubled", "apex", "no-underscore", "elsewhere"]
"""Which mistake leads to a place; also the reason of the finding (`app.dns.checks.findings`)."""

MAX_PARENTS: Final = 4


@dataclass(frozen=True)
class Place:
    """The `name` to which `mistake` leads."""

    mistake: Mistake
    name: str


def wrong_places(entry: RecordEntry) -> tuple[Place, ...]:
    """Where the value of `entry` may have ended up, the likeliest first."""
    found: dict[str, Place] = {}
    for place in _places(entry):
        if place.name != entry.name and len(place.name) <= MAX_NAME:
            found.setdefault(place.name, place)
    return tuple(found.values())


def _places(entry: RecordEntry) -> Iterator[Place]:
    base, zone = owner(entry), entry.zone
    label = entry.name.removesuffix(f".{base}")
    yield Place("doubled", f"{entry.name}.{zone}")
    yield Place("apex", base)
    yield Place("no-underscore", f"{label.removeprefix('_')}.{base}")
    yield from (Place("elsewhere", f"{wrong}.{base}") for wrong in _misspelt(label))
    if entry.kind == PERSIST:
        return  # one value serves all names of an account, so what is at another name may be meant for that
    if base != zone:
        yield Place("elsewhere", f"{label}.{zone}")
        yield Place("apex", zone)
    else:
        yield Place("elsewhere", f"{label}.www.{base}")


def _misspelt(label: str) -> Iterator[str]:
    own, _, general = label.partition(".")
    if general:  # dns-account-01: _HASH._acme-challenge
        yield general
        return
    yield f"_{own[1:].replace('-', '_')}"
    yield f"{own}s"


def owner(entry: RecordEntry) -> str:
    """The name that `entry` proves, without `*.`."""
    return entry.identifiers[0].base


def places_above(entry: RecordEntry) -> tuple[str, ...]:
    """Those wrong places that are above the name of `entry` and below its zone: where these do not exist, the name does not."""
    inside = (place.name for place in wrong_places(entry) if place.name != entry.zone)
    return tuple(name for name in inside if entry.name.endswith(f".{name}"))


def wildcards_above(entry: RecordEntry) -> tuple[str, ...]:
    """The names of wildcards that could answer for the name of `entry`, the nearest first (RFC 4592 §2.1.1)."""
    labels = entry.name.split(".")
    parents = (".".join(labels[n:]) for n in range(1, len(labels)))
    inside = [parent for parent in parents if parent == entry.zone or parent.endswith(f".{entry.zone}")]
    return tuple(f"*.{parent}" for parent in inside[:MAX_PARENTS])
