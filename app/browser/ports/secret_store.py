"""`SecretStore` by WebCrypto: a secret is sealed by AES-GCM (256 bits) under a key that the browser never shows as bytes.

Key and sealed secret are one entry among the records. Whoever copies the browser's files finds no secret in the clear; whoever
runs a page of this origin in this browser can use the key, as with every key here.
"""

import secrets
from typing import Any, Final

import js
from pyodide.ffi import JsException, to_js

from app.browser.ports.stores import KeyValueStore
from app.errors import StorageError

IV_LENGTH: Final = 12  # bytes (NIST SP 800-38D §8.2)


class WebCryptoSecretStore:
    """`app.ports.SecretStore` in a key-value store that takes CryptoKeys."""

    def __init__(self, store: KeyValueStore) -> None:
        self._store = store

    async def get(self, name: str) -> str | None:
        """See `app.ports.SecretStore.get`."""
        entry = await self._store.get(name)
        if entry is None:
            return None
        try:
            plain = await js.crypto.subtle.decrypt(_aes(entry.iv), entry.key, entry.sealed)
            return str(plain.to_bytes().decode("utf-8"))
        except (JsException, AttributeError, TypeError, ValueError) as error:  # another page of this origin wrote it
            raise StorageError("secret-damaged") from error

    async def put(self, name: str, secret: str) -> None:
        """See `app.ports.SecretStore.put`."""
        subtle, uses = js.crypto.subtle, to_js(["encrypt", "decrypt"])
        try:
            key = await subtle.generateKey(to_js({"name": "AES-GCM", "length": 256}), False, uses)  # noqa: FBT003 – WebCrypto’s own signature
            entry = js.Object.new()
            entry.key, entry.iv = key, to_js(secrets.token_bytes(IV_LENGTH))
            entry.sealed = await subtle.encrypt(_aes(entry.iv), key, to_js(secret.encode("utf-8")))
        except JsException as error:
            raise StorageError("key-not-made", detail=str(error)) from error
        await self._store.put(name, entry)

    async def delete(self, name: str) -> None:
        """See `app.ports.SecretStore.delete`."""
        await self._store.delete(name)


def _aes(iv: Any) -> Any:
    algorithm = js.Object.new()
    algorithm.name, algorithm.iv = "AES-GCM", iv
    return algorithm
