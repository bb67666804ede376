"""Hundreds of saved orders: how they are read, what is shown of them first, and that the page answers meanwhile."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from app import turns
from app.browser.ports.stores import MemoryKeyValueStore, RecordStore
from app.errors import StorageError
from app.issuance import saved_records
from app.issuance.issuance import Issuance
from app.issuance.record import issuance_to_json
from app.issuance.record_checks import read_stored
from app.ports import JsonRecord
from tests.unit.records import record
from tests.unit.ui.panels.test_orders import issued
from tests.unit.visit import Visit


async def listed(visit: Visit) -> None:
    """Wait until the list is complete, or cannot be read."""
    for _ in range(10_000):
        if not visit.list.said:
            return
        await asyncio.sleep(0)


class Reads:
    """Counts what is read of the store."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        for name in ("get", "get_all", "keys"):
            monkeypatch.setattr(RecordStore, name, self._counting(getattr(RecordStore, name)))

    def _counting(self, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def read(*given: Any) -> Any:
            self.count += 1
            return await method(*given)

        return read


def many(count: int) -> list[Issuance]:
    return [record(f"n{n}.example", id=f"{n:03}", created=1000.0 + n, state="failed") for n in range(count)]


async def with_many(count: int) -> Visit:
    """A browser with that many orders, where the page is not open yet."""
    visit = Visit()
    visit.ports = replace(visit.ports, store=RecordStore(MemoryKeyValueStore()))
    for issuance in many(count):
        await visit.ports.store.put(f"issuance {issuance.id}", issuance_to_json(issuance))
    return visit


async def test_start_reads_as_much_with_hundreds_of_orders_as_with_thirty(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for count in (30, 500):
        visit = await with_many(count)
        reads = Reads(monkeypatch)
        await visit.reload()
        counts.append(reads.count)
        assert visit.list.shown == 0
        assert visit.list.said == "Reading your orders …"
        await listed(visit)
        assert len(visit.list.entries) == count
        assert visit.list.entries[0].title == f"n{count - 1}.example"
    assert counts[0] == counts[1]


async def test_hundreds_of_orders_are_read_in_few_transactions_and_none_of_them_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = await with_many(500)
    checked: list[str] = []

    def counted(stored: JsonRecord, id_: str) -> Issuance:
        checked.append(id_)
        return read_stored(stored, id_)

    monkeypatch.setattr(saved_records, "read_stored", counted)
    reads = Reads(monkeypatch)
    await visit.reload()
    await listed(visit)
    assert (len(checked), len(set(checked))) == (500, 500)
    assert reads.count < 10
    changed = replace(many(1)[0], created=9999.0)
    await visit.ports.store.put("issuance 000", issuance_to_json(changed))
    await visit.ports.store.put("issuance 001", {"version": 99})
    await visit.ports.store.delete("issuance 002")
    checked.clear()
    await visit.saved.refresh()
    assert checked == ["000", "001"]
    assert len(visit.list.entries) == 499
    assert visit.list.entries[0].id == "000"
    assert visit.list.entries[-1].status == "unreadable"


async def test_the_page_answers_while_hundreds_of_orders_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = await with_many(100)
    now, in_a_row, longest = 0.0, 0, 0

    def slowly(stored: JsonRecord, id_: str) -> Issuance:
        nonlocal now, in_a_row, longest
        now += turns.MAX_TURN / 4
        in_a_row += 1
        longest = max(longest, in_a_row)
        return read_stored(stored, id_)

    monkeypatch.setattr(saved_records, "read_stored", slowly)
    monkeypatch.setattr(turns, "perf_counter", lambda: now)
    await visit.reload()
    for _ in range(1000):
        await asyncio.sleep(0)
        in_a_row = 0
    assert len(visit.list.entries) == 100
    assert longest == 5


def give_every_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, each part of long work takes so long that others have their turn after it."""
    moments = itertools.count(step=2 * turns.MAX_TURN)
    monkeypatch.setattr(turns, "perf_counter", lambda: next(moments))


async def test_list_that_is_read_while_another_is_begun_does_not_replace_it(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = await with_many(30)
    give_every_turn(monkeypatch)
    await visit.reload()
    await asyncio.sleep(0)
    await visit.ports.store.delete("issuance 029")
    assert visit.list.shown == 0
    await visit.saved.refresh()
    await listed(visit)
    assert len(visit.list.entries) == 29
    assert [len(orders.entries) for orders in visit.list.all] == [5, 29]


async def test_what_stands_above_the_form_is_shown_before_all_in_the_fold_is_put_into_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visit = await with_many(30)
    give_every_turn(monkeypatch)
    await visit.reload()
    await listed(visit)
    first, last = visit.list.all
    assert (first.whole, last.whole) == (False, True)
    assert (first.need, first.fine, first.folded) == (last.need, last.fine, ())
    assert (first.count, first.folded_title, first.kinds) == (last.count, last.folded_title, last.kinds)
    assert len(last.folded) == 25
    await visit.saved.delete("000")
    assert [len(orders.folded) for orders in visit.list.all[2:]] == [24]  # what was there is not taken away meanwhile


async def test_few_orders_are_shown_in_one_piece() -> None:
    visit = await with_many(20)
    await visit.reload()
    assert [len(orders.entries) for orders in visit.list.all] == [20]


async def test_link_to_one_of_hundreds_finds_it() -> None:
    visit = await with_many(30)
    await visit.ports.store.put("issuance 777", issuance_to_json(issued("shop.example", id="777")))
    await visit.reload()
    await visit.saved.follow_link("#renew=777")
    assert visit.list.pointed_at == "777"


async def test_many_that_cannot_be_read_at_all_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = await with_many(30)

    async def refuse(*_: object) -> Any:
        raise StorageError("storage-refused")

    monkeypatch.setattr(RecordStore, "get_all", refuse)
    await visit.reload()
    await listed(visit)
    assert visit.list.message
