"""What both stores must do: records that come back as they were; and, in a browser, at the next visit too."""

import asyncio
import copy
import json
from types import SimpleNamespace
from typing import Any, Final

from app.ports import JsonRecord, Ports
from tests.contract.key_store import assert_refused, evidence_of
from tests.contract.suite import Check, Evidence, Place, group

CHECKS: dict[str, Check] = {}
"""Checks that hold in both worlds, by name."""

BROWSER_CHECKS: dict[str, Check] = {}
"""Checks of what only a browser has: storage that outlives the page."""

RELOAD_CHECKS: dict[str, Check] = {}
"""Checks for the browser after the page was loaded anew."""

_check = group(CHECKS)

RECORD: Final[JsonRecord] = {
    "text": 'bücher.example – 例え 😀 \u2028 \x00 " \\',
    "empty": "",
    "nested": {"list": [1, [2, [3, {}]], []], "none": None},
    "numbers": [0, -1, 1.5, 1e300, 2**53 + 1, 2**70, 1700000000.123456],
    "flags": [True, False, None],
    "": "the empty name",
}


@_check
async def record_comes_back_as_it_was(ports: Ports, _: Place) -> None:
    """Every kind of JSON value, with its exact type."""
    await ports.store.put("round trip", RECORD)
    found = await ports.store.get("round trip")
    assert found == RECORD
    assert json.dumps(found) == json.dumps(RECORD)  # True is not 1, and 1.0 is not 1


@_check
async def record_that_is_large_comes_back(ports: Ports, _: Place) -> None:
    """A hundred names with their proofs are some 100 kB."""
    record = {"proofs": [{"name": f"host-{n}.shop.example", "value": "x" * 900} for n in range(300)]}
    await ports.store.put("large", record)
    assert await ports.store.get("large") == record


@_check
async def record_under_the_same_key_replaces_the_other(ports: Ports, _: Place) -> None:
    """Nothing of the old one stays."""
    await ports.store.put("replaced", {"old": 1, "both": 1})
    await ports.store.put("replaced", {"new": 2, "both": 2})
    assert await ports.store.get("replaced") == {"new": 2, "both": 2}


@_check
async def record_that_was_deleted_is_gone(ports: Ports, _: Place) -> None:
    """Deleting it again does no harm."""
    await ports.store.put("deleted", {"a": 1})
    await ports.store.delete("deleted")
    await ports.store.delete("deleted")
    assert await ports.store.get("deleted") is None
    assert "deleted" not in await ports.store.keys()


@_check
async def record_nobody_put_is_not_there(ports: Ports, _: Place) -> None:
    """That is None, not an error."""
    assert await ports.store.get("never put") is None


@_check
async def keys_of_records_are_sorted(ports: Ports, _: Place) -> None:
    """By code point, as Python sorts."""
    names = {"sorted b", "sorted a", "sorted ü", "sorted B", "sorted 10", "sorted 9", "sorted ﬀ", "sorted 😀"}
    for name in names:
        await ports.store.put(name, {})
    keys = await ports.store.keys()
    assert keys == sorted(keys)
    assert names <= set(keys)


@_check
async def records_of_one_kind_come_together(ports: Ports, _: Place) -> None:
    """Those whose keys begin alike, sorted, whatever comes behind; and no others."""
    names = ["kind", "kind ", "kind a", "kind https://ca.example/dir 2", "kind \U0001f600", "kind \uffee", "kine", "Kind a"]
    for name in names:
        await ports.store.put(name, {"name": name})
    found = await ports.store.get_all("kind ")
    assert list(found) == sorted(found)
    assert found == {name: {"name": name} for name in names if name.startswith("kind ")}
    assert await ports.store.get_all("no such kind") == {}


@_check
async def records_are_stored_together(ports: Ports, _: Place) -> None:
    """Several at once: each replaces the other of its key, and is there when the call returns."""
    await ports.store.put("together a", {"old": 1})
    await ports.store.put_all({"together a": {"new": 1}, "together b": RECORD})
    assert await ports.store.get_all("together") == {"together a": {"new": 1}, "together b": RECORD}


@_check
async def records_are_copies(ports: Ports, _: Place) -> None:
    """What happens to a record outside does not reach the store."""
    record: JsonRecord = {"list": [1]}
    await ports.store.put("copied", record)
    before = copy.deepcopy(record)
    record["list"].append(2)
    found = await ports.store.get("copied")
    assert found == before
    assert found is not None
    found["list"].append(3)
    assert await ports.store.get("copied") == before


@_check
async def keys_and_records_of_one_name_are_apart(ports: Ports, _: Place) -> None:
    """The key store and the record store share no names."""
    await ports.keys.generate("same name", "ec-p256", extractable=False)
    assert await ports.store.get("same name") is None
    await ports.store.put("same name", {"a": 1})
    await ports.store.delete("same name")
    assert await ports.keys.load("same name") is not None


@group(BROWSER_CHECKS)
async def event_that_nobody_waits_for_any_more_is_no_error(_: Ports, __: Place) -> None:
    """A task was cancelled, and the browser's event comes before it has noticed."""
    from app.browser.ports.indexeddb import IndexedDbStore  # knows a browser

    request = SimpleNamespace(result="late", error=None)
    transaction = SimpleNamespace(objectStore=lambda _: SimpleNamespace(get=lambda _: request))
    connection: Any = SimpleNamespace(transaction=lambda *_: transaction)
    for event in ("onsuccess", "onerror"):
        reading = asyncio.ensure_future(IndexedDbStore(connection, "records").get("name"))
        await asyncio.sleep(0)
        reading.cancel()
        getattr(request, event)(None)
        await asyncio.wait([reading])
        assert reading.cancelled()


@group(BROWSER_CHECKS)
async def keys_and_records_are_left_for_the_next_visit(ports: Ports, _: Place) -> list[Evidence]:
    """The first half of `keys_and_records_are_found_at_the_next_visit`."""
    await ports.store.put("next visit", RECORD)
    await ports.keys.generate("next visit locked", "ec-p256", extractable=False)
    key = await ports.keys.generate("next visit", "rsa-2048", extractable=True)
    await ports.store.put("next visit key", {"spki": key.public_spki.hex()})
    return []


@group(RELOAD_CHECKS)
async def keys_and_records_are_found_at_the_next_visit(ports: Ports, _: Place) -> list[Evidence]:
    """What `keys_and_records_are_left_for_the_next_visit` left, before the page was loaded anew."""
    assert await ports.store.get("next visit") == RECORD
    key, locked = await ports.keys.load("next visit"), await ports.keys.load("next visit locked")
    assert key is not None
    assert locked is not None
    assert await ports.store.get("next visit key") == {"spki": key.public_spki.hex()}
    await assert_refused(ports.keys.export_pkcs8("next visit locked"))
    return [await evidence_of(key, await ports.keys.export_pkcs8("next visit")), await evidence_of(locked)]
