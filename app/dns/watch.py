"""Looks into DNS for an open order, again and again, until all is there: what to look at, how often, and when to stop.

At first only what plants nothing in a resolver's memory is asked: the registered domains, and addresses. A question for the
name of a record that is not there yet makes resolvers remember that there is nothing (RFC 2308 §5), so the records are looked
at only once a person says that they were added.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from app.acme.identifier import Identifier
from app.dns.checks.addresses import look_at_addresses
from app.dns.checks.caa import CaaPolicy, look_at_caa
from app.dns.checks.findings import Sighting
from app.dns.checks.records import OldValues, forget_record, look_at_records
from app.dns.checks.report import DnsReport
from app.dns.checks.zones import look_at_zones
from app.dns.entries import RecordEntry
from app.dns.lookup.client import ResolverClient
from app.dns.providers import DnsProvider
from app.ports import Clock, Visibility

PAUSES: Final = (5.0, 10.0, 20.0, 40.0, 60.0)
"""Seconds before the second look, the third, and so on; the last one stays."""

FEW_RECORDS: Final = 20
"""While more are missing, the pauses are longer in proportion, so that an order of many names asks no resolver more often."""

MAX_LOOKS: Final = 60
MAX_TIME: Final = 2 * 3600.0  # seconds
"""After so many looks, or so long, nothing more is asked until a person wants it."""

MAX_PAUSE: Final = 600.0
"""Seconds. Longer than that nobody believes that the page still looks, whatever the resolvers remember."""


@dataclass(frozen=True)
class WatchedOrder:
    """What to look at for the order `id`.

    `names` are all of the certificate, `served` those of them that are proven by a file or on port 443, `entries` the records.
    Without identities in `policy`, CAA records are not judged. `providers` are those that can be told from name servers. `old`
    gives the values of earlier orders.
    """

    id: str
    names: tuple[Identifier, ...]
    entries: tuple[RecordEntry, ...]
    served: tuple[str, ...]
    policy: CaaPolicy
    providers: tuple[DnsProvider, ...]
    old: Callable[[], Awaitable[OldValues]]


class DnsWatch:
    """Looks into DNS for one order at a time. `on_report` is called with each new report, never with one of another order."""

    def __init__(
        self, client: ResolverClient, clock: Clock, visibility: Visibility, on_report: Callable[[DnsReport], None]
    ) -> None:
        self._client = client
        self._clock = clock
        self._visibility = visibility
        self._on_report = on_report
        self._order: WatchedOrder | None = None
        self._beginning: asyncio.Future[None] | None = None
        self._looking: asyncio.Future[None] | None = None
        self._wake = asyncio.Event()
        self._walked = False  # all levels were asked for CAA records
        self._looks = 0
        self._began = 0.0  # since when there were so many looks
        self.report = DnsReport()
        """What is known of the order that is watched, or was watched last."""

    # ---- commands ----

    def watch(self, order: WatchedOrder) -> None:
        """Watch `order` from now on. The one that is watched may come again, with its records as another form wants them."""
        if order.id != self.report.order:
            self.stop()
            self._walked = False
            self.report = DnsReport(order=order.id, resolvers=self._client.resolvers)
        elif self._order and self._order.entries != order.entries:
            self.report = replace(self.report, sightings=_renumbered(self.report.sightings, self._order.entries, order.entries))
        before, self._order = self._order, order
        if before is not None:
            if self.report.added and before.entries != order.entries and not self._is_done:
                self.look_now()
            return
        self._begin(order)
        if self.report.added:
            self.look_now()

    def stop(self) -> None:
        """Look no more. What is known stays known until another order is watched."""
        self._order = None
        for task in (self._beginning, self._looking):
            if task:
                task.cancel()
        self._beginning = self._looking = None
        self.report = replace(self.report, looking=False, next_look=None)

    def added(self) -> None:
        """A person says that the records were added: look at once, and again until they are there."""
        if self._order:
            self.report = replace(self.report, added=self.report.added or self._clock.now())
            self.look_now()

    def look_now(self) -> None:
        """Look at once, without waiting for the end of the pause; after that, the pauses begin anew."""
        if self._order is None:
            return
        self._begin(self._order)
        self._looks, self._began = 0, self._clock.now()
        self._wake.set()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._guarded(self._look_again_and_again()))

    async def forget(self, resolver: str, number: int) -> None:
        """Make the resolver with this id forget record `number`, and look at once. Raises as `ResolverClient.purge`."""
        found = next((known for known in self._client.resolvers if known.id == resolver and known.purge), None)
        entries = self._order.entries if self._order else ()
        entry = next((entry for entry in entries if entry.number == number), None)
        if found and entry:
            await forget_record(self._client, found, entry)
            self.look_now()

    # ---- looking ----

    def _begin(self, order: WatchedOrder) -> None:
        """Look at the zones and whatever else may be asked early, unless that was done or is being done."""
        if not self.report.zones and (self._beginning is None or self._beginning.done()):
            self._beginning = asyncio.ensure_future(self._guarded(self._look_early(order)))

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Do `work`. What goes wrong becomes a part of the report: the order goes on without."""
        try:
            await work
        except Exception as error:  # the task is nobody's to wait for, so nobody else would hear of it
            self._tell(error=error, looking=False, next_look=None)

    async def _look_early(self, order: WatchedOrder) -> None:
        """Look at what may be asked before the records are there."""
        names = [name.base for name in order.names if name.type == "dns"]
        self._tell(zones=await look_at_zones(self._client, names, order.providers))
        if order.policy.identities and not self._walked:
            caa = await look_at_caa(self._client, order.names, order.policy, domains_only=True)
            if not self._walked:
                self._tell(caa=caa)
        if order.served:
            self._tell(addresses=await look_at_addresses(self._client, order.served))

    async def _look_again_and_again(self) -> None:
        while self._order:
            self._wake.clear()
            whole = await self._look(self._order)
            if self._is_done:
                if whole:
                    self._tell(looking=False, next_look=None)
                    return
                continue  # one last look at all: what was there first may be gone
            self._looks += 1
            now = self._clock.now()
            if self._looks >= MAX_LOOKS or now - self._began >= MAX_TIME:
                self._tell(looking=False, next_look=None, is_over=True)
                return
            due = next_look(self.report.sightings, now, self._looks)
            self._tell(looking=False, next_look=due)
            await _first_of(self._clock.sleep(due - now), self._wake.wait())
            await _first_of(self._visibility.wait_until_visible(), self._wake.wait())

    async def _look(self, order: WatchedOrder) -> bool:
        """Look at what is not there yet, or at all where all seems to be. Returns whether it was all."""
        self._tell(looking=True, next_look=None, is_over=False, error=None)
        there = {sighting.number for sighting in self.report.sightings if sighting.seen == "there"}
        missing = [entry for entry in order.entries if entry.number not in there]
        entries = missing or order.entries
        await asyncio.gather(self._look_at_records(order, entries), self._look_at_caa(order), self._look_at_served(order))
        self.report = replace(self.report, looked=self._clock.now())
        return len(entries) == len(order.entries)

    async def _look_at_records(self, order: WatchedOrder, entries: Sequence[RecordEntry]) -> None:
        if entries:
            seen = await look_at_records(self._client, entries, await order.old(), self._clock.now(), order.entries)
            if self._order:  # the form that the records are for may be another one by now
                seen = _renumbered(seen, entries, self._order.entries)
            known = {sighting.number: sighting for sighting in (*self.report.sightings, *seen)}
            # Told together with the rest, at the end of the look.
            self.report = replace(self.report, sightings=tuple(known[number] for number in sorted(known)))

    async def _look_at_caa(self, order: WatchedOrder) -> None:
        """All levels once, and again while they keep the CA from issuing."""
        if order.policy.identities and (not self._walked or self.report.caa_blocks):
            caa = await look_at_caa(self._client, order.names, order.policy)
            self._walked = True
            self.report = replace(self.report, caa=caa)

    async def _look_at_served(self, order: WatchedOrder) -> None:
        if order.served:
            self.report = replace(self.report, addresses=await look_at_addresses(self._client, order.served))

    @property
    def _is_done(self) -> bool:
        entries = self._order.entries if self._order else ()
        seen = {sighting.number for sighting in self.report.sightings if sighting.seen == "there"}
        return not self.report.caa_blocks and seen >= {entry.number for entry in entries}

    def _tell(self, **changes: Any) -> None:
        self.report = replace(self.report, **changes)
        if self._order:
            self._on_report(self.report)


def next_look(sightings: Iterable[Sighting], now: float, looks: int) -> float:
    """When to look again after `looks` looks (Unix seconds): after a pause, and not before it can bring anything new.

    Where all resolvers remember that there is nothing, that is when the first of them forgets it.
    """
    useful = [_useful_at(sighting, now) for sighting in sightings if sighting.seen != "there"]
    pause = PAUSES[min(looks, len(PAUSES)) - 1] * max(1.0, len(useful) / FEW_RECORDS)
    return min(max(now + pause, min(useful, default=now)), now + MAX_PAUSE)


def _useful_at(sighting: Sighting, now: float) -> float:
    """When a resolver may first answer anything else: one more second, because they count whole ones."""
    answered = [finding for finding in sighting.by_resolver.values() if finding.seen != "unknown"]
    return min((f.until + 1 if f.reason == "remembered" and f.until else now for f in answered), default=now)


def _renumbered(
    sightings: Iterable[Sighting], before: Iterable[RecordEntry], after: Iterable[RecordEntry]
) -> tuple[Sighting, ...]:
    """The `sightings` of the entries `before` as those of the same records among `after`; others are dropped."""
    numbers = {(entry.name, entry.texts): entry.number for entry in after}
    places = {entry.number: numbers.get((entry.name, entry.texts)) for entry in before}
    return tuple(replace(seen, number=number) for seen in sightings if (number := places.get(seen.number)) is not None)


async def _first_of(*waits: Awaitable[object]) -> None:
    """Wait until one of `waits` is over, and give up the others. Raises what ended it."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
