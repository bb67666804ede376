"""Commands on accounts: read the state from the CA, change the contact or the key, close, forget, import."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Final

from app.accounts.connections import Connections
from app.accounts.stored_account import RECORD_PREFIX, StoredAccount, account_name
from app.acme.account import (
    Account,
    change_key,
    deactivate,
    empty_list_breaks_account,
    find,
    list_orders,
    read_account,
    update_contact,
)
from app.acme.client import connect
from app.acme.order import Order, read_order
from app.acme.problem import ProblemError
from app.ca.catalog import CertificateAuthority
from app.errors import DamagedKeyError, InputError, KeystayError, NotOfferedError, ProtocolError
from app.ports import KeyHandle, KeySpec, KeyStore

MAX_ORDERS: Final = 20  # the newest of a list; each costs a request


@dataclass(frozen=True)
class AccountState:
    """An account as the CA describes it, the kind of its key, and its last orders; `count` is how many there are.

    `count` is None at CAs that list no orders. `fault` is what kept the list, or the rest of it, from being read; `unreadable`
    is how many orders of the list could not be read. `not_asked` tells that the list was not requested, because that would
    have done harm.
    """

    account: Account
    spec: KeySpec
    orders: tuple[Order, ...] = ()
    count: int | None = None
    fault: KeystayError | None = None
    unreadable: int = 0
    not_asked: bool = False


async def read_state(connections: Connections, account: StoredAccount) -> AccountState:
    """Read the account and its orders from the CA. Orders that cannot be read do not hide the rest.

    Raises what `Client.post_as_get` raises for the account itself.
    """
    client = await connections.accounts.client(connections.ca_of_account(account), account.id)
    state = await read_account(client)
    if not state.orders:
        return AccountState(state, client.key.spec)
    if empty_list_breaks_account(account.directory, state) and not await _ordered(connections, account):
        return AccountState(state, client.key.spec, not_asked=True)
    listed = await list_orders(client, state.orders)
    newest = listed.urls[-MAX_ORDERS:]
    orders: list[Order] = []
    for url in newest:
        with suppress(KeystayError):
            orders.append(await read_order(client, url))
    unreadable = len(newest) - len(orders)
    return AccountState(state, client.key.spec, tuple(orders), len(listed.urls), listed.fault, unreadable)


async def _ordered(connections: Connections, account: StoredAccount) -> bool:
    """Whether this browser has an open order at the CA with `account`."""
    return any(order.order_url for order in await connections.open_orders(account))


async def change_contact(connections: Connections, account: StoredAccount, contact: tuple[str, ...]) -> None:
    """Ask the CA to replace the contact addresses; `read_state` tells whether it did. Raises what `Client.post` raises."""
    await update_contact(await connections.accounts.client(connections.ca_of_account(account), account.id), contact)


@asynccontextmanager
async def account_lock(connections: Connections, account: StoredAccount) -> AsyncIterator[None]:
    """For the time of the block, no other tab orders with `account` or changes it.

    Raises `OtherTabError` where one works on an order that needs the account. Waits for one that is registering.
    """
    orders = [order.record_name for order in await connections.open_orders(account)]
    async with connections.locks.try_all(orders), connections.locks.acquire_all([account_name(account.directory)]):
        yield


async def roll_over(connections: Connections, account: StoredAccount, *, extractable: bool = False) -> None:
    """Give the account a new key and delete the old one (RFC 8555 §7.3.5); only an `extractable` one can be taken out.

    The name of the new key is saved before the request is sent: when the response is lost, the next use finds out which key the
    CA has. Values to publish contain the key's thumbprint, so open orders read theirs again. Raises what `account_lock` and
    `change_key` raise; the old key stays then.
    """
    async with account_lock(connections, account):
        await _roll_over(connections, account, extractable=extractable)


async def _roll_over(connections: Connections, account: StoredAccount, *, extractable: bool) -> None:
    accounts, keys = connections.accounts, connections.ports.keys
    client = await accounts.client(connections.ca_of_account(account), account.id)
    account = await accounts.saved(account.id) or account
    name = f"{RECORD_PREFIX}{account.id} {connections.ports.clock.now():.3f}"
    new = await keys.generate(name, client.key.spec, extractable=extractable)
    changing = replace(account, next_key=name)
    await accounts.save(changing)
    try:
        await change_key(client, new)
    except (ProblemError, NotOfferedError):
        await accounts.finish_key_change(changing, accepted=False)
        raise
    # That the CA accepts is not enough: Pebble 2.10.1 accepts the key of another account, too. The old key is deleted here.
    changed = await accounts.resolve_key_change(connections.ca_of_account(account), account.id)
    if changed is None or changed.key != name:
        raise ProtocolError("key-change-without-effect")
    connections.drop_client(account.id)
    await connections.read_proofs_anew(account)


async def close(connections: Connections, account: StoredAccount) -> None:
    """Deactivate the account at the CA for good, and delete it here with its key (§7.3.6).

    Raises what `account_lock` and `Client.post` raise.
    """
    async with account_lock(connections, account):
        await deactivate(await connections.accounts.client(connections.ca_of_account(account), account.id))
        await forget(connections, account)


async def forget(connections: Connections, account: StoredAccount) -> None:
    """Delete the account and its key from this browser; at the CA it stays open.

    Raises what `account_lock` raises, and `StorageError`.
    """
    async with account_lock(connections, account):
        connections.drop_client(account.id)
        await connections.accounts.forget(account)


async def forget_unreadable(connections: Connections, id_: str) -> None:
    """Delete the record of an account that cannot be read. Its keys stay: it does not tell which. Raises `StorageError`."""
    async with connections.locks.acquire_all([account_name(id_)]):
        connections.drop_client(id_)
        await connections.ports.store.delete(RECORD_PREFIX + id_)


async def import_account(
    connections: Connections, authority: CertificateAuthority, key: tuple[KeySpec, bytes], *, extractable: bool
) -> str:
    """Find the account of `key` (kind and DER PKCS#8) at the CA, save both, and return the account's URL.

    Raises `InputError` where the key is damaged or this browser has that account, and `ProblemError` with
    `accountDoesNotExist` where the CA knows no account of that key; nothing is saved then.
    """
    async with connections.locks.acquire_all([account_name(authority.directory)]):
        return await _import_account(connections, authority, key, extractable=extractable)


async def _import_account(
    connections: Connections, authority: CertificateAuthority, key: tuple[KeySpec, bytes], *, extractable: bool
) -> str:
    directory, now = authority.directory, connections.ports.clock.now()
    id_ = await connections.accounts.new_id(directory)
    name = f"{RECORD_PREFIX}{id_} {now:.3f}"
    handle = await import_pasted_key(connections.ports.keys, name, key, extractable=extractable)
    try:
        url = await find(await connect(connections.ports.http, connections.ports.clock, authority, handle))
        if await connections.accounts.find_by_url(directory, url):
            raise InputError("account-already-here", ca=authority.name)
        account = StoredAccount(id_, authority.id, directory, name, url, extractable=extractable, made=now, used=now)
        await connections.accounts.save(account)
    except BaseException:
        await connections.ports.keys.delete(name)
        raise
    connections.drop_client(id_)
    return url


async def import_pasted_key(keys: KeyStore, name: str, key: tuple[KeySpec, bytes], *, extractable: bool) -> KeyHandle:
    """Store a private `key` that a person pasted (kind and DER PKCS#8) under `name`.

    Its form was read before; only the key store knows whether its numbers fit together. Raises `InputError` where they do not,
    and `StorageError`.
    """
    spec, pkcs8 = key
    try:
        return await keys.import_pkcs8(name, pkcs8, spec, extractable=extractable)
    except DamagedKeyError as error:
        raise InputError("key-parts-mismatch") from error
