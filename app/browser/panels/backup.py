"""The folded panel for backups: `app.ui.panels.backup.BackupView` on the document."""

from typing import Any, Final, get_args

from pyodide.ffi import JsException
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import by_id, fill, from_template, hook, list_item, slot
from app.browser.page.focus import switch
from app.browser.page.message import mark_field, show_message
from app.browser.page.page import DomPage
from app.browser.ports.download import save_file
from app.errors import BackupError, FieldError
from app.pki.formats.pem_files import File
from app.text.message import Message
from app.ui.panels.backup import BackupForm, BackupPresenter, Part
from app.ui.panels.restoring import Outcome

FIELDS: Final = ("backup-passphrase", "backup-again", "restore-file", "restore-passphrase")


class DomBackup:
    """`app.ui.panels.backup.BackupView` on the document."""

    def bind(self, page: DomPage, presenter: BackupPresenter) -> None:
        """Connect the controls to their clicks, and the list of keys to whatever else happens on the page."""
        panel, act = by_id("backup-panel"), page.act
        page.afterwards(panel, presenter.refresh)
        add_event_listener(panel, "toggle", lambda _: act(presenter.open) if panel.open else None)
        add_event_listener(by_id("backup-form"), "submit", lambda _: act(presenter.make))
        add_event_listener(by_id("restore-form"), "submit", lambda _: act(presenter.restore))

    def form(self) -> BackupForm:
        """See `app.ui.panels.backup.BackupView.form`."""
        return BackupForm(hook("backup-passphrase").value, hook("backup-again").value, hook("restore-passphrase").value)

    def file_size(self) -> int | None:
        """See `app.ui.panels.backup.BackupView.file_size`."""
        files = hook("restore-file").files
        return int(files.item(0).size) if files.length else None

    async def read_file(self) -> bytes:
        """See `app.ui.panels.backup.BackupView.read_file`."""
        try:
            buffer = await hook("restore-file").files.item(0).arrayBuffer()
        except JsException as error:
            raise BackupError("unreadable", "The file cannot be read.", detail=str(error)) from error
        data: bytes = buffer.to_bytes()
        return data

    def empty(self) -> None:
        """See `app.ui.panels.backup.BackupView.empty`."""
        for field in FIELDS:
            if hook(field).type == "password":
                hook(field).value = ""

    def show_missing(self, lines: tuple[str, ...]) -> None:
        """See `app.ui.panels.backup.BackupView.show_missing`."""
        by_id("backup-lacks").hidden = not lines
        hook("backup-missing").replaceChildren(*map(list_item, lines))

    def show_outcome(self, outcome: tuple[Outcome, ...]) -> None:
        """See `app.ui.panels.backup.BackupView.show_outcome`."""
        hook("restore-outcome").replaceChildren(*map(_part, outcome))

    def tell(
        self, part: Part, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None
    ) -> None:
        """See `app.ui.panels.backup.BackupView.tell`."""
        for field in FIELDS:
            mark_field(hook(field), by_id(f"error-{field}"), str(error) if error and error.field == field else None)
        for button in by_id("backup-panel").querySelectorAll("button"):
            switch(button, off=busy)
        for half in get_args(Part):
            show_message(by_id(f"{half}-error"), message if half == part else None)
            hook(f"{half}-status").textContent = ("One moment." if busy else said) if half == part else ""
        if error and error.field in FIELDS:
            hook(error.field).focus()

    def save(self, file: File) -> None:
        """See `app.ui.panels.backup.BackupView.save`."""
        save_file(file)


def _part(outcome: Outcome) -> Any:
    part = from_template("template-outcome")
    fill(part, "title", outcome.title)
    slot(part, "lines").replaceChildren(*map(list_item, outcome.lines))
    return part
