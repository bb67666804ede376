"""What a backup holds: everything in this browser that can be exported, as plain JSON to be sealed.

`app.backup.file_format` is the file around it; `app.backup.restore` writes it into another browser.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeVar

from app.accounts.stored_account import StoredAccount, read_account
from app.acme.jws import thumbprint
from app.backup.file_format import open_file, seal_file
from app.errors import BackupError, DamagedKeyError, InputError, KeystayError, RecordFaultError, StorageError
from app.issuance.issuance import Issuance
from app.issuance.record import issuance_to_json
from app.issuance.record_checks import read_checked
from app.issuance.workflow import Workflow
from app.keys.inventory import StoredKey, stored_keys
from app.pki.formats.file import File
from app.pki.pem import to_pem
from app.pki.private_key import read_private_key
from app.pki.public_key import is_pair, read_public_key
from app.ports import Cipher, JsonRecord, KeySpec

T = TypeVar("T")

MAX_ENTRIES: Final = 10_000  # of each part
MAX_DER: Final = 16_384  # characters of base64; a key RSA 4096 has about 3200


@dataclass(frozen=True)
class BackupKey:
    """A private key as DER PKCS#8, with its DER public key, and its name in the key store."""

    name: str
    spec: KeySpec
    spki: bytes
    pkcs8: bytes = field(repr=False)

    @property
    def thumbprint(self) -> str:
        """The JWK thumbprint, by which a CA knows the key of an account (RFC 7638)."""
        return thumbprint(read_public_key(self.spki)[1])


Part = Literal["account", "order", "key"]
"""The kinds of entries in a backup."""


@dataclass(frozen=True)
class Unreadable:
    """An entry that cannot be used, and the `reason`. `position` is its number (from 1) in its part of the backup."""

    part: Part
    position: int
    reason: KeystayError


@dataclass(frozen=True)
class Backup:
    """The content of a backup. `keys` are by name; `left_behind` names the keys that could not be exported.

    A file is untrusted: its names for accounts and keys tell only which of them belong together.
    """

    accounts: tuple[StoredAccount, ...]
    issuances: tuple[Issuance, ...]
    keys: Mapping[str, BackupKey]
    left_behind: tuple[str, ...]
    unreadable: tuple[Unreadable, ...] = ()

    def to_json(self) -> JsonRecord:
        """Everything as plain JSON, including private keys: to be sealed at once."""
        return {
            "accounts": [account.to_json() for account in self.accounts],
            "issuances": [issuance_to_json(issuance) for issuance in self.issuances],
            "keys": [_key_to_json(key) for key in self.keys.values()],
            "left_behind": list(self.left_behind),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Backup":
        """Read and check the content of a file, of any version, entry by entry. Raises `BackupError` ("content")."""
        entries = {name: _entries(content, name) for name in ("accounts", "issuances", "keys", "left_behind")}
        accounts, bad_accounts = _read_each("account", entries["accounts"], read_account)
        issuances, bad_issuances = _read_each("order", entries["issuances"], read_checked)
        keys, bad_keys = _read_each("key", entries["keys"], _key)
        return cls(
            accounts=accounts,
            issuances=issuances,
            keys={key.name: key for key in reversed(keys)},  # the first of two with the same name
            left_behind=tuple(name for name in entries["left_behind"] if isinstance(name, str)),
            unreadable=bad_accounts + bad_issuances + bad_keys,
        )


def _entries(content: Mapping[str, Any], name: str) -> list[Any]:
    entries = content.get(name) if isinstance(content, Mapping) else None
    if not isinstance(entries, list):
        raise BackupError("content", "backup-content-damaged", detail=name)
    if len(entries) > MAX_ENTRIES:
        raise BackupError("content", "backup-entry-count", count=len(entries), most=MAX_ENTRIES)
    return entries


def _read_each(part: Part, entries: list[Any], read: Callable[[JsonRecord], T]) -> tuple[tuple[T, ...], tuple[Unreadable, ...]]:
    """What can be read of `entries`, and what cannot: a bad entry does not affect the others."""
    readable: list[T] = []
    unreadable: list[Unreadable] = []
    for position, entry in enumerate(entries, 1):
        try:
            if not isinstance(entry, dict):
                raise TypeError(type(entry))
            readable.append(read(entry))
        except StorageError as error:
            unreadable.append(Unreadable(part, position, error))
        except (InputError, KeyError, TypeError, ValueError, AttributeError):  # its text might repeat a part of a key
            unreadable.append(Unreadable(part, position, RecordFaultError("entry-damaged")))
    return tuple(readable), tuple(unreadable)


async def not_in_backup(workflow: Workflow) -> list[StoredKey]:
    """The keys of this browser that a backup cannot have: not extractable, or damaged. Raises `StorageError`."""
    return [key for key in await stored_keys(workflow) if not (key.handle and key.handle.extractable)]


async def make_backup(workflow: Workflow, passphrase: str) -> File:
    """Everything in this browser as one file under `passphrase`.

    Raises `StorageError`, and `BackupError` where there is nothing to save, or more than a file may hold.
    """
    now = workflow.ports.clock.now()
    backup = await _collect(workflow)
    if not (backup.accounts or backup.issuances or backup.keys):
        raise BackupError("none", "nothing-to-back-up")
    body = await seal_file(workflow.ports.cipher, backup.to_json(), passphrase, now)
    return File(f"keystay-{datetime.fromtimestamp(now, UTC):%Y-%m-%d}.keystay", "application/octet-stream", body)


async def read_backup(cipher: Cipher, data: bytes, passphrase: str) -> Backup:
    """The content of the file `data`, read and checked. Raises `BackupError`, for a wrong passphrase `PassphraseError`."""
    return Backup.from_json(await open_file(cipher, data, passphrase))


async def _collect(workflow: Workflow) -> Backup:
    stored = await stored_keys(workflow)
    exported = [await _export(workflow, key) for key in stored]
    keys = {key.name: key for key in exported if key}
    return Backup(
        accounts=tuple(await workflow.accounts.readable()),
        issuances=tuple(await workflow.saved()),
        keys=keys,
        left_behind=tuple(key.name for key in stored if key.name not in keys),
    )


async def _export(workflow: Workflow, key: StoredKey) -> BackupKey | None:
    """The key for the file, or None where the browser does not export it."""
    if key.handle is None or not key.handle.extractable:
        return None
    try:
        pkcs8 = await workflow.ports.keys.export_pkcs8(key.name)
    except DamagedKeyError:
        return None
    return BackupKey(key.name, key.handle.spec, key.handle.public_spki, pkcs8)


def _key_to_json(key: BackupKey) -> JsonRecord:
    spki, pkcs8 = (base64.b64encode(der).decode("ascii") for der in (key.spki, key.pkcs8))
    return {"name": key.name, "spec": key.spec, "spki": spki, "pkcs8": pkcs8}


def _key(entry: Mapping[str, Any]) -> BackupKey:
    name = entry["name"]
    if not isinstance(name, str) or not all(len(entry[member]) <= MAX_DER for member in ("spki", "pkcs8")):
        raise TypeError(type(name))
    spki, pkcs8 = (base64.b64decode(entry[member], validate=True) for member in ("spki", "pkcs8"))
    spec, der = read_private_key(to_pem("PRIVATE KEY", pkcs8))
    public_spec, _ = read_public_key(spki)
    if not spec == public_spec == entry["spec"] or not is_pair(spki, der):
        raise ValueError(spec)
    return BackupKey(name, spec, spki, der)
