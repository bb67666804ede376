"""The permission to ask resolvers: given for a visit or for good, and only for those that were named."""

from dataclasses import replace
from typing import Any, Final

import pytest

from app.dns.permission import RECORD_NAME, DnsPermission
from app.dns.resolvers import Resolver
from app.errors import StorageError
from app.ports import JsonRecord
from tests.adapters import MemoryStore

ONE: Final = Resolver("one", "One", "https://one.example/dns-query", "One (USA)")
TWO: Final = Resolver("two", "Two", "https://two.example/dns-query", "Two (Germany)")


class FullStore(MemoryStore):
    """A store that takes nothing, and gives up nothing, once it is `full`."""

    full = False

    async def get(self, key: str) -> JsonRecord | None:
        """See `app.ports.Store.get`."""
        if self.full:
            raise StorageError("storage-full")
        return await super().get(key)

    async def put(self, key: str, record: JsonRecord) -> None:
        """See `app.ports.Store.put`."""
        if self.full:
            raise StorageError("storage-full")
        await super().put(key, record)

    async def delete(self, key: str) -> None:
        """See `app.ports.Store.delete`."""
        if self.full:
            raise StorageError("storage-full")
        await super().delete(key)


async def next_visit(store: MemoryStore, *resolvers: Resolver) -> DnsPermission:
    """The permission as the next visit finds it."""
    permission = DnsPermission(store, resolvers or (ONE, TWO))
    await permission.read()
    return permission


async def kept_by(store: MemoryStore) -> DnsPermission:
    """A permission that is kept for good."""
    permission = await next_visit(store)
    await permission.give(keep=True)
    return permission


async def test_nothing_is_allowed_beforehand() -> None:
    permission = await next_visit(MemoryStore())
    assert (permission.given, permission.kept) == (False, False)


async def test_for_one_visit_nothing_is_stored() -> None:
    store = MemoryStore()
    permission = await next_visit(store)
    await permission.give(keep=False)
    assert (permission.given, permission.kept) == (True, False)
    assert await store.keys() == []
    assert not (await next_visit(store)).given


async def test_for_good_it_is_there_in_the_next_visit_until_it_is_withdrawn() -> None:
    store = MemoryStore()
    await kept_by(store)
    later = await next_visit(store)
    assert (later.given, later.kept) == (True, True)
    await later.withdraw()
    assert (later.given, later.kept) == (False, False)
    assert await store.keys() == []


async def test_without_the_second_tick_it_is_not_kept_any_more() -> None:
    store = MemoryStore()
    permission = await kept_by(store)
    await permission.give(keep=False)
    assert (permission.given, permission.kept) == (True, False)
    assert await store.keys() == []


async def test_a_resolver_that_was_not_named_makes_it_ask_again() -> None:
    store = MemoryStore()
    await kept_by(store)
    assert (await next_visit(store, TWO)).given
    assert not (await next_visit(store, ONE, TWO, Resolver("three", "Three", "https://three.example/"))).given
    assert not (await next_visit(store, ONE, replace(TWO, url="https://elsewhere.example/dns-query"))).given
    asked_again = await next_visit(store, ONE, Resolver("three", "Three", "https://three.example/"))
    await asked_again.withdraw()
    assert await store.keys() == []


@pytest.mark.parametrize(
    "record",
    [{}, {"version": 2}, {"version": 1, "resolvers": "one"}, {"version": 1, "resolvers": [None, ["one"], {"id": "one"}]}],
)
async def test_a_damaged_record_allows_nothing(record: dict[str, Any]) -> None:
    store = MemoryStore()
    await store.put(RECORD_NAME, record)
    assert not (await next_visit(store)).given


async def test_a_site_without_resolvers_has_no_permission() -> None:
    store = MemoryStore()
    await kept_by(store)
    permission = DnsPermission(store, ())
    await permission.read()
    await permission.give(keep=True)
    assert not permission.given


async def test_storage_that_fails_takes_no_decision_back() -> None:
    store = FullStore()
    permission = await next_visit(store)
    store.full = True
    with pytest.raises(StorageError):
        await permission.give(keep=True)
    assert (permission.given, permission.kept) == (True, False)
    assert not (await next_visit(store)).given
    store.full = False
    await permission.give(keep=True)
    store.full = True
    with pytest.raises(StorageError):
        await permission.withdraw()
    assert not permission.given


async def test_each_change_is_told_once() -> None:
    permission = await next_visit(MemoryStore())
    told: list[tuple[bool, bool]] = []
    permission.on_change(lambda: told.append((permission.given, permission.kept)))
    await permission.give(keep=False)
    await permission.give(keep=False)
    await permission.withdraw()
    await permission.withdraw()
    assert told == [(True, False), (False, False)]


async def test_what_another_tab_withdrew_ends_here_too_but_not_what_was_for_this_visit() -> None:
    store = MemoryStore()
    here, there, for_now = await kept_by(store), await next_visit(store), DnsPermission(store, (ONE, TWO))
    await for_now.give(keep=False)
    await there.withdraw()
    for permission in (here, for_now):
        await permission.read()
    assert (here.given, for_now.given) == (False, True)
