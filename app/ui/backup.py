"""The panel for backups: making one, and restoring one."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal, Protocol

from app.errors import InputError, StorageError
from app.flow.accounts import SavedAccount
from app.flow.advance import Flow
from app.flow.backup import make_backup, not_in_backup, read_backup
from app.flow.issuance import Issuance, State
from app.flow.restore import Restored, restore
from app.flow.vault import check_size
from app.pki.bundle import File
from app.ui.keys import name_of_ca, names_of, purpose_words
from app.ui.one_task import OneTask
from app.ui.session import Session
from app.ui.view import Message

Part = Literal["backup", "restore"]
"""The two halves of the panel: making one, and restoring one."""

SHORTEST: Final = 12
"""Characters of a passphrase."""

_STANDS: Final[dict[State, str]] = {"proving": "waits for your proof", "issued": "finished", "failed": "failed"}


@dataclass(frozen=True)
class BackupForm:
    """The panel's fields as they stand; none of it is kept anywhere."""

    passphrase: str = field(repr=False)
    again: str = field(repr=False)
    restore_passphrase: str = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """One part of what came of a restore: what happened to these, line by line."""

    title: str
    lines: tuple[str, ...]


class BackupPage(Protocol):
    """The panel, as far as its clicks need it."""

    def form(self) -> BackupForm:
        """The fields as they stand."""
        ...

    def file_size(self) -> int | None:
        """The bytes of the file that was chosen, or None where there is none."""
        ...

    async def read_file(self) -> bytes:
        """The file that was chosen. Raises `BackupError` ("unreadable")."""
        ...

    def empty(self) -> None:
        """Empty the passphrases: they were used, and should not stay on a screen."""
        ...

    def show_missing(self, lines: tuple[str, ...]) -> None:
        """Show what a backup will not hold."""
        ...

    def show_outcome(self, outcome: tuple[Outcome, ...]) -> None:
        """Show what came of a restore."""
        ...

    def tell(
        self, part: Part, *, busy: bool, said: str = "", error: InputError | None = None, message: Message | None = None
    ) -> None:
        """Say under the button of `part` how it goes, or show `message` there; put `error` beside its field.

        Whatever was told before goes.
        """
        ...

    def save(self, file: File) -> None:
        """Hand a file to the person."""
        ...


class BackupDesk:
    """The clicks on the panel."""

    def __init__(self, flow: Flow, page: BackupPage, session: Session) -> None:
        self._flow = flow
        self._page = page
        self._session = session
        self._task = OneTask()

    async def open(self) -> None:
        """The panel was unfolded: say what a backup will not hold."""
        await self._guard("backup", self._show_missing)

    async def refresh(self) -> None:
        """Something was done elsewhere on the page: it may have made or destroyed such a key."""
        if not self._task.busy:
            with suppress(StorageError):  # whoever makes a backup is told
                await self._show_missing()

    async def make(self) -> None:
        """Hand out a backup under the passphrase that was typed twice."""

        async def work() -> str:
            self._session.check_calm("backup-passphrase")
            form = self._page.form()
            check_passphrase(form)
            await self._show_missing()
            file = await make_backup(self._flow, form.passphrase)
            self._page.empty()
            self._page.save(file)
            return f"{file.name} is in your downloads. Keep it and the passphrase in different places."

        await self._guard("backup", work)

    async def restore(self) -> None:
        """Bring the file that was chosen into this browser."""

        async def work() -> str:
            self._session.check_calm("restore-file")
            data, passphrase = await self._chosen()
            self._page.empty()
            backup = await read_backup(self._flow.ports.cipher, data, passphrase)
            restored = await restore(self._flow, backup)
            self._page.show_outcome(self._outcome(restored))
            await self._show_missing()
            await self._session.refresh()
            return summary(restored)

        self._page.show_outcome(())
        await self._guard("restore", work)

    async def _chosen(self) -> tuple[bytes, str]:
        size = self._page.file_size()
        if size is None:
            raise InputError("restore-file", "Choose the backup file first.")
        check_size(size)
        passphrase = self._page.form().restore_passphrase
        if not passphrase:
            raise InputError("restore-passphrase", "Type the passphrase that the backup was made with.")
        return await self._page.read_file(), passphrase

    async def _show_missing(self) -> str:
        missing = await not_in_backup(self._flow)
        self._page.show_missing(tuple(purpose_words(self._flow, key) for key in missing))
        return ""

    def _outcome(self, restored: Restored) -> tuple[Outcome, ...]:
        def words(accounts: tuple[SavedAccount, ...], issuances: tuple[Issuance, ...]) -> tuple[str, ...]:
            return (*map(self._account, accounts), *map(_order, issuances))

        parts = (
            Outcome("Restored", words(restored.accounts, restored.issuances)),
            Outcome("Here already, left as it was", words(restored.kept_accounts, restored.kept_issuances)),
            Outcome("Not in the file: the key could not be taken out of the other browser", words(restored.keyless, ())),
            Outcome("Cannot go on in this browser", tuple(self._stuck(issuance) for issuance in restored.stuck)),
        )
        return tuple(part for part in parts if part.lines)

    def _account(self, account: SavedAccount) -> str:
        return f"Account at {name_of_ca(self._flow, account.ca, account.directory)}"

    def _stuck(self, issuance: Issuance) -> str:
        choices = issuance.choices
        ca = name_of_ca(self._flow, choices.ca, choices.directory)
        why = f"it needs the key of its account at {ca}"
        return f"Order for {names_of(issuance)}: {why}. Finish it in the other browser, or order anew here."

    async def _guard(self, part: Part, work: Callable[[], Awaitable[str]]) -> None:
        await self._task.do(work, partial(self._page.tell, part))


def summary(restored: Restored) -> str:
    """What came of a restore, in one sentence."""
    orders, accounts = len(restored.issuances), len(restored.accounts)
    if not orders and not accounts:
        return "There is nothing in the file that this browser does not have."
    counts = (_count(orders, "order"), _count(accounts, "account"))
    return f"Restored: {' and '.join(filter(None, counts))}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}" if number else ""


def _order(issuance: Issuance) -> str:
    return f"Order for {names_of(issuance)}: {_STANDS.get(issuance.state, 'under way')}"


def check_passphrase(form: BackupForm) -> None:
    """Raises `InputError` for a passphrase that is too short, or was not typed twice the same."""
    if len(form.passphrase) < SHORTEST:
        message = f"Take at least {SHORTEST} characters. Five words that nobody would put together are easy to keep."
        raise InputError("backup-passphrase", message)
    if form.passphrase != form.again:
        raise InputError("backup-again", "The two are not the same. Type it again.")
