"""The request log panel: a line and the details of each request, the tour, and the HAR file."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from app.errors import StorageError
from app.network.har import to_har
from app.network.request_log import BlockedRequest, Entry, RequestLog
from app.pki.formats.file import File
from app.ports import Clock
from app.text import request_log as text
from app.text.request_log_kinds import KindText, RequestKind, kind_text
from app.ui.request_log import dns
from app.ui.request_log.counter import SentCounter
from app.ui.request_log.diagram import Diagram, DiagramModel
from app.ui.request_log.facts import Facts, facts_of
from app.ui.request_log.index import RequestIndex
from app.ui.request_log.notes import problem_type
from app.ui.request_log.parties import party_of
from app.ui.request_log.parts import PartModel, parts_of
from app.ui.request_log.tour import TourStep, tour_steps


@dataclass(frozen=True)
class RequestEntry:
    """One request in one line. `good` is None while it is under way.

    `place` is the name of the CA or other party that it is for, or the origin that a blocked request would have gone to. `meta`
    is what stands under the title: place, method and time.
    """

    number: int
    method: str
    kind: RequestKind
    title: str
    place: str
    meta: str
    state: str
    good: bool | None


@dataclass(frozen=True)
class DetailModel:
    """One request, unfolded."""

    words: KindText
    facts: Facts
    parts: tuple[PartModel, ...]


@dataclass(frozen=True)
class TourModel:
    """One step of the tour: where in it, which requests it is about, and one of them."""

    position: str
    title: str
    about: str
    detail: DetailModel
    first: bool
    last: bool


class RequestLogView(Protocol):
    """What the presenter may ask of the panel."""

    def show(self, entries: tuple[RequestEntry, ...], summary: str) -> None:
        """Show these entries and no others."""
        ...

    def show_diagram(self, lead: str, diagram: DiagramModel) -> None:
        """Show this picture, below the sentences that say what is in it."""
        ...

    def show_tour(self, view: TourModel | None) -> None:
        """Show this step of the tour, or end it."""
        ...

    def say(self, text: str) -> None:
        """Say the result of a click."""
        ...

    def save(self, file: File) -> None:
        """Hand a file to the person."""
        ...


class RequestLogPresenter:
    """The clicks on the panel.

    `index` and `counter` are of the same `request_log`; `key_names` asks for the names in the key store.
    """

    def __init__(
        self,
        request_log: RequestLog,
        clock: Clock,
        page: RequestLogView,
        index: RequestIndex,
        counter: SentCounter,
        key_names: Callable[[], Awaitable[list[str]]],
    ) -> None:
        self._request_log = request_log
        self._clock = clock
        self._page = page
        self._index = index
        self._counter = counter
        self._diagram = Diagram(self._index)
        self._key_names = key_names
        self._keys: list[str] = []
        self._shown: dict[int, RequestEntry] = {}
        self._step = 0

    def refresh(self) -> None:
        """The panel was unfolded, or something came in while it is."""
        entries = self._entries()
        self._shown = {entry.number: self._entry(entry) for entry in entries}
        summary = text.summary(len(entries), self._request_log.dropped, self._counter.own_files)
        self._page.show(tuple(self._shown.values()), summary)
        self._show_diagram(entries)

    async def refresh_keys(self) -> None:
        """The same for the keys in the picture: look which there are now."""
        with suppress(StorageError):  # the page says elsewhere that the storage is gone; the keys in use are still there
            keys = await self._key_names()
            if keys != self._keys:
                self._keys = keys
                self._show_diagram(self._entries())

    def _show_diagram(self, entries: tuple[Entry | BlockedRequest, ...]) -> None:
        diagram = self._diagram.model(entries, self._keys, self._counter.leaked)
        counts = self._counter
        self._page.show_diagram(text.lead(counts.sent, diagram.steps, counts.leaked, counts.blocked), diagram)

    def detail(self, number: int) -> DetailModel | None:
        """The request with this number, taken apart; None where it has been dropped."""
        entry = next((entry for entry in self._entries() if entry.number == number), None)
        return self._detail(entry) if entry else None

    def begin_tour(self) -> None:
        """Show its first step, or say how to get something to show."""
        self._step = 0
        self.step(0)

    def step(self, by: int) -> None:
        """Go `by` steps on, or back."""
        steps = tour_steps(self._entries(), self._index)
        self._page.say("" if steps else text.no_tour())
        if not steps:
            self.end_tour()
            return
        self._step = min(max(self._step + by, 0), len(steps) - 1)
        self._page.show_tour(self._tour_model(steps[self._step], self._step, len(steps)))

    def end_tour(self) -> None:
        """Leave it."""
        self._page.show_tour(None)

    def export(self) -> None:
        """Hand the request log out as a HAR file."""
        entries = self._entries()
        comments = {entry.number: self._comment(entry) for entry in entries if isinstance(entry, Entry)}
        body = to_har(entries, text.har_comments(entries, comments, dropped=self._request_log.dropped))
        day = datetime.fromtimestamp(self._clock.now(), UTC)
        self._page.save(File(f"keystay-{day:%Y-%m-%d}.har", "application/json", body))
        self._page.say(text.file_saved())

    def _entries(self) -> tuple[Entry | BlockedRequest, ...]:
        self._index.read(self._request_log.entries)
        return self._request_log.entries

    def _entry(self, entry: Entry | BlockedRequest) -> RequestEntry:
        known = self._shown.get(entry.number)
        if known and known.good is not None:
            return known
        kind = self._index.kind(entry)
        if isinstance(entry, BlockedRequest):
            meta = text.row_meta(entry.origin, "", entry.started)
            title = kind_text(kind).title
            return RequestEntry(entry.number, "", kind, title, entry.origin, meta, text.state_of(entry), good=False)
        resolver = self._index.resolver(entry)
        method, place = entry.request.method, resolver.name if resolver else party_of(entry, self._index).name
        meta = text.row_meta(place, method, entry.started)
        state = text.state_of(entry, dns.rcode_of(entry) or problem_type(entry))
        return RequestEntry(entry.number, method, kind, dns.title_of(entry, kind), place, meta, state, _is_good(entry))

    def _detail(self, entry: Entry | BlockedRequest) -> DetailModel:
        words = kind_text(self._index.kind(entry))
        if isinstance(entry, BlockedRequest):
            reason = PartModel(text.part_title("why"), "", (text.blocked_reason(entry),))
            return DetailModel(words, facts_of(entry, self._index), (reason,))
        return DetailModel(words, facts_of(entry, self._index), parts_of(entry, self._index))

    def _tour_model(self, step: TourStep, at: int, count: int) -> TourModel:
        entry = next(entry for entry in self._request_log.entries if entry.number == step.shown)
        return TourModel(
            position=text.tour_position(at + 1, count),
            title=kind_text(step.kind).title,
            about=text.tour_requests(step.numbers, step.shown),
            detail=self._detail(entry),
            first=at == 0,
            last=at == count - 1,
        )

    def _comment(self, entry: Entry) -> str:
        """The decoded view as text, for tools that show comments."""
        kind = self._index.kind(entry)
        words = kind_text(kind)
        lines = [dns.title_of(entry, kind), *filter(None, [words.source]), words.says, words.answers, words.proves]
        for part in parts_of(entry, self._index)[1:]:
            lines += ["", part.title, *part.notes, *([part.text] if part.text else [])]
        return "\n".join(lines)


def _is_good(entry: Entry) -> bool | None:
    if entry.ended is None:
        return None
    return entry.response is not None and entry.response.status < 400
