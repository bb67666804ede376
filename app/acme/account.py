"""Accounts (RFC 8555 §7.1.2, §7.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.acme.answer import Answer
from app.acme.client import Client
from app.acme.eab import ExternalAccount, bind
from app.acme.jws import sign_inner
from app.errors import ProtocolError
from app.ports import KeyHandle

MOST_PAGES: Final = 20
"""Pages of an orders list that are read; one that goes on for ever must not keep a person waiting."""

MOST_ON_A_PAGE: Final = 10_000  # some CAs list all orders on one


@dataclass(frozen=True)
class Account:
    """An account as the CA last described it. `orders` is the URL of its list of orders, "" at CAs without one."""

    url: str
    status: str
    contact: tuple[str, ...] = ()
    orders: str = ""

    @classmethod
    def parse(cls, url: str, answer: Answer) -> "Account":
        """Read the account at `url` from an answer. Raises `ProtocolError`."""
        fields = answer.fields("account")
        return cls(url, fields.text("status"), fields.texts("contact"), fields.optional_text("orders") or "")


async def register(
    client: Client, *, terms_agreed: bool, contact: tuple[str, ...] = (), external: ExternalAccount | None = None
) -> str:
    """Make the account of the client's key, or find the one that exists; give its URL to the client and back.

    A person must have agreed to the terms: this function only passes their word on. Asking again with a known key is
    harmless: the CA answers 200 with the same URL and ignores the fields (§7.3.1), and a CA that forgot the account (a
    practice CA that was started anew) gets it again. Raises what `Client.post` raises.
    """
    client.account_url = None
    url = client.directory.new_account
    payload: dict[str, object] = {"termsOfServiceAgreed": terms_agreed}
    if contact:
        payload["contact"] = list(contact)
    if external:
        payload["externalAccountBinding"] = bind(client.key.public_jwk, url, external)
    answer = await client.post(url, payload)
    client.account_url = answer.location
    return answer.location


async def find(client: Client) -> str:
    """The URL of the account that the client's key has, which must exist (§7.3.1); it becomes the client's.

    Raises `ProblemError` with `accountDoesNotExist` where there is none, and what `Client.post` raises.
    """
    client.account_url = None
    answer = await client.post(client.directory.new_account, {"onlyReturnExisting": True})
    client.account_url = answer.location
    return answer.location


async def read_account(client: Client) -> Account:
    """The account as it stands. Raises what `Client.read` raises."""
    url = _url(client)
    return Account.parse(url, await client.read(url))


async def update_contact(client: Client, contact: tuple[str, ...]) -> Account:
    """Replace the contact addresses (§7.3.2); none takes them away. Raises what `Client.post` raises."""
    return await _update(client, {"contact": list(contact)})


async def deactivate(client: Client) -> Account:
    """Close the account for good (§7.3.6). Raises what `Client.post` raises."""
    return await _update(client, {"status": "deactivated"})


async def _update(client: Client, change: Mapping[str, object]) -> Account:
    url = _url(client)
    return Account.parse(url, await client.post(url, change))


async def list_orders(client: Client, url: str) -> tuple[str, ...]:
    """The URLs of the account's orders (§7.1.2.1), page by page. Raises what `Client.read` raises."""
    orders: list[str] = []
    for _ in range(MOST_PAGES):
        answer = await client.read(url)
        orders += answer.fields("orders list").texts("orders", MOST_ON_A_PAGE)
        following = answer.links("next")
        if not following or following[0] == url:
            break
        url = following[0]
    return tuple(orders)


async def change_key(client: Client, new: KeyHandle) -> None:
    """Give the account the key `new` (§7.3.5): signed by it within, and by the old one around that.

    The client still has the old key afterwards. Raises `ProblemError`, of type `conflict` where another account has `new`.
    """
    url = client.directory.key_change
    if url is None:
        raise ProtocolError("The CA offers no way to change an account’s key.")
    inner = {"account": _url(client), "oldKey": dict(client.key.public_jwk)}
    await client.post(url, await sign_inner(new, inner, url=url))


def _url(client: Client) -> str:
    if client.account_url is None:
        raise ProtocolError("The account is not known yet.")
    return client.account_url
