"""Long pieces of work, in parts: whatever else waits in this thread gets its turn between them."""

import asyncio
from time import perf_counter
from typing import Final

MAX_TURN: Final = 0.01
"""Seconds. What people do is answered within 50 ms, and one part may take longer than the others."""


class Turns:
    """Gives others their turn after each `MAX_TURN` of work, on a phone as on a desktop."""

    def __init__(self) -> None:
        self._end = perf_counter() + MAX_TURN

    async def take(self) -> None:
        """One more part of the work is done."""
        if perf_counter() > self._end:
            await asyncio.sleep(0)
            self._end = perf_counter() + MAX_TURN
