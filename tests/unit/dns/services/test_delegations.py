"""Delegations as saved records: targets, and what strangers wrote."""

from typing import Any

import pytest

from app.dns.services.delegations import Delegations, delegated
from app.dns.services.service import Zone
from app.errors import InputError
from tests.adapters import MemoryStore

ZONE = Zone("shop-owner.dedyn.io", 3600)


def test_each_name_has_a_target_of_its_own_unless_the_zone_is_its_own() -> None:
    assert delegated("shop.example", "desec", ZONE).target == "_acme-challenge.shop.example.shop-owner.dedyn.io"
    own = delegated("www.shop.example", "desec", Zone("shop.example", 3600))
    assert own.target == own.owner == "_acme-challenge.www.shop.example"
    assert own.is_direct
    with pytest.raises(InputError):
        delegated(f"{'a' * 60}." * 3 + "example", "desec", Zone(f"{'b' * 50}.example", 3600))


async def test_delegation_is_read_as_it_was_saved_and_forgotten() -> None:
    store = MemoryStore()
    delegations = Delegations(store)
    saved = delegated("shop.example", "desec", ZONE)
    await delegations.save(saved)
    assert await delegations.all() == {"shop.example": saved}
    await delegations.delete("shop.example")
    assert await delegations.all() == {}


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"name": "other.example"},
        {"target": "_acme-challenge.evil.example"},
        {"zone": "../"},
        {"min_ttl": True},
        {"min_ttl": -1},
        {"service": 1},
        {"name": None},
    ],
)
async def test_record_that_keystay_did_not_write_is_none(change: dict[str, Any]) -> None:
    store = MemoryStore()
    delegations = Delegations(store)
    await delegations.save(delegated("shop.example", "desec", ZONE))
    record = await store.get("delegation shop.example")
    assert record
    await store.put("delegation shop.example", record | change)
    assert await delegations.all() == {}
