"""The panel of the keys in this browser: what it shows is what is there, and what it destroys is gone."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.indexeddb import stored
from tests.browser.person import Person


def open_panel(person: Person) -> None:
    person.open_panel("keys-panel")


def entry(person: Person, purpose: str) -> Locator:
    return person.page.locator(f'[data-testid="key-entry"][data-purpose="{purpose}"]')


def destroy(person: Person, purpose: str) -> None:
    entry(person, purpose).get_by_test_id("key-destroy").click()
    expect(person.page.get_by_role("dialog")).to_be_visible()
    person.hook("confirm-tick").check()
    person.hook("confirm-yes").click()
    expect(entry(person, purpose)).to_have_count(0)
    expect(person.hook("keys-status")).to_have_text("The key is destroyed.")


def issue(person: Person, page_url: str, name: str) -> None:
    person.open(page_url)
    person.fill_in(name)
    person.start()
    person.publish()
    person.verify()


def test_every_key_is_shown_and_none_beside(person: Person, page_url: str, tmp_path: Path) -> None:
    issue(person, page_url, "shown.example")
    expect(person.page.locator("#tools")).not_to_have_attribute("open", "")
    open_panel(person)
    expect(person.hook("key-entry")).to_have_count(2)
    shown = {item.get_attribute("data-key-name") for item in person.hook("key-entry").all()}
    there = stored(person.page, "keys")
    assert shown == set(there)
    expect(entry(person, "account")).to_contain_text("nobody can read it, not even this page")
    expect(entry(person, "certificate")).to_contain_text("Certificate for shown.example")
    assert sorted(there.values()) == [False, True]
    person.take_files(tmp_path)
    (tmp_path / "privkey.pem").write_bytes(person.keys[0])
    person.page.get_by_text("how to compare them").click()
    command = person.page.locator("#fingerprint-of-key").inner_text()
    printed = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert entry(person, "certificate").get_by_test_id("key-spki").inner_text() == printed.split()[0]


def test_open_panel_shows_a_new_key_with_the_thumbprint_that_is_published(person: Person, page_url: str) -> None:
    person.open(page_url)
    open_panel(person)
    expect(person.page.locator("#keys-none")).to_be_visible()
    person.fill_in("thumbprint.example", challenge="http-01")
    person.start()
    content = person.hook("file-content").inner_text()
    expect(person.hook("key-entry")).to_be_visible()  # a panel that was opened stays so in the next step
    expect(entry(person, "account").get_by_test_id("key-thumbprint")).to_have_text(content.rpartition(".")[2])


def test_destroyed_keys_are_gone_from_the_browser(person: Person, page_url: str) -> None:
    issue(person, page_url, "destroyed.example")
    open_panel(person)
    entry(person, "certificate").get_by_test_id("key-destroy").click()
    expect(person.page.get_by_role("dialog")).to_contain_text("worthless, unless you have downloaded the key")
    person.page.keyboard.press("Escape")
    expect(person.hook("keys-status")).to_have_text("Nothing was destroyed.")
    expect(entry(person, "certificate").get_by_test_id("key-destroy")).to_be_focused()
    assert len(stored(person.page, "keys")) == 2
    destroy(person, "certificate")
    expect(person.hook("key-destroyed")).to_be_visible()
    expect(person.hook("download-privkey")).to_be_hidden()
    assert not any(name.startswith("certificate") for name in stored(person.page, "keys"))
    person.open_panel("account-panel")
    expect(person.hook("account")).to_be_visible()
    destroy(person, "account")
    assert stored(person.page, "keys") == {}
    expect(person.hook("key-entry")).to_have_count(0)
    expect(person.page.locator("#account-none")).to_be_visible()


@pytest.mark.nightly
def test_destroying_all_leaves_nothing(person: Person, page_url: str) -> None:
    issue(person, page_url, "all.example")
    assert stored(person.page, "records")
    open_panel(person)
    person.hook("keys-destroy-all").click()
    expect(person.hook("confirm-yes")).to_be_disabled()
    person.hook("confirm-tick").check()
    person.hook("confirm-yes").click()
    expect(person.hook("keys-status")).to_contain_text("Nothing of Keystay is left")
    assert stored(person.page, "keys") == stored(person.page, "records") == {}
    expect(person.page.locator("main")).to_have_attribute("data-step", "names")
    person.page.reload()
    person.wait_ready()
    assert stored(person.page, "keys") == stored(person.page, "records") == {}
    person.fill_in("all.example")
    person.start()
