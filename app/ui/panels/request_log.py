"""The panel of what was sent and received: what a person sees of each request, the tour, and the file for other tools."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol
from urllib.parse import urlsplit

from app.ca.catalog import CertificateAuthority
from app.network.har import phrase, to_har
from app.network.request_log import BlockedRequest, Entry, RequestLog
from app.pki.formats.file import File
from app.ports import Clock
from app.ui.request_log.index import RequestIndex
from app.ui.request_log.kinds import WORDS, RequestKind, Words
from app.ui.request_log.notes import problem_type
from app.ui.request_log.parts import Part, parts_of
from app.ui.request_log.tour import TourStep, stops

NO_TOUR: Final = (
    "The tour shows what was really sent, so an order must come first. With the practice CA it takes no domain: choose it "
    "above, type any name, press Start, Publish and Verify, and come back. A CA for tests will do, too."
)


@dataclass(frozen=True)
class Row:
    """One request in one line. `started` is in Unix seconds; `good` is None while it is under way."""

    number: int
    started: float
    method: str
    sort: RequestKind
    title: str
    place: str
    state: str
    good: bool | None


@dataclass(frozen=True)
class Detail:
    """One request, unfolded."""

    words: Words
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class TourModel:
    """One step of the tour: where in it, which requests it is about, and one of them."""

    position: str
    title: str
    about: str
    detail: Detail
    first: bool
    last: bool


class RequestLogView(Protocol):
    """The panel, as far as its clicks need it."""

    def show(self, rows: tuple[Row, ...], summary: str) -> None:
        """Show these rows and no others."""
        ...

    def show_tour(self, view: TourModel | None) -> None:
        """Show this step of the tour, or end it."""
        ...

    def say(self, text: str) -> None:
        """Say what came of a click."""
        ...

    def save(self, file: File) -> None:
        """Hand a file to the person."""
        ...


class RequestLogPresenter:
    """The clicks on the panel. `authorities` are as the page reaches them."""

    def __init__(
        self, request_log: RequestLog, clock: Clock, page: RequestLogView, authorities: Iterable[CertificateAuthority]
    ) -> None:
        self._request_log = request_log
        self._clock = clock
        self._page = page
        self._book = RequestIndex(authorities)
        self._rows: dict[int, Row] = {}
        self._at = 0

    def refresh(self) -> None:
        """The panel was unfolded, or something came in while it is."""
        entries = self._entries()
        self._rows = {entry.number: self._row(entry) for entry in entries}
        self._page.show(tuple(self._rows.values()), self._summary(entries))

    def detail(self, number: int) -> Detail | None:
        """The request with this number, taken apart; None where it has been dropped."""
        entry = next((entry for entry in self._entries() if entry.number == number), None)
        return self._detail(entry) if entry else None

    def begin_tour(self) -> None:
        """Show its first step, or say how to get something to show."""
        self._at = 0
        self.step(0)

    def step(self, by: int) -> None:
        """Go `by` steps on, or back."""
        found = stops(self._entries(), self._book)
        self._page.say("" if found else NO_TOUR)
        if not found:
            self.end_tour()
            return
        self._at = min(max(self._at + by, 0), len(found) - 1)
        self._page.show_tour(self._stop(found[self._at], self._at, len(found)))

    def end_tour(self) -> None:
        """Leave it."""
        self._page.show_tour(None)

    def export(self) -> None:
        """Hand the ledger out as a HAR file."""
        entries = self._entries()
        comments = {entry.number: self._comment(entry) for entry in entries if isinstance(entry, Entry)}
        day = datetime.fromtimestamp(self._clock.now(), UTC)
        body = to_har(entries, comments, dropped=self._request_log.dropped)
        self._page.save(File(f"keystay-{day:%Y-%m-%d}.har", "application/json", body))
        self._page.say("The file is in your downloads. Developer tools of browsers and other HAR viewers open it.")

    def _entries(self) -> tuple[Entry | BlockedRequest, ...]:
        self._book.read(self._request_log.entries)
        return self._request_log.entries

    def _row(self, entry: Entry | BlockedRequest) -> Row:
        known = self._rows.get(entry.number)
        if known and known.good is not None:
            return known
        sort = self._book.sort(entry)
        title, state, good = WORDS[sort].title, _state(entry), _good(entry)
        if isinstance(entry, BlockedRequest):
            return Row(entry.number, entry.started, "", sort, title, entry.origin, state, good)
        place = urlsplit(self._book.ca_url(entry)).netloc
        return Row(entry.number, entry.started, entry.request.method, sort, title, place, state, good)

    def _summary(self, entries: tuple[Entry | BlockedRequest, ...]) -> str:
        if not entries:
            return "Nothing was sent yet."
        count = len(entries)
        dropped = f" The {self._request_log.dropped} before them are not kept any more." if self._request_log.dropped else ""
        return f"{count} request{'s' * (count != 1)}.{dropped}"

    def _detail(self, entry: Entry | BlockedRequest) -> Detail:
        words = WORDS[self._book.sort(entry)]
        if isinstance(entry, BlockedRequest):
            return Detail(words, (Part("Why", "", (f"{entry.reason[:1].upper()}{entry.reason[1:]}.",)),))
        return Detail(words, parts_of(entry, self._book))

    def _stop(self, stop: TourStep, at: int, count: int) -> TourModel:
        entry = next(entry for entry in self._request_log.entries if entry.number == stop.shown)
        position = f"Step {at + 1} of {count}"
        return TourModel(position, stop.words.title, _about(stop), self._detail(entry), at == 0, at == count - 1)

    def _comment(self, entry: Entry) -> str:
        """The decoded view as text, for tools that show comments."""
        words = WORDS[self._book.sort(entry)]
        lines = [f"{words.title}. {words.source}".strip(), words.says, words.answers, words.proves]
        for part in parts_of(entry, self._book)[1:]:
            lines += ["", part.title, *part.notes, *([part.text] if part.text else [])]
        return "\n".join(lines)


def _about(stop: TourStep) -> str:
    if len(stop.numbers) == 1:
        return f"Request {stop.shown}."
    first = ", ".join(str(number) for number in stop.numbers[:3])
    more = ", …" if len(stop.numbers) > 3 else ""
    return f"{len(stop.numbers)} requests ({first}{more}); this is request {stop.shown}."


def _state(entry: Entry | BlockedRequest) -> str:
    if isinstance(entry, BlockedRequest):
        return "not sent"
    if entry.ended is None:
        return "under way"
    if entry.response is None:
        return "no answer"
    if entry.request.no_cors:
        return "something answers"
    status = entry.response.status
    return f"{status} {problem_type(entry) or phrase(status)}".strip()


def _good(entry: Entry | BlockedRequest) -> bool | None:
    if isinstance(entry, BlockedRequest):
        return False
    if entry.ended is None:
        return None
    return entry.response is not None and entry.response.status < 400
