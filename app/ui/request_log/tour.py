"""The tour: the last order in the request log, explained in the order of RFC 8555 (§4, §7.1), with what was really sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.network.request_log import BlockedRequest, Entry
from app.text.request_log_kinds import RequestKind
from app.ui.request_log.index import RequestIndex

_BEFORE: Final[tuple[RequestKind, ...]] = ("directory", "newNonce", "newAccount")
_AFTER: Final[tuple[RequestKind, ...]] = (
    *(
        "newOrder",
        "authorization",
        "records",
        "dnsQuestion",
        "challenge",
        "order",
        "authorizationState",
        "finalize",
        "orderDone",
    ),
    *("certificate", "renewalInfo", "updateAccount", "keyChange", "revokeCert", "closeAccount"),
)
_LAST_COUNTS: Final = ("dnsQuestion", "order", "orderDone")  # of several polls the last one brings the news


@dataclass(frozen=True)
class TourStep:
    """One step of the tour: the requests of one kind, by their numbers; `shown` is the one to look at."""

    kind: RequestKind
    numbers: tuple[int, ...]
    shown: int


def tour_steps(entries: Iterable[Entry | BlockedRequest], index: RequestIndex) -> tuple[TourStep, ...]:
    """The steps for the last order that a CA accepted; none where there is no such order."""
    good = [(index.kind(entry), entry) for entry in entries if isinstance(entry, Entry) and _is_good(entry)]
    orders = [entry for kind, entry in good if kind == "newOrder"]
    if not orders:
        return ()
    order = orders[-1]
    authority = index.authority(order)
    ours = [(kind, entry) for kind, entry in good if kind in ("records", "dnsQuestion") or index.authority(entry) == authority]
    found = [_before(kind, ours, order.number) for kind in _BEFORE]
    found += [_after(kind, ours, order.number) for kind in _AFTER]
    return tuple(step for step in found if step)


def _before(wanted: RequestKind, entries: Sequence[tuple[RequestKind, Entry]], order: int) -> TourStep | None:
    """The last of its kind before the order."""
    numbers = [entry.number for kind, entry in entries if kind == wanted and entry.number < order]
    return TourStep(wanted, tuple(numbers[-1:]), numbers[-1]) if numbers else None


def _after(wanted: RequestKind, entries: Sequence[tuple[RequestKind, Entry]], order: int) -> TourStep | None:
    """All of its kind, from the order on."""
    numbers = [entry.number for kind, entry in entries if kind == wanted and entry.number >= order]
    return TourStep(wanted, tuple(numbers), numbers[-1 if wanted in _LAST_COUNTS else 0]) if numbers else None


def _is_good(entry: Entry) -> bool:
    """A refused nonce and a lost answer are in the request log, but the tour leaves them out."""
    return entry.response is not None and 200 <= entry.response.status < 300
