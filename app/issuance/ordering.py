"""Places an order, and names the certificate that it replaces (RFC 8555 §7.4, RFC 9773 §5)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from app.acme.client import Client
from app.acme.order import Order, new_order
from app.acme.problem import ProblemError
from app.issuance.issuance import Issuance, OrderOptions
from app.pki.certificate import renewal_id

_NOT_REPLACEABLE: Final = ("alreadyReplaced", "malformed", "unauthorized", "serverInternal")
"""What CAs say of a certificate that was replaced already or that they do not know; Pebble calls the latter serverInternal."""


async def place_order(
    client: Client, issuance: Issuance, read_saved: Callable[[], Awaitable[Sequence[Issuance]]]
) -> tuple[OrderOptions, Order]:
    """Order what `issuance` asks for. Where the CA has ARI, the order replaces the newest certificate of its kind.

    That is in what `read_saved` gives: the saved orders, newest first. The returned choices hold the `replaces` that the CA
    accepted. Raises what `Client.post` raises.
    """
    replaced = _predecessor(issuance, await read_saved()) if client.directory.renewal_info else ""
    choices = replace(issuance.choices, replaces=replaced)
    try:
        return choices, await _place(client, choices)
    except ProblemError as error:
        if not replaced or error.problem.type not in _NOT_REPLACEABLE:
            raise
    choices = replace(choices, replaces="")
    return choices, await _place(client, choices)


async def _place(client: Client, choices: OrderOptions) -> Order:
    return await new_order(client, choices.identifiers, profile=choices.profile, replaces=choices.replaces)


def _predecessor(issuance: Issuance, saved: Sequence[Issuance]) -> str:
    """The ARI name of the newest certificate for the same names from the same account, if this browser holds one, or ""."""
    for other in saved:  # newest first
        same = set(other.choices.identifiers) == set(issuance.choices.identifiers)
        if other.state == "issued" and same and other.account_url == issuance.account_url:
            return renewal_id(other.certificate_pem)
    return ""
