"""What a person reads in the panel of the accounts that this browser has."""

from collections.abc import Mapping
from typing import Final

from app.accounts.commands import AccountState
from app.accounts.stored_account import StoredAccount
from app.acme.identifier import readable
from app.encoding.key_types import KEY_TYPES
from app.text.catalog import N_, _, ngettext
from app.text.errors import message_for
from app.text.message import Question
from app.text.untrusted import one_line

MAX_NUMBER: Final = 16  # characters of an account's number

_STATUS: Final[Mapping[str, str]] = {
    "valid": N_("State: in use"),
    "deactivated": N_("State: closed by its owner"),
    "revoked": N_("State: closed by the CA"),
}


def account_words(account: StoredAccount) -> str:
    """What tells an account from others at its CA: the end of its URL, and how it came into this browser."""
    number = account_number(account)
    if account.must_be_chosen:
        return _("Account {number}, from a backup, not used here yet", number=number)
    if account.made:
        return _("Account {number}, here since {day:date}", number=number, day=account.made)
    return _("Account {number}", number=number)


def account_number(account: StoredAccount) -> str:
    """The last part of the account's URL: what a CA's support calls the account ID. A long one is cut."""
    last = account.url.rstrip("/").rpartition("/")[2]
    return last if len(last) <= MAX_NUMBER else f"…{last[-MAX_NUMBER:]}"


def listed_account(ca: str, account: str) -> str:
    """An account in the list: its CA, and what tells it from others there."""
    return _("{ca}: {account}", ca=ca, account=account)


def unreadable_account() -> str:
    """An account in the list whose record cannot be read."""
    return _("An account that cannot be read")


# ---- what the CA says of it ----


def addresses(contact: tuple[str, ...]) -> list[str]:
    """The e-mail addresses of `mailto:` URLs (RFC 8555 §7.3); what is another kind of URL stays as it is."""
    return [url.removeprefix("mailto:") for url in contact]


def state_lines(state: AccountState) -> tuple[str, ...]:
    """What the CA says of an account, line by line. Orders that cannot be read are mentioned, with the reason."""
    account, contact = state.account, addresses(state.account.contact)
    lines = [
        _("Account: {url}", url=account.url),
        _(_STATUS[account.status]) if account.status in _STATUS else _("State: {state}", state=account.status),
        _("Key: {type}", type=KEY_TYPES[state.spec].name),
        _("Contact: {addresses:list}", addresses=contact) if contact else _("Contact: none"),
        _orders_line(state),
    ]
    for order in reversed(state.orders):
        names = [readable(identifier.value) for identifier in order.identifiers]
        if names:
            lines.append(_("Order for {names:list}: {state}", names=names, state=order.status))
        else:
            lines.append(_("Order for names that cannot be read: {state}", state=order.status))
    if state.unreadable and state.orders:
        lines.append(ngettext("{n} more cannot be read", "{n} more cannot be read", state.unreadable))
    elif state.unreadable:
        lines.append(ngettext("None of {n} can be read", "None of {n} can be read", state.unreadable))
    return tuple(map(one_line, lines))


def _orders_line(state: AccountState) -> str:
    if state.not_asked:
        return _(
            "Orders: not requested. This CA lists only open orders, none is open here, and the request would damage the account"
        )
    if state.fault is None:
        return _("Orders: this CA lists none") if state.count is None else _("Orders: {count}", count=state.count)
    reason = message_for(state.fault, task="account").title
    if not state.count:
        return _("Orders: their list cannot be read: {reason}", reason=reason)
    return _(
        "Orders: {count}, and the rest of the list cannot be read: {reason}",
        count=state.count,
        reason=reason,
    )


def state_read() -> str:
    """Said above these lines."""
    return _("This is what the CA says.")


# ---- what comes of a click ----


def contact_changed(wanted: tuple[str, ...], stored: tuple[str, ...]) -> str:
    """What became of the contact addresses that a person `wanted`, given those that the CA has `stored`."""
    if set(map(str.lower, wanted)) == set(map(str.lower, stored)):
        return _("The CA has the new contact.") if wanted else _("The CA has no contact address any more.")
    if not stored:
        return _("The CA accepted the change, but shows no contact address: it stores none, and will not write to you.")
    return _(
        "The CA accepted the change, but shows other addresses: {addresses}.",
        addresses=one_line(", ".join(addresses(stored))),
    )


def key_changed() -> str:
    """The account has a new key."""
    return _(
        "The account has a new key. The old one is gone. An order that waits for proof shows new values. DNS records that "
        "stay (dns-persist-01) may no longer be valid: the next order shows the valid value."
    )


def key_saved(file: str) -> str:
    """The account's key is in the downloads, as `file`."""
    return _("{file} is in your downloads. Whoever has it controls this account: keep it secret.", file=file)


def account_imported(ca: str, url: str) -> str:
    """The CA knows the account of the key that was pasted."""
    return _("{ca} knows this key. Its account is {url}. This browser uses that account from now on.", ca=ca, url=one_line(url))


def not_closed() -> str:
    """After a no to closing the account."""
    return _("The account was not closed.")


def closed() -> str:
    """After a yes to that."""
    return _("The account is closed, and its key is gone. A new order makes a new account.")


def not_forgotten() -> str:
    """After a no to forgetting the account."""
    return _("The account was not forgotten.")


def forgotten() -> str:
    """After a yes to that."""
    return _("The account is forgotten here, and its key is gone. It stays open at the CA.")


def record_deleted() -> str:
    """After a yes to deleting a record that cannot be read."""
    return _("The record is deleted. Keys that it may have used are under “Keys in this browser”.")


# ---- questions ----


def closing_question(ca: str) -> Question:
    """The question before an account at `ca` is closed."""
    return Question(
        title=_("Close the account at {ca}?", ca=ca),
        text=_(
            "The CA will permanently refuse everything that this account asks for, and its key is deleted here. "
            "Certificates stay valid, but the account cannot revoke them any more. Orders that are under way are lost."
        ),
        yes=_("Close the account"),
        no=_("Keep it"),
        tick=_("I know that nobody can reopen it."),
    )


def forgetting_question(account: str) -> Question:
    """The question before this browser forgets an account; `account` is how the list names it."""
    return Question(
        title=_("Forget this account here?"),
        text=_(
            "Its key is deleted from this browser. The account stays open at the CA, but nobody can use it from here: its "
            "orders cannot go on, and it cannot revoke its certificates."
        ),
        yes=_("Forget it"),
        no=_("Keep it"),
        tick=_("I have its key elsewhere, or do not need the account."),
        lines=(account,),
    )


def forgetting_unreadable_question() -> Question:
    """The question before the record of an account that cannot be read is deleted."""
    return Question(
        title=_("Delete this record?"),
        text=_(
            "The account in it cannot be read, so nothing in this browser can use it. Its keys stay under “Keys in this "
            "browser”. If a newer version of Keystay made the record, open that one instead."
        ),
        yes=_("Delete it"),
        no=_("Keep it"),
        tick=_("I do not need this record."),
    )
