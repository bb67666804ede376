"""`KeyStore`, `Cipher` and `Verifier` by WebCrypto.

Private keys are CryptoKeys: handles that the browser never shows as bytes, unless they were made extractable and their owner
asks.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Final

import js
from pyodide.ffi import JsException, to_js

from app.browser.ports.stores import KeyValueStore
from app.encoding.key_types import KEY_TYPES, PUBLIC_MEMBERS, KeyType
from app.errors import DamagedKeyError, PassphraseError, StorageError
from app.ports import HashName, KeyHandle, KeySpec, Sealing

_HASHES: Final[Mapping[HashName, str]] = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


def _making(key: KeyType) -> dict[str, Any]:
    """The `algorithm` argument of `generateKey` for a kind of key (W3C Web Cryptography API §20, §23)."""
    if key.curve:
        return {"name": "ECDSA", "namedCurve": key.curve.jose}
    exponent = bytes([1, 0, 1])
    return {"name": "RSASSA-PKCS1-v1_5", "modulusLength": key.bits, "publicExponent": exponent, "hash": _HASHES[key.digest]}


def _signing(key: KeyType) -> dict[str, Any]:
    """The `algorithm` argument of `sign` for a kind of key."""
    return {"name": "ECDSA", "hash": _HASHES[key.digest]} if key.curve else {"name": "RSASSA-PKCS1-v1_5"}


_MAKING: Final = {spec: _making(key) for spec, key in KEY_TYPES.items()}
_SIGNING: Final = {spec: _signing(key) for spec, key in KEY_TYPES.items()}
# For bringing keys in, by `importKey`.
_IMPORTING: Final[Mapping[KeySpec, dict[str, Any]]] = {
    spec: {name: making[name] for name in ("name", "namedCurve", "hash") if name in making} for spec, making in _MAKING.items()
}


# ---- Keys ----


class WebCryptoKey:
    """`app.ports.KeyHandle` over a CryptoKeyPair. Made by `_read_key`."""

    def __init__(self, spec: KeySpec, private: Any, public_jwk: Mapping[str, str], public_spki: bytes) -> None:
        self.spec: KeySpec = spec
        self.public_jwk = public_jwk
        self.public_spki = public_spki
        self._private = private
        self._algorithm = to_js(_SIGNING[spec])

    @property
    def extractable(self) -> bool:
        """See `app.ports.KeyHandle.extractable`; the browser enforces it."""
        return bool(self._private.extractable)

    async def sign(self, data: bytes) -> bytes:
        """See `app.ports.KeyHandle.sign`; WebCrypto's ECDSA signatures are r‖s already."""
        signature = await js.crypto.subtle.sign(self._algorithm, self._private, to_js(data))
        signed: bytes = signature.to_bytes()
        return signed


class WebCryptoKeyStore:
    """`app.ports.KeyStore` that keeps CryptoKeys in a key-value store."""

    def __init__(self, store: KeyValueStore) -> None:
        self._store = store

    async def generate(self, name: str, spec: KeySpec, *, extractable: bool) -> KeyHandle:
        """See `app.ports.KeyStore.generate`."""
        try:
            pair = await js.crypto.subtle.generateKey(to_js(_MAKING[spec]), extractable, to_js(["sign", "verify"]))
        except JsException as error:
            raise StorageError("key-not-made", detail=str(error)) from error
        return await self._save(name, spec, pair.privateKey, pair.publicKey)

    async def import_pkcs8(self, name: str, pkcs8: bytes, spec: KeySpec, *, extractable: bool) -> KeyHandle:
        """See `app.ports.KeyStore.import_pkcs8`."""
        try:
            private, public = await _import_pair(pkcs8, spec, extractable=extractable)
        except JsException as error:
            raise DamagedKeyError("key-not-imported", detail=str(error)) from error
        if getattr(private.algorithm, "modulusLength", None) != _MAKING[spec].get("modulusLength"):
            raise DamagedKeyError("key-of-another-kind", kind=spec)
        return await self._save(name, spec, private, public)

    async def _save(self, name: str, spec: KeySpec, private: Any, public: Any) -> KeyHandle:
        entry = js.Object.new()
        entry.spec, entry.privateKey, entry.publicKey = spec, private, public
        await self._store.put(name, entry)
        return await _read_key(entry)

    async def load(self, name: str) -> KeyHandle | None:
        """See `app.ports.KeyStore.load`."""
        entry = await self._store.get(name)
        return None if entry is None else await _read_key(entry)

    async def delete(self, name: str) -> None:
        """See `app.ports.KeyStore.delete`."""
        await self._store.delete(name)

    async def names(self) -> list[str]:
        """See `app.ports.KeyStore.names`."""
        return await self._store.names()

    async def export_pkcs8(self, name: str) -> bytes:
        """See `app.ports.KeyStore.export_pkcs8`."""
        entry = await self._store.get(name)
        if entry is None:
            raise StorageError("key-not-here")
        try:
            exported = await js.crypto.subtle.exportKey("pkcs8", entry.privateKey)
        except AttributeError as error:
            raise DamagedKeyError("stored-key-damaged") from error
        except JsException as error:
            raise StorageError("key-not-extractable", detail=str(error)) from error
        pkcs8: bytes = exported.to_bytes()
        return pkcs8


async def _import_pair(pkcs8: bytes, spec: KeySpec, *, extractable: bool) -> tuple[Any, Any]:
    """The CryptoKeys of a private key in DER. WebCrypto gives the public one only by way of a readable private one."""
    subtle = js.crypto.subtle
    algorithm, der, sign, verify = (to_js(part) for part in (_IMPORTING[spec], pkcs8, ["sign"], ["verify"]))
    readable = await subtle.importKey("pkcs8", der, algorithm, True, sign)  # noqa: FBT003 – WebCrypto’s own signature
    jwk = (await subtle.exportKey("jwk", readable)).to_py()
    members = {member: jwk[member] for member in PUBLIC_MEMBERS[jwk["kty"]]}
    public = await subtle.importKey("jwk", to_js(members), algorithm, True, verify)  # noqa: FBT003
    private = readable if extractable else await subtle.importKey("pkcs8", der, algorithm, False, sign)  # noqa: FBT003
    return private, public


async def _read_key(entry: Any) -> WebCryptoKey:
    """The key in an entry of the store, as `_save` has written it; other pages of this origin may have written something else.

    Raises `DamagedKeyError` for what is no pair of CryptoKeys of the kind that is stored with them.
    """
    try:
        spec, private, public = entry.spec, entry.privateKey, entry.publicKey
        _check_kind(spec, private, "private")
        _check_kind(spec, public, "public")
        jwk = (await js.crypto.subtle.exportKey("jwk", public)).to_py()
        spki = await js.crypto.subtle.exportKey("spki", public)
        members = {member: str(jwk[member]) for member in PUBLIC_MEMBERS[jwk["kty"]]}
        return WebCryptoKey(spec, private, members, spki.to_bytes())
    except (JsException, AttributeError, KeyError, TypeError, ValueError) as error:
        raise DamagedKeyError("stored-key-damaged", detail=str(error)[:500]) from error


def _check_kind(spec: Any, key: Any, half: str) -> None:
    """Raises `ValueError`, or whatever comes of asking something that is no CryptoKey."""
    made, algorithm = _MAKING[spec], key.algorithm
    same = algorithm.name == made["name"] and all(
        getattr(algorithm, name, None) == made.get(name) for name in ("namedCurve", "modulusLength")
    )
    if "hash" in made:
        same = same and algorithm.hash.name == made["hash"]
    if not js.CryptoKey.prototype.isPrototypeOf(key) or key.type != half or not same:
        raise ValueError(f"{half}: {spec}?")


# ---- What a password locks ----


class WebCryptoCipher:
    """`app.ports.Cipher`. The derived key never leaves WebCrypto."""

    def random(self, count: int) -> bytes:
        """See `app.ports.Cipher.random`; Pyodide takes them from `crypto.getRandomValues`."""
        return secrets.token_bytes(count)

    async def seal(self, plain: bytes, passphrase: str, sealing: Sealing) -> bytes:
        """See `app.ports.Cipher.seal`."""
        sealed = await js.crypto.subtle.encrypt(_aes(sealing), await _derive_key(passphrase, sealing, "encrypt"), to_js(plain))
        result: bytes = sealed.to_bytes()
        return result

    async def open(self, sealed: bytes, passphrase: str, sealing: Sealing) -> bytes:
        """See `app.ports.Cipher.open`."""
        key = await _derive_key(passphrase, sealing, "decrypt")
        try:
            plain = await js.crypto.subtle.decrypt(_aes(sealing), key, to_js(sealed))
        except JsException as error:
            raise PassphraseError from error
        result: bytes = plain.to_bytes()
        return result

    async def pbkdf2_sha256(self, password: bytes, salt: bytes, rounds: int, count: int) -> bytes:
        """See `app.ports.Cipher.pbkdf2_sha256`."""
        subtle = js.crypto.subtle
        secret = await subtle.importKey("raw", to_js(password), "PBKDF2", False, to_js(["deriveBits"]))  # noqa: FBT003
        pbkdf2 = to_js({"name": "PBKDF2", "hash": "SHA-256", "salt": salt, "iterations": rounds})
        derived: bytes = (await subtle.deriveBits(pbkdf2, secret, count * 8)).to_bytes()
        return derived

    async def encrypt_cbc(self, plain: bytes, key: bytes, iv: bytes) -> bytes:
        """See `app.ports.Cipher.encrypt_cbc`."""
        encrypted = await js.crypto.subtle.encrypt(_cbc(iv), await _cbc_key(key, "encrypt"), to_js(plain))
        result: bytes = encrypted.to_bytes()
        return result

    async def decrypt_cbc(self, encrypted: bytes, key: bytes, iv: bytes) -> bytes:
        """See `app.ports.Cipher.decrypt_cbc`."""
        imported = await _cbc_key(key, "decrypt")
        try:
            plain = await js.crypto.subtle.decrypt(_cbc(iv), imported, to_js(encrypted))
        except JsException as error:
            raise PassphraseError from error
        result: bytes = plain.to_bytes()
        return result


def _cbc(iv: bytes) -> Any:
    return to_js({"name": "AES-CBC", "iv": iv})


async def _cbc_key(key: bytes, use: str) -> Any:
    return await js.crypto.subtle.importKey("raw", to_js(key), "AES-CBC", False, to_js([use]))  # noqa: FBT003


def _aes(sealing: Sealing) -> Any:
    return to_js({"name": "AES-GCM", "iv": sealing.iv, "additionalData": sealing.header, "tagLength": 128})


async def _derive_key(passphrase: str, sealing: Sealing, use: str) -> Any:
    subtle = js.crypto.subtle
    uses, raw = to_js(["deriveKey"]), to_js(passphrase.encode("utf-8"))
    secret = await subtle.importKey("raw", raw, "PBKDF2", False, uses)  # noqa: FBT003 – WebCrypto’s own signature
    pbkdf2 = to_js({"name": "PBKDF2", "hash": "SHA-256", "salt": sealing.salt, "iterations": sealing.rounds})
    aes = to_js({"name": "AES-GCM", "length": 256})
    return await subtle.deriveKey(pbkdf2, secret, aes, False, to_js([use]))  # noqa: FBT003


# ---- Signatures of others ----


class WebCryptoVerifier:
    """`app.ports.Verifier`."""

    async def verify(self, spki: bytes, spec: KeySpec, digest: HashName, signature: bytes, data: bytes) -> bool:
        """See `app.ports.Verifier.verify`."""
        subtle, hashed = js.crypto.subtle, _HASHES[digest]
        algorithm = {**_IMPORTING[spec], "hash": hashed}
        try:
            uses = to_js(["verify"])
            key = await subtle.importKey("spki", to_js(spki), to_js(algorithm), False, uses)  # noqa: FBT003 – WebCrypto’s own signature
            return bool(await subtle.verify(to_js(algorithm), key, to_js(signature), to_js(data)))
        except JsException:
            return False
