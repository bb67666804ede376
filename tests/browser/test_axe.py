"""Every state of the page under axe, light, dark, in forced colours, at 200 % and at 320 px.

A state that is added belongs into one of these visits.
"""

from collections.abc import Callable
from typing import Final

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from playwright.sync_api import Page, Route, expect

from tests.browser import axe
from tests.browser.conftest import ContextFactory, Site
from tests.browser.person import ISSUE, Person
from tests.browser.test_dns_check import Dns, value_of
from tests.browser.test_storage import REFUSALS
from tests.browser.test_waiting import let_ca_tell, make_ca_wait
from tests.browser.used_page import UsedProfile
from tests.browser.watch import Watch
from tests.nightly import nightly_after
from tests.unit.chains import chain
from tests.unit.keys import native_key
from tools.practice import PracticeCA

pytestmark = pytest.mark.timeout(600)  # some fifty runs of axe on a machine that may have other work

FAILED_REQUEST: Final = "Failed to load resource"
PANELS: Final = ("account-panel", "keys-panel", "backup-panel", "storage-panel", "viewer-panel", "revoke-panel", "ledger-panel")


Assert = Callable[[Page, str], None]


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.nightly)], ids=["quick", "thorough"])
def assert_accessible(request: pytest.FixtureRequest) -> Assert:
    """`axe.assert_accessible`; nightly thoroughly."""
    return lambda page, state: axe.assert_accessible(page, state, thorough=request.param)


@pytest.fixture
def calm(person: Person) -> Person:
    """A person whose browser shows no transitions: axe measures colours as they are at that moment."""
    person.page.emulate_media(reduced_motion="reduce")
    return person


def unfold(page: Page, selector: str) -> None:
    """Open a `details` whatever it is inside of."""
    page.locator(selector).evaluate_all("(folds) => { for (const fold of folds) fold.open = true; }")


def fold(page: Page, selector: str) -> None:
    """Close them again."""
    page.locator(selector).evaluate_all("(folds) => { for (const fold of folds) fold.open = false; }")


@pytest.mark.fresh_profile
def test_loading_and_the_form_in_each_of_its_states(
    calm: Person, page_url: str, watch: Watch, assert_accessible: Assert
) -> None:
    watch.expect(FAILED_REQUEST)
    page, held = calm.page, list[Route]()
    page.route("**/pyodide.asm.wasm", lambda route: held.append(route))
    with page.expect_request("**/pyodide.asm.wasm"):
        page.goto(page_url, wait_until="commit")
    assert_accessible(page, "loading")
    held[0].continue_()
    calm.wait_ready()
    assert_accessible(page, "form")

    for ca in ("practice", "letsencrypt", "google", "zerossl", "sslcom-ecc", "custom"):
        calm.hook("ca").select_option(ca)
        unfold(page, "#about-ca")
        assert_accessible(page, f"form, CA {ca}")
    closed = page.locator("option[value=buypass]")
    closed.evaluate("(option) => { option.disabled = false; option.closest('optgroup').disabled = false; }")
    calm.hook("ca").select_option("buypass")
    expect(calm.hook("ca-facts")).to_contain_text("closed since")
    assert_accessible(page, "form, a closed CA")
    calm.hook("ca").select_option("practice")

    names = "good.example Good.example. bücher.example https://shop.example/cart a_b.example 127.0.0.1 *.long.example"
    calm.hook("domains").fill(names.replace(" ", "\n"))
    expect(page.locator("#understood [data-state=wrong]").first).to_be_visible()
    unfold(page, "#more-options, #account-options")
    calm.hook("dns-allow").check()
    expect(page.locator("#proofs select").first).to_be_visible()
    for kind in ("http-01", "tls-alpn-01", "dns-account-01", "dns-persist-01", "dns-01"):
        calm.hook("challenge").select_option(kind)
        assert_accessible(page, f"form, names of every state, all options open, proof by {kind}")
    calm.hook("csr").fill("no request")
    calm.hook("start").click()
    expect(calm.hook("error")).to_be_visible()
    assert_accessible(page, "form with errors")

    calm.hook("csr").fill("")
    calm.hook("dns-allow").uncheck()  # the records then ask once more
    calm.hook("domains").fill("shop.example")
    calm.hook("agree-tos").check()
    page.route("**/relay/**", lambda route: route.abort())
    calm.hook("start").click()
    expect(calm.hook("error").locator(".error-title")).to_contain_text("does not answer", timeout=ISSUE)
    unfold(page, "#error details")
    assert_accessible(page, "form, the CA does not answer")


@pytest.mark.parametrize("kind", nightly_after(1, ["dns-01", "http-01", "tls-alpn-01", "dns-account-01", "dns-persist-01"]))
def test_each_kind_of_proof(calm: Person, page_url: str, practice: PracticeCA, kind: str, assert_accessible: Assert) -> None:
    page, wildcard = calm.page, ("*.a.axe.example",) if kind.startswith("dns-") else ()
    calm.open(page_url)
    calm.fill_in("a.axe.example", *wildcard, "bücher.axe.example", challenge=kind)
    calm.start()
    assert_accessible(page, f"step 2 by {kind}")
    unfold(page, "#step-prove details")
    if wildcard:
        calm.hook("provider").select_option("route53")
    assert_accessible(page, f"step 2 by {kind}, everything open")
    if kind == "dns-01":
        calm.hook("provider").select_option("ionos")
        dns, card = Dns(practice), calm.hook("record").first  # one is there, one is missing beside it, one is not there yet
        dns.do("set-txt", str(card.get_by_test_id("record-name").text_content()), value=value_of(card))
        dns.do("add-caa", "xn--bcher-kva.axe.example", policies=[{"tag": "issue", "value": "other.example"}])
        calm.hook("dns-allow-now").click()
        calm.hook("dns-check").click()
        expect(calm.hook("record").last).to_have_attribute("data-seen", "waiting")
        expect(calm.hook("caa-result")).to_contain_text("allows other CAs only")
        unfold(page, "#step-prove details")
        assert_accessible(page, "step 2, what is seen in DNS, everything open")


def test_waiting_failed_issued_and_revoked(calm: Person, page_url: str, assert_accessible: Assert) -> None:
    page = calm.page
    calm.open(page_url)
    calm.fill_in("wait.axe.example", "*.wait.axe.example")
    calm.start()
    make_ca_wait(page)
    calm.hook("verify").click()
    expect(calm.hook("error")).to_contain_text("has not found the proof", timeout=ISSUE)
    assert_accessible(page, "the CA looks and has not found a proof")
    page.get_by_role("button", name="Stop waiting").click()
    calm.wait_step("names")
    let_ca_tell(page)
    expect(calm.hook("saved-entry")).to_be_visible()

    calm.hook("saved-open").first.click()
    expect(calm.hook("retry")).to_be_visible(timeout=ISSUE)
    assert_accessible(page, "failed proof")
    unfold(page, "#step-prove details, #error details")
    assert_accessible(page, "failed proof, everything open")

    calm.hook("retry").click()
    calm.wait_step("prove")
    calm.publish()
    assert_accessible(page, "published")
    calm.verify()
    assert_accessible(page, "certificate")
    calm.hook("move-out").select_option("certbot")
    expect(calm.hook("move-out-download")).to_be_visible()
    unfold(page, "#step-certificate details")
    calm.hook("pfx-password").fill("")
    calm.hook("download-pfx").click()
    expect(page.locator("#error-pfx-password")).to_be_visible()
    calm.hook("ask-window").click()
    expect(calm.hook("status")).to_contain_text("The CA has answered", timeout=ISSUE)
    assert_accessible(page, "certificate, everything open")
    calm.hook("install-target").select_option("website-builder")
    expect(page.locator("#target-steps")).to_be_visible()
    unfold(page, "#step-certificate details")
    assert_accessible(page, "certificate for a target")
    calm.hook("revoke").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_accessible(page, "dialog: revoke")
    calm.hook("confirm-yes").click()
    expect(calm.hook("revoked")).to_be_visible(timeout=ISSUE)
    assert_accessible(page, "revoked")
    unfold(page, "#files")
    assert_accessible(page, "revoked, files open")
    calm.start_another()
    assert_accessible(page, "form with a list of orders")


def locked_key() -> str:
    encryption = BestAvailableEncryption(b"word")
    return native_key().private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()


def test_panels_and_their_dialogs(calm: Person, page_url: str, assert_accessible: Assert) -> None:
    page = calm.page
    calm.open(page_url)
    calm.fill_in("panels.axe.example")
    calm.start()
    calm.publish()
    calm.verify()
    calm.start_another()
    for panel in PANELS:
        page.locator(f"#{panel} > summary").click()
        unfold(page, f"#{panel} details:not([data-testid=ledger] details)")
        assert_accessible(page, panel)
        if panel != "ledger-panel":
            page.locator(f"#{panel} > summary").click()
    unfold(page, "[data-testid=ledger-entry] > details")
    expect(calm.hook("ledger-part").last).to_be_visible()
    assert_accessible(page, "every request in the ledger, unfolded")
    calm.hook("tour-start").click()
    expect(calm.hook("tour")).to_be_visible()
    calm.hook("tour-next").click()
    assert_accessible(page, "tour")
    fold(page, "#ledger-panel")

    page.locator("#viewer-panel > summary").click()
    calm.hook("viewer-text").fill(chain("a.example", "*.b.example") + locked_key())
    expect(calm.hook("viewer-password")).to_be_visible()
    unfold(page, "[data-testid=viewer-certificate] > details")
    assert_accessible(page, "what is in a certificate file, unfolded")
    fold(page, "#viewer-panel")
    page.locator("#revoke-panel > summary").click()
    calm.hook("revoke-by-key").click()
    expect(page.locator("#error-revoke-certificate")).to_be_visible()
    assert_accessible(page, "panel with an error beside a field")
    fold(page, "#revoke-panel")
    page.locator("#keys-panel > summary").click()
    calm.hook("key-destroy").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_accessible(page, "dialog: destroy a key")
    calm.hook("confirm-no").click()
    calm.hook("saved-delete").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_accessible(page, "dialog: delete an order")
    calm.hook("confirm-no").click()


def test_order_of_another_tab_and_refused_storage(
    calm: Person, used_profile: UsedProfile, page_url: str, new_context: ContextFactory, assert_accessible: Assert
) -> None:
    calm.open(page_url)
    calm.fill_in("followed.axe.example")
    calm.start()
    used = used_profile.lend_another()
    other = Person(used.page, used.start)
    other.page.emulate_media(reduced_motion="reduce")
    other.open(page_url)
    other.hook("saved-open").click()
    other.wait_step("prove")
    expect(other.hook("follower")).to_be_visible()
    assert_accessible(other.page, "another tab works on the order")
    refused = new_context(reduced_motion="reduce").new_page()
    refused.add_init_script(REFUSALS["throws"])
    Person(refused).open(page_url)
    unfold(refused, "#storage-memory details")
    assert_accessible(refused, "storage refused")


BOOT_FAILURES: Final[dict[str, Callable[[Page], object]]] = {
    "a file is missing": lambda page: page.route("**/core.js", lambda route: route.fulfill(status=404, body="not here")),
    "no WebAssembly": lambda page: page.add_init_script("delete globalThis.WebAssembly"),
}


@pytest.mark.fresh_profile
@pytest.mark.parametrize("failure", BOOT_FAILURES)
def test_failed_start(calm: Person, site: Site, watch: Watch, failure: str, assert_accessible: Assert) -> None:
    watch.expect("")
    BOOT_FAILURES[failure](calm.page)
    calm.page.goto(site.url)
    expect(calm.page.locator("html")).to_have_attribute("data-app", "failed", timeout=ISSUE)
    assert_accessible(calm.page, failure)
    unfold(calm.page, "#error details")
    assert_accessible(calm.page, f"{failure}, with details")


FINDINGS: Final = (
    "form:\nimage-alt: ",
    "forced colours: no frame: <button",
    "200 %: wider than the window: <img",
    "200 %: cut off: <button",
    "320 px: wider than the window: <img",
)


def test_axe_and_the_look_at_the_width_find_something(calm: Person, site: Site, assert_accessible: Assert) -> None:
    """What never finds anything proves nothing. Before that: a CA that needs a relay where there is none."""
    calm.open(site.url)
    calm.hook("ca").select_option("zerossl")
    assert_accessible(calm.page, "form, a CA without a way to it")
    calm.page.evaluate("""() => {
        const image = document.createElement("img");
        image.style.minWidth = "900px";
        const button = document.createElement("button");
        button.textContent = "a word";
        Object.assign(button.style, { border: "0", width: "1rem", overflow: "hidden" });
        document.querySelector("main").append(image, button);
    }""")
    with pytest.raises(AssertionError) as found:
        assert_accessible(calm.page, "form")
    for line in FINDINGS:
        assert line in str(found.value)
