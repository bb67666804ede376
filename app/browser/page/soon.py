"""Does something once for a burst of events.

A browser may tell of each line of a text by itself when a script fills it in: rendering a hundred names for each of them would
keep the page from answering for seconds.
"""

import asyncio
from collections.abc import Callable
from typing import Any


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
