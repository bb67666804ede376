"""Does something a moment later, once for all that asked for it until then."""

import asyncio
from collections.abc import Callable


class Later:
    """Calls `work` once, `pause` seconds after the first call of several, unless `forget` comes before; with 0 each time."""

    def __init__(self, work: Callable[[], None], pause: float) -> None:
        self._work = work
        self._pause = pause
        self._timer: asyncio.TimerHandle | None = None

    def __call__(self) -> None:
        """Something happened."""
        if not self._pause:
            self._work()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._pause, self._run)

    def forget(self) -> None:
        """What was to be done is done, or not wanted any more."""
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _run(self) -> None:
        self._timer = None
        self._work()
