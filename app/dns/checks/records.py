"""Looks at the TXT records of an order as resolvers see them, and finds out why one is not there."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final
from zlib import crc32

from app.dns.checks.clues import find_clues
from app.dns.checks.findings import Finding, Sighting
from app.dns.checks.judging import Look, OldValues, judge
from app.dns.checks.places import places_above
from app.dns.checks.summing_up import sum_up
from app.dns.entries import RecordEntry
from app.dns.lookup.client import ResolverClient
from app.dns.lookup.question import Question, Reply
from app.dns.resolvers import Resolver

__all__ = ["OldValues", "forget_record", "look_at_records"]

MAX_QUESTIONS: Final = 300
"""Questions in one look for the names of the records, to all resolvers together; `app.dns.checks.clues` bounds what else is
asked."""

JUDGED_AT_ONCE: Final = 8
"""Entries that are judged before other work of the page gets its turn."""


async def look_at_records(
    client: ResolverClient, entries: Sequence[RecordEntry], old: OldValues, now: float, order: Sequence[RecordEntry] = ()
) -> tuple[Sighting, ...]:
    """One sighting for each of `entries`, in their order. `now` is in Unix seconds. Raises `PackageError`.

    `order` are all entries of the order where `entries` are only some of them: a value of another entry at the same name tells
    much. A dns-persist-01 record is read back by what it means, not letter by letter (`app.dns.checks.persist`). The number of
    questions is bounded: names beyond that are "skipped"; which ones these are, changes from one look to the next.
    """
    names = _names(entries, len(client.resolvers), now)
    asked = await client.ask_each(Question(name, "TXT") for name in names) if names else {}
    replies = {question.name: by_id for question, by_id in asked.items()}
    look = Look(order or entries, old, await find_clues(client, entries, replies, now), now)
    ids = tuple(resolver.id for resolver in client.resolvers)
    validating = tuple(resolver.id for resolver in client.resolvers if resolver.validates)
    sightings: list[Sighting] = []
    for entry in entries:
        by_resolver = _by_resolver(look, entry, ids, replies.get(entry.name, {}))
        sightings.append(Sighting(entry.number, sum_up(by_resolver, validating), by_resolver))
        if len(sightings) % JUDGED_AT_ONCE == 0:
            await asyncio.sleep(0)
    return tuple(sightings)


async def forget_record(client: ResolverClient, resolver: Resolver, entry: RecordEntry) -> bool:
    """Make `resolver`, which has a `purge`, forget what it knows of `entry`: whether all requests left. Raises as `purge` does.

    It also forgets that there is nothing at a name above, because that answers for the record, too (RFC 8020).
    """
    names = (entry.name, *places_above(entry))
    return all([await client.purge(resolver, Question(name, "TXT")) for name in names])


def _names(entries: Sequence[RecordEntry], resolvers: int, now: float) -> list[str]:
    """The names to ask for, each once: as many as are within the bound, other ones at each look."""
    names = list(dict.fromkeys(entry.name for entry in entries))
    most = MAX_QUESTIONS // resolvers if resolvers else 0
    return names if len(names) <= most else sorted(names, key=lambda name: crc32(f"{int(now)} {name}".encode()))[:most]


def _by_resolver(look: Look, entry: RecordEntry, ids: Sequence[str], replies: Mapping[str, Reply]) -> Mapping[str, Finding]:
    """What each resolver sees of `entry`."""
    return {id_: judge(look, entry, id_, replies[id_]) if id_ in replies else Finding("skipped") for id_ in ids}
