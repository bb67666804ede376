"""The panel for backups: what is asked, refused and shown, on a panel that only remembers what it is shown."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from app.backup.file_format import open_file
from app.errors import BackupError, FieldError
from app.issuance.issuance import Issuance
from app.pki.formats.file import File
from app.text.backup import OutcomeEntry
from app.text.message import Message, Question
from app.text.sentences import sentence
from app.ui.form.account import AccountForm
from app.ui.panels.backup import BackupForm, BackupPresenter, Part
from tests.unit.records import account_key, record
from tests.unit.scripted_ca import ACCOUNT
from tests.unit.visit import GOOD, Visit

PASSPHRASE: Final = "five words that nobody knows"  # noqa: S105 – a test’s
FREE: Final = replace(GOOD, account=AccountForm(account_extractable=True))


class Panel:
    """A panel that only remembers, and answers every question with `says`. `file` is what was chosen."""

    def __init__(self) -> None:
        self.fields = BackupForm(PASSPHRASE, PASSPHRASE, PASSPHRASE)
        self.file: bytes | None = None
        self.size: int | None = None
        self.missing: tuple[str, ...] = ()
        self.outcome: dict[str, tuple[str, ...]] = {}
        self.said = ""
        self.error: FieldError | None = None
        self.message: Message | None = None
        self.files: list[File] = []
        self.questions: list[Question] = []
        self.says = True

    async def confirm(self, question: Question) -> bool:
        """See `app.ui.steps.after_issuance.Asks.confirm`."""
        self.questions.append(question)
        return self.says

    def form(self) -> BackupForm:
        """See `app.ui.panels.backup.BackupView.form`."""
        return self.fields

    def file_size(self) -> int | None:
        """See `app.ui.panels.backup.BackupView.file_size`."""
        return len(self.file) if self.size is None and self.file is not None else self.size

    async def read_file(self) -> bytes:
        """See `app.ui.panels.backup.BackupView.read_file`."""
        if self.file is None:
            raise BackupError("unreadable", "gone")
        return self.file

    def empty(self) -> None:
        """See `app.ui.panels.backup.BackupView.empty`."""
        self.fields = BackupForm("", "", "")

    def show_missing(self, lines: tuple[str, ...]) -> None:
        """See `app.ui.panels.backup.BackupView.show_missing`."""
        self.missing = lines

    def show_outcome(self, outcome: tuple[OutcomeEntry, ...]) -> None:
        """See `app.ui.panels.backup.BackupView.show_outcome`."""
        self.outcome = {part.title: part.lines for part in outcome}

    def tell(
        self, part: Part, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None
    ) -> None:
        """See `app.ui.panels.backup.BackupView.tell`."""
        self.part, self.busy, self.said, self.error, self.message = part, busy, said, error, message

    def save(self, file: File) -> None:
        """See `app.ui.panels.backup.BackupView.save`."""
        self.files.append(file)


def presenter_of(visit: Visit) -> tuple[BackupPresenter, Panel]:
    panel = Panel()
    return BackupPresenter(visit.workflow, panel, panel, visit.session), panel


def other_browser(visit: Visit) -> Visit:
    """A fresh browser beside that of `visit`, at the same CA."""
    return Visit(fields=visit.page.fields, ca=visit.ca)


async def backup_of(visit: Visit) -> bytes:
    """A backup, as the panel hands it out."""
    presenter, panel = presenter_of(visit)
    await presenter.make()
    assert panel.said, (panel.error, panel.message)
    return panel.files[0].body


async def restored_in(visit: Visit, data: bytes) -> Panel:
    """The panel after `data` was restored in the browser of `visit`."""
    presenter, panel = presenter_of(visit)
    panel.file = data
    await presenter.restore()
    return panel


async def everything(visit: Visit) -> tuple[dict[str, Any], dict[str, bytes]]:
    """All records and the public halves of all keys."""
    records = {key: await visit.ports.store.get(key) for key in await visit.ports.store.keys()}
    keys = {}
    for name in await visit.ports.keys.names():
        handle = await visit.ports.keys.load(name)
        keys[name] = handle.public_spki if handle else b""
    return records, keys


async def but_accounts(visit: Visit) -> tuple[dict[str, Any], dict[str, bytes]]:
    """As `everything`, but for the records of accounts: those say that they came from a backup."""
    records, keys = await everything(visit)
    return {key: value for key, value in records.items() if not key.startswith("account ")}, keys


async def saved(visit: Visit, id_: str) -> Issuance:
    """The saved order with this id."""
    return next(issuance for issuance in await visit.workflow.saved() if issuance.id == id_)


# ---- making one ----


async def test_file_is_named_by_the_day_and_holds_no_key_in_the_clear() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    presenter, panel = presenter_of(visit)
    await presenter.make()
    (file,) = panel.files
    assert file.name == "keystay-2026-11-22.keystay"
    assert "in your downloads" in panel.said
    assert panel.fields == BackupForm("", "", "")
    assert b"shop.example" not in file.body
    content = await open_file(visit.ports.cipher, file.body, PASSPHRASE)
    assert {key["name"] for key in content["keys"]} == {"certificate 1", account_key(record("shop.example"))}


async def test_key_that_cannot_be_taken_out_is_named_before_and_in_the_file() -> None:
    visit = Visit()
    await visit.issued()
    presenter, panel = presenter_of(visit)
    await presenter.open()
    assert panel.missing == ("Account at Test CA",)
    content = await open_file(visit.ports.cipher, await backup_of(visit), PASSPHRASE)
    assert content["left_behind"] == [account_key(record("shop.example"))]
    assert [key["name"] for key in content["keys"]] == ["certificate 1"]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (BackupForm("", "", ""), "backup-passphrase"),
        (BackupForm("eleven char", "eleven char", ""), "backup-passphrase"),
        (BackupForm(PASSPHRASE, PASSPHRASE.upper(), ""), "backup-again"),
        (BackupForm(PASSPHRASE, "", ""), "backup-again"),
    ],
)
async def test_weak_or_mistyped_passphrase_makes_no_file(form: BackupForm, field: str) -> None:
    visit = Visit()
    await visit.session.start()
    presenter, panel = presenter_of(visit)
    panel.fields = form
    await presenter.make()
    assert panel.error
    assert panel.error.field == field
    assert (panel.files, panel.fields) == ([], form)


async def test_empty_browser_has_nothing_to_back_up() -> None:
    presenter, panel = presenter_of(Visit())
    await presenter.make()
    assert panel.message
    assert panel.message.title == "There is nothing to back up yet"


async def test_nothing_is_written_before_the_person_has_seen_what_is_in_the_file_and_said_yes() -> None:
    visit = Visit(fields=FREE)
    await visit.session.start()
    other = other_browser(visit)
    presenter, panel = presenter_of(other)
    panel.file, panel.says = await backup_of(visit), False
    await presenter.restore()
    (question,) = panel.questions
    assert question.lines[0].startswith(f"Account at Test CA: {ACCOUNT}, key thumbprint ")
    assert question.lines[1:] == ("Order for shop.example: waiting for your proof (Test CA)",)
    assert (question.yes, question.no, question.tick) == ("Restore this", "Leave it", "")
    assert (panel.said, panel.outcome) == ("Nothing was restored.", {})
    assert await everything(other) == ({}, {})


# ---- what cannot be restored touches nothing ----

Corruption = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    ("corrupt", "title"),
    [
        (lambda data: data[:-1], "The file is damaged"),
        (lambda data: data[: len(data) // 2], "The file is damaged"),
        (lambda _: b"", "The file is empty"),
        (lambda _: b"\x89PNG\r\n", "This is not a Keystay backup"),
        (lambda data: data.replace(b'"version": 1', b'"version": 2'), "This backup was made by a newer Keystay"),
        (lambda data: data.replace(b"600000", b"1"), "This file asks for an unsafe or endless computation"),
    ],
)
async def test_bad_file_has_its_own_message(corrupt: Corruption, title: str) -> None:
    visit = Visit(fields=FREE)
    await visit.session.start()
    other = other_browser(visit)
    panel = await restored_in(other, corrupt(await backup_of(visit)))
    assert panel.message
    assert panel.message.title == title
    assert "Nothing in this browser was changed." in panel.message.text
    assert await everything(other) == ({}, {})


async def test_wrong_passphrase_says_so_and_does_not_stay_on_the_screen() -> None:
    visit = Visit()
    await visit.session.start()
    other = other_browser(visit)
    presenter, panel = presenter_of(other)
    panel.file, panel.fields = await backup_of(visit), BackupForm("", "", "another one")
    await presenter.restore()
    assert panel.message
    assert panel.message.title == "The passphrase does not open this backup"
    assert (panel.part, panel.fields.restore_passphrase) == ("restore", "")
    assert await everything(other) == ({}, {})


async def test_file_must_be_chosen_small_enough_and_readable() -> None:
    presenter, panel = presenter_of(Visit())
    await presenter.restore()
    assert panel.error
    assert panel.error.field == "restore-file"
    panel.file, panel.fields = b"x", BackupForm("", "", "")
    await presenter.restore()
    assert panel.error.field == "restore-passphrase"
    panel.size, panel.fields = 1 << 40, BackupForm("", "", PASSPHRASE)
    await presenter.restore()
    assert panel.message
    assert panel.message.title == "The file is too big"
    panel.size, panel.file = 5, None
    await presenter.restore()
    assert panel.message.title == "The file cannot be read"


@pytest.mark.parametrize("click", ["make", "restore"])
async def test_nothing_is_made_or_restored_under_an_order_that_is_under_way(click: str) -> None:
    visit = Visit(fields=FREE)
    await visit.session.start()
    presenter, panel = presenter_of(visit)
    panel.file = await backup_of(visit)
    await asyncio.gather(visit.session.verify(), getattr(presenter, click)())
    assert panel.error is not None
    assert "An order is under way" in sentence(panel.error)
    assert (panel.files, panel.outcome) == ([], {})


async def test_list_of_what_is_missing_follows_what_happens_elsewhere() -> None:
    visit = Visit()
    presenter, panel = presenter_of(visit)
    await presenter.open()
    assert not panel.missing
    await visit.session.start()
    await presenter.refresh()
    assert panel.missing == ("Account at Test CA",)
