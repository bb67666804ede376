"""Key-value stores for keys and records: the one in memory, and `app.ports.Store` on top of any of them.

`app.browser.ports.indexeddb` has the one that outlives the tab. This module imports nothing of the browser.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.encoding.strict_json import parse_json
from app.errors import OversizeError, StorageError, UnreadableRecordError
from app.ports import JsonRecord
from app.turns import Turns


class KeyValueStore(Protocol):
    """Stores JavaScript values (strings, or objects that can be cloned) by name. Every method raises `StorageError`."""

    async def get(self, name: str) -> Any:
        """The value under `name`, or None."""
        ...

    async def get_all(self, prefix: str) -> dict[str, bytes]:
        """The texts whose names begin with `prefix`, in UTF-8, by name, sorted, all as they are at one moment.

        Another value in their place becomes some text.
        """
        ...

    async def put(self, name: str, value: Any) -> None:
        """Store `value` under `name`, replacing any other; when this returns, it is as durable as this store is."""
        ...

    async def put_all(self, values: Mapping[str, Any]) -> None:
        """As `put`, for several values by name: all of them are stored, or none."""
        ...

    async def delete(self, name: str) -> None:
        """Forget `name`, if it is there."""
        ...

    async def names(self) -> list[str]:
        """All names, sorted."""
        ...


class MemoryKeyValueStore:
    """`KeyValueStore` in the memory of this tab."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing is stored, so that nothing would be lost with the tab."""
        return not self._values

    async def get(self, name: str) -> Any:
        """See `KeyValueStore.get`."""
        return self._values.get(name)

    async def get_all(self, prefix: str) -> dict[str, bytes]:
        """See `KeyValueStore.get_all`."""
        names = sorted(name for name in self._values if name.startswith(prefix))
        return {name: str(self._values[name]).encode("utf-8", "replace") for name in names}

    async def put(self, name: str, value: Any) -> None:
        """See `KeyValueStore.put`."""
        self._values[name] = value

    async def put_all(self, values: Mapping[str, Any]) -> None:
        """See `KeyValueStore.put_all`."""
        self._values.update(values)

    async def delete(self, name: str) -> None:
        """See `KeyValueStore.delete`."""
        self._values.pop(name, None)

    async def names(self) -> list[str]:
        """See `KeyValueStore.names`."""
        return sorted(self._values)


@dataclass(frozen=True)
class Stores:
    """The two stores of the page. `refusal` is "" where they outlive the tab, otherwise it says why they do not."""

    keys: KeyValueStore
    records: KeyValueStore
    refusal: str = ""

    @property
    def persistent(self) -> bool:
        """Whether what is stored outlives the tab."""
        return not self.refusal

    @property
    def at_risk(self) -> bool:
        """Whether something would be lost if the tab closed now."""
        return any(isinstance(store, MemoryKeyValueStore) and not store.empty for store in (self.keys, self.records))


class RecordStore:
    """`app.ports.Store` on a key-value store. Records are stored as JSON text, so what is read is what was written."""

    def __init__(self, store: KeyValueStore) -> None:
        self._store = store

    async def get(self, key: str) -> JsonRecord | None:
        """See `app.ports.Store.get`."""
        text = await self._store.get(key)
        return None if text is None else _record(text)

    async def get_all(self, prefix: str) -> dict[str, JsonRecord | StorageError]:
        """See `app.ports.Store.get_all`."""
        texts, turns = await self._store.get_all(prefix), Turns()
        found = {}
        for key, text in texts.items():
            found[key] = _record_or_error(text)
            await turns.take()
        return found

    async def put(self, key: str, record: JsonRecord) -> None:
        """See `app.ports.Store.put`."""
        await self._store.put(key, json.dumps(record))

    async def put_all(self, records: Mapping[str, JsonRecord]) -> None:
        """See `app.ports.Store.put_all`."""
        await self._store.put_all({key: json.dumps(record) for key, record in records.items()})

    async def delete(self, key: str) -> None:
        """See `app.ports.Store.delete`."""
        await self._store.delete(key)

    async def keys(self) -> list[str]:
        """See `app.ports.Store.keys`."""
        return await self._store.names()


def _record_or_error(text: object) -> JsonRecord | StorageError:
    try:
        return _record(text)
    except StorageError as error:
        return error


def _record(text: object) -> JsonRecord:
    """What `put` has written; other pages of this origin may have written something else. Raises `UnreadableRecordError`."""
    try:
        record = parse_json(text, "record") if isinstance(text, str | bytes) else None
    except (ValueError, OversizeError):
        record = None
    if not isinstance(record, dict):
        raise UnreadableRecordError("stored-record-damaged")
    return record
