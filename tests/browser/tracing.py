"""Chromium's own trace of what it does: the events of the categories that a test asks for."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Page

from tests.browser import settings

Event = dict[str, Any]
"""As in the trace: `name`, `ph` (X for one with a duration), `pid`, `tid`, `ts` and `dur` in microseconds, `args`."""

PATIENCE: Final = settings.BOOT_TIMEOUT / 1000  # seconds until the browser has handed over all events


@contextmanager
def traced(page: Page, categories: Sequence[str]) -> Iterator[list[Event]]:
    """Trace the browser of `page` until the end of the block; the list is whole when the block has ended."""
    events: list[Event] = []
    ended: list[Any] = []
    session = page.context.new_cdp_session(page)
    session.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    session.on("Tracing.tracingComplete", lambda end: ended.append(end))
    session.send("Tracing.start", {"traceConfig": {"includedCategories": categories}, "transferMode": "ReportEvents"})
    yield events
    session.send("Tracing.end")
    deadline = time.monotonic() + PATIENCE
    while not ended:
        assert time.monotonic() < deadline, "the trace has no end"
        page.evaluate("new Promise(requestAnimationFrame)")  # events come in meanwhile
    session.detach()
