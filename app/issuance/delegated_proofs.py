"""Writes the DNS records of an order where its names are delegated to, and removes them again.

What is written is in the order's record before the request leaves, and stays there until it is removed: after a crash, the
order that is opened again goes on from there. A write replaces whole record sets, so each is read, merged and written under the
lock of its zone; what others have written there stays.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from app.accounts.record_locks import ZONE_PREFIX
from app.acme.challenge import DnsRecord
from app.dns.services.delegations import Delegation, Delegations
from app.dns.services.service import TxtSets, Zone, quoted
from app.dns.services.tokens import Tokens
from app.issuance.issuance import ENDED, Issuance, OrderOptions, WrittenTxt
from app.issuance.workflow import Workflow

KIND: Final = "dns-01"
"""The challenge type that is proven so: the others need no record, or one that stays."""


class DelegatedProofs:
    """Proofs by records that this page writes itself, at the services for which `tokens` has a token."""

    def __init__(self, workflow: Workflow, tokens: Tokens) -> None:
        self._workflow = workflow
        self._tokens = tokens
        self.delegations = Delegations(workflow.ports.store)

    async def covers(self, choices: OrderOptions) -> bool:
        """Whether an order with `choices` needs no hand for its proofs: each name is delegated, and the tokens are here.

        Raises `StorageError`.
        """
        if any(name.type != "dns" or choices.kind_for(name) != KIND for name in choices.identifiers):
            return False
        delegations = await self.delegations.all()
        found = [delegations.get(name.base) for name in choices.identifiers]
        return all(map(self._is_ready, found))

    async def can_write(self, issuance: Issuance) -> bool:
        """Whether all that `issuance` still needs to be published can be written, which is something. Raises `StorageError`."""
        open_ = [proof for proof in issuance.proofs if proof.status != "valid"]
        if not open_ or any(issuance.kind_of(proof) != KIND for proof in open_):
            return False
        delegations = await self.delegations.all()
        found = [delegations.get(proof.identifier.base) for proof in open_]
        return all(map(self._is_ready, found))

    def _is_ready(self, delegation: Delegation | None) -> bool:
        return delegation is not None and delegation.confirmed and self._tokens.has(delegation.service)

    async def write(self, issuance: Issuance, on_saved: Callable[[Issuance], None]) -> Issuance:
        """Write the records of `issuance`, whose lock this tab holds, at the targets of its names.

        The record that notes them is saved, and given to `on_saved`, before anything is sent. Writing twice does no harm.
        Raises `DnsServiceError` and `StorageError`.
        """
        wanted = _targets(issuance, await self.delegations.all())
        noted = replace(issuance, written=_merged(issuance.written, wanted))
        if noted != issuance:
            await self._workflow.save(noted)
        on_saved(noted)
        for (service, zone), parts in _by_zone(wanted).items():
            await self._change(service, zone, parts, _with)
        return noted

    async def remove(self, issuance: Issuance) -> Issuance:
        """Remove what `issuance`, whose lock this tab holds, has written; each zone is noted when it is done.

        Raises `DnsServiceError` and `StorageError`; what is left then stays noted.
        """
        needed = await self._needed_elsewhere(issuance)
        for (service, zone), parts in _by_zone(one for one in issuance.written if one.values).items():
            unneeded = [replace(one, values=tuple(value for value in one.values if value not in needed)) for one in parts]
            await self._change(service, zone, unneeded, _without)
            left = tuple(replace(one, values=()) if one in parts else one for one in issuance.written)
            issuance = replace(issuance, written=left)
            await self._workflow.save(issuance)
        return issuance

    async def _needed_elsewhere(self, issuance: Issuance) -> set[str]:
        """The values that other orders of this browser wait with: a CA may use one authorization for two orders."""
        others = [one for one in await self._workflow.saved() if one.id != issuance.id and one.state not in ENDED]
        return {value for other in others for written in other.written for value in written.values}

    async def _change(
        self,
        service: str,
        zone: Zone,
        parts: Iterable[WrittenTxt],
        change: Callable[[tuple[str, ...], tuple[str, ...]], tuple[str, ...]],
    ) -> None:
        """Read the record sets of `parts`, and write those that `change` makes different."""
        client = self._tokens.client(service, self._workflow.ports.http)
        async with self._workflow.locks.acquire_all([f"{ZONE_PREFIX}{service} {zone.name}"]):
            before = await client.read(zone)
            after: dict[str, tuple[str, ...]] = {}
            for part in parts:
                had = before.get(part.name, ())
                changed = change(had, tuple(map(quoted, part.values)))
                if set(changed) != set(had):
                    after[part.name] = changed
            sets: TxtSets = after
            await client.write(zone, sets)


def _with(before: tuple[str, ...], records: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(before + records))


def _without(before: tuple[str, ...], records: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(record for record in before if record not in records)


def _targets(issuance: Issuance, delegations: Mapping[str, Delegation]) -> tuple[WrittenTxt, ...]:
    """What to write for the names of `issuance` that are delegated and not yet proven: one entry for each target."""
    values: dict[Delegation, dict[str, None]] = defaultdict(dict)
    for proof in issuance.proofs:
        delegation = delegations.get(proof.identifier.base)
        if (
            delegation
            and isinstance(proof.publication, DnsRecord)
            and proof.status != "valid"
            and issuance.kind_of(proof) == KIND
        ):
            values[delegation].update(dict.fromkeys(proof.publication.values))
    return tuple(
        WrittenTxt(one.service, one.zone.name, one.zone.min_ttl, one.target, tuple(texts)) for one, texts in values.items()
    )


def _merged(before: Iterable[WrittenTxt], more: Iterable[WrittenTxt]) -> tuple[WrittenTxt, ...]:
    """Both together, each place once with all its values."""
    places: dict[tuple[str, str, str], WrittenTxt] = {}
    for one in (*before, *more):
        key = (one.service, one.zone, one.name)
        known = places[key].values if key in places else ()
        places[key] = replace(one, values=tuple(dict.fromkeys(known + one.values)))
    return tuple(places.values())


def _by_zone(written: Iterable[WrittenTxt]) -> Mapping[tuple[str, Zone], list[WrittenTxt]]:
    zones: dict[tuple[str, Zone], list[WrittenTxt]] = defaultdict(list)
    for one in written:
        zones[one.service, Zone(one.zone, one.min_ttl)].append(one)
    return zones
