"""Step 2: DNS records as one enters them in the forms of the providers that were chosen."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from app.dns.choices import ProviderChoices
from app.dns.entries import DnsProof, RecordEntry, record_entries
from app.dns.providers import DnsProvider
from app.issuance.issuance import Issuance
from app.text.dns import host_label, same_host_note, trap_of, zone_notes, zone_title
from app.text.message import sentences
from app.text.records import full_name, keep_lines, proves, record_title, short_name, value_label
from app.ui.form.provider import provider_model
from app.ui.last_call import keeps_last
from app.ui.steps.prove_models import RecordCard, RecordsModel, RecordZone


def records_model(issuance: Issuance, choices: ProviderChoices, ca: str) -> RecordsModel:
    """The DNS records of `issuance`, by domain, each as the provider of `choices` wants it. `ca` is the CA's name."""
    return _records_of(issuance.dns_proofs, choices, ca, failed=issuance.state == "failed")


@keeps_last
def _records_of(proofs: Sequence[DnsProof], choices: ProviderChoices, ca: str, *, failed: bool) -> RecordsModel:
    entries = record_entries(proofs, choices)
    zones = tuple(_zone(zone, tuple(group), failed=failed) for zone, group in groupby(entries, attrgetter("zone")))
    names = [(proof.identifier, proof.kind) for proof in proofs]
    return RecordsModel(zones, entries, provider_model(names, choices), ca, _tool(entries), failed)


def _tool(entries: Sequence[RecordEntry]) -> str:
    """The id of the tool of the provider that manages the first domain whose provider has one, or ""."""
    return next((entry.provider.tool for entry in entries if entry.provider and entry.provider.tool), "")


def _zone(zone: str, entries: tuple[RecordEntry, ...], *, failed: bool) -> RecordZone:
    provider = entries[0].provider
    return RecordZone(
        heading=zone_title(zone, len(entries), provider),
        way="" if failed else sentences(*zone_notes(zone, entries, provider)),
        trap="" if failed else trap_of(provider),
        cards=tuple(_card(entry, provider) for entry in entries),
    )


def _card(entry: RecordEntry, provider: DnsProvider | None) -> RecordCard:
    has_short = not entry.has_full_name
    return RecordCard(
        identifier=entry.identifiers[0].base,
        kind=entry.kind,
        number=entry.number,
        title=record_title(entry.number),
        proves=proves([identifier.readable for identifier in entry.identifiers]),
        name=entry.name,
        host=entry.host,
        host_label=(host_label(provider) if provider else short_name()) if has_short else "",
        name_label=(full_name() if provider is None else host_label(provider)) if provider is None or not has_short else "",
        value_label=value_label(len(entry.values)),
        values=entry.values,
        same_host=same_host_note(entry) if provider is None or provider.max_values != 1 else "",  # it cannot keep both
        lines=keep_lines(len(entry.values)),
        long=entry.long,
    )
