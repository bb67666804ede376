"""The line in the header that says what was sent in this visit."""

from typing import Protocol

from app.network.request_log import BlockedRequest, Entry, RequestLog
from app.text.page import sent_so_far
from app.ui.request_log.counter import SentCounter


class SentView(Protocol):
    """What the presenter of the line in the header may ask of it."""

    def count(self, text: str) -> None:
        """Say what was sent."""
        ...


class SentPresenter:
    """Counts from the start, before anybody opens the panel of the request log."""

    def __init__(self, request_log: RequestLog, view: SentView, counter: SentCounter) -> None:
        self._request_log = request_log
        self._view = view
        self._counter = counter

    def begin(self) -> None:
        """Count what is in the request log already."""
        for entry in self._request_log.entries:
            self.note(entry)
        self.say()

    def note(self, entry: Entry | BlockedRequest) -> None:
        """Count `entry`, which is new or has changed. This is done at every request, so it looks at no other one."""
        self._counter.note(entry)

    def say(self) -> None:
        """Say what was counted."""
        self._view.count(sent_so_far(self._counter.sent, self._counter.leaked, self._counter.blocked_keys))
