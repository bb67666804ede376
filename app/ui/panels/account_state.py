"""What a CA says of an account, in a person's words."""

from typing import Final

from app.accounts.commands import AccountState
from app.acme.identifier import readable
from app.text.error_messages import message_for
from app.text.untrusted import one_line

_STATUS: Final = {"valid": "in use", "deactivated": "closed by its owner", "revoked": "closed by the CA"}


def addresses(contact: tuple[str, ...]) -> list[str]:
    """The e-mail addresses of `mailto:` URLs (RFC 8555 §7.3); what is another kind of URL stays as it is."""
    return [url.removeprefix("mailto:") for url in contact]


def state_lines(state: AccountState) -> tuple[str, ...]:
    """What the CA says of an account, line by line. Orders that cannot be read are told of, with a word on why."""
    lines = [
        f"Account: {state.account.url}",
        f"State: {_STATUS.get(state.account.status, state.account.status)}",
        f"Key: {state.spec}",
        f"Contact: {', '.join(addresses(state.account.contact)) or 'none'}",
        f"Orders: {_order_words(state)}",
    ]
    for order in reversed(state.orders):
        names = ", ".join(readable(identifier.value) for identifier in order.identifiers)
        lines.append(f"Order for {names or 'names that cannot be read'}: {order.status}")
    if state.unreadable:
        lines.append(f"{state.unreadable} more cannot be read" if state.orders else f"None of {state.unreadable} can be read")
    return tuple(map(one_line, lines))


def _order_words(state: AccountState) -> str:
    if state.not_asked:
        return "not asked for. This CA lists open orders only, none is open here, and step-ca breaks an account that asks then"
    if state.fault is None:
        return "this CA lists none" if state.count is None else f"{state.count}"
    why = message_for(state.fault, task="account").title
    if not state.count:
        return f"their list cannot be read: {why}"
    return f"{state.count}, and the rest of the list cannot be read: {why}"


def contact_words(wanted: tuple[str, ...], kept: tuple[str, ...]) -> str:
    """What became of the contact addresses that a person `wanted`, by those that the CA has `kept`."""
    if set(map(str.lower, wanted)) == set(map(str.lower, kept)):
        return "The CA has the new contact." if wanted else "The CA has no contact address any more."
    if not kept:
        return "The CA took the change, but shows no contact address: it does not keep any, and will not write to you."
    return f"The CA took the change, but shows other addresses: {one_line(', '.join(addresses(kept)))}."
