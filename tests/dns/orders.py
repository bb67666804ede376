"""Orders of a person who proves names by DNS, and looks at what resolvers see of the records."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.acme.challenge import DnsRecord
from app.acme.identifier import Identifier
from app.dns.checks.findings import Sighting
from app.dns.checks.records import OldValues, look_at_records
from app.dns.choices import ProviderChoices
from app.dns.entries import DnsProof, RecordEntry, record_entries
from app.dns.lookup.client import ResolverClient

LABELS = {"dns-01": "_acme-challenge", "dns-persist-01": "_validation-persist"}
"""Kind of proof → the label of its records."""


def digest() -> str:
    """A value as CAs want it: 32 bytes in base64url (RFC 8555 §8.4)."""
    return secrets.token_urlsafe(32)


def fresh(zone: str) -> str:
    """A name in `zone` that no test has asked for, so that no resolver remembers anything about it."""
    return f"h{secrets.token_hex(4)}.{zone}"


@dataclass
class Order:
    """An order for `names` by this `kind` of proof. `values` are the values that the CA wants, one for each."""

    names: Sequence[str]
    kind: str = "dns-01"
    values: list[str] = field(init=False)
    old: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = [digest() for _ in self.names]

    @property
    def entries(self) -> tuple[RecordEntry, ...]:
        """What a person enters."""
        proofs = []
        for name, value in zip(self.names, self.values, strict=True):
            identifier = Identifier("dns", name)
            record = DnsRecord(f"{LABELS[self.kind]}.{identifier.base}", (value,))
            proofs.append(DnsProof(identifier, self.kind, record))
        return record_entries(proofs, ProviderChoices())

    @property
    def record(self) -> str:
        """The name of the first record."""
        return self.entries[0].name

    async def look(self, client: ResolverClient, now: float | None = None) -> tuple[Sighting, ...]:
        """What the resolvers of `client` see."""
        old: OldValues = self.old
        return await look_at_records(client, self.entries, old, time.time() if now is None else now)
