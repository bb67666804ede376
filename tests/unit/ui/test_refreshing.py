"""What is shown of the store: every part is refreshed, whatever becomes of the others."""

import asyncio

import pytest

from app.ui.refreshing import Refreshes


class Part:
    """A part of the page that counts how often it was refreshed; it ends when it is told to."""

    def __init__(self, *, ends: bool = True) -> None:
        self.begun = 0
        self.may_end = asyncio.Event()
        self.changed = asyncio.Event()
        if ends:
            self.may_end.set()

    async def refresh(self) -> None:
        """Count, and wait for leave to end."""
        self.begun += 1
        self.changed.set()
        await self.may_end.wait()

    async def until_begun(self, count: int) -> None:
        """Return once it was refreshed `count` times."""
        while self.begun < count:
            self.changed.clear()
            await self.changed.wait()


async def test_refresh_that_never_ends_stops_neither_the_others_nor_its_own_next_one() -> None:
    """Firefox asks a person before it promises to keep storage; a refresh that waited for that stopped all lists (1 of 3)."""
    refreshes, stuck, other = Refreshes(max_wait=0.01), Part(ends=False), Part()
    for part in (stuck, other):
        refreshes.add(lambda: True, part.refresh)
    for count in (1, 2, 3):
        refreshes.run()
        await other.until_begun(count)
        await stuck.until_begun(count)


async def test_news_during_a_refresh_are_one_more_round() -> None:
    refreshes, part = Refreshes(), Part(ends=False)
    refreshes.add(lambda: True, part.refresh)
    refreshes.run()
    await part.until_begun(1)
    for _ in range(5):
        refreshes.run()
    part.may_end.set()
    await part.until_begun(2)
    refreshes.run()
    await part.until_begun(3)
    assert part.begun == 3


async def test_what_is_folded_is_left_alone() -> None:
    refreshes, folded, shown = Refreshes(), Part(), Part()
    refreshes.add(lambda: False, folded.refresh)
    refreshes.add(lambda: True, shown.refresh)
    refreshes.run()
    await shown.until_begun(1)
    assert folded.begun == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_refresh_that_fails_stops_neither_the_others_nor_its_own_next_one() -> None:
    refreshes, other = Refreshes(), Part()
    failures = asyncio.Queue[int]()

    async def fail() -> None:
        failures.put_nowait(1)
        raise ValueError("a fault in the page")

    refreshes.add(lambda: True, fail)
    refreshes.add(lambda: True, other.refresh)
    for count in (1, 2):
        refreshes.run()
        await failures.get()
        await other.until_begun(count)
