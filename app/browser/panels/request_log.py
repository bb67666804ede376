"""The request log panel.

Nothing is made before it is visible: picture and entries when the panel is open, details when an entry is.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import create_proxy
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, fill_value, from_template, list_item, make_link, open_around, slot
from app.browser.page.marks import new_mark
from app.browser.panels.sent import DomSent
from app.browser.ports.system import save_file
from app.browser.request_log.diagram import DomDiagram, entry_id
from app.pki.formats.file import File
from app.ui.panels.request_log import DetailModel, RequestEntry, RequestLogPresenter, TourModel
from app.ui.request_log.diagram import DiagramModel
from app.ui.request_log.parts import PartModel


class DomRequestLog:
    """`app.ui.panels.request_log.RequestLogView` on the document."""

    def __init__(self) -> None:
        self._panel = by_id("ledger-panel")
        self._diagram = DomDiagram(self._open_entry)
        self._entries: dict[int, tuple[RequestEntry, Any]] = {}
        self._due = False
        self._detail: Callable[[int], DetailModel | None] = lambda _: None

    def bind(self, actions: Actions, sent: DomSent, presenter: RequestLogPresenter) -> None:
        """Connect the controls to their clicks, and picture and list to what is `sent`."""
        self._detail = presenter.detail

        def look() -> None:
            self._due = False
            if self._panel.open:
                presenter.refresh()
                actions.spawn(presenter.refresh_keys())

        def changed() -> None:
            if not self._due:  # many changes at once are one look
                self._due = True
                asyncio.get_running_loop().call_soon(look)

        sent.changed = changed
        add_event_listener(self._panel, "toggle", lambda _: look())
        # The event does not bubble, so it is caught on its way down.
        by_id("ledger").addEventListener("toggle", create_proxy(self._unfold), True)  # noqa: FBT003 – the DOM’s own signature
        clicks = {
            "tour-start": presenter.begin_tour,
            "tour-previous": lambda: presenter.step(-1),
            "tour-next": lambda: presenter.step(1),
            "tour-end": presenter.end_tour,
            "ledger-har": presenter.export,
        }
        for name, click in clicks.items():
            add_event_listener(by_id(name), "click", lambda _, click=click: click())

    def show_diagram(self, lead: str, diagram: DiagramModel) -> None:
        """See `app.ui.panels.request_log.RequestLogView.show_diagram`."""
        by_id("ledger-lead").textContent = lead
        self._diagram.show(diagram)

    def show(self, entries: tuple[RequestEntry, ...], summary: str) -> None:
        """See `app.ui.panels.request_log.RequestLogView.show`."""
        by_id("ledger-summary").textContent = summary
        numbers = {entry.number for entry in entries}
        for number in self._entries.keys() - numbers:
            self._entries.pop(number)[1].remove()
        for entry in entries:
            before, item = self._entries.get(entry.number, (None, None))
            if item is None:
                item = from_template("template-ledger-entry")
                by_id("ledger").append(item)
            if entry != before:
                self._entries[entry.number] = (entry, item)
                _fill_entry(item, entry)
                self._fill_detail(item.firstElementChild, entry.number)

    def show_tour(self, view: TourModel | None) -> None:
        """See `app.ui.panels.request_log.RequestLogView.show_tour`."""
        tour = by_id("tour")
        tour.hidden = view is None
        if view is None:
            by_id("tour-start").focus()
            return
        for name in ("position", "title", "about"):
            fill(tour.querySelector("header") if name == "title" else tour, name, getattr(view, name))
        slot(tour, "detail").replaceChildren(_detail(view.detail))
        by_id("tour-previous").disabled = view.first
        by_id("tour-next").disabled = view.last
        tour.scrollIntoView()
        if not tour.contains(js.document.activeElement) or js.document.activeElement.disabled:
            by_id("tour-title").focus()

    def say(self, text: str) -> None:
        """See `app.ui.panels.request_log.RequestLogView.say`."""
        by_id("ledger-status").textContent = text

    def save(self, file: File) -> None:
        """See `app.ui.panels.request_log.RequestLogView.save`."""
        save_file(file)

    def _open_entry(self, number: int) -> None:
        item = self._entries[number][1]
        open_around(item.firstElementChild)
        item.querySelector("summary").focus()
        item.scrollIntoView()

    def _unfold(self, event: Any) -> None:
        item = event.target.closest(".ledger-entry")
        self._fill_detail(event.target, int(item.dataset.number))

    def _fill_detail(self, details: Any, number: int) -> None:
        """Fill what is unfolded; what is folded again needs no room."""
        detail = self._detail(number) if details.open else None
        slot(details, "detail").replaceChildren(*([_detail(detail)] if detail else []))


def _fill_entry(item: Any, entry: RequestEntry) -> None:
    item.dataset.number, item.dataset.sort = str(entry.number), entry.kind
    item.dataset.state = "open" if entry.good is None else "good" if entry.good else "bad"
    item.id = entry_id(entry.number)  # where an arrow of the picture leads
    slot(item, "number").textContent = str(entry.number)
    slot(item, "title").textContent = entry.title
    slot(item, "meta").textContent = entry.meta
    state = slot(item, "state")
    state.textContent = entry.state
    state.prepend(new_mark("wait" if entry.good is None else "good" if entry.good else "bad"))


def _detail(detail: DetailModel) -> Any:
    element = from_template("template-ledger-detail")
    for name in ("says", "proves"):
        fill(element, name, getattr(detail.words, name))
    for name in ("sent_to", "signed_with", "private_keys", "answer"):
        fill(element, name, getattr(detail.facts, name))
    for line in element.querySelectorAll(".only-sent"):
        line.hidden = not detail.facts.signed_with
    if detail.words.source:
        slot(element, "source").append(make_link(detail.words.link, detail.words.source))
    for line in element.querySelectorAll(".only-source"):
        line.hidden = not detail.words.source
    slot(element, "parts").replaceChildren(*map(_part, detail.parts))
    return element


def _part(part: PartModel) -> Any:
    element = from_template("template-ledger-part")
    fill(element, "title", part.title)
    fill_value(element, "text", part.text)
    slot(element, "of").textContent = f" {part.title}"
    slot(element, "notes").replaceChildren(*map(list_item, part.notes))
    box = element.querySelector(".copybox")
    box.hidden = not part.text
    box.setAttribute("aria-label", part.title)
    return element
