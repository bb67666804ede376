"""Which keys this browser holds, what each is for, and the end of them.

A key is named by the record that uses it. Destroying it is for good: the records stay and say so, but an account without its
key is no account any more, so that one is forgotten with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from app.accounts.commands import alone_with, forget
from app.accounts.stored_account import StoredAccount, account_name
from app.errors import DamagedKeyError
from app.issuance.issuance import ENDED, Issuance
from app.issuance.store import load, record_name, record_names
from app.issuance.workflow import Workflow
from app.ports import KeyHandle

Purpose = Literal["account", "certificate", "proof", "left-over"]


_NEEDS_NO_ACCOUNT: Final = ("asked", *ENDED)
"""The states in which an order can do without the account that it began with."""


@dataclass(frozen=True)
class StoredKey:
    """One key of the key store, under `name`, and what it is for. `handle` is None where it is damaged and cannot be read.

    `account` is the account that signs with it (or will, once a change of its key is through); `issuance` the order that it
    was made for. No record that can be read names a key that is "left-over".
    """

    name: str
    handle: KeyHandle | None
    purpose: Purpose
    account: StoredAccount | None = None
    issuance: Issuance | None = None


async def stored_keys(workflow: Workflow) -> list[StoredKey]:
    """All keys of this browser: those of accounts first, what is left over last. Raises `StorageError`."""
    owners: dict[str, tuple[Purpose, StoredAccount | None, Issuance | None]] = {}
    for account in await workflow.accounts.readable():
        for name in (account.key, account.next_key):
            owners[name] = ("account", account, None)
    for issuance in await workflow.saved():
        owners[issuance.certificate_key] = ("certificate", None, issuance)
        owners[issuance.proof_key] = ("proof", None, issuance)
    found = []
    for name in await workflow.ports.keys.names():
        handle = await _readable(workflow, name)
        found.append(StoredKey(name, handle, *owners.get(name, ("left-over", None, None))))
    return sorted(found, key=lambda key: get_args(Purpose).index(key.purpose))


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
    needy = [issuance for issuance in issuances if issuance.state not in _NEEDS_NO_ACCOUNT]
    if not needy:
        return set()
    names = set(await workflow.ports.keys.names())
    usable = {(account.directory, account.url) for account in await workflow.accounts.all() if account.key in names}
    return {issuance.id for issuance in needy if (issuance.choices.directory, issuance.account_url) not in usable}


async def destroy_key(workflow: Workflow, key: StoredKey) -> None:
    """Delete `key` for good; an account goes with it, an issued certificate is marked.

    Raises `ElsewhereError` where another tab works on an order that needs it, and `StorageError`.
    """
    if key.account:
        async with alone_with(workflow, key.account):
            await workflow.ports.keys.delete(key.name)
            await forget(workflow, key.account)
        return
    async with workflow.locks.try_all([record_name(key.issuance.id)] if key.issuance else []):
        await workflow.ports.keys.delete(key.name)
        issuance = await load(workflow, key.issuance.id) if key.issuance else None
        if issuance and key.purpose == "certificate" and issuance.state == "issued":
            await workflow.save(replace(issuance, key_destroyed=workflow.ports.clock.now()))


async def destroy_everything(workflow: Workflow) -> None:
    """Delete all keys, then all records: nothing of any visit is left.

    Raises `ElsewhereError` where another tab works on an order, and `StorageError`.
    """
    accounts = [account_name(account.directory) for account in await workflow.accounts.readable()]
    async with workflow.locks.try_all(await record_names(workflow)), workflow.locks.acquire_all(accounts):
        for name in await workflow.ports.keys.names():
            await workflow.ports.keys.delete(name)
        for key in await workflow.ports.store.keys():
            await workflow.ports.store.delete(key)
    workflow.start_anew()
