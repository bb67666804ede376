"""Refreshes the parts of the page that show the store, each by itself, so that none waits for another."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from app.ui.background import BackgroundTasks

MAX_WAIT: Final = 10.0  # seconds; a refresh that takes longer may never end, and must not stop the ones after it


class _Part:
    """One part of the page. However much news comes while it is refreshed, one more round follows."""

    def __init__(self, is_shown: Callable[[], bool], refresh: Callable[[], Awaitable[None]], max_wait: float) -> None:
        self.is_shown = is_shown
        self._refresh = refresh
        self._max_wait = max_wait
        self._has_news = False
        self._following: asyncio.Task[None] | None = None
        self._rounds = BackgroundTasks()

    def refresh(self) -> None:
        self._has_news = True
        if self._following is None or self._following.done():
            self._following = asyncio.ensure_future(self._follow())

    async def _follow(self) -> None:
        while self._has_news:
            self._has_news = False
            await asyncio.wait({self._rounds.spawn(self._refresh())}, timeout=self._max_wait)


class Refreshes:
    """All parts of the page that show what is in the store."""

    def __init__(self, max_wait: float = MAX_WAIT) -> None:
        self._max_wait = max_wait
        self._parts: list[_Part] = []

    def add(self, is_shown: Callable[[], bool], refresh: Callable[[], Awaitable[None]]) -> None:
        """From now on, `refresh` a part of the page whenever the store has changed while it `is_shown`."""
        self._parts.append(_Part(is_shown, refresh, self._max_wait))

    def run(self) -> None:
        """The store has changed, or may have: start to refresh all that is shown."""
        for part in self._parts:
            if part.is_shown():
                part.refresh()
