"""Bringing a backup into this browser.

What is here already stays, unless the file's order is further on; the keys of an order go with its record. A write that fails
takes back all that were made before it.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from app.errors import BackupError, CertificateError, StorageError
from app.flow.accounts import RECORD_PREFIX as ACCOUNT_PREFIX
from app.flow.accounts import SavedAccount, account_name
from app.flow.advance import RECORD_PREFIX as ISSUANCE_PREFIX
from app.flow.advance import Flow
from app.flow.backup import Backup, BackupKey
from app.flow.issuance import Issuance
from app.flow.keyring import is_stuck
from app.flow.record import issuance_to_json, read_issuance
from app.flow.shelf import record_name
from app.pki.certificate import read_chain
from app.ports import JsonRecord, Ports


@dataclass(frozen=True)
class Restored:
    """What came of it: what is new or further on now, and what was here already and stayed.

    `keyless` are accounts of the file without their key: they were left out. `stuck` are orders that were restored, but
    cannot go on here, since they need an account that this browser does not have.
    """

    accounts: tuple[SavedAccount, ...]
    issuances: tuple[Issuance, ...]
    kept_accounts: tuple[SavedAccount, ...]
    kept_issuances: tuple[Issuance, ...]
    keyless: tuple[SavedAccount, ...]
    stuck: tuple[Issuance, ...]


async def restore(flow: Flow, backup: Backup) -> Restored:
    """Write what `backup` has and this browser has not.

    Raises `ElsewhereError` where another tab works on one of its orders, and `StorageError`; then nothing has changed.
    """
    writing = _Writing(flow.ports)
    orders = [record_name(issuance.id) for issuance in backup.issuances]
    accounts = [account_name(account.directory) for account in backup.accounts]
    async with flow.claims.only_here(orders), flow.claims.in_turn(accounts):
        try:
            restored = await _restore(flow, backup, writing)
        except BaseException:
            await writing.take_back()
            raise
    for account in restored.accounts:
        flow.drop_client(account.id)
    return restored


async def _restore(flow: Flow, backup: Backup, writing: "_Writing") -> Restored:
    with_key = [account for account in backup.accounts if account.key in backup.keys]
    accounts = [account for account in with_key if await _restore_account(flow, backup, account, writing)]
    issuances = [issuance for issuance in backup.issuances if await _restore_issuance(flow, backup, issuance, writing)]
    for name in _left_over(backup):
        if await flow.ports.keys.load(name) is None:
            await writing.keep_keys(backup, name)
    return Restored(
        accounts=tuple(accounts),
        issuances=tuple(issuances),
        kept_accounts=tuple(account for account in with_key if account not in accounts),
        kept_issuances=tuple(issuance for issuance in backup.issuances if issuance not in issuances),
        keyless=tuple(account for account in backup.accounts if account not in with_key),
        stuck=tuple([issuance for issuance in issuances if await is_stuck(flow, issuance)]),
    )


async def _restore_account(flow: Flow, backup: Backup, account: SavedAccount, writing: "_Writing") -> bool:
    """Bring an account in, unless this browser has it. Where another one has its id, it gets a new one, as do its keys."""
    taken = await flow.ports.store.get(ACCOUNT_PREFIX + account.id) is not None
    if await flow.accounts.holder(account.directory, account.url) or (taken and not account.url):
        return False
    here = _renamed(account, await flow.accounts.new_id(account.directory)) if taken else account
    await writing.keep_key_as(backup, account.key, here.key)
    await writing.keep_key_as(backup, account.next_key, here.next_key)
    await writing.keep_record(ACCOUNT_PREFIX + here.id, here.to_json())
    return True


def _renamed(account: SavedAccount, id_: str) -> SavedAccount:
    """The account under another id, with names for its keys that no other account has."""
    key = ACCOUNT_PREFIX + id_
    return replace(account, id=id_, key=key, next_key=account.next_key and f"{key} next")


async def _restore_issuance(flow: Flow, backup: Backup, issuance: Issuance, writing: "_Writing") -> bool:
    record_key = ISSUANCE_PREFIX + issuance.id
    try:
        record = await flow.ports.store.get(record_key)
        here = read_issuance(record) if record is not None else None
    except StorageError:  # of a newer version, perhaps: it stays as it is
        return False
    if here and here.since >= issuance.since:
        return await _bring_key_back(flow, backup, here, writing)
    await writing.keep_keys(backup, issuance.certificate_key, issuance.proof_key)
    await writing.keep_record(record_key, issuance_to_json(issuance))
    return True


async def _bring_key_back(flow: Flow, backup: Backup, here: Issuance, writing: "_Writing") -> bool:
    """The record stays, but its key may be gone: then the file's is welcome, if it is the certificate's own."""
    key = backup.keys.get(here.certificate_key)
    if key is None or await flow.ports.keys.load(key.name) is not None or not _fits(here, key):
        return False
    await writing.keep_keys(backup, key.name)
    await writing.keep_record(ISSUANCE_PREFIX + here.id, issuance_to_json(replace(here, key_destroyed=0.0)))
    return True


def _fits(issuance: Issuance, key: BackupKey) -> bool:
    if not issuance.certificate_pem:
        return True
    try:
        return read_chain(issuance.certificate_pem).certificate.public_spki == key.spki
    except CertificateError:  # damaged here: that must not keep all else in the file from coming
        return False


def _left_over(backup: Backup) -> list[str]:
    """The names of the keys that no record of the file has."""
    named = {name for account in backup.accounts for name in (account.key, account.next_key)}
    named |= {name for issuance in backup.issuances for name in (issuance.certificate_key, issuance.proof_key)}
    return [name for name in backup.keys if name not in named]


class _Writing:
    """Writes, and remembers how to take each write back."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._undo: list[Callable[[], Awaitable[object]]] = []

    async def keep_record(self, record_key: str, record: JsonRecord) -> None:
        """Write a record."""
        store = self._ports.store
        before = await store.get(record_key)
        self._undo.append(lambda: store.delete(record_key) if before is None else store.put(record_key, before))
        await store.put(record_key, record)

    async def keep_keys(self, backup: Backup, *names: str) -> None:
        """Write those of the keys `names` that `backup` has; another key of the same name goes."""
        for name in names:
            if name in backup.keys:
                await self._keep_key(backup.keys[name])

    async def keep_key_as(self, backup: Backup, name: str, new_name: str) -> None:
        """Write the key `name` under `new_name`, if `backup` has it."""
        if name in backup.keys:
            await self._keep_key(replace(backup.keys[name], name=new_name))

    async def _keep_key(self, key: BackupKey) -> None:
        keys = self._ports.keys
        before = await keys.load(key.name)
        if before is None:
            self._undo.append(lambda: keys.delete(key.name))
        elif before.extractable:
            old, spec = await keys.export_pkcs8(key.name), before.spec
            self._undo.append(lambda: keys.import_pkcs8(key.name, old, spec, extractable=True))
        handle = await keys.import_pkcs8(key.name, key.pkcs8, key.spec, extractable=True)
        if handle.public_spki != key.spki:
            raise BackupError("content", "A key in the file is not the one that its public half says.")

    async def take_back(self) -> None:
        """Undo all writes, the last one first."""
        for undo in reversed(self._undo):
            with suppress(StorageError):  # one that fails must not keep the others from being taken back
                await undo()
