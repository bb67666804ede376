"""Step 2: DNS records as one enters them."""

from app.acme.challenge import DnsRecord, txt_strings
from app.acme.identifier import Identifier
from app.dns.zones import zone_of
from app.ui.views import RecordCard


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
