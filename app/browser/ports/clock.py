"""`app.ports.Clock` by the browser. A module of its own, because the contract tests load it without anything else."""

import asyncio
import time


class BrowserClock:
    """The computer's clock, and the browser's timers."""

    def now(self) -> float:
        """See `app.ports.Clock.now`."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """See `app.ports.Clock.sleep`."""
        await asyncio.sleep(seconds)
