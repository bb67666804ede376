"""Reads the saved issuances: many at once, without keeping the page from answering, and none again that is as it was."""

import asyncio
from dataclasses import dataclass
from typing import Final

from app.errors import StorageError, UnreadableRecordError
from app.issuance.issuance import RECORD_PREFIX, Issuance
from app.issuance.record_checks import read_stored
from app.ports import JsonRecord, Store

MAX_AT_ONCE: Final = 25
"""Records that are read in one transaction."""
MAX_IN_A_ROW: Final = 4
"""Records that are checked, or put into words, before the browser gets its turn."""


@dataclass(frozen=True)
class StoredIssuance:
    """A record of the store. `issuance` is None where it cannot be read, and `fault` says why."""

    id: str
    issuance: Issuance | None
    fault: StorageError | None = None


class Turns:
    """Lets the browser have its turn in a long piece of work: after each `MAX_IN_A_ROW` calls of `take`."""

    def __init__(self) -> None:
        self._count = 0

    async def take(self) -> None:
        """One more part of the work is done."""
        self._count += 1
        if self._count % MAX_IN_A_ROW == 0:
            await asyncio.sleep(0)


class SavedRecords:
    """The saved issuances in `store`. What was read is kept, and read anew only where the record has changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[JsonRecord, Issuance]] = {}  # by key

    async def keys(self) -> list[str]:
        """The keys in the store of all issuances. Raises `StorageError`."""
        return [key for key in await self._store.keys() if key.startswith(RECORD_PREFIX)]

    async def all(self) -> list[StoredIssuance]:
        """All issuances, in the order of their keys, readable or not. Raises `StorageError` where none can be listed."""
        keys, turns = await self.keys(), Turns()
        self._known = {key: self._known[key] for key in keys if key in self._known}
        found = []
        for n in range(0, len(keys), MAX_AT_ONCE):
            some = keys[n : n + MAX_AT_ONCE]
            for key, record in zip(some, await self._store.get_many(some), strict=True):
                if key not in self._known or self._known[key][0] != record:
                    await turns.take()
                found.append(self._read(key, record))
        return found

    def _read(self, key: str, record: JsonRecord | StorageError | None) -> StoredIssuance:
        id_ = key.removeprefix(RECORD_PREFIX)
        if record is None:  # it was deleted meanwhile, or is empty
            return StoredIssuance(id_, None, UnreadableRecordError("order-empty"))
        if isinstance(record, StorageError):
            return StoredIssuance(id_, None, record)
        if key in self._known and self._known[key][0] == record:
            return StoredIssuance(id_, self._known[key][1])
        try:
            issuance = read_stored(record, id_)
        except StorageError as error:
            return StoredIssuance(id_, None, error)
        self._known[key] = record, issuance
        return StoredIssuance(id_, issuance)
