"""Accounts (RFC 8555 §7.1.2, §7.3)."""

from dataclasses import dataclass
from typing import Final

from app.acme.client import Client
from app.acme.eab import ExternalAccount, bind
from app.acme.jws import sign_key_change
from app.acme.problem import ProblemError
from app.acme.response import AcmeResponse
from app.encoding.strict_json import JsonObject, read_value, words
from app.errors import KeystayError, NotOfferedError, OversizeError, ProtocolError
from app.ports import KeyHandle

MAX_PAGES: Final = 20
"""Pages of an orders list that are read, so that an endless list keeps no one waiting."""

MAX_ORDERS_PER_PAGE: Final = 10_000  # some CAs list all orders on one page

_CLOSED: Final = ("deactivated", "revoked")


@dataclass(frozen=True)
class Account:
    """An account as the CA last described it. `orders` is the URL of its list of orders, "" at CAs without one."""

    url: str
    status: str
    contact: tuple[str, ...] = ()
    orders: str = ""

    @classmethod
    def parse(cls, url: str, response: AcmeResponse) -> "Account":
        """Read the account at `url` from a response. Raises `ProtocolError`."""
        fields = response.fields("account")
        return cls(url, fields.text("status"), fields.optional.texts("contact"), fields.optional.text("orders"))


class ClosedAccountError(KeystayError):
    """The account at `url` was closed: `status` is "deactivated" (by its owner) or "revoked" (by the CA) (RFC 8555 §7.1.6)."""

    def __init__(self, url: str, status: str) -> None:
        super().__init__("account-closed", detail=f"{url}: {status}")
        self.url = url
        self.status = status


@dataclass(frozen=True)
class OrderList:
    """The URLs of an account's orders, as far as they could be read; `fault` is the error at which reading ended, or None."""

    urls: tuple[str, ...]
    fault: KeystayError | None = None


async def register(
    client: Client, *, terms_agreed: bool, contact: tuple[str, ...] = (), external: ExternalAccount | None = None
) -> str:
    """Create the account of the client's key, or find the existing one. Returns its URL and sets it in the client.

    A person must have agreed to the terms: this function only passes that on. Repeating it with a known key is harmless: the
    CA responds with 200 and the same URL and ignores the fields (§7.3.1), and a CA that forgot the account (a practice CA
    that was restarted) creates it again. Raises `ClosedAccountError` where the CA returns one that was closed, and what
    `Client.post` raises.
    """
    client.account_url = None
    url = client.directory.new_account
    payload: dict[str, object] = {"termsOfServiceAgreed": terms_agreed}
    if contact:
        payload["contact"] = list(contact)
    if external:
        payload["externalAccountBinding"] = bind(client.key.public_jwk, url, external)
    return _use_account(client, await client.post(url, payload))


async def find(client: Client) -> str:
    """The URL of the account that the client's key has, which must exist (§7.3.1); it becomes the client's.

    Raises `ProblemError` with `accountDoesNotExist` where there is none, `ClosedAccountError` where it was closed, and what
    `Client.post` raises.
    """
    client.account_url = None
    return _use_account(client, await client.post(client.directory.new_account, {"onlyReturnExisting": True}))


def _use_account(client: Client, response: AcmeResponse) -> str:
    """Set the account of a response to newAccount in the client.

    RFC 8555 §7.3.6 requires CAs to refuse closed ones; some return them.
    """
    url = response.location
    status = _status(response)
    if status in _CLOSED:
        raise ClosedAccountError(url, status)
    client.account_url = url
    return url


def _status(response: AcmeResponse) -> str:
    """The status in a response of which only the Location is needed, or ""."""
    try:
        return response.fields("account").optional.text("status")
    except ProtocolError:
        return ""


async def read_account(client: Client) -> Account:
    """The account as it is now. Raises what `Client.post_as_get` raises."""
    url = _url(client)
    return Account.parse(url, await client.post_as_get(url))


async def update_contact(client: Client, contact: tuple[str, ...]) -> None:
    """Ask the CA to replace the contact addresses (§7.3.2); an empty tuple removes them.

    Not every CA stores them: `read_account` shows whether it did. Raises what `Client.post` raises.
    """
    await client.post(_url(client), {"contact": list(contact)})


async def deactivate(client: Client) -> None:
    """Close the account for good (§7.3.6). Raises `ProtocolError` where it is still open, and what `Client.post` raises."""
    response = await client.post(_url(client), {"status": "deactivated"})
    status = _status(response)
    if status not in ("", *_CLOSED):
        raise ProtocolError("account-still-open", detail=f"status: {status[:200]}")


def empty_list_breaks_account(directory: str, account: Account) -> bool:
    """Whether reading the account's list of orders while none is open would break the account.

    step-ca lists open orders only. Asked after the last of them has ended, it stores an empty value in their place and from
    then on refuses every newOrder of that account with a 500 (0.30.2). Only its URLs show that it is step-ca.
    """
    return (
        account.url.startswith(f"{directory.removesuffix('directory')}account/") and account.orders == f"{account.url}/orders"
    )


async def list_orders(client: Client, url: str) -> OrderList:
    """The account's orders (§7.1.2.1), page by page, up to what cannot be read. Never raises for what a CA says."""
    orders: list[str] = []
    for _ in range(MAX_PAGES):
        try:
            response = await client.post_as_get(url)
            orders += order_urls(response)
        except KeystayError as error:
            return OrderList(tuple(orders), error)
        following = response.links("next")
        if not following or following[0] == url:
            break
        url = following[0]
    return OrderList(tuple(orders))


def order_urls(response: AcmeResponse) -> tuple[str, ...]:
    """The URLs in one page of a list; step-ca writes the bare array. Entries of other types are left out.

    Raises `ProtocolError`.
    """
    value = read_value(response.body, "orders")
    entries = value if isinstance(value, list) else JsonObject(value, "orders").optional.any("orders")
    if not isinstance(entries, list):
        raise ProtocolError("json-wrong-type", detail=words(value)[:500], where="orders", member="orders")
    if len(entries) > MAX_ORDERS_PER_PAGE:
        count = len(entries)
        raise OversizeError("json-too-many-entries", where="orders", member="orders", count=count, most=MAX_ORDERS_PER_PAGE)
    return tuple(entry for entry in entries if isinstance(entry, str))


async def change_key(client: Client, new: KeyHandle) -> None:
    """Replace the account's key by `new` (§7.3.5): the inner JWS is signed by `new`, the outer one by the old key.

    The client still has the old key afterwards. Raises `ProblemError`, of type `conflict` where another account has `new`, and
    `NotOfferedError` for a CA without key changes; some of these name a URL for them in their directory.
    """
    url = client.directory.key_change
    if url is None:
        raise NotOfferedError("key change")
    inner = {"account": _url(client), "oldKey": dict(client.key.public_jwk)}
    try:
        await client.post(url, await sign_key_change(new, inner, url=url))
    except ProblemError as error:
        if error.problem.is_not_offered:
            raise NotOfferedError("key change", detail=error.detail) from error
        raise


def _url(client: Client) -> str:
    if client.account_url is None:
        raise ProtocolError("no-account-url")
    return client.account_url
