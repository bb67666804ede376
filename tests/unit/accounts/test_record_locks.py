"""The order of locks: who waits for one never holds one that comes after it."""

import asyncio
from itertools import pairwise

import pytest

from app.accounts import record_locks, stored_account
from app.accounts.record_locks import LOCK_ORDER, LockOrderError, RecordLocks
from app.accounts.stored_account import account_name
from app.errors import OtherTabError
from app.issuance import issuance
from app.issuance.store import record_name
from tests.adapters import MemoryTabs
from tests.unit.records import DIRECTORY

ACCOUNT = account_name(DIRECTORY)
ORDER = record_name("1")


def test_table_has_every_kind_of_record() -> None:
    assert LOCK_ORDER == (issuance.RECORD_PREFIX, stored_account.RECORD_PREFIX, record_locks.ZONE_PREFIX)
    assert LOCK_ORDER == (record_locks.ISSUANCE_PREFIX, record_locks.ACCOUNT_PREFIX, record_locks.ZONE_PREFIX)


async def test_locks_are_waited_for_in_the_order_of_the_table() -> None:
    tabs = MemoryTabs()
    taken: list[str] = []
    locks = RecordLocks(tabs)
    try_lock = tabs.try_lock

    async def noting(name: str) -> object:
        taken.append(name)
        return await try_lock(name)

    tabs.try_lock = noting  # type: ignore[method-assign, assignment]
    async with locks.acquire_all(["other", f"{ACCOUNT} 2", ACCOUNT, record_name("2"), ORDER]):
        assert taken == [ORDER, record_name("2"), ACCOUNT, f"{ACCOUNT} 2", "other"]


@pytest.mark.parametrize(("first", "second"), list(pairwise([ORDER, record_name("2"), ACCOUNT, f"{ACCOUNT} 2"])))
async def test_lock_that_comes_before_one_that_is_held_is_refused(first: str, second: str) -> None:
    locks = RecordLocks(MemoryTabs())
    async with locks.acquire_all([first]), locks.acquire_all([second]):
        pass
    for block in (locks.acquire_all, locks.try_all):
        with pytest.raises(LockOrderError):
            async with block([second]), locks.acquire_all([first]):
                raise AssertionError
    async with locks.acquire_all([first]):  # nothing of the refusal is left
        pass


async def test_refused_lock_is_not_taken_and_the_others_are_released() -> None:
    tabs = MemoryTabs()
    locks, other = RecordLocks(tabs), RecordLocks(tabs.another())
    with pytest.raises(LockOrderError):
        async with locks.acquire_all([ACCOUNT]), locks.acquire_all([ORDER]):
            raise AssertionError
    assert await other.try_acquire(ORDER)
    assert await other.try_acquire(ACCOUNT)


async def test_lock_that_the_task_holds_may_be_taken_again() -> None:
    locks = RecordLocks(MemoryTabs())
    async with (
        locks.try_all([ORDER]),
        locks.acquire_all([ACCOUNT]),
        locks.try_all([ORDER]),
        locks.acquire_all([ACCOUNT, ORDER]),
    ):
        pass


async def test_lock_of_an_order_may_be_tried_at_any_time_because_that_never_waits() -> None:
    tabs = MemoryTabs()
    locks, other = RecordLocks(tabs), RecordLocks(tabs.another())
    async with locks.acquire_all([ACCOUNT]), locks.try_all([ORDER]):
        with pytest.raises(OtherTabError):
            async with other.try_all([ORDER]):
                raise AssertionError


async def test_what_another_task_or_tab_holds_does_not_count() -> None:
    tabs = MemoryTabs()
    locks, other = RecordLocks(tabs), RecordLocks(tabs.another())
    free = asyncio.Event()

    async def try_lock() -> None:
        async with locks.acquire_all([ACCOUNT]):
            await free.wait()

    holding = asyncio.ensure_future(try_lock())
    await asyncio.sleep(0)
    async with locks.acquire_all([ORDER]), other.acquire_all([record_name("0")]):
        free.set()
    await holding
