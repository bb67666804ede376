"""The panel for backups: making one, and restoring one."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal, Protocol

from app.backup.content import make_backup, not_in_backup, read_backup
from app.backup.file_format import check_size
from app.backup.restore import preview, restore
from app.errors import FieldError, StorageError
from app.issuance.workflow import Workflow
from app.pki.formats.file import File
from app.text import backup as text
from app.text.backup import OutcomeEntry
from app.text.keys import purpose
from app.text.message import Message
from app.ui.runner import TaskRunner
from app.ui.session import Session
from app.ui.views import ConfirmView

Part = Literal["backup", "restore"]
"""The two halves of the panel: making one, and restoring one."""

MIN_PASSPHRASE: Final = 12
"""Characters of a passphrase."""


@dataclass(frozen=True)
class BackupForm:
    """The values of the panel's fields; none of it is stored anywhere."""

    passphrase: str = field(repr=False)
    again: str = field(repr=False)
    restore_passphrase: str = field(repr=False)


class BackupView(Protocol):
    """What the presenter may ask of the panel."""

    def form(self) -> BackupForm:
        """The current values of the fields."""
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
        """Show what a backup will not contain."""
        ...

    def show_outcome(self, outcome: tuple[OutcomeEntry, ...]) -> None:
        """Show the outcome of a restore."""
        ...

    def tell(
        self, part: Part, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None
    ) -> None:
        """Say under the button of `part` how it goes, or show `message` there. Put `error` beside its field.

        This replaces whatever was said before.
        """
        ...

    def save(self, file: File) -> None:
        """Hand a file to the person."""
        ...


class BackupPresenter:
    """The clicks on the panel."""

    def __init__(self, workflow: Workflow, page: BackupView, dialog: ConfirmView, session: Session) -> None:
        self._workflow = workflow
        self._page = page
        self._dialog = dialog
        self._session = session
        self._task = TaskRunner()

    async def open(self) -> None:
        """The panel was unfolded: say what a backup will not contain."""
        await self._run("backup", self._show_missing)

    async def refresh(self) -> None:
        """Something was done elsewhere on the page: it may have made or destroyed such a key."""
        if not self._task.busy:
            with suppress(StorageError):  # making a backup reports it
                await self._show_missing()

    async def make(self) -> None:
        """Hand out a backup under the passphrase that was typed twice."""

        async def work() -> str:
            self._session.check_idle("backup-passphrase")
            form = self._page.form()
            check_passphrase(form)
            await self._show_missing()
            file = await make_backup(self._workflow, form.passphrase)
            self._page.empty()
            self._page.save(file)
            return text.backup_saved(file.name)

        await self._run("backup", work)

    async def restore(self) -> None:
        """Open the file that was chosen, show what is in it, and restore it once the person has agreed."""

        async def work() -> str:
            self._session.check_idle("restore-file")
            data, passphrase = await self._chosen()
            self._page.empty()
            backup = await read_backup(self._workflow.ports.cipher, data, passphrase)
            plan = await preview(self._workflow, backup)
            if plan.changes and not await self._dialog.confirm(text.restoring_question(self._workflow, plan)):
                return text.nothing_restored()
            self._session.check_idle("restore-file")  # another tab may have started work meanwhile
            restored = await restore(self._workflow, backup)
            self._page.show_outcome(text.outcome(self._workflow, restored))
            await self._show_missing()
            await self._session.refresh()
            return text.summary(restored)

        self._page.show_outcome(())
        await self._run("restore", work)

    async def _chosen(self) -> tuple[bytes, str]:
        size = self._page.file_size()
        if size is None:
            raise FieldError("restore-file", "no-backup-file")
        check_size(size)
        passphrase = self._page.form().restore_passphrase
        if not passphrase:
            raise FieldError("restore-passphrase", "no-backup-passphrase")
        return await self._page.read_file(), passphrase

    async def _show_missing(self) -> str:
        missing = await not_in_backup(self._workflow)
        self._page.show_missing(tuple(purpose(self._workflow, key) for key in missing))
        return ""

    async def _run(self, part: Part, work: Callable[[], Awaitable[str]]) -> None:
        await self._task.do(work, partial(self._page.tell, part))


def check_passphrase(form: BackupForm) -> None:
    """Raises `FieldError` for a passphrase that is too short, or was not typed twice the same."""
    if len(form.passphrase) < MIN_PASSPHRASE:
        raise FieldError("backup-passphrase", "passphrase-too-short", minimum=MIN_PASSPHRASE)
    if form.passphrase != form.again:
        raise FieldError("backup-again", "passphrases-differ")
