"""IndexedDB: one database with a store for keys and one for records, and `Store` on the latter.

CryptoKeys can be kept here without ever being bytes: that is how a non-extractable key survives a reload.
"""

import asyncio
import json
from typing import Any, Final

import js
from pyodide.ffi import JsException, create_proxy

from app.errors import StorageError
from app.ports import JsonRecord

NAME: Final = "keystay"
VERSION: Final = 1
KEYS: Final = "keys"
RECORDS: Final = "records"


class Database:
    """An open database: get, put, delete and list in one of its stores. Every method raises `StorageError`."""

    def __init__(self, database: Any) -> None:
        self._database = database

    async def get(self, store: str, key: str) -> Any:
        """The JavaScript value under `key`, or None."""
        return await self._read(store, "get", key)

    async def keys(self, store: str) -> list[str]:
        """All keys, sorted."""
        return sorted(str(key) for key in await self._read(store, "getAllKeys"))

    async def put(self, store: str, key: str, value: Any) -> None:
        """Keep a JavaScript `value` (a string, or an object that can be cloned) under `key`; durable on return."""
        await self._write(store, "put", value, key)

    async def delete(self, store: str, key: str) -> None:
        """Forget `key`."""
        await self._write(store, "delete", key)

    async def _read(self, store: str, method: str, *arguments: Any) -> Any:
        try:
            transaction = self._database.transaction(store, "readonly")
            return await _outcome(getattr(transaction.objectStore(store), method)(*arguments), "onsuccess", "onerror")
        except JsException as error:
            raise _storage_error(error) from error

    async def _write(self, store: str, method: str, *arguments: Any) -> None:
        try:
            transaction = self._database.transaction(store, "readwrite")
            getattr(transaction.objectStore(store), method)(*arguments)
            await _outcome(transaction, "oncomplete", "onabort")
        except JsException as error:
            raise _storage_error(error) from error


async def open_database() -> Database:
    """Open the database, and make it at the first visit. Raises `StorageError`."""
    try:
        request = js.indexedDB.open(NAME, VERSION)
    except JsException as error:
        raise _storage_error(error) from error

    def upgrade(_: Any) -> None:
        for store in (KEYS, RECORDS):
            request.result.createObjectStore(store)

    proxy = create_proxy(upgrade)
    request.onupgradeneeded = proxy
    try:
        return Database(await _outcome(request, "onsuccess", "onerror"))
    finally:
        proxy.destroy()


async def _outcome(source: Any, good: str, bad: str) -> Any:
    """Wait for one of two events of a request or transaction; give its result. Raises `StorageError` on the bad one."""
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def succeed(_: Any) -> None:
        # A transaction has no result; only what was asked of a request comes back.
        future.set_result(source.result if good == "onsuccess" else None)

    def fail(_: Any) -> None:
        future.set_exception(_storage_error(source.error))

    proxies = {good: create_proxy(succeed), bad: create_proxy(fail)}
    for event, proxy in proxies.items():
        setattr(source, event, proxy)
    try:
        return await future
    finally:
        for event, proxy in proxies.items():
            setattr(source, event, None)
            proxy.destroy()


def _storage_error(reason: object) -> StorageError:
    return StorageError("The browser’s storage (IndexedDB) refused.", detail=str(reason))


class IndexedDbStore:
    """`Store` on the database. Records are kept as JSON text, so what is read is what was written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str) -> JsonRecord | None:
        """See `app.ports.Store.get`."""
        text = await self._database.get(RECORDS, key)
        if text is None:
            return None
        record: JsonRecord = json.loads(text)
        return record

    async def put(self, key: str, record: JsonRecord) -> None:
        """See `app.ports.Store.put`."""
        await self._database.put(RECORDS, key, json.dumps(record))

    async def delete(self, key: str) -> None:
        """See `app.ports.Store.delete`."""
        await self._database.delete(RECORDS, key)

    async def keys(self) -> list[str]:
        """See `app.ports.Store.keys`."""
        return await self._database.keys(RECORDS)
