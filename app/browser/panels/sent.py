"""The line in the header that says what was sent, and leads to the request log panel."""

from collections.abc import Callable
from typing import Any, Final

from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import by_id, open_around
from app.browser.page.soon import NotTooOften
from app.network.request_log import BlockedRequest, Entry, RequestLog
from app.ui.panels.sent import SentPresenter

PAUSE: Final = 0.5
"""Seconds between two changes of the line. With each of them the browser lays out the page: as long as a request takes."""


class DomSent:
    """`app.ui.panels.sent.SentView` on the document."""

    def __init__(self) -> None:
        self.changed: Callable[[], None] = lambda: None
        """Called after each request that is new or has changed is counted."""

    def bind(self, request_log: RequestLog, presenter: SentPresenter) -> None:
        """Connect the line to its click, and to what goes through `request_log`."""

        def changed(entry: Entry | BlockedRequest) -> None:
            presenter.note(entry)
            say()
            self.changed()

        say = NotTooOften(presenter.say, PAUSE)
        presenter.begin()
        request_log.changed = changed
        add_event_listener(by_id("sent"), "click", _reveal)

    def count(self, text: str) -> None:
        """See `app.ui.panels.sent.SentView.count`."""
        by_id("sent").textContent = text


def _reveal(event: Any) -> None:
    """Lead to the panel. The address stays as it is: it may be a link that fills in the form."""
    event.preventDefault()
    panel = by_id("ledger-panel")
    open_around(panel)
    panel.firstElementChild.focus()
    panel.scrollIntoView()
