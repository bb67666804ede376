"""What the page offers once the certificate is there: another chain, revocation."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.conftest import PracticeFactory
from tests.integration.test_revocation import status_of
from tools.practice import PracticeCA


@pytest.mark.nightly
def test_another_chain_goes_into_the_files(
    person: Person, practice_with: PracticeFactory, page_with: Callable[[PracticeCA], str], tmp_path: Path
) -> None:
    practice = practice_with(env={"PEBBLE_ALTERNATE_ROOTS": "2", "PEBBLE_CHAIN_LENGTH": "2"})
    person.open(page_with(practice))
    person.fill_in("chains.example")
    person.start()
    person.publish()
    person.verify()
    expect(person.hook("chain").locator("option")).to_have_count(3)
    person.hook("chain").select_option(index=2)
    expect(person.hook("status")).to_contain_text("The files now contain the chain up to")
    chain = person.take_files(tmp_path).chain
    root = x509.load_pem_x509_certificate(practice.root_pem(2).encode())
    chain[-1].verify_directly_issued_by(root)


def expect_revoked(person: Person) -> None:
    """The heading says it, and the files are folded."""
    expect(person.page.locator("#title-certificate")).to_have_text("This certificate is revoked")
    expect(person.hook("revoked")).to_contain_text("Do not use it any more")
    expect(person.hook("download-zip")).to_be_hidden()
    expect(person.page.get_by_text("Save the files now")).to_be_hidden()


def test_revocation_asks_first(person: Person, page_url: str, practice: PracticeCA, tmp_path: Path) -> None:
    person.open(page_url)
    person.fill_in("revoke.example")
    person.start()
    person.publish()
    person.verify()
    pem = person.take_files(tmp_path).files["cert.pem"].decode()
    expect(person.hook("chain")).to_be_hidden()
    person.page.get_by_text("Revoke this certificate", exact=True).click()
    person.hook("revoke-reason").select_option("4")
    person.hook("revoke").click()
    expect(person.page.get_by_role("dialog")).to_contain_text("revoke.example")
    person.page.keyboard.press("Escape")
    expect(person.hook("status")).to_have_text("Nothing was revoked.")
    assert status_of(practice, pem)["Status"] == "Valid"
    person.hook("revoke").click()
    person.hook("confirm-yes").click()
    expect(person.hook("revoked")).to_be_visible()
    expect(person.hook("revoke")).to_be_hidden()
    expect_revoked(person)
    person.page.reload()
    person.wait_ready()
    person.open_saved()
    expect_revoked(person)
    person.hook("files").locator("summary").click()
    assert person.download("download-cert", tmp_path).read_text() == pem
    status = status_of(practice, pem)
    assert (status["Status"], status["Reason"]) == ("Revoked", 4)


@pytest.mark.nightly
def test_a_pasted_key_revokes(person: Person, page_url: str, practice: PracticeCA, tmp_path: Path) -> None:
    person.open(page_url)
    person.fill_in("pasted.example", key="rsa-2048")
    person.start()
    person.publish()
    person.verify()
    files = person.take_files(tmp_path).files
    person.page.reload()
    person.wait_ready()
    person.open_panel("revoke-panel")
    person.hook("revoke-by-key").click()
    expect(person.page.locator("#error-revoke-certificate")).to_contain_text("-----BEGIN CERTIFICATE-----")
    person.hook("revoke-certificate").fill(files["fullchain.pem"].decode())
    person.hook("revoke-key").fill(files["privkey.pem"].decode())
    person.hook("revoke-by-key").click()
    person.hook("confirm-yes").click()
    expect(person.hook("revoke-status")).to_have_text("The certificate is revoked.")
    expect(person.hook("revoke-key")).to_have_value("")
    assert status_of(practice, files["cert.pem"].decode())["Reason"] == 1


def test_the_ca_is_asked_when_to_renew(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.fill_in("renew.example")
    person.start()
    person.publish()
    person.verify()
    person.hook("ask-window").click()
    expect(person.hook("window")).to_contain_text("the CA said that it would like the certificate renewed between")
