"""Names in every script, typed as people write them: the whole job in Chromium."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person, assert_good
from tests.integration.test_revocation import status_of
from tools.practice import PracticeCA

TYPED = ("straße.example", "*.βόλος.example")
NAMES = {"xn--strae-oqa.example", "*.xn--nxasmm1c.example"}


@pytest.mark.nightly
def test_names_of_idna_2008_from_the_form_to_the_revocation(
    person: Person, page_url: str, practice: PracticeCA, tmp_path: Path
) -> None:
    person.open(page_url)
    person.fill_in(*TYPED)
    person.start()
    person.publish()
    person.verify()
    files = person.take_files(tmp_path)
    assert_good(files, NAMES, practice.root_pem())
    for name in TYPED:
        expect(person.page.locator("#result")).to_contain_text(name)
    expect(person.hook("extra-names")).to_be_hidden()

    person.page.reload()
    person.wait_ready()
    expect(person.hook("saved-entry")).to_have_attribute("data-standing", "issued")
    person.open_saved()
    expect(person.page.locator("#result")).to_contain_text(TYPED[0])
    person.hook("ask-window").click()
    expect(person.hook("window")).to_contain_text("the CA said that it would like the certificate renewed between")

    person.page.reload()
    person.wait_ready()
    person.open_panel("revoke-panel")
    person.hook("revoke-certificate").fill(files.files["fullchain.pem"].decode())
    person.hook("revoke-key").fill(files.files["privkey.pem"].decode())
    person.hook("revoke-by-key").click()
    expect(person.page.get_by_role("dialog")).to_contain_text(TYPED[0])
    person.hook("confirm-yes").click()
    expect(person.hook("revoke-status")).to_have_text("The certificate is revoked.")
    assert status_of(practice, files.files["cert.pem"].decode())["Status"] == "Revoked"
