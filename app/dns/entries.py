"""The records of an order as one enters them: one entry is what a person saves at once in the form of their provider."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from app.acme.challenge import DnsRecord, txt_strings
from app.acme.identifier import Identifier
from app.dns.choices import ProviderChoices
from app.dns.providers import DnsProvider
from app.dns.zones import relative_name


@dataclass(frozen=True)
class DnsProof:
    """What proves one name by DNS: the `record` for `identifier`, and the challenge's type (`kind`)."""

    identifier: Identifier
    kind: str
    record: DnsRecord


@dataclass(frozen=True)
class RecordEntry:
    """One entry in the DNS of `zone`. `number` counts all entries of the order from 1.

    `name` is the full name without final dot; `host` is what goes into the form of `provider` (None where it is not known: then
    it is the name inside the zone). `texts` are the values themselves, `values` what one types for each: quoted where the form
    wants that, in quoted parts where a value is longer than one string may be (`long`). There are several only where the
    provider wants them as lines of one record. `proves` are the names that each value proves, `kind` is the challenge's type.
    `same_host_as` is the number of the first entry with the same host in this zone, None for that one.
    """

    number: int
    zone: str
    name: str
    host: str
    texts: tuple[str, ...]
    values: tuple[str, ...]
    proves: tuple[tuple[Identifier, ...], ...]
    kind: str
    provider: DnsProvider | None = None
    same_host_as: int | None = None
    long: bool = False

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """All names that this entry proves, each once."""
        return tuple(dict.fromkeys(identifier for names in self.proves for identifier in names))

    @property
    def has_full_name(self) -> bool:
        """Whether `host` is the full name."""
        return self.host == self.name


def record_entries(proofs: Iterable[DnsProof], choices: ProviderChoices) -> tuple[RecordEntry, ...]:
    """The entries for `proofs`, which are in the order of the names: zone by zone, numbered through.

    Two values at one name are two entries, except where the provider wants one record with several lines. Equal values at one
    name are one.
    """
    zones: dict[str, list[RecordEntry]] = {}
    for record in _joined(proofs):
        zone = choices.zone_of(record.owner)
        zones.setdefault(zone, []).extend(_entries(record, zone, choices.provider_of(zone)))
    entries = [entry for in_zone in zones.values() for entry in in_zone]
    numbered = [replace(entry, number=number) for number, entry in enumerate(entries, start=1)]
    first: dict[tuple[str, str], int] = {}
    return tuple(_marked(entry, first.setdefault((entry.zone, entry.host), entry.number)) for entry in numbered)


def typed_value(text: str, *, quotes: bool) -> str:
    """A value as one types it: as it is, in quotes, or in quoted parts where it is longer than one string of a TXT record."""
    strings = txt_strings(text)
    return text if len(strings) < 2 and not quotes else " ".join(map(quoted, strings))


def quoted(string: str) -> str:
    """One string of a TXT record as zone files and such forms write it (RFC 1035 §5.1). `string` is printable ASCII."""
    escaped = string.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def host_in_form(name: str, zone: str, provider: DnsProvider | None) -> str:
    """What goes into the field for the name in the form of `provider`; without one, the name inside the zone."""
    if provider and provider.name_form == "full":
        return name
    return relative_name(name, zone) or _apex(zone, provider)


def _apex(zone: str, provider: DnsProvider | None) -> str:
    apex = provider.apex if provider else "@"
    return zone if apex == "full" else apex


@dataclass(frozen=True)
class _Joined:
    """All values at one name, each with the names that it proves; `owner` is the proven name without `*.`."""

    name: str
    owner: str
    kind: str
    values: dict[str, list[Identifier]]


def _joined(proofs: Iterable[DnsProof]) -> Iterable[_Joined]:
    places: dict[str, _Joined] = {}
    for proof in proofs:
        name = proof.record.name
        place = places.setdefault(name, _Joined(name, proof.identifier.base, proof.kind, {}))
        for value in proof.record.values:
            place.values.setdefault(value, []).append(proof.identifier)
    return places.values()


def _entries(record: _Joined, zone: str, provider: DnsProvider | None) -> Iterator[RecordEntry]:
    values = [(text, tuple(names)) for text, names in record.values.items()]
    one_set = provider is not None and provider.one_set
    for together in [values] if one_set else [[value] for value in values]:
        texts = tuple(text for text, _ in together)
        yield RecordEntry(
            number=0,
            zone=zone,
            name=record.name,
            host=host_in_form(record.name, zone, provider),
            texts=texts,
            values=tuple(typed_value(text, quotes=provider is not None and provider.quotes) for text in texts),
            proves=tuple(names for _, names in together),
            kind=record.kind,
            provider=provider,
            long=any(len(txt_strings(text)) > 1 for text in texts),
        )


def _marked(entry: RecordEntry, first: int) -> RecordEntry:
    return entry if first == entry.number else replace(entry, same_host_as=first)
