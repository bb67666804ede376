"""A backup goes from one browser to another: two profiles that share nothing but the file."""

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from playwright.sync_api import Browser, Page, Response, expect

from app.pki.pem import to_pem
from tests.browser.indexeddb import stored
from tests.browser.person import Person, assert_good
from tests.browser.secrets import assert_not_sent
from tests.browser.used_page import UsedProfile
from tests.browser.watch import Watch
from tools.practice import PracticeCA

PASSPHRASE = "five words that nobody knows"  # noqa: S105 – a test’s


def open_panel(person: Person) -> None:
    person.open_panel("backup-panel")


def make_backup(person: Person, folder: Path) -> Path:
    open_panel(person)
    for field in ("backup-passphrase", "backup-again"):
        person.hook(field).fill(PASSPHRASE)
    file = person.download("backup-make", folder)
    expect(person.hook("backup-status")).to_contain_text("in your downloads")
    return file


def restore(person: Person, file: Path, passphrase: str = PASSPHRASE) -> None:
    person.hook("restore-file").set_input_files(file)
    person.hook("restore-passphrase").fill(passphrase)
    person.hook("restore").click()


def agree(person: Person) -> None:
    """Say yes to what the file holds."""
    expect(person.hook("confirm-list")).to_be_visible()
    person.hook("confirm-yes").click()


def order(person: Person, page_url: str, *names: str, extractable: bool) -> None:
    """Order, and stop where the proof is waited for."""
    person.open(page_url)
    person.fill_in(*names)
    if extractable:
        person.page.locator("#account-options > summary").click()
        person.hook("account-extractable").check()
    person.start()


@pytest.fixture(scope="module")
def other_profile(browser: Browser) -> Iterator[UsedProfile]:
    """Another profile than that of `person`."""
    profile = UsedProfile(browser)
    yield profile
    profile.close()


@pytest.fixture
def other(other_profile: UsedProfile, watch: Watch, person: Person) -> Iterator[Person]:
    """The same person at another browser."""
    used = other_profile.lend(watch)
    somewhere = Person(used.page, used.start)
    somewhere.keys = person.keys
    yield somewhere
    other_profile.take_back(watch)


def count_created(page: Page, created: list[str]) -> None:
    """Note every account and order that the CA makes for `page` (201, RFC 8555 §7.3 and §7.4) in `created`."""

    def note(response: Response) -> None:
        if response.status == 201:
            created.append(response.url.rpartition("/")[2])

    page.on("response", note)


def opened(data: bytes) -> dict[str, Any]:
    """What is in the backup `data`, as docs/backup-format.md says that anybody can open it."""
    header, sealed = data[:-32].split(b"\n", 1)
    named = json.loads(header)
    salt, iv = base64.b64decode(named["salt"]), base64.b64decode(named["iv"])
    key = hashlib.pbkdf2_hmac("sha256", PASSPHRASE.encode(), salt, named["rounds"])
    content: dict[str, Any] = json.loads(AESGCM(key).decrypt(iv, sealed, header))
    return content


def assert_no_secret_sent(file: Path, watch: Watch) -> None:
    """The file, opened by another program than the page, has keys; neither one of them nor the passphrase was sent."""
    content = opened(file.read_bytes())
    assert content["keys"]
    for key in content["keys"]:
        assert_not_sent(to_pem("PRIVATE KEY", base64.b64decode(key["pkcs8"])).encode(), watch.traffic)
    assert not [sent.url for sent in watch.traffic if PASSPHRASE.encode() in sent.body or quote(PASSPHRASE) in sent.url]


def test_open_order_is_finished_in_another_browser(
    person: Person, other: Person, page_url: str, practice: PracticeCA, watch: Watch, tmp_path: Path
) -> None:
    created: list[str] = []
    for someone in (person, other):
        count_created(someone.page, created)
    order(person, page_url, "moved.example", "*.moved.example", extractable=True)
    records = stored(person.page, "records")
    file = make_backup(person, tmp_path)
    expect(person.hook("backup-missing")).to_be_hidden()
    for field in ("backup-passphrase", "backup-again"):
        expect(person.hook(field)).to_have_value("")
    other.open(page_url)
    assert stored(other.page, "keys") == {}
    open_panel(other)
    restore(other, file)
    expect(other.hook("confirm-list")).to_contain_text("Order for moved.example, *.moved.example")
    assert stored(other.page, "keys") == stored(other.page, "records") == {}
    agree(other)
    expect(other.hook("restore-status")).to_have_text("Restored: 1 order and 1 account.")
    expect(other.hook("restore-passphrase")).to_have_value("")
    orders = {name: record for name, record in records.items() if name.startswith("issuance ")}
    assert orders.items() < stored(other.page, "records").items()
    assert stored(other.page, "keys") == stored(person.page, "keys")
    other.hook("saved-open").click()
    other.wait_step("prove")
    other.publish()
    other.verify()
    assert_good(other.take_files(tmp_path), {"moved.example", "*.moved.example"}, practice.root_pem())
    assert sorted(created) == ["order-plz", "sign-me-up"]
    assert_no_secret_sent(file, watch)


@pytest.mark.nightly
def test_what_cannot_move_says_so_and_the_rest_does(person: Person, other: Person, page_url: str, tmp_path: Path) -> None:
    order(person, page_url, "finished.example", extractable=False)
    person.publish()
    person.verify()
    key = person.take_files(tmp_path).key
    person.page.locator("#again").click()
    person.fill_in("open.example")
    person.start()
    file = make_backup(person, tmp_path)
    expect(person.hook("backup-missing")).to_have_text("Account at Practice CA")
    other.open(page_url)
    open_panel(other)
    restore(other, file)
    agree(other)
    expect(other.hook("restore-outcome")).to_contain_text("Order for finished.example: finished")
    expect(other.hook("restore-outcome")).to_contain_text("Order for open.example: it needs the key of its account")
    expect(other.hook("saved-entry").first).to_contain_text("Cannot go on here")
    other.hook("saved-open").first.click()
    expect(other.hook("error")).to_contain_text("The key for this is not in this browser")
    other.page.locator("#back").click()
    other.hook("saved-delete").first.click()
    other.hook("confirm-yes").click()
    expect(other.hook("saved-entry")).to_have_count(1)
    other.hook("saved-open").click()
    other.wait_step("certificate")
    assert other.take_files(tmp_path).key == key


def test_file_that_does_not_open_touches_nothing(person: Person, other: Person, page_url: str, tmp_path: Path) -> None:
    order(person, page_url, "shut.example", extractable=True)
    file = make_backup(person, tmp_path)
    other.open(page_url)
    open_panel(other)
    other.hook("restore").click()
    expect(other.page.locator("#error-restore-file")).to_have_text("Choose the backup file first.")
    restore(other, file, "five words that somebody knows")
    expect(other.page.locator("#restore-error")).to_contain_text("The passphrase does not open this backup")
    expect(other.hook("restore-passphrase")).to_have_value("")
    damaged, huge = tmp_path / "damaged.keystay", tmp_path / "huge.keystay"
    damaged.write_bytes(file.read_bytes()[:-100])
    restore(other, damaged)
    expect(other.page.locator("#restore-error")).to_contain_text("The file is damaged")
    with huge.open("wb") as empty:
        empty.truncate(1 << 30)
    restore(other, huge)
    expect(other.page.locator("#restore-error")).to_contain_text("The file is too big")
    assert stored(other.page, "keys") == stored(other.page, "records") == {}
    restore(other, file)
    other.hook("confirm-no").click()
    expect(other.hook("restore-status")).to_have_text("Nothing was restored.")
    assert stored(other.page, "keys") == stored(other.page, "records") == {}
    restore(other, file)
    agree(other)
    expect(other.hook("restore-status")).to_have_text("Restored: 1 order and 1 account.")
    expect(other.hook("account-choice")).to_have_value("new")
