"""The account in the form: which one orders; for a new one, its contact, the CA's credentials (EAB) and the kind of its key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, get_args

from app.accounts.account_store import NEW
from app.accounts.stored_account import MAX_CONTACTS, NewAccount, StoredAccount
from app.ca.catalog import CertificateAuthority, find_ca_or_none
from app.errors import FieldError, StorageError
from app.issuance.workflow import Workflow
from app.pki.private_key_detection import looks_like_private_key
from app.ports import KeySpec
from app.text.accounts import account_words
from app.text.form import new_account
from app.ui.form.external_account import read_external_account
from app.ui.form.fields import ErrorCollector

_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class AccountForm:
    """The values of the fields, named as in the page's hooks. `terms` is the link to the terms that is shown, or "".

    `choice` is the id of an account that this browser has, `NEW`, or "" where there is nothing to choose.
    """

    contact: str = ""
    eab_kid: str = ""
    eab_key: str = ""
    account_key_type: str = "ec-p256"
    account_extractable: bool = False
    terms: str = ""
    choice: str = ""


def read_new_account(form: AccountForm) -> tuple[NewAccount | None, tuple[FieldError, ...]]:
    """What a person wants of a new account, and everything in it that must be corrected; None for an existing account."""
    if form.choice not in ("", NEW):
        return None, ()
    errors = ErrorCollector(FieldError)
    external = errors.read(lambda: read_external_account(form.eab_kid, form.eab_key))
    contact = errors.read(lambda: read_contact(form.contact)) or ()
    spec = next((spec for spec in get_args(KeySpec) if spec == form.account_key_type), None)
    if spec is None:
        errors.add(FieldError("account-key-type", "no-account-key-type"))
    return NewAccount(contact, external, spec or "ec-p256", form.account_extractable, form.terms), tuple(errors.errors)


def missing_credentials(form: AccountForm, ca: str) -> tuple[FieldError, ...]:
    """What is missing of the credentials (EAB) that the CA named `ca` wants for a new account, field by field."""
    errors = ErrorCollector(FieldError)
    errors.add(None if form.eab_kid.strip() else FieldError("eab-kid", "key-id-needed", ca=ca))
    errors.add(None if form.eab_key.strip() else FieldError("eab-key", "hmac-key-needed", ca=ca))
    return tuple(errors.errors)


def read_contact(text: str, field: str = "contact") -> tuple[str, ...]:
    """The `mailto:` URLs of the e-mail addresses in `text`, each with one address and no more (RFC 8555 §7.3).

    Raises `FieldError` for `field`.
    """
    if looks_like_private_key(text):
        raise FieldError(field, "private-key-in-contact")
    addresses = tuple(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))
    for address in addresses:
        if not _ADDRESS.fullmatch(address) or len(address) > 254:
            raise FieldError(field, "contact-no-address", address=address[:60])
    if len(addresses) > MAX_CONTACTS:
        raise FieldError(field, "too-many-contacts", n=len(addresses))
    # What would begin the next part of a URL is written in its escaped form (RFC 6068 §2).
    return tuple(f"mailto:{address.replace('%', '%25').replace('?', '%3F').replace('#', '%23')}" for address in addresses)


class AccountChoiceView(Protocol):
    """What the presenter may ask of the list of accounts in step 1."""

    def chosen(self) -> tuple[str, str]:
        """The chosen value of the list of CAs, and the content of the box for a directory URL."""
        ...

    def show_accounts(self, accounts: tuple[tuple[str, str], ...]) -> None:
        """Offer `accounts` (id, words), the first one chosen, and a new one last unless it is among them (`NEW`).

        Hide the list where there are none.
        """
        ...


class AccountChoicePresenter:
    """Which of this browser's accounts orders at the CA that is chosen."""

    def __init__(self, workflow: Workflow, page: AccountChoiceView) -> None:
        self._workflow = workflow
        self._page = page

    async def refresh(self) -> None:
        """Offer the accounts at the CA that is chosen now, the one that ordered last first."""
        authority = self._authority()
        try:
            there = await self._workflow.accounts.at(authority.directory) if authority else []
        except StorageError:  # Start reports it
            there = []
        if self._authority() == authority:  # no other one was chosen meanwhile
            self._page.show_accounts(account_options(there))

    def _authority(self) -> CertificateAuthority | None:
        return find_ca_or_none(self._workflow.authorities, *self._page.chosen())


def account_options(there: Sequence[StoredAccount]) -> tuple[tuple[str, str], ...]:
    """The accounts at one CA as (id, words). Where a person must choose each of them, a new one stands first."""
    options = tuple((account.id, account_words(account)) for account in there)
    return ((NEW, new_account()), *options) if there and all(account.must_be_chosen for account in there) else options
