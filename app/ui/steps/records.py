"""Step 2: DNS records as one enters them."""

from typing import Final

from app.acme.challenge import DnsRecord, txt_strings
from app.acme.identifier import Identifier
from app.ui.views import RecordCard

# Second-level labels under which countries register domains. They only shorten the name that is shown first, with the full
# name beside it, so a short list of common ones is enough.
_PUBLIC_SECOND_LEVELS: Final = frozenset({"ac", "co", "com", "edu", "gob", "gov", "ltd", "me", "net", "ne", "or", "org", "plc"})


def record_card(record: DnsRecord, owner: Identifier, kind: str) -> RecordCard:
    """The card of `record`, which proves `owner` by a challenge of type `kind`."""
    zone = zone_of(owner.base)
    host = record.name.removesuffix(f".{zone}")
    written = tuple(_in_strings(value) for value in record.values)
    return RecordCard(owner.base, kind, record.name, host, zone, written, long=written != record.values)


def _in_strings(value: str) -> str:
    """A value as one types it: as it is, or in quoted parts where it is longer than a string of a TXT record may be."""
    strings = txt_strings(value)
    return value if len(strings) < 2 else " ".join(f'"{part}"' for part in strings)


def zone_of(name: str) -> str:
    """The domain that `name` is probably managed under: its last two parts, or three under suffixes such as co.uk."""
    labels = name.split(".")
    in_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _PUBLIC_SECOND_LEVELS
    return ".".join(labels[-3:] if in_country else labels[-2:])
