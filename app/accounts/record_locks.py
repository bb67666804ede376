"""Locks on records across tabs (Web Locks): at most one tab of this browser changes a record at a time.

A lock belongs to the tab, not to a caller: the tab may take a lock that it holds again, and the last release frees it.
A key has no lock of its own: code that writes or deletes a key holds the lock of the record that names it.

Waiting for a lock while holding another could cause a deadlock between two tabs. `LOCK_ORDER` rules that out.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from app.errors import OtherTabError
from app.ports import Lock, Tabs

ISSUANCE_PREFIX: Final = "issuance "
ACCOUNT_PREFIX: Final = "account "
ZONE_PREFIX: Final = "dns-zone "

LOCK_ORDER: Final = (
    ISSUANCE_PREFIX,
    # The record of one order, under its key in the store. The tab that has the order open holds it all the time; commands take
    # it by `try_all`, which gives up at once. Nothing waits for it while holding another lock.
    ACCOUNT_PREFIX,
    # All accounts at one CA, under the directory URL: new accounts, key changes, and deletion. It is held for the time of a few
    # requests and waited for by `acquire_all`, also by a tab that holds locks of orders.
    ZONE_PREFIX,
    # One zone at a DNS service, under the service's id and the zone's name: a write there replaces whole record sets, so it is
    # read, merged and written by one tab at a time. It is held for the time of two requests and waited for by `acquire_all`,
    # also by a tab that holds locks of orders.
)
"""What the names of locks begin with, in the order in which they are waited for. Within one kind, the alphabet decides."""

_held: ContextVar[tuple[tuple["RecordLocks", str], ...]] = ContextVar("held", default=())
"""The locks of the blocks that the running task is in."""


class LockOrderError(RuntimeError):
    """A programming error: the code would wait for a lock that `LOCK_ORDER` puts before one that it holds."""


def _place(name: str) -> tuple[int, str]:
    """Where `LOCK_ORDER` puts the lock `name`; one of a kind that it does not have comes last."""
    kind = next((n for n, prefix in enumerate(LOCK_ORDER) if name.startswith(prefix)), len(LOCK_ORDER))
    return kind, name


@dataclass
class _HeldLock:
    """`count` is how often this tab has taken the lock; `lock` holds it against the other tabs."""

    count: int = 0
    lock: Lock | None = None
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class RecordLocks:
    """The locks of this tab."""

    def __init__(self, tabs: Tabs) -> None:
        self._tabs = tabs
        self._locks: dict[str, _HeldLock] = {}

    async def try_acquire(self, name: str) -> bool:
        """Take the lock `name` until `release`. False, without waiting, where another tab holds it."""
        held = self._locks.setdefault(name, _HeldLock())
        async with held.asking:  # two callers of this tab must not refuse one another
            held.lock = held.lock or await self._tabs.try_lock(name)
            held.count += held.lock is not None
            return held.lock is not None

    async def acquire(self, name: str) -> None:
        """Take the lock `name` until `release`, as soon as no other tab holds it."""
        while not await self.try_acquire(name):
            await self._tabs.wait_until_free(name)

    def release(self, name: str) -> None:
        """Undo one `try_acquire` or `acquire` of the lock `name`."""
        held = self._locks[name]
        held.count -= 1
        if not held.count and held.lock:
            held.lock.release()
            held.lock = None

    @asynccontextmanager
    async def try_all(self, names: Iterable[str]) -> AsyncIterator[None]:
        """Hold the locks `names` for the time of the block. Raises `OtherTabError` where another tab holds one of them."""
        wanted = tuple(names)
        async with AsyncExitStack() as stack:
            for name in wanted:
                if not await self.try_acquire(name):
                    raise OtherTabError
                stack.callback(self.release, name)
            with self._mark_held(wanted):
                yield

    @asynccontextmanager
    async def acquire_all(self, names: Iterable[str]) -> AsyncIterator[None]:
        """Hold the locks `names` for the time of the block; wait for other tabs where need be.

        They are taken in the order of `LOCK_ORDER`, so that two tabs never wait for one another. Raises `LockOrderError` where
        the task holds a lock already that would have to come after one of these.
        """
        wanted = sorted(set(names), key=_place)
        self._check_order(wanted)
        async with AsyncExitStack() as stack:
            for name in wanted:
                await self.acquire(name)
                stack.callback(self.release, name)
            with self._mark_held(wanted):
                yield

    def _check_order(self, wanted: Iterable[str]) -> None:
        held = [name for locks, name in _held.get() if locks is self]
        for name in wanted:
            later = [other for other in held if _place(other) > _place(name)]
            if later and name not in held:  # no need to wait for locks that are held
                raise LockOrderError(f"{name} after {later}")

    @contextmanager
    def _mark_held(self, names: Collection[str]) -> Iterator[None]:
        """Record for `_check_order` that the task holds the locks `names`."""
        token = _held.set(_held.get() + tuple((self, name) for name in names))
        try:
            yield
        finally:
            _held.reset(token)
