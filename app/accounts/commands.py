"""What a person can do with an account that this browser keeps, and how one comes into it or leaves it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Final

from app.accounts.connections import Connections
from app.accounts.pasted_key import take_pasted_key
from app.accounts.stored_account import RECORD_PREFIX, StoredAccount, account_name
from app.acme.account import (
    Account,
    change_key,
    deactivate,
    find,
    list_orders,
    must_not_list_none,
    read_account,
    update_contact,
)
from app.acme.client import connect
from app.acme.order import Order, read_order
from app.acme.problem import ProblemError
from app.ca.catalog import CertificateAuthority
from app.errors import FieldError, KeystayError, NotOfferedError, ProtocolError
from app.ports import KeySpec

MAX_ORDERS: Final = 20  # the newest of a list; each costs a request


@dataclass(frozen=True)
class AccountState:
    """An account as the CA describes it, the kind of its key, and its last orders; `count` is how many there are.

    `count` is None at CAs that list no orders. `fault` is what kept the list, or the rest of it, from being read; `unreadable`
    is how many orders of the list could not be read. `not_asked` tells that asking for the list would have done harm.
    """

    account: Account
    spec: KeySpec
    orders: tuple[Order, ...] = ()
    count: int | None = None
    fault: KeystayError | None = None
    unreadable: int = 0
    not_asked: bool = False


async def read_state(connections: Connections, account: StoredAccount) -> AccountState:
    """Ask the CA for the account and its orders. What cannot be read of these does not hide the rest.

    Raises what `Client.post_as_get` raises for the account itself.
    """
    client = await connections.accounts.client(connections.ca_of_account(account), account.id)
    state = await read_account(client)
    if not state.orders:
        return AccountState(state, client.key.spec)
    if must_not_list_none(account.directory, state) and not await _ordered(connections, account):
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
    """Whether this browser has an order with `account` under way at the CA."""
    return any(order.order_url for order in await connections.open_orders(account))


async def change_contact(connections: Connections, account: StoredAccount, contact: tuple[str, ...]) -> None:
    """Ask the CA to replace the contact addresses; `read_state` tells whether it did. Raises what `Client.post` raises."""
    await update_contact(await connections.accounts.client(connections.ca_of_account(account), account.id), contact)


@asynccontextmanager
async def alone_with(connections: Connections, account: StoredAccount) -> AsyncIterator[None]:
    """For the time of the block no other tab orders with `account` or changes it.

    Raises `ElsewhereError` where one works on an order that needs the account; one that is registering is waited for.
    """
    orders = [order.record_name for order in await connections.open_orders(account)]
    async with connections.locks.try_all(orders), connections.locks.acquire_all([account_name(account.directory)]):
        yield


async def roll_over(connections: Connections, account: StoredAccount) -> None:
    """Give the account a new key that cannot be taken out, and forget the old one (RFC 8555 §7.3.5).

    The name of the new key is saved before the CA is asked: when its answer is lost, the next use finds out which counts.
    Values to publish carry the key's thumbprint, so orders that wait for them read them anew. Raises what `alone_with` and
    `change_key` raise; the old key stays then.
    """
    async with alone_with(connections, account):
        await _roll_over(connections, account)


async def _roll_over(connections: Connections, account: StoredAccount) -> None:
    accounts, keys = connections.accounts, connections.ports.keys
    client = await accounts.client(connections.ca_of_account(account), account.id)
    account = await accounts.saved(account.id) or account
    name = f"{RECORD_PREFIX}{account.id} {connections.ports.clock.now():.3f}"
    new = await keys.generate(name, client.key.spec, extractable=False)
    changing = replace(account, next_key=name)
    await accounts.save(changing)
    try:
        await change_key(client, new)
    except (ProblemError, NotOfferedError):
        await accounts.settle(changing, took=False)
        raise
    # A yes alone does not do: Pebble 2.10.1 says yes to a key of another account, too. The old key goes only after this.
    settled = await accounts.settled(connections.ca_of_account(account), account.id)
    if settled is None or settled.key != name:
        raise ProtocolError("The CA said that it took the new key, but it still has the old one. The old one was kept.")
    connections.drop_client(account.id)
    await connections.read_proofs_anew(account)


async def close(connections: Connections, account: StoredAccount) -> None:
    """Close the account at the CA for good, and forget it here with its key (§7.3.6).

    Raises what `alone_with` and `Client.post` raise.
    """
    async with alone_with(connections, account):
        await deactivate(await connections.accounts.client(connections.ca_of_account(account), account.id))
        await forget(connections, account)


async def forget(connections: Connections, account: StoredAccount) -> None:
    """Delete the account and its key from this browser; at the CA it stays open.

    Raises what `alone_with` raises, and `StorageError`.
    """
    async with alone_with(connections, account):
        connections.drop_client(account.id)
        await connections.accounts.forget(account)


async def forget_unreadable(connections: Connections, id_: str) -> None:
    """Delete the record of an account that cannot be read; which keys it had, nobody can tell. Raises `StorageError`."""
    async with connections.locks.acquire_all([account_name(id_)]):
        connections.drop_client(id_)
        await connections.ports.store.delete(RECORD_PREFIX + id_)


async def bring_in(
    connections: Connections, authority: CertificateAuthority, key: tuple[KeySpec, bytes], *, extractable: bool
) -> str:
    """Find the account of `key` (kind and DER PKCS#8) at the CA, and keep both from now on; give the account's URL.

    Raises `FieldError` for `import-key` where the key is damaged or this browser has that account, and `ProblemError` with
    `accountDoesNotExist` where the CA knows no account of that key; nothing is kept then.
    """
    async with connections.locks.acquire_all([account_name(authority.directory)]):
        return await _bring_in(connections, authority, key, extractable=extractable)


async def _bring_in(
    connections: Connections, authority: CertificateAuthority, key: tuple[KeySpec, bytes], *, extractable: bool
) -> str:
    directory, now = authority.directory, connections.ports.clock.now()
    id_ = await connections.accounts.new_id(directory)
    name = f"{RECORD_PREFIX}{id_} {now:.3f}"
    handle = await take_pasted_key(connections.ports.keys, name, key, "import-key", extractable=extractable)
    try:
        url = await find(await connect(connections.ports.http, connections.ports.clock, authority, handle))
        if await connections.accounts.holder(directory, url):
            raise FieldError("import-key", f"This browser has this account at {authority.name} already.")
        account = StoredAccount(id_, authority.id, directory, name, url, extractable=extractable, made=now, used=now)
        await connections.accounts.save(account)
    except BaseException:
        await connections.ports.keys.delete(name)
        raise
    connections.drop_client(id_)
    return url
