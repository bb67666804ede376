"""Zones: the domain that a name is managed under, and what a record is called inside it.

Nobody has asked the DNS: where a zone begins is a guess from the name, so the page always has the full name beside it.
"""

from collections.abc import Iterable
from typing import Final

# Second-level labels under which countries register domains. They only shorten the name that is shown first, with the full
# name beside it, so a short list of common ones is enough.
_PUBLIC_SECOND_LEVELS: Final = frozenset({"ac", "co", "com", "edu", "gob", "gov", "ltd", "me", "net", "ne", "or", "org", "plc"})


def zone_of(name: str, shared: Iterable[str] = ()) -> str:
    """The domain that `name` is probably managed under: its last two parts, or three under suffixes such as co.uk.

    `shared` are domains under which somebody gives away names, such as duckdns.org: a name right below one is a zone of its
    own. `name` is in lower case, without `*.` and final dot; where it has no more parts than that, it is the zone itself.
    """
    labels = name.split(".")
    for suffix in shared:
        if name.endswith(f".{suffix}"):
            return ".".join(labels[-suffix.count(".") - 2 :])
    in_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _PUBLIC_SECOND_LEVELS
    return ".".join(labels[-3:] if in_country else labels[-2:])


def relative_name(name: str, zone: str) -> str:
    """What precedes `zone` in `name`, without the dot: "" for the zone itself. A name outside of `zone` stays as it is."""
    return "" if name == zone else name.removesuffix(f".{zone}")
