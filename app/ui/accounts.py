"""The account's part of the form: contact, the CA's credentials (EAB), and the kind of its key."""

import re
from dataclasses import dataclass
from typing import Final, get_args

from app.acme.eab import read_external_account
from app.errors import InputError
from app.flow.accounts import NewAccount
from app.ports import KeySpec

_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
MOST_CONTACTS: Final = 10


@dataclass(frozen=True)
class AccountForm:
    """The fields as they stand, named as in the page's hooks. `terms` is the link to the terms that is shown, or ""."""

    contact: str = ""
    eab_kid: str = ""
    eab_key: str = ""
    account_key_type: str = "ec-p256"
    account_extractable: bool = False
    terms: str = ""


def read_new_account(form: AccountForm) -> tuple[NewAccount, tuple[InputError, ...]]:
    """What the person wants of an account that is made now, and everything that must be mended in it."""
    errors: list[InputError] = []
    contact: tuple[str, ...] = ()
    external = None
    try:
        external = read_external_account(form.eab_kid, form.eab_key)
    except InputError as error:
        errors.append(error)
    try:
        contact = read_contact(form.contact)
    except InputError as error:
        errors.append(error)
    spec = next((spec for spec in get_args(KeySpec) if spec == form.account_key_type), None)
    if spec is None:
        errors.append(InputError("account-key-type", "Choose a kind of key for the account."))
    return NewAccount(contact, external, spec or "ec-p256", form.account_extractable, form.terms), tuple(errors)


def read_contact(text: str, field: str = "contact") -> tuple[str, ...]:
    """The `mailto:` URLs of the e-mail addresses in `text`, each with one address and no more (RFC 8555 §7.3).

    Raises `InputError` for `field`.
    """
    addresses = tuple(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))
    for address in addresses:
        if not _ADDRESS.fullmatch(address) or len(address) > 254:
            raise InputError(field, f"“{address[:60]}” is not an e-mail address that a CA takes, like me@example.com.")
    if len(addresses) > MOST_CONTACTS:
        raise InputError(field, f"These are {len(addresses)} addresses. One or two are enough.")
    # What would begin the next part of a URL is written in its escaped form (RFC 6068 §2).
    return tuple(f"mailto:{address.replace('%', '%25').replace('?', '%3F').replace('#', '%23')}" for address in addresses)
