"""Makes Python take fewer turns in the browser's event loop, and tells of errors that nobody waits for.

Pyodide makes one task of the browser for each callback of asyncio. A signed request takes fourteen of them, each a tenth of a
millisecond, and half of these only count how many futures are unfinished, which nobody asks here. So all that is ready runs in
one task, for at most `MAX_TURN` seconds; then whatever else the browser has to do gets its turn.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context
from time import perf_counter
from typing import Any

from pyodide.webloop import PyodideFuture

from app.turns import MAX_TURN


def take_fewer_turns(loop: asyncio.AbstractEventLoop) -> None:
    """Let `loop`, Pyodide's, call back by `Turns` from now on."""
    turns = Turns(loop)
    loop.call_soon = turns.call_soon  # type: ignore[method-assign,assignment]
    loop.create_future = lambda: PyodideFuture(loop=loop)  # type: ignore[method-assign]


def tell_faults(loop: asyncio.AbstractEventLoop, tell: Callable[[Exception], None]) -> None:
    """Call `tell` with each error that leaves a callback of `loop`, or a task that nobody waits for: a fault in the page."""

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            tell(error)
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)


class Turns:
    """What is to be called back soon, in order, as `asyncio.AbstractEventLoop.call_soon` has it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ready: deque[asyncio.Handle] = deque()
        self._is_waiting = False

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> asyncio.Handle:
        """See `asyncio.AbstractEventLoop.call_soon`."""
        handle = asyncio.Handle(callback, args, self._loop, context=context)
        self._ready.append(handle)
        self._wait()
        return handle

    def _wait(self) -> None:
        if not self._is_waiting:
            self._is_waiting = True
            self._loop.call_later(0, self._take)

    def _take(self) -> None:
        """Run what was ready when this turn began; what comes of it is for the next one, as in every loop of asyncio."""
        self._is_waiting = False
        end = perf_counter() + MAX_TURN
        try:
            for _ in range(len(self._ready)):
                handle = self._ready.popleft()
                if not handle.cancelled():
                    handle._run()
                if perf_counter() > end:
                    break
        finally:
            if self._ready:
                self._wait()
