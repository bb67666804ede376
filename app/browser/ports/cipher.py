"""`Cipher` by WebCrypto."""

import secrets
from typing import Any

import js
from pyodide.ffi import JsException, to_js

from app.errors import PassphraseError
from app.ports import Sealing


class WebCryptoCipher:
    """`app.ports.Cipher`. The derived key never leaves WebCrypto."""

    def random(self, count: int) -> bytes:
        """See `app.ports.Cipher.random`; Pyodide takes them from `crypto.getRandomValues`."""
        return secrets.token_bytes(count)

    async def seal(self, plain: bytes, passphrase: str, sealing: Sealing) -> bytes:
        """See `app.ports.Cipher.seal`."""
        sealed = await js.crypto.subtle.encrypt(_aes(sealing), await _key(passphrase, sealing, "encrypt"), to_js(plain))
        result: bytes = sealed.to_bytes()
        return result

    async def open(self, sealed: bytes, passphrase: str, sealing: Sealing) -> bytes:
        """See `app.ports.Cipher.open`."""
        key = await _key(passphrase, sealing, "decrypt")
        try:
            plain = await js.crypto.subtle.decrypt(_aes(sealing), key, to_js(sealed))
        except JsException as error:
            raise PassphraseError from error
        result: bytes = plain.to_bytes()
        return result


def _aes(sealing: Sealing) -> Any:
    return to_js({"name": "AES-GCM", "iv": sealing.iv, "additionalData": sealing.header, "tagLength": 128})


async def _key(passphrase: str, sealing: Sealing, use: str) -> Any:
    subtle = js.crypto.subtle
    uses, raw = to_js(["deriveKey"]), to_js(passphrase.encode("utf-8"))
    secret = await subtle.importKey("raw", raw, "PBKDF2", False, uses)  # noqa: FBT003 – WebCrypto’s own signature
    pbkdf2 = to_js({"name": "PBKDF2", "hash": "SHA-256", "salt": sealing.salt, "iterations": sealing.rounds})
    aes = to_js({"name": "AES-GCM", "length": 256})
    return await subtle.deriveKey(pbkdf2, secret, aes, False, to_js([use]))  # noqa: FBT003
