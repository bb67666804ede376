"""The key inventory: which keys this browser holds, what each is for, and destroying them.

A key is named by the record that uses it. Destroying it is final: the record of an order stays and says so, but an account is
useless without its key, so it is deleted with it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from app.accounts.commands import account_lock, forget
from app.accounts.stored_account import StoredAccount, account_name
from app.errors import DamagedKeyError
from app.issuance.issuance import ENDED, Issuance
from app.issuance.store import load, record_name, record_names
from app.issuance.workflow import Workflow
from app.ports import KeyHandle

Purpose = Literal["account", "certificate", "proof", "left-over"]
"""What a key is for. "left-over" is one that no record uses."""

_NEEDS_NO_ACCOUNT: Final = ("asked", *ENDED)
"""The states in which an order does not need the account that it began with."""


@dataclass(frozen=True)
class StoredKey:
    """One key of the key store, under `name`, and what it is for. `handle` is None where it is damaged and cannot be read.

    `account` is the account that signs with it, or will after a key change; `issuance` the order that it was made for. No
    readable record names a key that is "left-over". `shared` tells that another order has a copy of the same key.
    """

    name: str
    handle: KeyHandle | None
    purpose: Purpose
    account: StoredAccount | None = None
    issuance: Issuance | None = None
    shared: bool = False


async def stored_keys(workflow: Workflow) -> list[StoredKey]:
    """All keys of this browser: those of accounts first, unused ones last. Raises `StorageError`."""
    owners: dict[str, tuple[Purpose, StoredAccount | None, Issuance | None]] = {}
    for account in await workflow.accounts.readable():
        for name in (account.key, account.next_key):
            owners[name] = ("account", account, None)
    for issuance in await workflow.saved():
        owners[issuance.certificate_key] = ("certificate", None, issuance)
        owners[issuance.proof_key] = ("proof", None, issuance)
    keys = []
    for name in await workflow.ports.keys.names():
        handle = await _readable(workflow, name)
        keys.append(StoredKey(name, handle, *owners.get(name, ("left-over", None, None))))
    counts = Counter(key.handle.public_spki for key in keys if key.handle)
    marked = (replace(key, shared=key.handle is not None and counts[key.handle.public_spki] > 1) for key in keys)
    return sorted(marked, key=lambda key: get_args(Purpose).index(key.purpose))


async def _readable(workflow: Workflow, name: str) -> KeyHandle | None:
    try:
        return await workflow.ports.keys.load(name)
    except DamagedKeyError:  # it must not hide the others
        return None


async def lacks_account_key(workflow: Workflow, issuance: Issuance) -> bool:
    """Whether `issuance` needs an account whose key this browser does not hold. Raises `StorageError`."""
    return bool(await without_account_key(workflow, [issuance]))


async def without_account_key(workflow: Workflow, issuances: Iterable[Issuance]) -> set[str]:
    """The ids of those that need an account whose key this browser does not hold. Raises `StorageError`."""
    dependent = [issuance for issuance in issuances if issuance.state not in _NEEDS_NO_ACCOUNT]
    if not dependent:
        return set()
    names = set(await workflow.ports.keys.names())
    usable = {(account.directory, account.url) for account in await workflow.accounts.all() if account.key in names}
    return {issuance.id for issuance in dependent if (issuance.choices.directory, issuance.account_url) not in usable}


async def destroy_key(workflow: Workflow, key: StoredKey) -> None:
    """Delete `key` for good. Its account is deleted, too; an issued certificate notes when its key was destroyed.

    Raises `OtherTabError` where another tab works on an order that needs it, and `StorageError`.
    """
    if key.account:
        async with account_lock(workflow, key.account):
            await workflow.ports.keys.delete(key.name)
            await forget(workflow, key.account)
        return
    async with workflow.locks.try_all([record_name(key.issuance.id)] if key.issuance else []):
        await workflow.ports.keys.delete(key.name)
        issuance = await load(workflow, key.issuance.id) if key.issuance else None
        if issuance and key.purpose == "certificate" and issuance.state == "issued":
            await workflow.save(replace(issuance, key_destroyed=workflow.ports.clock.now()))


async def destroy_everything(workflow: Workflow) -> None:
    """Delete all keys, then all records, so that nothing is left in this browser.

    Raises `OtherTabError` where another tab works on an order, and `StorageError`.
    """
    accounts = [account_name(account.directory) for account in await workflow.accounts.readable()]
    async with workflow.locks.try_all(await record_names(workflow)), workflow.locks.acquire_all(accounts):
        for name in await workflow.ports.keys.names():
            await workflow.ports.keys.delete(name)
        for key in await workflow.ports.store.keys():
            await workflow.ports.store.delete(key)
    workflow.reset()
