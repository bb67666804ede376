"""Backups made in one browser and restored in another, on panels that only remember what they are shown."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.stored_account import StoredAccount
from app.backup.content import Backup, make_backup, read_backup
from app.backup.file_format import open_file, seal_file
from app.backup.restore import restore
from app.errors import BackupError, FieldError, StorageError
from app.issuance.issuance import Issuance
from app.pki.formats.file import File
from app.text.backup import OutcomeEntry
from app.text.message import Message, Question
from app.text.sentences import sentence
from app.ui.form.account import AccountForm
from app.ui.panels.backup import BackupForm, BackupPresenter, Part
from tests.unit.records import CA, DIRECTORY, account_key, record
from tests.unit.scripted_ca import ACCOUNT, NEW_ACCOUNT, NEW_ORDER
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


# ---- restoring one ----


async def test_open_order_goes_on_in_another_browser_with_the_same_account() -> None:
    visit = Visit(fields=FREE)
    await visit.session.start()
    other = other_browser(visit)
    panel = await restored_in(other, await backup_of(visit))
    assert panel.said == "Restored: 1 order and 1 account."
    assert panel.outcome == {"Restored": ("Account at Test CA", "Order for shop.example: waits for your proof")}
    assert panel.fields == BackupForm("", "", "")
    await other.resume()
    await other.session.verify()
    assert other.page.view.step == "certificate"
    assert len(visit.ca.sent(NEW_ACCOUNT)) == len(visit.ca.sent(NEW_ORDER)) == 1


async def test_nothing_is_written_before_the_person_has_seen_what_is_in_the_file_and_said_yes() -> None:
    visit = Visit(fields=FREE)
    await visit.session.start()
    other = other_browser(visit)
    presenter, panel = presenter_of(other)
    panel.file, panel.says = await backup_of(visit), False
    await presenter.restore()
    (question,) = panel.questions
    assert question.lines[0].startswith(f"Account at Test CA: {ACCOUNT}, key thumbprint ")
    assert question.lines[1:] == ("Order for shop.example: waits for your proof (Test CA)",)
    assert (question.yes, question.no, question.tick) == ("Restore this", "Leave it", "")
    assert (panel.said, panel.outcome) == ("Nothing was restored.", {})
    assert await everything(other) == ({}, {})


async def test_what_cannot_be_used_is_named_and_the_rest_comes_in() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    content = await content_of(visit)
    content["issuances"].append({**content["issuances"][0], "id": "2", "state": "flying"})
    other = other_browser(visit)
    panel = await restored_in(other, await seal_file(other.ports.cipher, content, PASSPHRASE, 0))
    assert panel.said == "Restored: 1 order and 1 account. 1 entry of the file cannot be used: see below."
    (line,) = panel.outcome["Cannot be used, left out"]
    assert line == "Order number 2 of the file: A saved order is damaged and cannot be opened."
    panel = await restored_in(
        visit, await seal_file(other.ports.cipher, {**content, "accounts": [], "keys": []}, PASSPHRASE, 0)
    )
    assert panel.said == "Nothing was restored. 1 entry of the file cannot be used: see below."


async def test_finished_order_is_downloaded_again_without_its_account() -> None:
    visit = Visit()
    await visit.issued()
    await visit.session.download("privkey.pem")
    other = other_browser(visit)
    panel = await restored_in(other, await backup_of(visit))
    assert panel.outcome["Restored"] == ("Order for shop.example: finished",)
    assert "could not be taken out" in list(panel.outcome)[1]
    await other.resume()
    await other.session.download("privkey.pem")
    assert other.page.files[-1].body == visit.page.files[-1].body


async def test_order_without_its_account_is_restored_and_says_that_it_cannot_go_on() -> None:
    visit = Visit()
    await visit.session.start()
    other = other_browser(visit)
    panel = await restored_in(other, await backup_of(visit))
    (line,) = panel.outcome["Cannot go on in this browser"]
    assert "Order for shop.example: it needs the key of its account at Test CA" in line
    await other.resume()
    assert other.page.view.step == "prove"
    assert other.page.message.title == "The key for this is not in this browser"
    await other.session.verify()
    assert other.page.message.title == "The key for this is not in this browser"
    assert len(visit.ca.sent(NEW_ACCOUNT)) == 1


async def test_another_account_at_the_same_ca_stands_beside_the_one_that_is_here() -> None:
    visit = Visit(fields=FREE)
    await visit.session.start()
    other = other_browser(visit)
    accounts = other.workflow.accounts
    here = StoredAccount(DIRECTORY, CA.id, DIRECTORY, "account here", "https://ca.example/account/9")
    await accounts.save(here)
    await other.ports.keys.generate(here.key, "ec-p256", extractable=False)
    panel = await restored_in(other, await backup_of(visit))
    assert "Here already, left as it was" not in panel.outcome
    assert {account.id: account.url for account in await accounts.all()} == {DIRECTORY: here.url, f"{DIRECTORY} 2": ACCOUNT}
    assert await accounts.saved(DIRECTORY) == here
    await other.resume()
    await other.session.verify()
    assert other.page.view.step == "certificate"
    again = await restored_in(other, await backup_of(visit))
    assert again.outcome["Here already, left as it was"][0] == "Account at Test CA"


async def test_what_is_here_already_stays() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    data = await backup_of(visit)
    before = await everything(visit)
    panel = await restored_in(visit, data)
    assert panel.said == "There is nothing in the file that this browser does not have."
    assert panel.outcome == {"Here already, left as it was": ("Account at Test CA", "Order for shop.example: finished")}
    assert await everything(visit) == before


async def test_order_that_is_further_on_replaces_with_its_key() -> None:
    visit = Visit(fields=FREE)
    await visit.session.start()
    other = other_browser(visit)
    await restored_in(other, await backup_of(visit))
    await visit.ports.keys.generate("certificate 1", "ec-p256", extractable=True)  # from a try that went wrong
    other.ports.clock.slept.append(60)  # type: ignore[attr-defined]
    await other.resume()
    await other.session.verify()
    panel = await restored_in(visit, await backup_of(other))
    assert panel.outcome["Restored"] == ("Order for shop.example: finished",)
    assert visit.page.view.step == "certificate"
    assert await but_accounts(visit) == await but_accounts(other)


async def test_order_that_is_behind_does_not_replace() -> None:
    visit = Visit(fields=FREE)
    await visit.session.start()
    data = await backup_of(visit)
    visit.ports.clock.slept.append(60)  # type: ignore[attr-defined]
    await visit.session.verify()
    before = await everything(visit)
    panel = await restored_in(visit, data)
    assert "Restored" not in panel.outcome
    assert await everything(visit) == before


async def test_destroyed_key_comes_back_from_a_backup() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    before = await everything(visit)
    data = await backup_of(visit)
    await visit.ports.keys.delete("certificate 1")
    await visit.workflow.save(replace(await saved(visit, "1"), key_destroyed=1.0))
    panel = await restored_in(visit, data)
    assert panel.outcome["Restored"] == ("Order for shop.example: finished",)
    assert await everything(visit) == before


async def test_key_of_another_certificate_does_not_come_back() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    await visit.ports.keys.generate("certificate 1", "ec-p256", extractable=True)
    data = await backup_of(visit)
    await visit.ports.keys.delete("certificate 1")
    before = await everything(visit)
    await restored_in(visit, data)
    assert await everything(visit) == before


async def test_left_over_key_is_kept_for_better_days() -> None:
    visit = Visit()
    await visit.ports.keys.generate("forgotten", "rsa-2048", extractable=True)
    other = other_browser(visit)
    panel = await restored_in(other, await backup_of(visit))
    assert panel.said == "Restored: 1 key."
    (key,) = (await everything(visit))[1].values()
    ((name, same),) = (await everything(other))[1].items()
    assert same == key
    assert name.startswith("left-over ")
    before = await everything(other)
    assert (await restored_in(other, await backup_of(visit))).questions == []
    assert await everything(other) == before


# ---- what cannot be restored touches nothing ----

Corruption = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    ("corrupt", "title"),
    [
        (lambda data: data[:-1], "The file is damaged"),
        (lambda data: data[: len(data) // 2], "The file is damaged"),
        (lambda _: b"", "The file is empty"),
        (lambda _: b"\x89PNG\r\n", "This is no backup of Keystay"),
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


async def content_of(visit: Visit) -> dict[str, Any]:
    """The content of a backup."""
    return await open_file(visit.ports.cipher, await backup_of(visit), PASSPHRASE)


@pytest.mark.parametrize(
    "corrupt",
    [
        lambda content: content.pop("keys"),
        lambda content: content.update(accounts={"a": 1}),
        lambda content: content.update(issuances=None),
        lambda content: content.update(left_behind="text"),
        lambda content: content.update(keys=[1] * 10_001),
    ],
)
async def test_content_that_does_not_read_is_refused_whole(corrupt: Callable[[dict[str, Any]], object]) -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    content = await content_of(visit)
    corrupt(content)
    other = other_browser(visit)
    panel = await restored_in(other, await seal_file(other.ports.cipher, content, PASSPHRASE, 0))
    assert panel.message
    assert panel.message.title == "What is in this backup cannot be read"
    assert await everything(other) == ({}, {})


PARTS: Final = ("accounts", "issuances", "keys", "left_behind")
ANY_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(PARTS), inner),
)


@given(ANY_JSON, st.sampled_from(PARTS))
def test_any_content_reads_as_nothing_or_ends_in_a_message(value: Any, part: str) -> None:
    for content in (value, {**{name: [] for name in PARTS}, part: value}):
        with suppress(BackupError):
            backup = Backup.from_json(content)
            assert (backup.accounts, backup.issuances, backup.keys) == ((), (), {})


@pytest.mark.parametrize("at", range(5))
async def test_write_that_fails_takes_all_others_back(at: int) -> None:
    """Key and record of the account, key and record of the order, and the end of it, where nothing fails."""
    visit = Visit(fields=FREE)
    await visit.issued()
    data = await backup_of(visit)
    other = other_browser(visit)
    before = await other_has_older_order(other, visit)
    fail_at(other, at)
    panel = await restored_in(other, data)
    if at < 4:
        assert panel.message
        assert panel.message.title == "This browser did not keep what Keystay gave it"
        assert await everything(other) == before
    else:
        assert panel.said == "Restored: 1 order and 1 account."


async def other_has_older_order(other: Visit, visit: Visit) -> Any:
    """An older state of the same order stands in the other browser, with another key."""
    await other.workflow.save(replace(await saved(visit, "1"), since=0.0, state="asked", certificate_pem=""))
    await other.ports.keys.generate("certificate 1", "ec-p256", extractable=True)
    return await everything(other)


def fail_at(visit: Visit, at: int) -> None:
    """Let the write number `at` fail, as it does when the disk is full; what takes something back works again."""
    writes = 0

    def failing(write: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def counted(*values: Any, **named: Any) -> Any:
            nonlocal writes
            writes += 1
            if writes == at + 1:
                raise StorageError("The disk is full.")
            return await write(*values, **named)

        return counted

    keys: Any = visit.ports.keys
    store: Any = visit.ports.store
    keys.import_pkcs8, store.put = failing(keys.import_pkcs8), failing(store.put)


async def test_no_key_is_in_a_representation() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    workflow = visit.workflow
    backup = await read_backup(workflow.ports.cipher, (await make_backup(workflow, PASSPHRASE)).body, PASSPHRASE)
    assert all(repr(key.pkcs8)[2:40] not in repr(backup) for key in backup.keys.values())
    await restore(workflow, backup)


async def test_backup_of_old_records_is_migrated() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    content = await content_of(visit)
    assert json.dumps(content["issuances"][0])
    del content["issuances"][0]["key_destroyed"]  # as the first version wrote it
    other = other_browser(visit)
    await restored_in(other, await seal_file(other.ports.cipher, content, PASSPHRASE, 0))
    assert await but_accounts(other) == await but_accounts(visit)


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
