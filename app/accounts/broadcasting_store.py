"""A store that announces each write to the other tabs, as soon as the record is saved."""

from collections.abc import Mapping

from app.errors import StorageError
from app.ports import JsonRecord, Store, Tabs


class BroadcastingStore:
    """`app.ports.Store` on `inner`. Announces every key that was written or deleted on `tabs`."""

    def __init__(self, inner: Store, tabs: Tabs) -> None:
        self._inner = inner
        self._tabs = tabs

    async def get(self, key: str) -> JsonRecord | None:
        """See `app.ports.Store.get`."""
        return await self._inner.get(key)

    async def put(self, key: str, record: JsonRecord) -> None:
        """See `app.ports.Store.put`."""
        await self._inner.put(key, record)
        self._tabs.announce(key)

    async def get_all(self, prefix: str) -> Mapping[str, JsonRecord | StorageError]:
        """See `app.ports.Store.get_all`."""
        return await self._inner.get_all(prefix)

    async def put_all(self, records: Mapping[str, JsonRecord]) -> None:
        """See `app.ports.Store.put_all`."""
        await self._inner.put_all(records)
        for key in records:
            self._tabs.announce(key)

    async def delete(self, key: str) -> None:
        """See `app.ports.Store.delete`."""
        await self._inner.delete(key)
        self._tabs.announce(key)

    async def keys(self) -> list[str]:
        """See `app.ports.Store.keys`."""
        return await self._inner.keys()
