"""The list of what this browser keeps: every order in it can be opened, renewed, or deleted for good."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from icalendar import Calendar
from playwright.sync_api import Locator, Response, expect

from app.pki.certificate import renewal_id
from tests.browser.axe import assert_accessible
from tests.browser.indexeddb import OTHER_NAMES, corrupt, count, stored
from tests.browser.person import PYTHON, Person, assert_good, open_form, reload_form
from tests.browser.watch import Watch
from tests.conftest import PracticeFactory
from tests.integration.test_renewal import set_window, window_json
from tests.pebble_names import NEW_ORDER, accepted_name
from tests.unit.script import read_post
from tools.practice import PracticeCA

NEVER_REUSE = {"PEBBLE_AUTHZREUSE": "0"}  # so that each order shows what to publish


def issue(person: Person, name: str) -> None:
    """From the empty form to the certificate."""
    person.fill_in(name)
    person.start()
    person.publish()
    person.verify()


def entry(person: Person, name: str) -> Locator:
    """The entries whose order is for `name`."""
    return person.hook("saved-entry").filter(has_text=name)


def delete(person: Person, entry: Locator) -> None:
    """Press its button and say yes."""
    entry.get_by_test_id("saved-delete").click()
    expect(person.page.get_by_role("dialog")).to_be_visible()
    if person.hook("confirm-tick").is_visible():
        person.hook("confirm-tick").check()
    person.hook("confirm-yes").click()
    expect(person.hook("saved-status")).to_have_text("It is deleted.")


def test_every_order_is_listed_and_each_goes_on_from_where_it_stands(
    person: Person, page_url: str, practice: PracticeCA, tmp_path: Path
) -> None:
    placed: list[Response] = []
    person.page.on("response", lambda response: placed.append(response) if _is_new_order(response) else None)
    person.open(page_url)
    issue(person, "done.example")
    person.page.locator("#again").click()
    person.fill_in("lost.example", "www.lost.example")
    person.page.locator("#more-options > summary").click()
    person.hook("challenge-of").last.select_option("http-01")
    person.start()
    person.hook("verify").click()
    expect(person.hook("retry")).to_be_visible(timeout=30_000)
    person.page.locator("#back").click()
    person.fill_in("waits.example")
    person.start()
    value = person.hook("record-value").inner_text()
    person.page.reload()
    person.wait_ready()
    expect(person.hook("saved-entry")).to_have_count(3)
    standing = [item.get_attribute("data-standing") for item in person.hook("saved-entry").all()]
    assert standing == ["open", "failed", "issued"]
    entry(person, "done.example").get_by_test_id("saved-open").click()
    person.wait_step("certificate")
    assert_good(person.take_files(tmp_path), {"done.example"}, practice.root_pem())
    person.page.locator("#again").click()
    entry(person, "lost.example").get_by_test_id("saved-open").click()
    expect(person.hook("error")).to_contain_text("The proof failed for")
    person.page.locator("#back").click()
    entry(person, "waits.example").get_by_test_id("saved-open").click()
    person.wait_step("prove")
    assert person.hook("record-value").inner_text() == value
    assert len(placed) == 3
    person.page.locator("#back").click()
    entry(person, "lost.example").get_by_test_id("change-names").click()
    expect(person.hook("domains")).to_be_focused()
    expect(person.hook("domains")).to_have_value("lost.example\nwww.lost.example")
    assert [select.input_value() for select in person.hook("challenge-of").all()] == ["", "http-01"]
    expect(person.hook("saved-entry")).to_have_count(3)


def _is_new_order(response: Response) -> bool:
    return response.url.endswith("/order-plz") and response.status == 201


def test_renewal_is_for_the_same_names_and_says_what_it_replaces(
    person: Person,
    practice_with: PracticeFactory,
    page_with: Callable[[PracticeCA], str],
    watch: Watch,
    tmp_path: Path,
) -> None:
    practice = practice_with(env=NEVER_REUSE)
    person.open(page_with(practice))
    person.fill_in("again.example", "www.again.example", key="ec-p384")
    person.start()
    person.publish()
    person.verify()
    first = person.take_files(tmp_path)
    person.page.reload()
    person.wait_ready()
    watch.traffic.clear()
    person.hook("saved-renew").click()
    person.wait_step("prove")
    person.publish()
    person.verify()
    second = person.take_files(tmp_path)
    assert_good(second, {"again.example", "www.again.example"}, practice.root_pem())
    assert second.key != first.key
    old, new = (x509.load_pem_x509_certificate(files.files["cert.pem"]) for files in (first, second))
    assert new.serial_number != old.serial_number
    assert new.public_key().key_size == 384  # type: ignore[union-attr]
    payloads = [json.dumps(read_post(sent).payload) for sent in watch.traffic if sent.url.endswith(NEW_ORDER)]  # type: ignore[arg-type]
    asked, *again = map(json.loads, dict.fromkeys(payloads))  # each once: Pebble rejects nonces
    replaced = first.files["cert.pem"].decode()
    assert asked["replaces"] == renewal_id(replaced)
    assert len(again) == (not accepted_name(replaced))
    person.page.locator("#again").click()
    expect(entry(person, "again.example")).to_have_count(2)


def test_what_is_due_is_renewed_by_one_click_and_the_calendar_leads_to_it(
    person: Person, practice_with: PracticeFactory, page_with: Callable[[PracticeCA], str], tmp_path: Path
) -> None:
    practice = practice_with(env={"PEBBLE_AUTHZREUSE": "100"})  # what is proven stays proven
    person.page.emulate_media(reduced_motion="reduce")  # axe measures colours as they are at that moment
    person.open(page_with(practice))
    issue(person, "due.example")
    pem = person.download("download-cert", tmp_path).read_text()
    event = Calendar.from_ical(person.download("calendar", tmp_path).read_bytes()).walk("VEVENT")[0]
    now = datetime.now(UTC)
    set_window(practice, pem, window_json(now - timedelta(days=2), now - timedelta(days=1)))
    person.hook("ask-window").click()
    expect(person.hook("window")).to_contain_text("renewed at once")
    person.page.locator("#again").click()
    person.wait_step("names")
    person.page.evaluate("hash => { location.hash = hash }", str(event["URL"]).partition("#")[2])
    expect(entry(person, "due.example").get_by_test_id("saved-renew")).to_be_focused()
    assert_accessible(person.page, "a certificate that is due")
    person.hook("renew-due").click()
    expect(person.hook("renewal")).to_have_attribute("data-outcome", "renewed", timeout=30_000)
    expect(person.hook("saved-status")).to_have_text("It is renewed. Save its files now.")
    expect(person.hook("renew-due")).to_be_hidden()
    expect(person.hook("saved-entry")).to_have_count(2)
    assert_accessible(person.page, "what came of the renewals")
    person.hook("renewal").get_by_role("button", name="Open").click()
    person.wait_step("certificate")
    assert person.download("download-cert", tmp_path).read_text() != pem


@pytest.mark.nightly
def test_deleted_orders_leave_nothing_but_the_account(person: Person, page_url: str) -> None:
    person.open(page_url)
    issue(person, "over.example")
    person.page.locator("#again").click()
    person.fill_in("left.example", challenge="tls-alpn-01")
    person.start()
    with person.page.expect_download():
        person.hook("tls-file").click()
    assert len(stored(person.page, "keys")) == len(stored(person.page, "records")) == 3
    person.page.locator("#back").click()
    person.page.wait_for_function("localStorage.getItem('keystay-list')")
    entry(person, "over.example").get_by_test_id("saved-delete").click()
    expect(person.hook("confirm-yes")).to_be_disabled()
    person.page.keyboard.press("Escape")
    expect(person.hook("saved-status")).to_have_text("Nothing was deleted.")
    delete(person, entry(person, "over.example"))
    expect(person.page.locator("#title-saved")).to_be_focused()
    delete(person, entry(person, "left.example"))
    expect(person.hook("saved-entry")).to_have_count(0)
    person.page.wait_for_function("localStorage.length === 0")
    (record,), (key,) = stored(person.page, "records"), stored(person.page, "keys")
    assert record == key
    assert record.startswith("account ")


@pytest.mark.nightly
def test_many_fold_so_that_the_form_stays_near(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.fill_in("many.example")
    person.start()
    person.page.evaluate(COPY, 29)
    person.page.reload()
    person.wait_ready()
    expect(person.hook("saved-entry").locator("visible=true")).to_have_count(5)
    expect(person.hook("saved-entry").first).to_have_attribute("data-standing", "open")
    expect(person.hook("saved-more")).to_contain_text("25 more")
    person.hook("saved-more").locator("summary").click()
    expect(person.hook("saved-entry").locator("visible=true")).to_have_count(30)
    person.hook("saved-open").first.click()
    person.wait_step("prove")


@pytest.mark.nightly
def test_garbage_in_the_storage_takes_nothing_away(person: Person, page_url: str, tmp_path: Path) -> None:
    """Orders, accounts and keys that cannot be read are listed, can be deleted, and hinder neither the start nor an order."""
    person.open(page_url)
    issue(person, "kept.example")
    kinds = corrupt(person.page)
    person.page.reload()
    person.wait_ready()
    expect(person.hook("saved-entry")).to_have_count(kinds + 1)
    expect(person.page.locator("[data-standing=unreadable]")).to_have_count(kinds)
    entry(person, "kept.example").get_by_test_id("saved-open").click()
    person.wait_step("certificate")
    person.take_files(tmp_path)
    person.page.locator("#again").click()
    person.fill_in("next.example")
    person.start()
    person.page.locator("#back").click()
    person.hook("saved-more").locator("summary").click()
    bad = person.page.locator("[data-standing=unreadable]")
    delete(person, bad.first)
    expect(bad).to_have_count(kinds - 1)
    person.open_panel("account-panel")
    unreadable = person.hook("account").locator("option", has_text="An account that cannot be read")
    expect(unreadable).to_have_count(kinds)
    person.open_panel("keys-panel")
    damaged = person.hook("key-entry").filter(has_text="damaged")
    many = 2 * kinds - 1 + OTHER_NAMES  # the deleted order took its key along
    expect(damaged).to_have_count(many)
    damaged.last.get_by_test_id("key-destroy").click()
    person.hook("confirm-yes").click()
    expect(person.hook("keys-status")).to_have_text("The key is destroyed.")
    expect(damaged).to_have_count(many - 1)
    person.hook("keys-destroy-all").click()
    person.hook("confirm-tick").check()
    person.hook("confirm-yes").click()
    expect(person.hook("keys-status")).to_contain_text("Nothing of Keystay is left")
    assert count(person.page, "keys") == count(person.page, "records") == 0


KEPT_FORMS = [
    "",
    "nonsense",
    "null",
    "5",
    '"text"',
    "[1, 2]",
    "true",
    "[" * 10_000 + "]" * 10_000,
    '{"domains": 5, "ca": null, "challenge": ["dns-01"], "proofs": 5}',
    '{"domains": {"a": 1}, "proofs": null}',
    '{"proofs": "text"}',
    '{"proofs": [1]}',
    '{"proofs": {"a.example": 5, "__proto__": "x"}}',
    '{"__proto__": {"domains": "x.example"}}',
    '{"proofs": ' + "[" * 10_000 + "]" * 10_000 + "}",
]


QUICK_FORMS = ["nonsense", "[" * 10_000 + "]" * 10_000, '{"domains": 5, "ca": null, "challenge": ["dns-01"], "proofs": 5}']
"""No JSON, no object, an object of wrong types."""


@pytest.mark.parametrize("forms", [QUICK_FORMS, pytest.param(KEPT_FORMS, marks=pytest.mark.nightly)], ids=["quick", "all"])
def test_form_that_was_kept_damaged_does_not_stop_the_page(person: Person, page_url: str, forms: list[str]) -> None:
    """What was kept of the form before a reload may be anything (sessionStorage); the form works, and is kept from then on."""
    assert set(QUICK_FORMS) <= set(KEPT_FORMS)
    open_form(person.page, page_url)
    for kept in forms:
        person.page.evaluate("kept => sessionStorage.setItem('keystay-form', kept)", kept)
        reload_form(person.page)
        expect(person.hook("domains")).to_have_value("")
        person.hook("domains").fill("kept.example")
        person.hook("challenge").select_option("http-01")
        reload_form(person.page)
        expect(person.hook("domains")).to_have_value("kept.example")
        expect(person.hook("challenge")).to_have_value("http-01")
    person.page.evaluate("kept => sessionStorage.setItem('keystay-form', kept)", KEPT_FORMS[-1])
    person.page.unroute(PYTHON)
    person.page.reload()
    person.wait_ready()
    person.fill_in("good.example")
    person.start()


COPY = """count => new Promise((resolve, reject) => {
    const opening = indexedDB.open("keystay");
    opening.onsuccess = () => {
        const records = opening.result.transaction("records", "readwrite").objectStore("records");
        records.getAllKeys().onsuccess = ({ target }) => {
            const name = target.result.find((key) => key.startsWith("issuance "));
            records.get(name).onsuccess = ({ target }) => {
                for (let n = 0; n < count; n++) {
                    const record = { ...JSON.parse(target.result), id: `copy-${n}`, state: "failed" };
                    records.put(JSON.stringify(record), `issuance copy-${n}`);
                }
            };
        };
        records.transaction.oncomplete = () => { opening.result.close(); resolve(); };
        records.transaction.onabort = () => reject(records.transaction.error);
    };
})"""
