"""Looks at the TXT records of an order as resolvers see them, and finds out why one is not there."""

from collections.abc import Mapping, Sequence

from app.dns.checks.findings import Sighting
from app.dns.entries import RecordEntry
from app.dns.lookup.client import ResolverClient

OldValues = Mapping[str, frozenset[str]]
"""Full name of a record → the values that earlier orders of this browser wanted there."""


async def look_at_records(
    client: ResolverClient, entries: Sequence[RecordEntry], old: OldValues, now: float
) -> tuple[Sighting, ...]:
    """One sighting for each of `entries`, in their order. `now` is in Unix seconds. Raises `PackageError`.

    A dns-persist-01 record is read back by what it means, not letter by letter (`app.dns.checks.persist`).
    """
    raise NotImplementedError
