"""Does something once for all that happens until the browser draws the next frame."""

from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import create_proxy


class BeforeFrame:
    """Calls `work` before the next frame, however often it is asked to; where the page is not visible, once it is again."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._is_waiting = False
        self._callback = create_proxy(self._run)

    def __call__(self) -> None:
        """Something happened."""
        if not self._is_waiting:
            self._is_waiting = True
            js.requestAnimationFrame(self._callback)

    def _run(self, _time: Any) -> None:
        self._is_waiting = False
        self._work()
