"""What goes into a backup: everything that this browser keeps and may give out, as plain JSON to be sealed.

`app.flow.restore` brings it into another browser, `app.flow.vault` is the file around it.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.errors import BackupError, InputError, StorageError
from app.flow.accounts import SavedAccount
from app.flow.advance import Flow
from app.flow.issuance import Issuance
from app.flow.keyring import KeptKey, kept_keys
from app.flow.record import issuance_to_json, read_issuance
from app.flow.vault import open_file, seal_file
from app.pki.bundle import File
from app.pki.pem import to_pem
from app.pki.private_key import read_private_key
from app.ports import Cipher, JsonRecord, KeySpec


@dataclass(frozen=True)
class BackupKey:
    """A private key as DER PKCS#8, with its DER public key, and its name in the key store."""

    name: str
    spec: KeySpec
    spki: bytes
    pkcs8: bytes = field(repr=False)


@dataclass(frozen=True)
class Backup:
    """The content of a backup. `keys` are by name; `left_behind` names the keys that could not be taken out."""

    accounts: tuple[SavedAccount, ...]
    issuances: tuple[Issuance, ...]
    keys: Mapping[str, BackupKey]
    left_behind: tuple[str, ...]

    def to_json(self) -> JsonRecord:
        """All as plain JSON, the private keys included: only to be sealed at once."""
        return {
            "accounts": [account.to_json() for account in self.accounts],
            "issuances": [issuance_to_json(issuance) for issuance in self.issuances],
            "keys": [_key_to_json(key) for key in self.keys.values()],
            "left_behind": list(self.left_behind),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Backup":
        """Read and check the content of a file, of any version. Raises `BackupError` ("content")."""
        try:
            keys = [_key(entry) for entry in content["keys"]]
            return cls(
                accounts=tuple(SavedAccount.from_json(record) for record in content["accounts"]),
                issuances=tuple(_issuance(record) for record in content["issuances"]),
                keys={key.name: key for key in keys},
                left_behind=tuple(map(str, content["left_behind"])),
            )
        except StorageError as error:  # of another version, or damaged
            raise BackupError("content", str(error), detail=error.detail) from error
        except (InputError, KeyError, TypeError, ValueError, AttributeError) as error:
            # Without its own words: they might repeat a part of a key.
            raise BackupError("content", "What the file holds is damaged.", detail=type(error).__name__) from None


async def not_in_backup(flow: Flow) -> list[KeptKey]:
    """The keys of this browser that cannot be taken out, and so cannot be in a backup. Raises `StorageError`."""
    return [key for key in await kept_keys(flow) if not key.handle.extractable]


async def make_backup(flow: Flow, passphrase: str) -> File:
    """Everything in this browser as one file under `passphrase`.

    Raises `StorageError`, and `BackupError` where there is nothing yet, or more than a file may hold.
    """
    now = flow.ports.clock.now()
    backup = await _collect(flow)
    if not (backup.accounts or backup.issuances or backup.keys):
        raise BackupError("none", "This browser keeps nothing yet.")
    body = await seal_file(flow.ports.cipher, backup.to_json(), passphrase, now)
    return File(f"keystay-{datetime.fromtimestamp(now, UTC):%Y-%m-%d}.keystay", "application/octet-stream", body)


async def read_backup(cipher: Cipher, data: bytes, passphrase: str) -> Backup:
    """What the file `data` holds, read and checked. Raises `BackupError`, and of it `PassphraseError`."""
    return Backup.from_json(await open_file(cipher, data, passphrase))


async def _collect(flow: Flow) -> Backup:
    keys = await kept_keys(flow)
    free = [key for key in keys if key.handle.extractable]
    return Backup(
        accounts=tuple(await flow.accounts.readable()),
        issuances=tuple(await flow.saved()),
        keys={key.name: await _taken_out(flow, key) for key in free},
        left_behind=tuple(key.name for key in keys if not key.handle.extractable),
    )


async def _taken_out(flow: Flow, key: KeptKey) -> BackupKey:
    pkcs8 = await flow.ports.keys.export_pkcs8(key.name)
    return BackupKey(key.name, key.handle.spec, key.handle.public_spki, pkcs8)


def _key_to_json(key: BackupKey) -> JsonRecord:
    spki, pkcs8 = (base64.b64encode(der).decode("ascii") for der in (key.spki, key.pkcs8))
    return {"name": key.name, "spec": key.spec, "spki": spki, "pkcs8": pkcs8}


def _key(entry: Mapping[str, Any]) -> BackupKey:
    spki, pkcs8 = (base64.b64decode(entry[member], validate=True) for member in ("spki", "pkcs8"))
    spec, der = read_private_key(to_pem("PRIVATE KEY", pkcs8), "restore-file")
    if spec != entry["spec"] or not isinstance(entry["name"], str):
        raise ValueError(spec)
    return BackupKey(entry["name"], spec, spki, der)


def _issuance(record: Mapping[str, Any]) -> Issuance:
    issuance = read_issuance(record)
    if not isinstance(issuance.id, str):
        raise TypeError(issuance.id)
    return issuance
