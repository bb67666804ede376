"""The keyboard never loses its place: whatever a key press disables, hides or takes away, something has the focus after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.person import ISSUE, Person

LOSSES = """() => {
    const losses = [];
    let before = null;
    let watched = true;
    const look = () => {
        const { activeElement, body } = document;
        if (activeElement !== body) before = activeElement.outerHTML.slice(0, 200);
        else if (before) losses.push(before), (before = null);
        if (watched) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    globalThis.endOfLosses = () => {
        watched = false;
        return losses;
    };
}"""
"""Looks before each frame whether the focus has fallen to the body, and notes what had it before."""


class Walker(Person):
    """A person who uses the keyboard alone."""

    def open(self, url: str) -> None:
        """Open the page, and from then on watch the focus."""
        super().open(url)
        self.page.evaluate(LOSSES)


WORDS = "correct horse battery staple"


@pytest.fixture
def walker(person: Person) -> Iterator[Walker]:
    """One who at the end has never lost the focus, not for one frame."""
    someone = Walker(person.page, person.start_again)
    yield someone
    assert someone.page.evaluate("endOfLosses()") == []


def reach(control: Locator) -> None:
    """Go to `control` as soon as it can be reached."""
    while not control.evaluate("(control) => (control.focus(), control.matches(':focus:not([aria-disabled])'))"):
        expect(control).to_be_visible()
        expect(control).to_be_enabled()


def press(control: Locator, key: str = "Enter") -> None:
    """Go to `control` as soon as it can be reached, and press a key there."""
    reach(control)
    control.page.keyboard.press(key)


def expect_at(person: Person, hook: str) -> None:
    """The focus is on the control with this hook, which can be pressed again."""
    expect(person.hook(hook)).to_be_focused()
    expect(person.hook(hook)).not_to_have_attribute("aria-disabled", "true")
    expect(person.hook(hook)).to_be_enabled()


def answer(person: Person, button: str) -> None:
    """Answer the question that is asked, whose safe answer has the focus."""
    expect(person.hook("confirm-no")).to_be_focused()
    if button == "confirm-yes" and person.hook("confirm-tick").is_visible():
        press(person.hook("confirm-tick"), "Space")
    press(person.hook(button))
    expect(person.page.locator("#confirm")).to_be_hidden()


def heading(page: Page, name: str) -> Locator:
    """A heading by the end of its id."""
    return page.locator(f"#title-{name}")


def test_focus_from_the_names_to_the_revoked_certificate(walker: Walker, page_url: str) -> None:
    page = walker.page
    walker.open(page_url)
    page.context.grant_permissions(["clipboard-write"])
    expect(page).to_have_title("Get a certificate – Keystay")

    # What must be corrected is listed on top, and the list shrinks.
    press(walker.hook("start"))
    summary = walker.hook("error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("heading")).to_have_text("Two things to correct before this can be sent")
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(page).to_have_title("Failed: Nothing was sent yet – Keystay")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(walker.hook("domains")).to_be_focused()
    page.keyboard.type("shop.example")
    expect(summary.get_by_role("link")).to_have_count(1)
    expect(walker.hook("domains")).to_be_focused()
    expect(walker.hook("error")).to_be_hidden()
    expect(page.locator("#names-verdict")).to_have_attribute("role", "status")
    expect(page.locator("#names-verdict")).to_have_text("1 name understood.")
    press(walker.hook("agree-tos"), "Space")
    expect(summary).to_be_hidden()
    expect(page).to_have_title("Get a certificate – Keystay")

    press(walker.hook("start"))
    expect(heading(page, "prove")).to_be_focused(timeout=ISSUE)
    expect(page).to_have_title("Add one DNS record – Keystay")
    press(walker.hook("practice-publish"))
    expect(walker.hook("status")).to_contain_text("Published")
    expect_at(walker, "practice-publish")
    press(walker.hook("verify"))
    expect(heading(page, "certificate")).to_be_focused(timeout=ISSUE)
    expect(page).to_have_title("Certificate for shop.example – Keystay")
    with page.expect_download():
        press(walker.hook("download-zip"))
    expect_at(walker, "download-zip")
    press(walker.hook("ask-window"))
    expect(walker.hook("window")).not_to_be_empty()
    expect_at(walker, "ask-window")

    press(page.locator("#revoke > summary"))
    press(walker.hook("revoke"))
    answer(walker, "confirm-no")
    expect_at(walker, "revoke")
    press(walker.hook("revoke"))
    answer(walker, "confirm-yes")
    expect(walker.hook("revoked")).to_be_visible(timeout=ISSUE)
    expect(heading(page, "certificate")).to_be_focused()
    expect(page).to_have_title("Revoked certificate for shop.example – Keystay")
    press(page.locator("#again"))
    expect(heading(page, "names")).to_be_focused()

    # The list of orders.
    press(walker.hook("saved-delete"))
    answer(walker, "confirm-no")
    expect_at(walker, "saved-delete")
    press(walker.hook("saved-delete"))
    answer(walker, "confirm-yes")
    expect(walker.hook("saved-entry")).to_have_count(0)
    expect(heading(page, "names")).to_be_focused()


@pytest.mark.nightly
def test_focus_after_a_failed_proof(walker: Walker, page_url: str) -> None:
    page = walker.page
    walker.open(page_url)
    walker.fill_in("unproven.example")
    press(walker.hook("start"))
    expect(heading(page, "prove")).to_be_focused(timeout=ISSUE)
    press(walker.hook("verify"))
    expect(walker.hook("retry")).to_be_visible(timeout=ISSUE)
    expect(walker.hook("error")).to_be_focused()
    expect(page).to_have_title("Not issued yet: one record was not found – Keystay")
    press(walker.hook("retry"))
    expect(walker.hook("verify")).to_be_visible(timeout=ISSUE)
    expect(heading(page, "prove")).to_be_focused()
    press(page.locator("#back"))
    expect(heading(page, "names")).to_be_focused()


def test_panels_are_forms_and_keep_the_focus(walker: Walker, page_url: str, tmp_path: Path) -> None:
    page = walker.page
    walker.open(page_url)
    page.evaluate("globalThis.sameVisit = true")
    walker.fill_in("panels.example")
    press(walker.hook("start"))
    expect(heading(page, "prove")).to_be_focused(timeout=ISSUE)

    press(page.locator("#tools > summary"))
    press(page.locator("#account-panel > summary"))
    press(walker.hook("account-contact"))  # Enter in a field does what its button does
    expect(walker.hook("account-status")).to_contain_text("contact")
    expect(walker.hook("account-contact")).to_be_focused()
    press(walker.hook("account-ask"))
    expect(walker.hook("account-status")).to_contain_text("what the CA says")
    expect_at(walker, "account-ask")
    press(walker.hook("account-roll"))
    expect(walker.hook("account-status")).to_contain_text("new key")
    expect_at(walker, "account-roll")
    press(page.locator("#account-import > summary"))
    walker.hook("import-ca").select_option("custom")
    press(walker.hook("import-directory"))
    expect(walker.hook("import-directory")).to_be_focused()
    expect(walker.hook("import-directory")).to_have_attribute("aria-invalid", "true")

    press(page.locator("#backup-panel > summary"))
    expect(page.locator("#backup-lacks")).to_be_visible()  # all is read that the panel shows
    expect(walker.hook("backup-make")).to_be_enabled()
    press(walker.hook("backup-passphrase"))
    expect(page.locator("#error-backup-passphrase")).to_contain_text("at least 12")
    expect(walker.hook("backup-passphrase")).to_be_focused()
    walker.hook("backup-passphrase").fill(WORDS)
    walker.hook("backup-again").fill(WORDS)
    with page.expect_download() as waiting:
        press(walker.hook("backup-make"))
    expect_at(walker, "backup-make")
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    press(walker.hook("restore-passphrase"))
    expect(walker.hook("restore-file")).to_be_focused()
    walker.hook("restore-file").set_input_files(file)
    walker.hook("restore-passphrase").fill("not this one at all")
    press(walker.hook("restore"))
    expect(page.locator("#restore-form")).to_contain_text("assphrase")
    expect(page.locator("#backup-panel:focus-within")).to_be_visible()

    press(page.locator("#revoke-panel > summary"))
    press(walker.hook("revoke-by-key"))
    expect(walker.hook("revoke-certificate")).to_be_focused()
    press(page.locator("#storage-panel > summary"))
    if walker.hook("storage-persist").is_visible():
        press(walker.hook("storage-persist"))
        expect(walker.hook("storage-status")).not_to_be_empty()
        expect(page.locator("#storage-panel:focus-within")).to_be_visible()

    press(page.locator("#keys-panel > summary"))
    press(walker.hook("key-destroy").first)
    answer(walker, "confirm-no")
    expect(walker.hook("key-destroy").first).to_be_focused()
    press(walker.hook("key-destroy").first)
    answer(walker, "confirm-yes")
    expect(walker.hook("keys-status")).to_contain_text("destroyed")
    expect(page.locator("#keys-panel > summary")).to_be_focused()
    assert page.evaluate("sameVisit")  # no form was sent, so the page is still the same


MAKE_ANEW = """({ parentElement }) =>
    parentElement.replaceChildren(...[...parentElement.children].map((child) => child.cloneNode(true)))"""


def test_what_is_gone_hands_the_focus_to_the_nearest_heading(walker: Walker, site: Site) -> None:
    """Whatever takes it away: the mechanism, and not each button, keeps the focus."""
    page = walker.page
    walker.open(site.url)
    for panel, control in (("keys-panel", "keys-destroy-all"), ("ledger-panel", "ledger-har"), ("revoke-panel", "revoke-key")):
        page.locator(f"#{panel}").evaluate("(panel) => { panel.open = true; }")
        reach(walker.hook(control))
        walker.hook(control).evaluate("(control) => control.remove()")
        expect(page.locator(f"#{panel} > summary")).to_be_focused()
    page.locator("#account-panel").evaluate("(panel) => { panel.open = true; }")
    reach(walker.hook("import"))
    page.locator("#account-import").evaluate("(fold) => { fold.open = false; }")
    expect(page.locator("#account-import > summary")).to_be_focused()
    for twin in (page.locator("#about-ca > summary"), page.locator("#terms-link"), walker.hook("agree-tos")):
        reach(twin)
        twin.evaluate(MAKE_ANEW)
        expect(twin).to_be_focused()
    reach(walker.hook("start"))
    walker.hook("start").evaluate("(button) => button.parentElement.append(button)")
    expect_at(walker, "start")
    walker.hook("start").evaluate("(button) => { button.hidden = true; }")
    expect(heading(page, "names")).to_be_focused()


def test_what_is_off_but_has_the_focus_does_nothing_and_lets_go_of_it(walker: Walker, site: Site) -> None:
    page, challenge, start = walker.page, walker.hook("challenge"), walker.hook("start")
    walker.open(site.url)
    for control in (challenge, start):
        control.evaluate("(control) => control.setAttribute('aria-disabled', 'true')")
    challenge.focus()
    for key in ("ArrowDown", "End", "t"):
        page.keyboard.press(key)
    expect(challenge).to_have_value("dns-01")
    page.keyboard.press("Tab")
    expect(challenge).not_to_be_focused()
    start.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    start.click(force=True)
    for control in (challenge, start):
        control.evaluate("(control) => control.removeAttribute('aria-disabled')")
    expect(walker.hook("error-summary")).to_be_hidden()
    press(start)
    expect(walker.hook("error-summary")).to_be_focused()


EMPTY_LINKS = """() => [...document.querySelectorAll("a:not([hidden])")]
    .filter((link) => !link.textContent.trim() || !link.getAttribute("href"))
    .map((link) => link.outerHTML)"""

SCROLLERS = """(part) => [part, ...part.querySelectorAll("*")]
    .filter((element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX))
    .map((element) => `${element.tabIndex} ${element.role} ${element.ariaLabel}`)"""


@pytest.mark.nightly
def test_no_link_is_empty_and_each_part_of_a_request_scrolls_in_one_box(walker: Walker, page_url: str) -> None:
    """axe: scrollable-region-focusable. The box that scrolls is reached by keyboard, and has a name."""
    page = walker.page
    walker.open(page_url)
    assert page.evaluate(EMPTY_LINKS) == []
    walker.fill_in("links.example", challenge="http-01")
    press(walker.hook("start"))
    expect(heading(page, "prove")).to_be_focused(timeout=ISSUE)
    press(page.locator("#tools > summary"))
    press(page.locator("#ledger-panel > summary"))
    press(walker.hook("ledger-entry").last.locator("summary"))
    parts = walker.hook("ledger-part").filter(visible=True)
    expect(parts.first).to_be_visible()
    assert page.evaluate(EMPTY_LINKS) == []
    for part in parts.all():
        title = part.locator("h4").inner_text()
        assert part.evaluate(SCROLLERS) == [f"0 figure {title}"]
    box = parts.last.locator(".copybox")
    press(box, "ArrowRight")
    expect(box).to_be_focused()
    press(box, "Tab")
    expect(box.locator(".copy")).to_be_focused()
