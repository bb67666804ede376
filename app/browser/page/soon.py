"""Does something once for many events.

A browser may tell of each line of a text by itself when a script fills it in: rendering a hundred names for each of them would
keep the page from answering for seconds.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import create_once_callable


class Soon:
    """Calls `work` once for all events until the browser has had its turn; at once where something depends on it (`now`)."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._wanted = self._scheduled = False

    def __call__(self, _event: Any = None) -> None:
        """Something happened."""
        self._wanted = True
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._run)

    def now(self) -> None:
        """Do at once what is still to be done."""
        if self._wanted:
            self._wanted = False
            self._work()

    def _run(self) -> None:
        self._scheduled = False
        self.now()


class NotTooOften:
    """Calls `work` at once, and then once for all events of the next `pause` seconds, as long as there are any."""

    def __init__(self, work: Callable[[], None], pause: float) -> None:
        self._work = work
        self._pause = pause
        self._wanted = self._is_pausing = False

    def __call__(self) -> None:
        """Something happened."""
        self._wanted = True
        if not self._is_pausing:
            self._run()

    def _run(self) -> None:
        self._is_pausing = self._wanted
        if self._wanted:
            self._wanted = False
            self._work()
            asyncio.get_running_loop().call_later(self._pause, self._run)


class BeforeFrame:
    """Calls `work` once for all events until the browser draws its next frame, just before that.

    A browser that shows the page to nobody draws none, and calls when it does.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._scheduled = False

    def __call__(self) -> None:
        """Something happened."""
        if not self._scheduled:
            self._scheduled = True
            js.requestAnimationFrame(create_once_callable(self._run))

    def _run(self, _time: float) -> None:
        self._scheduled = False
        self._work()
