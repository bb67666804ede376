"""The account's part of the form: which one orders; of a new one contact, the CA's credentials (EAB), the kind of its key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol, get_args

from app.accounts.account_store import NEW
from app.accounts.stored_account import NewAccount, StoredAccount
from app.ca.catalog import CertificateAuthority, find_ca
from app.errors import FieldError, StorageError
from app.issuance.workflow import Workflow
from app.pki.private_key_detection import looks_like_private_key
from app.ports import KeySpec
from app.ui.form.external_account import read_external_account

_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
MAX_CONTACTS: Final = 10
MAX_NUMBER: Final = 16  # characters
NEW_WORDS: Final = "A new account"


@dataclass(frozen=True)
class AccountForm:
    """The fields as they stand, named as in the page's hooks. `terms` is the link to the terms that is shown, or "".

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
    """What the person wants of an account that is made now, and everything that must be mended in it; None for no new one."""
    if form.choice not in ("", NEW):
        return None, ()
    errors: list[FieldError] = []
    contact: tuple[str, ...] = ()
    external = None
    try:
        external = read_external_account(form.eab_kid, form.eab_key)
    except FieldError as error:
        errors.append(error)
    try:
        contact = read_contact(form.contact)
    except FieldError as error:
        errors.append(error)
    spec = next((spec for spec in get_args(KeySpec) if spec == form.account_key_type), None)
    if spec is None:
        errors.append(FieldError("account-key-type", "Choose a kind of key for the account."))
    return NewAccount(contact, external, spec or "ec-p256", form.account_extractable, form.terms), tuple(errors)


def missing_credentials(form: AccountForm, ca: str) -> tuple[FieldError, ...]:
    """What is missing of the credentials (EAB) that the CA named `ca` wants for a new account, field by field."""
    words = {
        "eab-kid": f"The key ID is missing. {ca} takes new accounts from its customers only, and its website shows it.",
        "eab-key": f"The HMAC key is missing. {ca}’s website shows it beside the key ID.",
    }
    typed = {"eab-kid": form.eab_kid, "eab-key": form.eab_key}
    return tuple(FieldError(field, text) for field, text in words.items() if not typed[field].strip())


def read_contact(text: str, field: str = "contact") -> tuple[str, ...]:
    """The `mailto:` URLs of the e-mail addresses in `text`, each with one address and no more (RFC 8555 §7.3).

    Raises `FieldError` for `field`.
    """
    if looks_like_private_key(text):
        raise FieldError(field, "This looks like a private key, so it is not sent. Write an e-mail address, or nothing.")
    addresses = tuple(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))
    for address in addresses:
        if not _ADDRESS.fullmatch(address) or len(address) > 254:
            raise FieldError(field, f"“{address[:60]}” is not an e-mail address that a CA takes, like me@example.com.")
    if len(addresses) > MAX_CONTACTS:
        raise FieldError(field, f"These are {len(addresses)} addresses. One or two are enough.")
    # What would begin the next part of a URL is written in its escaped form (RFC 6068 §2).
    return tuple(f"mailto:{address.replace('%', '%25').replace('?', '%3F').replace('#', '%23')}" for address in addresses)


class AccountChoiceView(Protocol):
    """The list of accounts in step 1, as far as it must be filled."""

    def chosen(self) -> tuple[str, str]:
        """The value of the list of CAs, and what stands in the box for a directory URL."""
        ...

    def show_accounts(self, accounts: tuple[tuple[str, str], ...]) -> None:
        """Offer `accounts` (id, words), the first one chosen, and a new one last unless it is among them (`NEW`).

        Hide the list where there are none.
        """
        ...


class AccountChoicePresenter:
    """Which of this browser's accounts orders at the CA that is chosen."""

    def __init__(self, workflow: Workflow, page: AccountChoiceView) -> None:
        self._flow = workflow
        self._page = page

    async def look(self) -> None:
        """Offer the accounts at the CA that is chosen now, the one that ordered last first."""
        authority = self._authority()
        try:
            there = await self._flow.accounts.at(authority.directory) if authority else []
        except StorageError:  # whoever presses Start is told
            there = []
        if self._authority() == authority:  # no other one was chosen meanwhile
            self._page.show_accounts(account_options(there))

    def _authority(self) -> CertificateAuthority | None:
        try:
            return find_ca(self._flow.authorities, *self._page.chosen())
        except FieldError:
            return None


def account_options(there: Sequence[StoredAccount]) -> tuple[tuple[str, str], ...]:
    """The accounts at one CA as (id, words); where a person must choose each of them, a new one stands first."""
    options = tuple((account.id, account_words(account)) for account in there)
    return ((NEW, NEW_WORDS), *options) if there and all(account.must_be_chosen for account in there) else options


def account_words(account: StoredAccount) -> str:
    """What tells an account from others at its CA: the end of its URL, and how it came into this browser."""
    number = account_number(account)
    if account.must_be_chosen:
        return f"Account {number}, from a backup, not used here yet"
    return f"Account {number}, here since {day(account.made)}" if account.made else f"Account {number}"


def account_number(account: StoredAccount) -> str:
    """The last part of the account's URL: what a CA's support calls the account ID. A long one is cut."""
    last = account.url.rstrip("/").rpartition("/")[2]
    return last if len(last) <= MAX_NUMBER else f"…{last[-MAX_NUMBER:]}"


def day(seconds: float) -> str:
    """The day of a moment in Unix seconds (UTC), such as 24 November 2026."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment.day} {moment:%B %Y}"
