"""Where a tab sits: before one record or none. There it works – or it looks on while another tab of this browser does."""

import asyncio
from collections.abc import Awaitable, Callable

from app.accounts.record_locks import RecordLocks

Work = Callable[[], Awaitable[None]]


class TabRole:
    """The one record that this tab has before it.

    `look` is called after every change that the working tab has saved, `begin` once that tab has let go and this one works.
    """

    def __init__(self, locks: RecordLocks, look: Work, begin: Work) -> None:
        self._locks = locks
        self._look = look
        self._begin = begin
        self._name = ""
        self._sitting = object()  # another one for every time that this tab sits down
        self._tasks: set[asyncio.Future[None]] = set()
        self.is_follower = False
        """Whether another tab works on the record."""

    async def take(self, name: str) -> bool:
        """Sit down before the record `name`, and leave any other: True to work on it, False to look on for now."""
        works = await self._locks.try_acquire(name)
        self.leave()
        self._name, self.is_follower = name, not works
        if self.is_follower:
            self._spawn(self._wait(name, self._sitting))
        return works

    def leave(self) -> None:
        """Get up: other tabs may work on the record now."""
        if self._name and not self.is_follower:
            self._locks.release(self._name)
        self._name, self.is_follower, self._sitting = "", False, object()

    def heard(self, name: str) -> None:
        """Another tab has written the record `name`."""
        if self.is_follower and name == self._name:
            self._spawn(self._look())

    async def _wait(self, name: str, sitting: object) -> None:
        """Take over as soon as the working tab lets go – unless this one has left meanwhile."""
        await self._locks.acquire(name)
        if self._sitting is not sitting:
            self._locks.release(name)
            return
        self.is_follower = False
        await self._begin()

    def _spawn(self, work: Awaitable[None]) -> None:
        # asyncio keeps only weak references to tasks
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
