"""The panel for the accounts that this browser keeps: what a person sees of them, and each click on them."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, Protocol

from app.accounts.commands import (
    AccountState,
    bring_in,
    change_contact,
    close,
    forget,
    forget_unreadable,
    read_state,
    roll_over,
)
from app.accounts.stored_account import StoredAccount
from app.ca.catalog import CertificateAuthority, usable_ca
from app.errors import FieldError, StorageError
from app.issuance.workflow import Workflow
from app.pki.formats.pem_files import File
from app.pki.jwk import read_key, to_jwk
from app.pki.pem import to_pem
from app.text.errors import message_for
from app.text.message import Message
from app.text.tasks import Task
from app.text.untrusted import one_line
from app.ui.form.account import account_words, read_contact
from app.ui.panels.account_state import addresses, contact_words, state_lines
from app.ui.runner import TaskRunner
from app.ui.session import Session
from app.ui.views import Asks, Question

_ROLLED: Final = (
    "The account has a new key. The old one is gone. An order that waits for proof shows new values. DNS records that stay "
    "(dns-persist-01) may count no more: the next order shows the value that does."
)
UNREADABLE: Final = "An account that cannot be read"


@dataclass(frozen=True)
class AccountsForm:
    """The panel's fields as they stand. `chosen` is the id of the account in the list, "" where there is none."""

    chosen: str
    contact: str
    import_ca: str
    import_directory: str
    import_key: str
    import_extractable: bool


@dataclass(frozen=True)
class AccountsModel:
    """The panel: the accounts as (id, words), and what the CA said of the chosen one, line by line.

    `extractable` tells whether its key may be taken out. `contact` fills the field, None leaves it as it is.
    """

    accounts: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    extractable: bool = False
    contact: str | None = None


class AccountsView(Protocol):
    """The panel, as far as its clicks need it."""

    def form(self) -> AccountsForm:
        """The fields as they stand."""
        ...

    def show(self, view: AccountsModel) -> None:
        """Show `view`."""
        ...

    def tell(self, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None) -> None:
        """Say how it goes; put `error` beside its field, show `message`, and take all others away."""
        ...

    def empty_import(self) -> None:
        """Empty the box for a key: it should not stay on a screen."""
        ...

    def save(self, file: File) -> None:
        """Hand a file to the person."""
        ...


class AccountsPresenter:
    """The clicks on the panel."""

    def __init__(self, workflow: Workflow, page: AccountsView, asks: Asks, session: Session) -> None:
        self._flow = workflow
        self._page = page
        self._asks = asks
        self._session = session
        self._view = AccountsModel()
        self._task = TaskRunner()
        self._asked: CertificateAuthority | None = None  # the CA that the work speaks to

    async def open(self) -> None:
        """The panel was unfolded: list the accounts."""
        await self._guard(self._list)

    async def refresh(self) -> None:
        """Something was done elsewhere on the page: an account may have come or gone."""
        with suppress(StorageError):  # whoever asks for the list is told
            if not self._task.busy and await self._entries() != self._view.accounts:
                await self._list()

    async def choose(self) -> None:
        """Another account was chosen: what was said of the last one does not count."""
        await self._guard(self._list)

    async def ask(self) -> None:
        """Read the account and its orders back from the CA."""
        await self._guard(lambda: self._with(self._ask), "account")

    async def change_contact(self) -> None:
        """Replace the contact addresses at the CA."""

        async def change(account: StoredAccount) -> str:
            wanted = read_contact(self._page.form().contact, "account-contact")
            await change_contact(self._flow, account, wanted)
            return contact_words(wanted, (await self._read(account)).account.contact)

        await self._guard(lambda: self._with(change), "contact")

    async def roll_over(self) -> None:
        """Give the account a new key."""

        async def change(account: StoredAccount) -> str:
            self._session.check_calm("account")
            await roll_over(self._flow, account)
            await self._list()
            return _ROLLED

        await self._guard(lambda: self._with(change), "key change")
        await self._session.refresh()

    async def close(self) -> None:
        """Close the account for good, after the person has ticked that they know it."""

        async def change(account: StoredAccount) -> str:
            self._session.check_calm("account")
            if not await self._asks.confirm(_closing(self._flow.ca_of_account(account))):
                return "The account was not closed."
            await close(self._flow, account)
            await self._list()
            return "The account is closed, and its key is gone. A new order makes a new account."

        await self._guard(lambda: self._with(change), "closing")

    async def forget(self) -> None:
        """Delete the account from this browser only, after the person has ticked that they know it."""
        chosen = self._page.form().chosen

        async def change_unreadable() -> str:
            self._session.check_calm("account")
            if not await self._asks.confirm(_FORGETTING_UNREADABLE):
                return "The account was not forgotten."
            await forget_unreadable(self._flow, chosen)
            await self._list()
            return "The record is deleted. Keys that it may have used are under “Keys in this browser”."

        async def change(account: StoredAccount) -> str:
            self._session.check_calm("account")
            if not await self._asks.confirm(_forgetting(self._words(account))):
                return "The account was not forgotten."
            await forget(self._flow, account)
            await self._list()
            return "The account is forgotten here, and its key is gone. At the CA it stays open."

        unreadable = (chosen, UNREADABLE) in self._view.accounts
        await self._guard(change_unreadable if unreadable else lambda: self._with(change))
        await self._session.refresh()

    async def take_out(self, form: str) -> None:
        """Hand out the account's key as "pem" or "jwk"."""

        async def export(account: StoredAccount) -> str:
            pkcs8 = await self._flow.ports.keys.export_pkcs8(account.key)
            text = to_jwk(pkcs8) if form == "jwk" else to_pem("PRIVATE KEY", pkcs8)
            kind = "application/jwk+json" if form == "jwk" else "application/x-pem-file"
            file = File(f"account-key.{'json' if form == 'jwk' else 'pem'}", kind, text.encode("ascii"))
            self._page.save(file)
            return f"{file.name} is in your downloads. Whoever has it is this account: keep it secret."

        await self._guard(lambda: self._with(export))

    async def bring_in(self) -> None:
        """Find the account of a pasted key at the CA, and keep it."""

        async def find() -> str:
            form = self._page.form()
            authority = self._asked = _import_authority(self._flow.authorities, form)
            key = read_key(form.import_key, "import-key")
            url = await bring_in(self._flow, authority, key, extractable=form.import_extractable)
            self._page.empty_import()
            await self._list()
            return f"{authority.name} knows this key: account {url}. This browser uses it from now on."

        await self._guard(find, "import")

    async def _list(self) -> str:
        saved, entries = await self._flow.accounts.all(), await self._entries()
        chosen = self._page.form().chosen
        listed = dict(entries)
        current_id = chosen if chosen in listed else next(iter(listed), "")
        current = next((account for account in saved if account.id == current_id), None)
        self._view = AccountsModel(entries, extractable=bool(current and current.extractable))
        self._page.show(self._view)
        return ""

    async def _entries(self) -> tuple[tuple[str, str], ...]:
        accounts = self._flow.accounts
        readable = tuple((account.id, self._words(account)) for account in await accounts.all())
        return (*readable, *((id_, UNREADABLE) for id_ in await accounts.unreadable()))

    def _words(self, account: StoredAccount) -> str:
        try:
            ca = self._flow.ca_of_account(account).name
        except FieldError:
            ca = account.directory
        return f"{ca}: {account_words(account)}"

    async def _ask(self, account: StoredAccount) -> str:
        await self._read(account)
        return "This is what the CA says."

    async def _read(self, account: StoredAccount) -> AccountState:
        """Read the account back and show it."""
        state = await read_state(self._flow, account)
        contact = one_line(", ".join(addresses(state.account.contact)))
        self._view = replace(self._view, lines=state_lines(state), contact=contact)
        self._page.show(self._view)
        return state

    async def _with(self, work: Callable[[StoredAccount], Awaitable[str]]) -> str:
        account = await self._flow.accounts.saved(self._page.form().chosen)
        if account is None:
            raise FieldError("account", "This browser has no account yet. The first order makes one.")
        with suppress(FieldError):  # which the work itself says
            self._asked = self._flow.ca_of_account(account)
        return await work(account)

    async def _guard(self, work: Callable[[], Awaitable[str]], task: Task = "account") -> None:
        self._asked = None
        await self._task.do(work, self._page.tell, lambda error: message_for(error, self._asked, task))


def _closing(authority: CertificateAuthority) -> Question:
    return Question(
        title=f"Close the account at {authority.name}?",
        text="The CA will refuse everything that this account asks for, for ever, and its key is deleted here. Certificates "
        "stay valid, but the account cannot revoke them any more. Orders that are under way are lost.",
        yes="Close the account",
        no="Keep it",
        tick="I know that nobody can open it again.",
    )


def _forgetting(words: str) -> Question:
    return Question(
        title="Forget this account here?",
        text=f"{words}. Its key is deleted from this browser. At the CA the account stays open, but nobody can use it from "
        "here: orders that it began cannot go on, and it cannot revoke its certificates.",
        yes="Forget it",
        no="Keep it",
        tick="I have its key elsewhere, or do not need the account.",
    )


_FORGETTING_UNREADABLE: Final = Question(
    title="Delete this record?",
    text="The account in it cannot be read, so nothing in this browser can use it. Its keys stay under “Keys in "
    "this browser”. If a newer version of Keystay made the record, open that one instead.",
    yes="Delete it",
    no="Keep it",
    tick="I do not need this record.",
)


def _import_authority(authorities: tuple[CertificateAuthority, ...], form: AccountsForm) -> CertificateAuthority:
    try:
        return usable_ca(authorities, form.import_ca, form.import_directory)
    except FieldError as error:
        field = "import-directory" if error.field == "directory-url" else "import-ca"
        raise FieldError(field, str(error)) from error
