"""The panel for the accounts in this browser: the list, the state at the CA, and the commands."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

from app.accounts.commands import (
    AccountState,
    change_contact,
    close,
    forget,
    forget_unreadable,
    import_account,
    read_state,
    roll_over,
)
from app.accounts.stored_account import StoredAccount
from app.ca.catalog import CertificateAuthority, ca_name, usable_ca
from app.errors import FieldError, InputError, StorageError
from app.issuance.workflow import Workflow
from app.pki.formats.file import File
from app.pki.jwk import read_key, to_jwk
from app.pki.pem import to_pem
from app.text import accounts as text
from app.text.accounts import account_words
from app.text.errors import message_for
from app.text.message import Message
from app.text.tasks import Task
from app.text.untrusted import one_line
from app.ui.form.account import read_contact
from app.ui.form.fields import at_field, ca_field
from app.ui.runner import TaskRunner
from app.ui.session import Session
from app.ui.views import ConfirmView


@dataclass(frozen=True)
class AccountsForm:
    """The values of the panel's fields. `chosen` is the id of the account in the list, "" where there is none."""

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
    """What the presenter may ask of the panel."""

    def form(self) -> AccountsForm:
        """The current values of the fields."""
        ...

    def show(self, view: AccountsModel) -> None:
        """Show `view`."""
        ...

    def tell(self, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None) -> None:
        """Say how it goes. Put `error` beside its field, show `message`, and take all others away."""
        ...

    def empty_import(self) -> None:
        """Empty the box for a key: it should not stay on a screen."""
        ...

    def save(self, file: File) -> None:
        """Hand a file to the person."""
        ...


class AccountsPresenter:
    """The clicks on the panel."""

    def __init__(self, workflow: Workflow, page: AccountsView, dialog: ConfirmView, session: Session) -> None:
        self._workflow = workflow
        self._page = page
        self._dialog = dialog
        self._session = session
        self._view = AccountsModel()
        self._unreadable: list[str] = []  # ids in the list whose records cannot be read
        self._task = TaskRunner()
        self._authority: CertificateAuthority | None = None  # the CA that the work speaks to

    async def open(self) -> None:
        """The panel was unfolded: list the accounts."""
        await self._run(self._list)

    async def refresh(self) -> None:
        """Something was done elsewhere on the page: an account may have been added or deleted."""
        with suppress(StorageError):  # opening the panel reports it
            if not self._task.busy and await self._entries() != self._view.accounts:
                await self._list()

    async def choose(self) -> None:
        """Another account was chosen: show it, and nothing that was said about the one before."""
        await self._run(self._list)

    async def ask(self) -> None:
        """Read the account and its orders back from the CA."""
        await self._run(lambda: self._with_account(self._ask), "account")

    async def change_contact(self) -> None:
        """Replace the contact addresses at the CA."""

        async def change(account: StoredAccount) -> str:
            wanted = read_contact(self._page.form().contact, "account-contact")
            await change_contact(self._workflow, account, wanted)
            return text.contact_changed(wanted, (await self._read(account)).account.contact)

        await self._run(lambda: self._with_account(change), "contact")

    async def roll_over(self) -> None:
        """Give the account a new key."""

        async def change(account: StoredAccount) -> str:
            self._session.check_idle("account")
            await roll_over(self._workflow, account)
            await self._list()
            return text.key_changed()

        await self._run(lambda: self._with_account(change), "key change")
        await self._session.refresh()

    async def close(self) -> None:
        """Close the account for good, after the person has confirmed that they understand."""

        async def change(account: StoredAccount) -> str:
            self._session.check_idle("account")
            if not await self._dialog.confirm(text.closing_question(self._workflow.ca_of_account(account).name)):
                return text.not_closed()
            await close(self._workflow, account)
            await self._list()
            return text.closed()

        await self._run(lambda: self._with_account(change), "closing")

    async def forget(self) -> None:
        """Delete the account from this browser only, after the person has confirmed that they understand."""
        chosen = self._page.form().chosen

        async def change_unreadable() -> str:
            self._session.check_idle("account")
            if not await self._dialog.confirm(text.forgetting_unreadable_question()):
                return text.not_forgotten()
            await forget_unreadable(self._workflow, chosen)
            await self._list()
            return text.record_deleted()

        async def change(account: StoredAccount) -> str:
            self._session.check_idle("account")
            if not await self._dialog.confirm(text.forgetting_question(self._words(account))):
                return text.not_forgotten()
            await forget(self._workflow, account)
            await self._list()
            return text.forgotten()

        unreadable = chosen in self._unreadable
        await self._run(change_unreadable if unreadable else lambda: self._with_account(change))
        await self._session.refresh()

    async def export_key(self, form: str) -> None:
        """Hand out the account's key as "pem" or "jwk"."""

        async def export(account: StoredAccount) -> str:
            pkcs8 = await self._workflow.ports.keys.export_pkcs8(account.key)
            key = to_jwk(pkcs8) if form == "jwk" else to_pem("PRIVATE KEY", pkcs8)
            kind = "application/jwk+json" if form == "jwk" else "application/x-pem-file"
            file = File(f"account-key.{'json' if form == 'jwk' else 'pem'}", kind, key.encode("ascii"))
            self._page.save(file)
            return text.key_saved(file.name)

        await self._run(lambda: self._with_account(export))

    async def import_account(self) -> None:
        """Find the account of a pasted key at the CA, and save it."""

        async def find() -> str:
            form = self._page.form()
            with at_field(ca_field(form.import_ca, "import-ca", "import-directory")):
                authority = usable_ca(self._workflow.authorities, form.import_ca, form.import_directory)
            self._authority = authority
            with at_field("import-key"):
                key = read_key(form.import_key)
                url = await import_account(self._workflow, authority, key, extractable=form.import_extractable)
            self._page.empty_import()
            await self._list()
            return text.account_imported(authority.name, url)

        await self._run(find, "import")

    async def _list(self) -> str:
        saved, entries = await self._workflow.accounts.all(), await self._entries()
        chosen = self._page.form().chosen
        listed = dict(entries)
        current_id = chosen if chosen in listed else next(iter(listed), "")
        current = next((account for account in saved if account.id == current_id), None)
        self._view = AccountsModel(entries, extractable=bool(current and current.extractable))
        self._page.show(self._view)
        return ""

    async def _entries(self) -> tuple[tuple[str, str], ...]:
        accounts = self._workflow.accounts
        readable = tuple((account.id, self._words(account)) for account in await accounts.all())
        self._unreadable = await accounts.unreadable()
        return (*readable, *((id_, text.unreadable_account()) for id_ in self._unreadable))

    def _words(self, account: StoredAccount) -> str:
        return text.listed_account(ca_name(self._workflow.authorities, account.ca, account.directory), account_words(account))

    async def _ask(self, account: StoredAccount) -> str:
        await self._read(account)
        return text.state_read()

    async def _read(self, account: StoredAccount) -> AccountState:
        """Read the account back and show it."""
        state = await read_state(self._workflow, account)
        contact = one_line(", ".join(text.addresses(state.account.contact)))
        self._view = replace(self._view, lines=text.state_lines(state), contact=contact)
        self._page.show(self._view)
        return state

    async def _with_account(self, work: Callable[[StoredAccount], Awaitable[str]]) -> str:
        account = await self._workflow.accounts.saved(self._page.form().chosen)
        if account is None:
            raise FieldError("account", "no-account-yet")
        with suppress(InputError):  # the work itself reports it
            self._authority = self._workflow.ca_of_account(account)
        return await work(account)

    async def _run(self, work: Callable[[], Awaitable[str]], task: Task = "account") -> None:
        self._authority = None
        await self._task.do(work, self._page.tell, lambda error: message_for(error, self._authority, task))
