"""The panel for backups: `app.ui.panels.backup.BackupView` on the document."""

from typing import Any, Final

from pyodide.ffi import JsException

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, from_template, list_item, slot
from app.browser.page.focus import switch_all
from app.browser.page.messages import show_only_error, show_result
from app.browser.ports.system import save_file
from app.errors import BackupError, FieldError
from app.pki.formats.file import File
from app.text.backup import OutcomeEntry
from app.text.message import Message
from app.text.page import working
from app.ui.panels.backup import BackupForm, BackupPresenter, Part

FIELDS: Final = ("backup-passphrase", "backup-again", "restore-file", "restore-passphrase")


class DomBackup:
    """`app.ui.panels.backup.BackupView` on the document."""

    def bind(self, actions: Actions, presenter: BackupPresenter) -> None:
        """Connect the controls to their clicks, and the list of keys to whatever else happens on the page."""
        panel = by_id("backup-panel")
        actions.refresh_after(panel, presenter.refresh)
        actions.on_unfold(panel, presenter.open)
        actions.on_submit(by_id("backup-form"), presenter.make)
        actions.on_submit(by_id("restore-form"), presenter.restore)

    def form(self) -> BackupForm:
        """See `app.ui.panels.backup.BackupView.form`."""
        return BackupForm(by_id("backup-passphrase").value, by_id("backup-again").value, by_id("restore-passphrase").value)

    def file_size(self) -> int | None:
        """See `app.ui.panels.backup.BackupView.file_size`."""
        files = by_id("restore-file").files
        return int(files.item(0).size) if files.length else None

    async def read_file(self) -> bytes:
        """See `app.ui.panels.backup.BackupView.read_file`."""
        try:
            buffer = await by_id("restore-file").files.item(0).arrayBuffer()
        except JsException as error:
            raise BackupError("unreadable", "backup-unreadable", detail=str(error)) from error
        data: bytes = buffer.to_bytes()
        return data

    def empty(self) -> None:
        """See `app.ui.panels.backup.BackupView.empty`."""
        for field in FIELDS:
            if by_id(field).type == "password":
                by_id(field).value = ""

    def show_missing(self, lines: tuple[str, ...]) -> None:
        """See `app.ui.panels.backup.BackupView.show_missing`."""
        by_id("backup-lacks").hidden = not lines
        by_id("backup-missing").replaceChildren(*map(list_item, lines))

    def show_outcome(self, outcome: tuple[OutcomeEntry, ...]) -> None:
        """See `app.ui.panels.backup.BackupView.show_outcome`."""
        by_id("restore-outcome").replaceChildren(*map(_part, outcome))

    def tell(
        self, part: Part, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None
    ) -> None:
        """See `app.ui.panels.backup.BackupView.tell`."""
        switch_all(by_id("backup-panel"), "button", off=busy)
        show_result("backup", "", None)
        show_result("restore", "", None)
        show_result(part, working() if busy else said, message)
        show_only_error(FIELDS, error)

    def save(self, file: File) -> None:
        """See `app.ui.panels.backup.BackupView.save`."""
        save_file(file)


def _part(outcome: OutcomeEntry) -> Any:
    part = from_template("template-outcome")
    fill(part, "title", outcome.title)
    slot(part, "lines").replaceChildren(*map(list_item, outcome.lines))
    return part
