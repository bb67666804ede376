"""The ports: everything that the core may ask of the browser and the network.

Protocols only. `app/browser/` implements them with fetch, WebCrypto, IndexedDB, Web Locks and the browser's clock; the tests
implement them with an HTTP client and `cryptography`. `tests/contract/` runs one suite over both.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from app.errors import StorageError

KeySpec = Literal["ec-p256", "ec-p384", "rsa-2048", "rsa-3072", "rsa-4096"]
"""The kinds of key that can be made, named as in the page's `key-type` hook; `app.encoding.key_types` describes each."""

MAX_RESPONSE: Final = 2 << 20
"""Bytes of a response that are read; reading stops after that. Parsers accept even less."""

JsonRecord = dict[str, Any]
"""A record as `json.loads` gives it: str, int, float, bool, None, list, dict with str keys."""


@dataclass(frozen=True)
class Request:
    """One HTTP request. `headers` are only those that are set on purpose; `body` is raw bytes, empty for GET and HEAD.

    With `no_cors`, it only finds out whether anything responds, even where CORS hides the response: what comes back has status
    0, no headers and no body.
    """

    method: Literal["GET", "HEAD", "POST", "PATCH"]
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    no_cors: bool = False


@dataclass(frozen=True)
class Response:
    """One HTTP response of any status, 0 for a `no_cors` request.

    Header names are in lower case; only those that CORS exposes are there.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class Http(Protocol):
    """Sends requests. Redirects are not followed, cookies and caches are not used."""

    async def send(self, request: Request) -> Response:
        """Send one request and read the whole response.

        Raises `NetworkError` when no response can be read, `OversizeError` when it is longer than `MAX_RESPONSE`, and
        `AddressError` when it is a redirect. An HTTP error status is a response, not an error.
        """
        ...


class KeyHandle(Protocol):
    """A private key that can sign but not be read."""

    @property
    def spec(self) -> KeySpec:
        """The kind of key."""
        ...

    @property
    def public_jwk(self) -> Mapping[str, str]:
        """The public key as a JWK, required members only: EC `crv kty x y`, RSA `e kty n` (RFC 7517, RFC 7518 §6)."""
        ...

    @property
    def public_spki(self) -> bytes:
        """The public key as DER SubjectPublicKeyInfo (RFC 5280 §4.1)."""
        ...

    @property
    def extractable(self) -> bool:
        """Whether its owner may export the private key (`KeyStore.export_pkcs8`)."""
        ...

    async def sign(self, data: bytes) -> bytes:
        """Sign `data` in the JWS form of its key (RFC 7518 §3).

        ec-p256: ES256, 64 bytes r‖s. ec-p384: ES384, 96 bytes r‖s. rsa-*: RS256, RSASSA-PKCS1-v1_5 with SHA-256.
        """
        ...


class KeyStore(Protocol):
    """Makes keys, and stores them by name between visits."""

    async def generate(self, name: str, spec: KeySpec, *, extractable: bool) -> KeyHandle:
        """Make a key of kind `spec` and store it under `name`, replacing any other. Raises `StorageError`."""
        ...

    async def import_pkcs8(self, name: str, pkcs8: bytes, spec: KeySpec, *, extractable: bool) -> KeyHandle:
        """Store the private key `pkcs8` (DER, RFC 5958) of kind `spec` under `name`, replacing any other.

        Raises `DamagedKeyError` where it is damaged or of another kind, else `StorageError`.
        """
        ...

    async def load(self, name: str) -> KeyHandle | None:
        """The key stored under `name`, or None. Raises `StorageError`."""
        ...

    async def delete(self, name: str) -> None:
        """Delete the key stored under `name`, if any. Raises `StorageError`."""
        ...

    async def names(self) -> list[str]:
        """The names of all keys, sorted. Raises `StorageError`."""
        ...

    async def export_pkcs8(self, name: str) -> bytes:
        """The private key stored under `name` as DER PKCS#8 (RFC 5958), for its owner.

        Raises `StorageError` when there is none or it was made non-extractable.
        """
        ...


class Store(Protocol):
    """Stores JSON records by key between visits."""

    async def get(self, key: str) -> JsonRecord | None:
        """The record stored under `key`, or None. Raises `StorageError`."""
        ...

    async def put(self, key: str, record: JsonRecord) -> None:
        """Store `record` under `key`; it is durable when this returns. Raises `StorageError`."""
        ...

    async def get_all(self, prefix: str) -> Mapping[str, JsonRecord | StorageError]:
        """The records whose keys begin with `prefix`, by key, sorted, all as they are at one moment.

        In place of a record that cannot be read is the error that `get` would raise. Raises `StorageError` where none can be
        listed.
        """
        ...

    async def put_all(self, records: Mapping[str, JsonRecord]) -> None:
        """As `put`, for several records by their keys: all of them are stored, or none. Raises `StorageError`."""
        ...

    async def delete(self, key: str) -> None:
        """Delete the record under `key`, if any. Raises `StorageError`."""
        ...

    async def keys(self) -> list[str]:
        """All keys, sorted. Raises `StorageError`."""
        ...


class SecretStore(Protocol):
    """Stores short secrets by name between visits, each sealed by a key of its own that cannot be taken out of this browser."""

    async def get(self, name: str) -> str | None:
        """The secret stored under `name`, or None. Raises `StorageError`, also where it cannot be opened."""
        ...

    async def put(self, name: str, secret: str) -> None:
        """Seal `secret` with a new key, and store both under `name`, replacing any other. Raises `StorageError`."""
        ...

    async def delete(self, name: str) -> None:
        """Forget `name`, if it is there. Raises `StorageError`."""
        ...


@dataclass(frozen=True)
class Sealing:
    """What a `Cipher` needs besides the passphrase; none of it is secret.

    `salt` (16 bytes) and `iv` (12 bytes) must be new for every sealing. `rounds` are the iterations of PBKDF2. `header` is not
    encrypted, but authenticated: it cannot be altered unnoticed (the additional data of AES-GCM).
    """

    salt: bytes
    iv: bytes
    rounds: int
    header: bytes


class Cipher(Protocol):
    """Seals bytes under a passphrase: PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2), AES-256-GCM with a tag of 16 bytes.

    The parts that files of other programs need, which know no GCM, are there by themselves: PBKDF2, and AES in CBC mode.
    """

    def random(self, count: int) -> bytes:
        """`count` random bytes, good enough for keys."""
        ...

    async def seal(self, plain: bytes, passphrase: str, sealing: Sealing) -> bytes:
        """Encrypt `plain`; the tag is at the end. The passphrase is used as UTF-8."""
        ...

    async def open(self, sealed: bytes, passphrase: str, sealing: Sealing) -> bytes:
        """Decrypt what `seal` returned. Raises `PassphraseError` where the passphrase or anything in `sealing` differs."""
        ...

    async def pbkdf2_sha256(self, password: bytes, salt: bytes, rounds: int, count: int) -> bytes:
        """`count` bytes derived from `password` by PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2); `rounds` and `count` are ≥ 1."""
        ...

    async def encrypt_cbc(self, plain: bytes, key: bytes, iv: bytes) -> bytes:
        """AES-CBC with the padding of PKCS#7 (RFC 5652 §6.3). `key` has 16 or 32 bytes, `iv` 16.

        An AES-192 key (24 bytes) is not for every browser.
        """
        ...

    async def decrypt_cbc(self, encrypted: bytes, key: bytes, iv: bytes) -> bytes:
        """Decrypt what `encrypt_cbc` returned.

        Raises `PassphraseError` where the padding is none, which another key shows in 255 of 256 cases: it is no proof.
        """
        ...


HashName = Literal["sha256", "sha384", "sha512"]
"""The digests of signatures that CAs accept."""


class Verifier(Protocol):
    """Checks signatures that were made elsewhere."""

    async def verify(self, spki: bytes, spec: KeySpec, digest: HashName, signature: bytes, data: bytes) -> bool:
        """Whether `signature` over `data` was made by the private half of `spki` (DER SubjectPublicKeyInfo) of kind `spec`.

        ec-*: ECDSA, r‖s. rsa-*: RSASSA-PKCS1-v1_5. False for a key that cannot be read.
        """
        ...


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> float:
        """Seconds since 1970-01-01T00:00:00Z."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` ≥ 0."""
        ...


class Formats(Protocol):
    """Formats values for one locale. Times are in UTC, and say so, except for those of `clock`.

    `app.text.catalog` calls it for the placeholders of a message; nothing else has to.
    """

    def number(self, value: float) -> str:
        """A number with at most three decimals: "1,234", "0.5"."""
        ...

    def date(self, moment: datetime) -> str:
        """The day of `moment`, which is in UTC: "19 February 2027"."""
        ...

    def time(self, moment: datetime, *, seconds: bool = False) -> str:
        """The time of day of `moment`, which is in UTC: "14:05 UTC", with `seconds` "14:05:09 UTC"."""
        ...

    def clock(self, moment: datetime, *, seconds: bool = True) -> str:
        """What the clock of this computer shows at `moment`, in its own time zone: "15:05:09", or "15:05" without `seconds`."""
        ...

    def size(self, count: int) -> str:
        """`count` bytes in the usual unit, a power of 1000: "712 bytes", "9.8 GB"."""
        ...

    def listed(self, items: Iterable[str], kind: Literal["and", "or"]) -> str:
        """`items` joined by words: "a, b and c", "a, b or c"."""
        ...


SIZE_UNITS: Final = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")
"""The units of `Formats.size`, each a thousand of the one before, by their CLDR names."""


def scaled_size(count: int) -> tuple[float, str]:
    """`count` bytes as a number of at most three digits and its unit of `SIZE_UNITS`: 9_800_000 is 9.8 "megabyte"."""
    value, step = float(count), 0
    while value >= 999.5 and step < len(SIZE_UNITS) - 1:
        value, step = value / 1000, step + 1
    return round(value, 0 if value >= 99.5 else 1), SIZE_UNITS[step]


class Lock(Protocol):
    """An exclusive lock on a name, until it is released or the tab is gone."""

    def release(self) -> None:
        """Release the name."""
        ...


class Tabs(Protocol):
    """What the tabs of this page in one browser must agree on: which names are locked, and what has changed.

    A locked name is refused to everyone, including the tab that has locked it. The locks of a tab that closes are released.
    """

    async def try_lock(self, name: str) -> Lock | None:
        """Lock `name`, or return None if it is locked already; never waits."""
        ...

    async def wait_until_free(self, name: str) -> None:
        """Return as soon as `name` is not locked. It may be locked again before the caller continues."""
        ...

    def announce(self, name: str) -> None:
        """Tell all other tabs that what is stored under `name` has changed."""
        ...

    def listen(self, callback: Callable[[str], None]) -> None:
        """From now on, call `callback` with every name that another tab announces, in order."""
        ...


class Packages(Protocol):
    """Python packages that are loaded when they are first needed."""

    async def load(self, *names: str) -> None:
        """Make the packages `names` importable, each by its name in the site's lock. Loading one twice costs nothing.

        Raises `PackageError` where one does not come, or is not what was built.
        """
        ...


class Visibility(Protocol):
    """Whether a person sees this page (the Page Visibility API)."""

    @property
    def visible(self) -> bool:
        """Whether this tab is in view."""
        ...

    async def wait_until_visible(self) -> None:
        """Return as soon as this tab is in view."""
        ...


@dataclass(frozen=True)
class Ports:
    """All of them together, as the composition root passes them to the core."""

    http: Http
    keys: KeyStore
    store: Store
    clock: Clock
    cipher: Cipher
    tabs: Tabs
    verifier: Verifier
    packages: Packages
