"""What earlier orders of this browser wanted in DNS, so that a value that is still there can be told from a foreign one."""

from collections.abc import Iterable
from typing import Final

from app.acme.challenge import DnsRecord
from app.dns.checks.judging import OldValues
from app.issuance.issuance import Issuance

MAX_OLD_VALUES: Final = 5_000


def old_values(issuances: Iterable[Issuance], open_id: str) -> OldValues:
    """The values of the DNS records of `issuances` but the one with the id `open_id`; of the newest, where they are many."""
    earlier = sorted((one for one in issuances if one.id != open_id), key=lambda one: one.created, reverse=True)
    records = [proof.publication for one in earlier for proof in one.proofs if isinstance(proof.publication, DnsRecord)]
    found: dict[str, frozenset[str]] = {}
    for record in records[:MAX_OLD_VALUES]:
        found[record.name] = found.get(record.name, frozenset()) | frozenset(record.values)
    return found
