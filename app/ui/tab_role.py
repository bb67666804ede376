"""Which saved record this tab has open, as its owner or as a follower of the tab that owns it."""

from collections.abc import Awaitable, Callable

from app.accounts.record_locks import RecordLocks
from app.ui.background import BackgroundTasks

Work = Callable[[], Awaitable[None]]


class TabRole:
    """The one record that this tab has open, as its owner or as a follower.

    `follow` is called after every change that the owner has saved, `take_over` once the owner has let go and this tab owns it.
    """

    def __init__(self, locks: RecordLocks, follow: Work, take_over: Work) -> None:
        self._locks = locks
        self._follow = follow
        self._take_over = take_over
        self._name = ""
        self._opening = object()  # a new one each time that a record is opened or left
        self._tasks = BackgroundTasks()
        self.is_follower = False
        """Whether another tab owns the record."""

    async def take(self, name: str) -> bool:
        """Open the record `name`, and leave any other: True to own it, False to follow for now."""
        owns = await self._locks.try_acquire(name)
        self.leave()
        self._name, self.is_follower = name, not owns
        if self.is_follower:
            self._tasks.spawn(self._wait(name, self._opening))
        return owns

    def leave(self) -> None:
        """Close the record: other tabs may own it now."""
        if self._name and not self.is_follower:
            self._locks.release(self._name)
        self._name, self.is_follower, self._opening = "", False, object()

    def on_record_written(self, name: str) -> None:
        """Another tab has written the record `name`."""
        if self.is_follower and name == self._name:
            self._tasks.spawn(self._follow())

    async def _wait(self, name: str, opening: object) -> None:
        """Take over as soon as the owner lets go – unless this tab has left the record meanwhile."""
        await self._locks.acquire(name)
        if self._opening is not opening:
            self._locks.release(name)
            return
        self.is_follower = False
        await self._take_over()
