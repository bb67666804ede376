"""Reads the saved issuances: many at once, without keeping the page from answering, and none again that is as it was."""

from dataclasses import dataclass

from app.errors import StorageError
from app.issuance.issuance import RECORD_PREFIX, Issuance
from app.issuance.record_checks import read_stored
from app.ports import JsonRecord, Store
from app.turns import Turns


@dataclass(frozen=True)
class StoredIssuance:
    """A record of the store. `issuance` is None where it cannot be read, and `fault` says why."""

    id: str
    issuance: Issuance | None
    fault: StorageError | None = None


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
        records, turns = await self._store.get_all(RECORD_PREFIX), Turns()
        self._known = {key: self._known[key] for key in records if key in self._known}
        found = []
        for key, record in records.items():
            found.append(self._read(key, record))
            await turns.take()
        return found

    def _read(self, key: str, record: JsonRecord | StorageError) -> StoredIssuance:
        id_ = key.removeprefix(RECORD_PREFIX)
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
