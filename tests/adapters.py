"""The ports (`app.ports`) on CPython, for tests only: an HTTP client, `cryptography` for keys, a dict as the store.

They also serve as a reference that is independent of WebCrypto and of asn1crypto.
"""

import asyncio
import copy
import os
import ssl
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Literal, Self

import httpx
from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.ciphers import Cipher as AesCipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7

from app.errors import AddressError, DamagedKeyError, NetworkError, OversizeError, PassphraseError, StorageError
from app.ports import MAX_RESPONSE, HashName, JsonRecord, KeyHandle, KeySpec, Ports, Request, Response, Sealing, scaled_size
from tools.runtime import SOURCE_WHEEL_FILES

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

# What Pebble lets a browser read (Access-Control-Expose-Headers), and what the browser exposes by itself.
CORS_EXPOSED = {"link", "location", "replay-nonce", "content-type", "content-length", "cache-control"}


class HttpxHttp:
    """`Http` by httpx. `context` says which TLS roots to trust. Headers that a browser would not show are dropped."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self._client = httpx.AsyncClient(verify=context or True, timeout=20, headers={"User-Agent": "keystay-tests"})
        self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        self.requests.append(request)
        try:
            headers, content = dict(request.headers), request.body
            async with self._client.stream(request.method, request.url, headers=headers, content=content) as answer:
                body = await _read(answer)
        except httpx.HTTPError as error:
            raise NetworkError(request.url, detail=repr(error)) from error
        if request.no_cors:
            return Response(0, {}, b"")
        if answer.is_redirect:
            raise AddressError("redirect-response", detail=request.url)
        exposed = {name.lower(): value for name, value in answer.headers.items() if name.lower() in CORS_EXPOSED}
        return Response(answer.status_code, exposed, body)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


async def _read(answer: httpx.Response) -> bytes:
    body = b""
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > MAX_RESPONSE:
            raise OversizeError("response-too-long", url=str(answer.url), limit=MAX_RESPONSE)
    return body


class NativeKey:
    """`KeyHandle` over a key of `cryptography`."""

    def __init__(self, spec: KeySpec, private: PrivateKey, *, extractable: bool) -> None:
        self.spec: KeySpec = spec
        self.private = private
        self.extractable = extractable

    @property
    def public_jwk(self) -> Mapping[str, str]:
        """See `app.ports.KeyHandle.public_jwk`."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            numbers = self.private.public_key().public_numbers()
            return {"kty": "RSA", "e": _number(numbers.e), "n": _number(numbers.n)}
        point = self.private.public_key().public_numbers()
        width = (self.private.key_size + 7) // 8
        curve = f"P-{self.private.key_size}"
        return {"kty": "EC", "crv": curve, "x": _number(point.x, width), "y": _number(point.y, width)}

    @property
    def public_spki(self) -> bytes:
        """See `app.ports.KeyHandle.public_spki`."""
        public = self.private.public_key()
        return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    async def sign(self, data: bytes) -> bytes:
        """See `app.ports.KeyHandle.sign`."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        digest = hashes.SHA384() if self.spec == "ec-p384" else hashes.SHA256()
        width = (self.private.key_size + 7) // 8
        r, s = utils.decode_dss_signature(self.private.sign(data, ec.ECDSA(digest)))
        return r.to_bytes(width) + s.to_bytes(width)


def _number(value: int, width: int | None = None) -> str:
    data = value.to_bytes(width or (value.bit_length() + 7) // 8)
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class NativeVerifier:
    """`Verifier` by `cryptography`."""

    async def verify(self, spki: bytes, spec: KeySpec, digest: HashName, signature: bytes, data: bytes) -> bool:
        """See `app.ports.Verifier.verify`."""
        hashed = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[digest]
        try:
            key = serialization.load_der_public_key(spki)
            if isinstance(key, rsa.RSAPublicKey):
                key.verify(signature, data, padding.PKCS1v15(), hashed)
            elif isinstance(key, ec.EllipticCurvePublicKey):
                half = len(signature) // 2
                r, s = (int.from_bytes(part) for part in (signature[:half], signature[half:]))
                key.verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(hashed))
            else:
                return False
        except (InvalidSignature, ValueError, UnsupportedAlgorithm):
            return False
        return key.key_size == int(spec.removeprefix("ec-p").removeprefix("rsa-"))


_GENERATORS: Mapping[KeySpec, Callable[[], PrivateKey]] = {
    "ec-p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ec-p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "rsa-2048": lambda: rsa.generate_private_key(65537, 2048),
    "rsa-3072": lambda: rsa.generate_private_key(65537, 3072),
    "rsa-4096": lambda: rsa.generate_private_key(65537, 4096),
}


class NativeKeyStore:
    """`KeyStore` in memory."""

    def __init__(self) -> None:
        self._keys: dict[str, NativeKey] = {}

    def copy(self) -> Self:
        """What it holds at this moment; later changes of either do not reach the other."""
        twin = type(self)()
        twin._keys = dict(self._keys)  # keys themselves never change
        return twin

    async def generate(self, name: str, spec: KeySpec, *, extractable: bool) -> KeyHandle:
        """See `app.ports.KeyStore.generate`."""
        self._keys[name] = NativeKey(spec, _GENERATORS[spec](), extractable=extractable)
        return self._keys[name]

    async def import_pkcs8(self, name: str, pkcs8: bytes, spec: KeySpec, *, extractable: bool) -> KeyHandle:
        """See `app.ports.KeyStore.import_pkcs8`."""
        try:
            private = serialization.load_der_private_key(pkcs8, None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise DamagedKeyError("The key cannot be read.", detail=str(error)) from error
        kind = "ec-p" if isinstance(private, ec.EllipticCurvePrivateKey) else "rsa-"
        if not isinstance(private, PrivateKey) or f"{kind}{private.key_size}" != spec:
            raise DamagedKeyError(f"The key is not of the kind {spec}.")
        self._keys[name] = NativeKey(spec, private, extractable=extractable)
        return self._keys[name]

    async def load(self, name: str) -> KeyHandle | None:
        """See `app.ports.KeyStore.load`."""
        return self._keys.get(name)

    async def delete(self, name: str) -> None:
        """See `app.ports.KeyStore.delete`."""
        self._keys.pop(name, None)

    async def names(self) -> list[str]:
        """See `app.ports.KeyStore.names`."""
        return sorted(self._keys)

    async def export_pkcs8(self, name: str) -> bytes:
        """See `app.ports.KeyStore.export_pkcs8`."""
        key = self._keys.get(name)
        if key is None or not key.extractable:
            raise StorageError(f"The key {name} cannot be taken out.")
        return key.private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


class MemoryStore:
    """`Store` in memory; records are copied in and out, as IndexedDB does."""

    def __init__(self) -> None:
        self._records: dict[str, JsonRecord] = {}

    def copy(self) -> Self:
        """What it holds at this moment; later changes of either do not reach the other."""
        twin = type(self)()
        twin._records = copy.deepcopy(self._records)
        return twin

    async def get(self, key: str) -> JsonRecord | None:
        """See `app.ports.Store.get`."""
        return copy.deepcopy(self._records.get(key))

    async def put(self, key: str, record: JsonRecord) -> None:
        """See `app.ports.Store.put`."""
        self._records[key] = copy.deepcopy(record)

    async def get_all(self, prefix: str) -> dict[str, JsonRecord | StorageError]:
        """See `app.ports.Store.get_all`; a record that another store damaged raises in its `get`."""
        found: dict[str, JsonRecord | StorageError] = {}
        for key in sorted(key for key in self._records if key.startswith(prefix)):
            try:
                found[key] = await self.get(key) or {}
            except StorageError as error:
                found[key] = error
        return found

    async def put_all(self, records: Mapping[str, JsonRecord]) -> None:
        """See `app.ports.Store.put_all`."""
        for key, record in records.items():
            await self.put(key, record)

    async def delete(self, key: str) -> None:
        """See `app.ports.Store.delete`."""
        self._records.pop(key, None)

    async def keys(self) -> list[str]:
        """See `app.ports.Store.keys`."""
        return sorted(self._records)


class NativeCipher:
    """`Cipher` by `cryptography`."""

    def random(self, count: int) -> bytes:
        """See `app.ports.Cipher.random`."""
        return os.urandom(count)

    async def seal(self, plain: bytes, passphrase: str, sealing: Sealing) -> bytes:
        """See `app.ports.Cipher.seal`."""
        return _aes(passphrase, sealing).encrypt(sealing.iv, plain, sealing.header)

    async def open(self, sealed: bytes, passphrase: str, sealing: Sealing) -> bytes:
        """See `app.ports.Cipher.open`."""
        try:
            return _aes(passphrase, sealing).decrypt(sealing.iv, sealed, sealing.header)
        except InvalidTag as error:
            raise PassphraseError from error

    async def pbkdf2_sha256(self, password: bytes, salt: bytes, rounds: int, count: int) -> bytes:
        """See `app.ports.Cipher.pbkdf2_sha256`."""
        return PBKDF2HMAC(hashes.SHA256(), count, salt, rounds).derive(password)

    async def encrypt_cbc(self, plain: bytes, key: bytes, iv: bytes) -> bytes:
        """See `app.ports.Cipher.encrypt_cbc`."""
        padder, encryptor = PKCS7(128).padder(), AesCipher(AES(key), CBC(iv)).encryptor()
        return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()

    async def decrypt_cbc(self, encrypted: bytes, key: bytes, iv: bytes) -> bytes:
        """See `app.ports.Cipher.decrypt_cbc`."""
        decryptor, unpadder = AesCipher(AES(key), CBC(iv)).decryptor(), PKCS7(128).unpadder()
        try:
            padded = decryptor.update(encrypted) + decryptor.finalize()
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError as error:
            raise PassphraseError from error


def _aes(passphrase: str, sealing: Sealing) -> AESGCM:
    derivation = PBKDF2HMAC(hashes.SHA256(), 32, sealing.salt, sealing.rounds)
    return AESGCM(derivation.derive(passphrase.encode("utf-8")))


class MemoryLock:
    """`Lock` in memory."""

    def __init__(self, held: dict[str, "MemoryLock"], name: str) -> None:
        self.over = asyncio.Event()
        self._held = held
        self._name = name

    def release(self) -> None:
        """See `app.ports.Lock.release`."""
        if self._held.get(self._name) is self:
            del self._held[self._name]
        self.over.set()


class MemoryTabs:
    """`Tabs` in memory. `another` is a further tab of the same browser, `close` the end of this one."""

    def __init__(self, beside: "MemoryTabs | None" = None) -> None:
        self._held: dict[str, MemoryLock] = beside._held if beside else {}
        self._open: list[MemoryTabs] = beside._open if beside else []
        self._open.append(self)
        self._mine: list[MemoryLock] = []
        self._listeners: list[Callable[[str], None]] = []

    def another(self) -> "MemoryTabs":
        """Open one more tab."""
        return MemoryTabs(self)

    def close(self) -> None:
        """Close this tab, as a browser does: its locks are released, and it receives nothing more."""
        self._open.remove(self)
        for lock in self._mine:
            lock.release()

    async def try_lock(self, name: str) -> MemoryLock | None:
        """See `app.ports.Tabs.try_lock`."""
        await asyncio.sleep(0)
        if name in self._held:
            return None
        self._held[name] = lock = MemoryLock(self._held, name)
        self._mine.append(lock)
        return lock

    async def wait_until_free(self, name: str) -> None:
        """See `app.ports.Tabs.wait_until_free`."""
        while name in self._held:
            await self._held[name].over.wait()

    def announce(self, name: str) -> None:
        """See `app.ports.Tabs.announce`; received a moment later, as in browsers."""
        loop = asyncio.get_running_loop()
        for tab in self._open:
            for callback in tab._listeners if tab is not self else ():
                loop.call_soon(callback, name)

    def listen(self, callback: Callable[[str], None]) -> None:
        """See `app.ports.Tabs.listen`."""
        self._listeners.append(callback)


class InstalledPackages:
    """`Packages` that are installed already; those of which nobody publishes a wheel are imported from the one of the page."""

    async def load(self, *names: str) -> None:
        """See `app.ports.Packages.load`."""
        for name in names:
            wheels = map(str, sorted(SOURCE_WHEEL_FILES.glob(f"{name}-*.whl")))
            sys.path += (wheel for wheel in wheels if wheel not in sys.path)


class AlwaysVisible:
    """A page that is in view."""

    visible = True

    async def wait_until_visible(self) -> None:
        """See `app.ports.Visibility.wait_until_visible`."""


class SystemClock:
    """`Clock` by the system."""

    def now(self) -> float:
        """See `app.ports.Clock.now`."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """See `app.ports.Clock.sleep`."""
        await asyncio.sleep(seconds)


class FastClock(SystemClock):
    """A clock whose sleeps are over at once; `slept` lists them."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._ahead = 0.0

    def now(self) -> float:
        """Real time plus all that was slept."""
        return time.time() + self._ahead

    async def sleep(self, seconds: float) -> None:
        """See `app.ports.Clock.sleep`; takes no time."""
        self.slept.append(seconds)
        self._ahead += seconds
        await asyncio.sleep(0)


class MemorySecretStore:
    """`SecretStore` in a dict, unsealed."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        """See `SecretStore.get`."""
        return self.secrets.get(name)

    async def put(self, name: str, secret: str) -> None:
        """See `SecretStore.put`."""
        self.secrets[name] = secret

    async def delete(self, name: str) -> None:
        """See `SecretStore.delete`."""
        self.secrets.pop(name, None)


def native_ports(http: HttpxHttp) -> Ports:
    """Fresh ports of this module around `http`."""
    return Ports(
        http,
        NativeKeyStore(),
        MemoryStore(),
        SystemClock(),
        NativeCipher(),
        MemoryTabs(),
        NativeVerifier(),
        InstalledPackages(),
    )


_LIST_STYLES: Mapping[str, Literal["standard", "or"]] = {"and": "standard", "or": "or"}
_DIGITS: Mapping[str, str] = {"latn": "0123456789", "arab": "٠١٢٣٤٥٦٧٨٩"}
"""The digits of a numbering system of the CLDR, which Babel does not write."""


class BabelFormats:
    """`Formats` by Babel (CLDR) for the locale `locale` (BCP 47)."""

    def __init__(self, locale: str = "en-GB") -> None:
        self._locale = Locale.parse(locale, sep="-")
        self._digits = {ord(str(n)): digit for n, digit in enumerate(_DIGITS[self._locale.default_numbering_system])}

    def number(self, value: float) -> str:
        """See `Formats.number`."""
        return format_decimal(value, locale=self._locale, numbering_system="default").translate(self._digits)

    def date(self, moment: datetime) -> str:
        """See `Formats.date`."""
        return format_date(moment, "long", locale=self._locale).translate(self._digits)

    def time(self, moment: datetime, *, seconds: bool = False) -> str:
        """See `Formats.time`."""
        length: Literal["medium", "short"] = "medium" if seconds else "short"
        return f"{format_time(moment, length, tzinfo=UTC, locale=self._locale)} UTC".translate(self._digits)

    def clock(self, moment: datetime, *, seconds: bool = True) -> str:
        """See `Formats.clock`."""
        here = moment.astimezone()
        length: Literal["medium", "short"] = "medium" if seconds else "short"
        return format_time(here, length, tzinfo=here.tzinfo, locale=self._locale).translate(self._digits)

    def size(self, count: int) -> str:
        """See `Formats.size`."""
        value, unit = scaled_size(count)
        length: Literal["long", "short"] = "long" if unit == "byte" else "short"
        text = format_unit(value, f"digital-{unit}", length, locale=self._locale, numbering_system="default")
        return text.translate(self._digits)

    def listed(self, items: Iterable[str], kind: Literal["and", "or"]) -> str:
        """See `Formats.listed`."""
        return format_list(list(items), style=_LIST_STYLES[kind], locale=self._locale)
