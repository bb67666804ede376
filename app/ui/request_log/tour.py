"""The tour: the last order in the ledger, told in the order of RFC 8555 (§4, §7.1), with what was really sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.network.request_log import BlockedRequest, Entry
from app.ui.request_log.index import RequestIndex
from app.ui.request_log.kinds import WORDS, RequestKind, Words

_BEFORE: Final[tuple[RequestKind, ...]] = ("directory", "newNonce", "newAccount")
_AFTER: Final[tuple[RequestKind, ...]] = (
    *("newOrder", "authorization", "records", "challenge", "order", "authorizationState", "finalize", "orderDone"),
    *("certificate", "renewalInfo", "updateAccount", "keyChange", "revokeCert", "closeAccount"),
)
_LAST_COUNTS: Final = ("order", "orderDone")  # of several polls the last one brings the news


@dataclass(frozen=True)
class TourStep:
    """One step of the tour: the requests of one kind, by their numbers; `shown` is the one to look at."""

    sort: RequestKind
    numbers: tuple[int, ...]
    shown: int

    @property
    def words(self) -> Words:
        """What it is about."""
        return WORDS[self.sort]


def stops(entries: Iterable[Entry | BlockedRequest], book: RequestIndex) -> tuple[TourStep, ...]:
    """The steps for the last order that a CA took; none where there is no such order."""
    sorted_ = [(book.sort(entry), entry) for entry in entries if isinstance(entry, Entry) and _is_good(entry)]
    begins = [entry for sort, entry in sorted_ if sort == "newOrder"]
    if not begins:
        return ()
    order = begins[-1]
    home = book.authority(order)
    ours = [(sort, entry) for sort, entry in sorted_ if sort == "records" or book.authority(entry) == home]
    found = [_before(sort, ours, order.number) for sort in _BEFORE]
    found += [_after(sort, ours, order.number) for sort in _AFTER]
    return tuple(stop for stop in found if stop)


def _before(sort: RequestKind, entries: Sequence[tuple[RequestKind, Entry]], order: int) -> TourStep | None:
    """The last of its kind before the order."""
    numbers = [entry.number for kind, entry in entries if kind == sort and entry.number < order]
    return TourStep(sort, tuple(numbers[-1:]), numbers[-1]) if numbers else None


def _after(sort: RequestKind, entries: Sequence[tuple[RequestKind, Entry]], order: int) -> TourStep | None:
    """All of its kind, from the order on."""
    numbers = [entry.number for kind, entry in entries if kind == sort and entry.number >= order]
    return TourStep(sort, tuple(numbers), numbers[-1 if sort in _LAST_COUNTS else 0]) if numbers else None


def _is_good(entry: Entry) -> bool:
    """A refused nonce and a lost answer stand in the ledger, but the tour goes without them."""
    return entry.response is not None and 200 <= entry.response.status < 300
