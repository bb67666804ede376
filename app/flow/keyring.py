"""Which keys this browser holds, what each is for, and the end of them.

A key is named by the record that uses it. Destroying it is for good: the records stay and say so, but an account without its
key is no account any more, so that one is forgotten with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from app.errors import DamagedKeyError
from app.flow.account_tasks import alone_with, forget
from app.flow.accounts import SavedAccount, account_name
from app.flow.advance import Flow
from app.flow.issuance import ENDED, Issuance
from app.flow.shelf import load, record_name, record_names
from app.ports import KeyHandle

Purpose = Literal["account", "certificate", "proof", "left-over"]


_NEEDS_NO_ACCOUNT: Final = ("asked", *ENDED)
"""The states in which an order can do without the account that it began with."""


@dataclass(frozen=True)
class KeptKey:
    """One key of the key store, under `name`, and what it is for. `handle` is None where it is damaged and cannot be read.

    `account` is the account that signs with it (or will, once a change of its key is through); `issuance` the order that it
    was made for. No record that can be read names a key that is "left-over".
    """

    name: str
    handle: KeyHandle | None
    purpose: Purpose
    account: SavedAccount | None = None
    issuance: Issuance | None = None


async def kept_keys(flow: Flow) -> list[KeptKey]:
    """All keys of this browser: those of accounts first, what is left over last. Raises `StorageError`."""
    owners: dict[str, tuple[Purpose, SavedAccount | None, Issuance | None]] = {}
    for account in await flow.accounts.readable():
        for name in (account.key, account.next_key):
            owners[name] = ("account", account, None)
    for issuance in await flow.saved():
        owners[issuance.certificate_key] = ("certificate", None, issuance)
        owners[issuance.proof_key] = ("proof", None, issuance)
    found = []
    for name in await flow.ports.keys.names():
        handle = await _readable(flow, name)
        found.append(KeptKey(name, handle, *owners.get(name, ("left-over", None, None))))
    return sorted(found, key=lambda key: get_args(Purpose).index(key.purpose))


async def _readable(flow: Flow, name: str) -> KeyHandle | None:
    try:
        return await flow.ports.keys.load(name)
    except DamagedKeyError:  # it must not hide the others
        return None


async def is_stuck(flow: Flow, issuance: Issuance) -> bool:
    """Whether `issuance` needs an account whose key this browser does not hold. Raises `StorageError`."""
    return bool(await stuck_among(flow, [issuance]))


async def stuck_among(flow: Flow, issuances: Iterable[Issuance]) -> set[str]:
    """The ids of those that need an account whose key this browser does not hold. Raises `StorageError`."""
    needy = [issuance for issuance in issuances if issuance.state not in _NEEDS_NO_ACCOUNT]
    if not needy:
        return set()
    names = set(await flow.ports.keys.names())
    usable = {(account.directory, account.url) for account in await flow.accounts.all() if account.key in names}
    return {issuance.id for issuance in needy if (issuance.choices.directory, issuance.account_url) not in usable}


async def destroy_key(flow: Flow, key: KeptKey) -> None:
    """Delete `key` for good; an account goes with it, an issued certificate is marked.

    Raises `ElsewhereError` where another tab works on an order that needs it, and `StorageError`.
    """
    if key.account:
        async with alone_with(flow, key.account):
            await flow.ports.keys.delete(key.name)
            await forget(flow, key.account)
        return
    async with flow.claims.only_here([record_name(key.issuance.id)] if key.issuance else []):
        await flow.ports.keys.delete(key.name)
        issuance = await load(flow, key.issuance.id) if key.issuance else None
        if issuance and key.purpose == "certificate" and issuance.state == "issued":
            await flow.save(replace(issuance, key_destroyed=flow.ports.clock.now()))


async def destroy_everything(flow: Flow) -> None:
    """Delete all keys, then all records: nothing of any visit is left.

    Raises `ElsewhereError` where another tab works on an order, and `StorageError`.
    """
    accounts = [account_name(account.directory) for account in await flow.accounts.readable()]
    async with flow.claims.only_here(await record_names(flow)), flow.claims.in_turn(accounts):
        for name in await flow.ports.keys.names():
            await flow.ports.keys.delete(name)
        for key in await flow.ports.store.keys():
            await flow.ports.store.delete(key)
    flow.start_anew()
