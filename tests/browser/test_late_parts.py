"""Parts of the page whose code is imported when they are first used: each works at the first touch, as if it had been there."""

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

DROP = """() => {
    const files = new DataTransfer();
    files.items.add(new File(["no certificate"], "left.txt"));
    document.querySelector("#viewer-panel").dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true }));
}"""


@pytest.mark.fresh_profile
def test_each_panel_works_at_the_first_touch(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.page.evaluate(DROP)  # on a panel that nobody has opened
    expect(person.page.locator("#viewer-file")).to_have_value(r"C:\fakepath\left.txt")
    person.open_panel("revoke-panel")
    person.hook("revoke-ca").select_option("practice")
    person.hook("revoke-by-key").click()
    expect(person.hook("revoke-certificate")).to_have_attribute("aria-invalid", "true")
    person.open_panel("account-panel")
    person.hook("import-ca").select_option("custom")
    expect(person.page.locator("#import-directory-row")).to_be_visible()
    person.page.locator("#backup-panel > summary").focus()
    person.page.keyboard.press("Enter")
    person.hook("backup-make").click()
    expect(person.hook("backup-passphrase")).to_have_attribute("aria-invalid", "true")
    person.open_panel("keys-panel")
    person.hook("keys-destroy-all").click()
    expect(person.page.get_by_role("dialog")).to_be_visible()
    person.page.keyboard.press("Escape")
    person.hook("sent").click()
    expect(person.hook("ledger-entry").first).to_be_visible()
