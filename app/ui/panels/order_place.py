"""Where each saved order stands in the list: its status, and in which group. Its words are made where it is shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.errors import CertificateError
from app.issuance.issuance import Issuance
from app.issuance.renewal import when_to_renew
from app.issuance.saved_records import StoredIssuance
from app.pki.certificate import Validity, read_validity
from app.turns import Turns

EntryStatus = Literal["open", "issued", "due", "ended", "revoked", "failed", "stuck", "unreadable"]
"""The status of an issuance in a list. "due" is a certificate that should be renewed now, "ended" one that has run out, "stuck"
an order whose account is not in this browser."""

Group = Literal["need", "fine", "past"]
"""Where an entry stands: what needs a person, what is fine, and what is over."""

RECENTLY: Final = 30 * 86400.0
"""Seconds after its end for which a certificate still needs a person: later nobody uses it any more."""

_GROUPS: Final[tuple[Group, ...]] = ("need", "fine", "past")
_STATUSES: Final[tuple[EntryStatus, ...]] = ("ended", "due", "open", "stuck", "failed", "unreadable", "issued", "revoked")
"""What is most pressing first, within a group."""

_Same = tuple[object, str, bool]
"""The names and the CA of an order, and whether a certificate came of it."""


@dataclass(frozen=True)
class PlacedOrder:
    """One saved order and its place. `validity` is that of a certificate that can be read, `renewal` when to renew it.

    `renewal` is in Unix seconds. `replaced` says whether a newer order has taken its place.
    """

    stored: StoredIssuance
    status: EntryStatus
    group: Group
    replaced: bool = False
    validity: Validity | None = None
    renewal: float = 0.0

    @property
    def id(self) -> str:
        """The id of the order."""
        return self.stored.id


@dataclass(frozen=True)
class _Facts:
    """What is known of one record by itself; see `PlacedOrder`."""

    status: EntryStatus
    validity: Validity | None = None
    renewal: float = 0.0


class OrderPlaces:
    """Finds the places of orders. What was read of certificates once is kept."""

    def __init__(self) -> None:
        self._validities: dict[str, Validity | None] = {}  # by PEM chain; None is a damaged one

    async def of(self, stored: Sequence[StoredIssuance], lacking: Iterable[str], now: float) -> tuple[PlacedOrder, ...]:
        """All `stored` records at their places at `now` (Unix seconds), from top to bottom.

        `lacking` are the ids of those whose account's key is not here. The browser has its turn meanwhile.
        """
        turns, without_key = Turns(), frozenset(lacking)
        await self._read_validities(stored, turns)
        facts = [self._facts(one, now, lacks_key=one.id in without_key) for one in stored]
        await turns.take()
        newest = _newest(zip(stored, facts, strict=True))
        placed = [_placed(one, known, newest, now) for one, known in zip(stored, facts, strict=True)]
        return tuple(sorted(placed, key=lambda one: (_GROUPS.index(one.group), _STATUSES.index(one.status))))

    async def _read_validities(self, stored: Sequence[StoredIssuance], turns: Turns) -> None:
        chains = [one.issuance.certificate_pem for one in stored if one.issuance and one.issuance.state == "issued"]
        known = self._validities
        self._validities = {pem: known[pem] for pem in chains if pem in known}  # those of deleted records are let go
        for pem in chains:
            if pem not in self._validities:
                self._validities[pem] = _validity(pem)
                await turns.take()

    def _facts(self, stored: StoredIssuance, now: float, *, lacks_key: bool) -> _Facts:
        issuance = stored.issuance
        if issuance is None:
            return _Facts("unreadable")
        if lacks_key:
            return _Facts("stuck")
        if issuance.state == "issued":
            return _certificate_facts(issuance, self._validities[issuance.certificate_pem], now)
        return _Facts("failed" if issuance.state == "failed" else "open")


def _validity(pem: str) -> Validity | None:
    try:
        return read_validity(pem)
    except CertificateError:
        return None


def _certificate_facts(issuance: Issuance, validity: Validity | None, now: float) -> _Facts:
    if validity is None:
        return _Facts("unreadable")
    renewal = when_to_renew(issuance.window, validity).timestamp()
    if issuance.revoked:
        return _Facts("revoked", validity, renewal)
    if validity.not_after.timestamp() < now:
        return _Facts("ended", validity, renewal)
    return _Facts("due" if renewal <= now else "issued", validity, renewal)


def _placed(stored: StoredIssuance, facts: _Facts, newest: Mapping[_Same, float], now: float) -> PlacedOrder:
    replaced = stored.issuance is not None and _is_replaced(facts, stored.issuance, newest)
    status: EntryStatus = "issued" if replaced and facts.status == "due" else facts.status
    return PlacedOrder(stored, status, _group(facts, now, replaced=replaced), replaced, facts.validity, facts.renewal)


def _group(facts: _Facts, now: float, *, replaced: bool) -> Group:
    if replaced or facts.status == "revoked":
        return "past"
    if facts.status == "ended":
        recent = facts.validity is not None and now - facts.validity.not_after.timestamp() < RECENTLY
        return "need" if recent else "past"
    return "fine" if facts.status == "issued" else "need"


# ---- what has been replaced ----


def _same(issuance: Issuance, *, issued: bool) -> _Same:
    return frozenset(issuance.choices.identifiers), issuance.choices.directory, issued


def _newest(known: Iterable[tuple[StoredIssuance, _Facts]]) -> dict[_Same, float]:
    """When the newest order for some names at a CA was placed, of those that are open or have a valid certificate."""
    newest: dict[_Same, float] = {}
    for stored, facts in known:
        issuance = stored.issuance
        if issuance and facts.status in ("open", "issued", "due"):
            for issued in {facts.status != "open", False}:
                same = _same(issuance, issued=issued)
                newest[same] = max(newest.get(same, 0.0), issuance.created)
    return newest


def _is_replaced(facts: _Facts, issuance: Issuance, newest: Mapping[_Same, float]) -> bool:
    """Whether a newer order has taken the place of this one: of a certificate by a certificate, of a failed order by any."""
    if facts.status not in ("issued", "due", "ended", "failed"):
        return False
    return newest.get(_same(issuance, issued=facts.status != "failed"), 0.0) > issuance.created
