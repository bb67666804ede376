"""Proofs and providers as the tests of `app/dns` need them."""

from app.acme.challenge import DnsRecord
from app.acme.identifier import Identifier
from app.dns.choices import ProviderChoices
from app.dns.entries import DnsProof, RecordEntry, record_entries
from app.dns.providers import DnsProvider


def name(value: str) -> Identifier:
    return Identifier("dns", value)


def proof(value: str, text: str, kind: str = "dns-01") -> DnsProof:
    """A proof of the name `value`, by a record with the value `text`."""
    label = "_validation-persist" if kind == "dns-persist-01" else "_acme-challenge"
    return DnsProof(name(value), kind, DnsRecord(f"{label}.{name(value).base}", (text,)))


def entries_at(provider: DnsProvider | None, *proofs: DnsProof) -> tuple[RecordEntry, ...]:
    """The entries for `proofs` where `provider` manages all zones."""
    return record_entries(proofs, ProviderChoices((provider,), provider.id) if provider else ProviderChoices())
