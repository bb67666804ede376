"""IndexedDB: one database with an object store for keys and one for records.

CryptoKeys can be stored here without ever being bytes: that is how a non-extractable key survives a reload. Browsers refuse
IndexedDB in several ways, and some store records in it but no keys; `open_stores` finds out before anything depends on it.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

import js
from pyodide.ffi import JsException, create_proxy, to_js

from app.browser.ports.stores import MemoryKeyValueStore, Stores
from app.errors import ClosedStorageError, FullStorageError, StorageError
from app.text.page import no_indexeddb, silent_indexeddb

NAME: Final = "keystay"
VERSION: Final = 1
KEYS: Final = "keys"
RECORDS: Final = "records"

LAST_CHARACTER: Final = "\uffff"
"""No name has a greater UTF-16 code unit, by which IndexedDB sorts: a prefix with it behind is the end of its range."""

MAX_OPENING: Final = 5.0  # seconds that a working IndexedDB needs at most to open


async def open_stores(on_closed: Callable[[], None]) -> Stores:
    """Open the database. Where this browser does not let us, or would not store a key, give stores in memory.

    `on_closed` is called when the browser takes the database away later on.
    """
    try:
        async with asyncio.timeout(MAX_OPENING):
            database = await _open()
            await _try_key(database)
    except TimeoutError:
        return _in_memory(silent_indexeddb())
    except StorageError as error:
        return _in_memory(error.detail)
    connection = Connection(database, on_closed)
    return Stores(IndexedDbStore(connection, KEYS), IndexedDbStore(connection, RECORDS))


def _in_memory(refusal: str) -> Stores:
    return Stores(MemoryKeyValueStore(), MemoryKeyValueStore(), refusal or no_indexeddb())


async def _open() -> Any:
    """Open the database, which is made at the first visit. Raises `StorageError`."""
    try:
        request = js.indexedDB.open(NAME, VERSION)
    except (JsException, AttributeError) as error:
        raise storage_error(error) from error

    def upgrade(_: Any) -> None:
        for store in (KEYS, RECORDS):
            request.result.createObjectStore(store)

    proxy = create_proxy(upgrade)
    request.onupgradeneeded = proxy
    try:
        return await _outcome(request, "onsuccess", "onerror")
    finally:
        request.onupgradeneeded = None
        proxy.destroy()


async def _try_key(database: Any) -> None:
    """Raise `StorageError` where the database takes no private key, as in Safari’s private windows and lockdown mode."""
    algorithm, uses = to_js({"name": "ECDSA", "namedCurve": "P-256"}), to_js(["sign", "verify"])
    try:
        pair = await js.crypto.subtle.generateKey(algorithm, False, uses)  # noqa: FBT003 – WebCrypto’s own signature
        transaction = database.transaction(KEYS, "readwrite")
        transaction.objectStore(KEYS).put(pair.privateKey, "trial")
        transaction.abort()
    except JsException as error:
        database.close()
        raise storage_error(error) from error


class Connection:
    """The open database, until the browser takes it away: then `on_closed` is called, once, and all use is refused."""

    def __init__(self, database: Any, on_closed: Callable[[], None]) -> None:
        self._database = database
        self._on_closed = on_closed
        self._closed = False
        # Site data was cleared, or the disk is gone; or another tab wants to delete or upgrade the database and waits.
        for event in ("close", "versionchange"):
            database.addEventListener(event, create_proxy(self._close))

    def transaction(self, store: str, mode: str) -> Any:
        """A transaction on one object store. Raises `ClosedStorageError` once the database is gone."""
        if not self._closed:
            try:
                return self._database.transaction(store, mode)
            except JsException as error:
                if error.name != "InvalidStateError":
                    raise storage_error(error) from error
                self._close(None)
        raise ClosedStorageError

    def _close(self, _: Any) -> None:
        self._database.close()
        if not self._closed:
            self._closed = True
            self._on_closed()


class IndexedDbStore:
    """`app.browser.ports.stores.KeyValueStore` in an object store of the database.

    Keystay names everything by strings. IndexedDB takes numbers, dates, lists and bytes, too, so another page of this origin
    may have used such a key: it gets a name here, by which it can be read and deleted.
    """

    def __init__(self, connection: Connection, store: str) -> None:
        self._connection = connection
        self._store = store
        self._other_keys: dict[str, Any] = {}  # name → a key that is no string

    async def get(self, name: str) -> Any:
        """See `app.browser.ports.stores.KeyValueStore.get`."""
        return await self._read("get", self._other_keys.get(name, name))

    async def get_all(self, prefix: str) -> dict[str, bytes]:
        """See `app.browser.ports.stores.KeyValueStore.get_all`: two requests in one transaction, so they fit together."""
        with _as_storage_error():
            beginning = js.IDBKeyRange.bound(prefix, prefix + LAST_CHARACTER)
            objects = self._connection.transaction(self._store, "readonly").objectStore(self._store)
            names, values = objects.getAllKeys(beginning), objects.getAll(beginning)
            await _outcome(values, "onsuccess", "onerror")  # the later one: both are there then
            encoder = js.TextEncoder.new()  # bytes cross into Python in a quarter of the time that strings take
            texts = js.Array.from_(values.result, encoder.encode.bind(encoder))
            found = {name: text.to_bytes() for name, text in zip(names.result, texts, strict=True)}
        return {name: found[name] for name in sorted(found)}  # IndexedDB sorts by UTF-16

    async def names(self) -> list[str]:
        """See `app.browser.ports.stores.KeyValueStore.names`."""
        keys = list(await self._read("getAllKeys"))
        strings = {key for key in keys if isinstance(key, str)}
        others = (key for key in keys if not isinstance(key, str))
        self._other_keys = dict(zip(_free_names(strings), others, strict=False))
        return sorted([*strings, *self._other_keys])

    async def put(self, name: str, value: Any) -> None:
        """See `app.browser.ports.stores.KeyValueStore.put`."""
        await self.put_all({name: value})

    async def put_all(self, values: Mapping[str, Any]) -> None:
        """See `app.browser.ports.stores.KeyValueStore.put_all`."""
        await self._write("put", *((value, self._other_keys.get(name, name)) for name, value in values.items()))

    async def delete(self, name: str) -> None:
        """See `app.browser.ports.stores.KeyValueStore.delete`."""
        await self._write("delete", (self._other_keys.get(name, name),))

    async def _read(self, method: str, *arguments: Any) -> Any:
        transaction = self._connection.transaction(self._store, "readonly")
        with _as_storage_error():
            return await _outcome(getattr(transaction.objectStore(self._store), method)(*arguments), "onsuccess", "onerror")

    async def _write(self, method: str, *calls: tuple[Any, ...]) -> None:
        """Call `method` with the arguments of each of `calls`, all in one transaction."""
        transaction = self._connection.transaction(self._store, "readwrite")
        with _as_storage_error():
            try:
                for arguments in calls:
                    getattr(transaction.objectStore(self._store), method)(*arguments)
            except JsException:  # a value that cannot be cloned, say: what went before it must not stay alone
                transaction.abort()
                raise
            await _outcome(transaction, "oncomplete", "onabort")


@contextmanager
def _as_storage_error() -> Iterator[None]:
    try:
        yield
    except JsException as error:
        raise storage_error(error) from error


def _free_names(taken: Collection[str]) -> Iterator[str]:
    """Names for keys that are not strings, in IndexedDB's order; none of them is in `taken`."""
    return (name for n in count(1) if (name := f"not a name {n}") not in taken)


async def _outcome(source: Any, good: str, bad: str) -> Any:
    """Wait for one of two events of a request or transaction; give its result. Raises `StorageError` on the bad one.

    An event may come after the task was cancelled, and before that has noticed: then nobody waits for it any more.
    """
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def succeed(_: Any) -> None:
        # A transaction has no result; only what was asked of a request comes back.
        if not future.done():
            future.set_result(source.result if good == "onsuccess" else None)

    def fail(_: Any) -> None:
        if not future.done():
            future.set_exception(storage_error(source.error))

    proxies = {good: create_proxy(succeed), bad: create_proxy(fail)}
    for event, proxy in proxies.items():
        setattr(source, event, proxy)
    try:
        return await future
    finally:
        for event, proxy in proxies.items():
            setattr(source, event, None)
            proxy.destroy()


def storage_error(reason: Any) -> StorageError:
    """The error for what IndexedDB gave as a reason: a DOMException or another exception, or nothing."""
    if getattr(reason, "name", "") == "QuotaExceededError":
        return FullStorageError(detail=str(reason))
    return StorageError("storage-refused", detail=str(reason or ""))
