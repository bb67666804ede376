"""What the page offers once the certificate is there: another chain, revocation."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from playwright.sync_api import Route, expect

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
    expect(person.hook("revoked")).to_contain_text("cannot be undone")
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


def as_staging(route: Route) -> None:
    """Answer with the list of CAs in which the practice CA is the one for trials of Let’s Encrypt."""
    cas = route.fetch().json()
    route.fulfill(json=[ca | {"staging": "practice"} if ca["id"] == "letsencrypt" else ca for ca in cas])


def test_the_ca_is_asked_when_to_renew_and_a_rehearsal_leads_to_the_real_ca(person: Person, page_url: str) -> None:
    person.page.route("**/static/data/cas.json", as_staging)
    person.open(page_url)
    person.fill_in("renew.example", "xn--bcher-kva.example", key="ec-p384")
    person.hook("challenge-of").last.select_option("http-01")
    person.page.locator("#more-options > summary").click()  # open, they ask each CA that is chosen for its profiles
    person.start()
    person.publish()
    person.verify()
    person.hook("ask-window").click()
    expect(person.hook("window")).to_contain_text("the CA said that it would like the certificate renewed between")
    tidy = person.page.locator("#tidy-list p")
    expect(tidy).to_contain_text(["Remove the TXT record at _acme-challenge.renew.example.", "Remove the file from"])

    person.hook("keep-key").check()
    expect(person.hook("status")).to_have_text("When you renew this certificate, the new one gets the same key.")
    expect(person.hook("keep-key")).to_be_checked()
    person.page.locator("#dane > summary").click()
    expect(person.hook("tlsa")).to_contain_text("_25._tcp.renew.example. IN TLSA 3 1 1 ")

    # Let’s Encrypt has terms, which nobody has agreed to here: the form is filled in, and nothing is sent.
    person.hook("same-at-production").click()
    person.wait_step("names")
    expect(person.hook("status")).to_contain_text("The form is filled in for Let’s Encrypt.")
    expect(person.hook("domains")).to_have_value("renew.example\nbücher.example")
    expect(person.hook("ca")).to_have_value("letsencrypt")
    expect(person.hook("key-type")).to_have_value("ec-p384")
    expect(person.hook("challenge-of").first).to_have_value("")
    expect(person.hook("challenge-of").last).to_have_value("http-01")
    expect(person.hook("agree-tos")).not_to_be_checked()
