"""Background tasks, and what is done a moment later.

A module of its own, so that `app.browser.ports` can use it without the presenters.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

T = TypeVar("T")

MIN_REST: Final = 20
"""How many times longer than it took is the pause after something done a moment later: so it costs at most a twentieth."""


class BackgroundTasks:
    """Runs tasks in the background. asyncio keeps only weak references to tasks; this keeps them alive."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Future[Any]] = set()

    def spawn(self, work: Awaitable[T]) -> "asyncio.Future[T]":
        """Start `work`, and keep it alive until its end."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


class Later:
    """Calls `work` once, `pause` seconds after the first call of several, unless `forget` comes before; with 0 each time.

    Between two calls of `work` are at least `apart` seconds, and `MIN_REST` times the seconds that the one before took.
    """

    def __init__(self, work: Callable[[], None], pause: float, apart: float = 0.0) -> None:
        self._work = work
        self._pause = pause
        self._apart = apart
        self._next = 0.0  # not before this time of the event loop
        self._timer: asyncio.TimerHandle | None = None

    def __call__(self) -> None:
        """Something happened."""
        if not self._pause:
            self._work()
        elif self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(self._pause, self._next - loop.time()), self._run)

    def forget(self) -> None:
        """What was to be done is done, or not wanted any more."""
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _run(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        begun = loop.time()
        self._work()
        self._next = begun + max(self._apart, MIN_REST * (loop.time() - begun))
