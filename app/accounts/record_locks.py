"""Who may change a record: at most one tab of this browser at a time.

A record is claimed under its key in the store; so is the whole of an account, under that of the CA's first one. A claim is of
the tab, not of a caller: what this tab has claimed already it may claim again, and the last one to let go frees it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from app.errors import ElsewhereError
from app.ports import Lock, Tabs


@dataclass
class _HeldLock:
    """`count` is how often this tab has claimed the name by now; `lease` holds it against the others."""

    count: int = 0
    lease: Lock | None = None
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class RecordLocks:
    """What this tab may change."""

    def __init__(self, tabs: Tabs) -> None:
        self._tabs = tabs
        self._locks: dict[str, _HeldLock] = {}

    async def try_acquire(self, name: str) -> bool:
        """Claim `name` until `release`; False where another tab has it. Never waits for that one."""
        claim = self._locks.setdefault(name, _HeldLock())
        async with claim.asking:  # two callers of this tab must not refuse one another
            claim.lease = claim.lease or await self._tabs.hold(name)
            claim.count += claim.lease is not None
            return claim.lease is not None

    async def acquire(self, name: str) -> None:
        """Claim `name` until `release`, as soon as no other tab has it."""
        while not await self.try_acquire(name):
            await self._tabs.until_free(name)

    def release(self, name: str) -> None:
        """Take one claim of `name` back."""
        claim = self._locks[name]
        claim.count -= 1
        if not claim.count and claim.lease:
            claim.lease.release()
            claim.lease = None

    @asynccontextmanager
    async def try_all(self, names: Iterable[str]) -> AsyncIterator[None]:
        """Claim all `names` for the time of the block. Raises `ElsewhereError` where another tab has one of them."""
        async with AsyncExitStack() as stack:
            for name in names:
                if not await self.try_acquire(name):
                    raise ElsewhereError
                stack.callback(self.release, name)
            yield

    @asynccontextmanager
    async def acquire_all(self, names: Iterable[str]) -> AsyncIterator[None]:
        """Claim all `names` for the time of the block; wait for the other tabs where need be.

        They are claimed in their alphabetical order, so that two tabs never wait for one another.
        """
        async with AsyncExitStack() as stack:
            for name in sorted(set(names)):
                await self.acquire(name)
                stack.callback(self.release, name)
            yield
