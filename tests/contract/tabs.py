"""What tabs must agree on: a name has one holder, and what one tab announces all others hear."""

import asyncio
from typing import Final

from app.ports import Lock, Ports, Tabs
from tests.contract.suite import Check, Place, group

CHECKS: dict[str, Check] = {}

_check = group(CHECKS)

NAMES: Final = ("issuance 1", "account https://ca.example/dir?ü=1 ‘x’\n", "-", "")
"""Such as the flow uses, and what a browser’s locks do not take as it is."""


def _another(place: Place) -> Tabs:
    assert place.another
    return place.another


async def _held(tabs: Tabs, name: str) -> Lock:
    lock = await tabs.try_lock(name)
    assert lock
    return lock


async def _held_once_free(tabs: Tabs, name: str) -> Lock:
    """As the app does it: what waited for the name may keep others from it for a moment more."""
    await tabs.wait_until_free(name)
    while not (lock := await tabs.try_lock(name)):
        await tabs.wait_until_free(name)
    return lock


@_check
async def name_has_one_holder(ports: Ports, place: Place) -> None:
    """It is refused to every other tab and to the same one, until it is released."""
    other = _another(place)
    for name in NAMES:
        lock = await _held(ports.tabs, name)
        assert await other.try_lock(name) is None
        assert await ports.tabs.try_lock(name) is None
        lock.release()
        (await _held_once_free(other, name)).release()
        await ports.tabs.wait_until_free(name)


@_check
async def names_are_held_apart(ports: Ports, place: Place) -> None:
    """By several tabs at once."""
    locks = [await _held(ports.tabs, "apart 1"), await _held(_another(place), "apart 2"), await _held(ports.tabs, "apart")]
    for lock in locks:
        lock.release()


@_check
async def release_is_for_once(ports: Ports, place: Place) -> None:
    """A second one does not take the name from its next holder."""
    lock = await _held(ports.tabs, "released")
    lock.release()
    next_lock = await _held_once_free(_another(place), "released")
    lock.release()
    assert await ports.tabs.try_lock("released") is None
    next_lock.release()


@_check
async def whoever_waits_is_told_when_the_name_is_free(ports: Ports, place: Place) -> None:
    """All of them, in either tab; and at once where nobody holds it."""
    lock = await _held_once_free(ports.tabs, "waited for")
    waiting = [asyncio.ensure_future(tabs.wait_until_free("waited for")) for tabs in (ports.tabs, _another(place))]
    for _ in range(5):  # questions to the same locks, so whoever could be told by now was
        assert await ports.tabs.try_lock("waited for") is None
    assert not any(task.done() for task in waiting)
    lock.release()
    await asyncio.gather(*waiting)


@_check
async def what_is_announced_is_heard_by_the_others_only(ports: Ports, place: Place) -> None:
    """In its order, by every listener of the other tab."""
    other = _another(place)
    heard: tuple[list[str], ...] = ([], [], [])
    last = asyncio.Event()
    ports.tabs.listen(heard[0].append)
    other.listen(heard[1].append)
    other.listen(heard[2].append)
    other.listen(lambda name: last.set() if name == "the last" else None)
    for name in (*NAMES, "the last"):
        ports.tabs.announce(name)
    await last.wait()
    assert heard == ([], [*NAMES, "the last"], [*NAMES, "the last"])
