"""The panel of what was sent and received, held against what Chromium itself saw on the network."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from haralyzer import HarParser
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import ContextFactory
from tests.browser.indexeddb import stored
from tests.browser.person import Person
from tests.browser.test_trouble import refusal
from tests.browser.watch import Sent, Watch
from tests.unit.har_spec import assert_har

FAILED_REQUEST = "Failed to load resource"
OURS = ("/relay/", "/practice/", "static/data/")
"""What Python asks for; all else that a page loads, its own HTML asks for."""


def open_panel(person: Person) -> None:
    person.open_panel("ledger-panel")


def issue(person: Person, page_url: str, *names: str) -> None:
    person.open(page_url)
    person.fill_in(*names)
    person.start()
    person.publish()
    person.verify()


def row(person: Person, sort: str) -> Locator:
    return person.page.locator(f'[data-testid="ledger-entry"][data-sort="{sort}"]').first


def part(entry: Locator, title: str) -> Locator:
    return entry.get_by_test_id("ledger-part").filter(has=entry.page.get_by_role("heading", name=title, exact=True)).first


def seen_by_chromium(watch: Watch) -> list[Sent]:
    return [sent for sent in watch.traffic if any(place in sent.url for place in OURS)]


def archive(person: Person, folder: Path) -> Any:
    return json.loads(person.download("ledger-har", folder).read_text())


def heard(person: Person) -> list[str]:
    """The picture as a screen reader gets it: the keys, then the links, each in an item of one list."""
    tree = person.hook("diagram").aria_snapshot().splitlines()
    assert tree[0] == '- list "What went where, in order":'
    return [
        re.sub(r"^ +- '?(listitem|link) \"(.*?)\"'?:.*$", r"\2", line) for line in tree if '"Private' in line or "link" in line
    ]


def test_the_ledger_is_what_chromium_saw(person: Person, page_url: str, watch: Watch, tmp_path: Path) -> None:
    person.open(page_url)
    expect(person.hook("sent")).to_have_text("Nothing sent yet")
    person.fill_in("seen.example", "*.seen.example")
    person.start()
    person.publish()
    person.verify()
    person.hook("sent").click()
    expect(person.page.locator("#ledger-panel > summary")).to_be_focused()
    seen = seen_by_chromium(watch)
    expect(person.hook("ledger-entry")).to_have_count(len(seen))
    expect(person.hook("sent")).to_have_text(f"{len(seen) - 5} requests sent, 0 private keys")  # all but the page’s own lists
    told = [re.sub(r" \(.*\)$", "", item) for item in heard(person)]
    assert told[:2] == ["Private keys in this browser: Account key, Certificate key.", "Load this page’s own lists ×5 → loaded"]
    steps = ["Ask for its addresses → 6 addresses", "Account: a public key", "Order: 2 names → 2 tasks", "See what to publish"]
    steps += ["Publish for practice → published", "“Please look now”"]
    for number, step in enumerate(steps, start=1):
        assert told[number + 1].replace(" ×2 →", " →").startswith(f"{number} {step}")  # a nonce may be refused
    assert re.fullmatch(rf"{len(told) - 2} Fetch the certificate( ×\d)? → 2 certificates", told[-1])  # a nonce may be refused
    assert all("Practice CA by the relay" in item or "Record server" in item for item in heard(person)[2:])
    person.hook("diagram").get_by_role("link", name="Order: 2 names").click()
    order = row(person, "newOrder")
    expect(order.locator("summary")).to_be_focused()
    expect(part(order, "Payload")).to_contain_text("*.seen.example")
    assert "#" not in person.page.url
    har = archive(person, tmp_path)
    assert_har(har)
    (page,) = HarParser(har).pages
    assert [(entry.request.method, entry.request.url, entry.request.text or "") for entry in page.entries] == [
        (sent.method, sent.url, sent.body.decode()) for sent in seen
    ]
    for entry in page.entries:
        shown = person.page.locator(f'[data-number="{page.entries.index(entry) + 1}"]').get_by_test_id("ledger-state")
        expect(shown).to_contain_text(str(entry.status))


@pytest.mark.nightly
def test_other_tools_replay_its_file(person: Person, page_url: str, new_context: ContextFactory, tmp_path: Path) -> None:
    issue(person, page_url, "replayed.example")
    open_panel(person)
    file = person.download("ledger-har", tmp_path)
    entries = json.loads(file.read_text())["log"]["entries"]
    reader = new_context().new_page()
    reader.route_from_har(file, url="**/relay/**", not_found="abort")
    Person(reader).open(page_url)
    asked = "([url, options]) => fetch(url, options).then(async answer => [answer.status, await answer.text()])"
    replayed = [entry for entry in entries if "/relay/" in entry["request"]["url"] and entry["request"]["method"] != "HEAD"]
    for entry in replayed:
        request, response = entry["request"], entry["response"]
        body = {"body": request["postData"]["text"]} if "postData" in request else {}
        answer = reader.evaluate(asked, [request["url"], {"method": request["method"], **body}])
        assert answer == [response["status"], response["content"]["text"]]
    assert len(replayed) > 5


@pytest.mark.nightly
def test_an_entry_is_taken_apart_when_it_is_unfolded_and_copied(person: Person, page_url: str) -> None:
    person.page.context.grant_permissions(["clipboard-write"])
    issue(person, page_url, "apart.example")
    open_panel(person)
    order = row(person, "newOrder")
    expect(person.hook("ledger-part")).to_have_count(0)
    order.locator("summary").click()
    expect(part(order, "Protected header")).to_contain_text("ECDSA on the curve P-256 with SHA-256")
    expect(part(order, "Protected header")).to_contain_text("it came with the answer to request")
    expect(part(order, "As it was sent")).to_contain_text("a relay cannot send it elsewhere")
    expect(part(order, "Signature")).to_contain_text("64 bytes")
    part(order, "Payload").get_by_role("button", name="Copy").click()
    expect(part(order, "Payload").get_by_role("button")).to_contain_text("Copied")
    # The page itself may not read the clipboard: it is pasted, as a person would.
    person.open_panel("revoke-panel")
    person.hook("revoke-certificate").press("ControlOrMeta+V")
    copied = json.loads(person.hook("revoke-certificate").input_value())
    assert copied == {"identifiers": [{"type": "dns", "value": "apart.example"}]}
    expect(order.get_by_role("link", name="RFC 8555, section 7.4")).to_have_attribute(
        "href", "https://www.rfc-editor.org/rfc/rfc8555#section-7.4"
    )
    order.locator("summary").click()
    expect(person.hook("ledger-part")).to_have_count(0)


@pytest.mark.nightly
def test_the_tour_is_walked_with_the_keyboard_alone(person: Person, page_url: str) -> None:
    person.open(page_url)
    press = person.page.keyboard.press
    person.page.locator("#ledger-panel > summary").focus()
    press("Enter")
    arrow = person.hook("diagram").get_by_role("link", name="Load this page’s own list")
    expect(arrow).to_be_visible()
    press("Tab")
    expect(arrow).to_be_focused()
    press("Tab")
    press("Enter")
    expect(person.hook("ledger-status")).to_contain_text("an order must come first")
    expect(person.hook("tour")).to_be_hidden()
    person.fill_in("tour.example")
    person.start()
    person.publish()
    person.verify()
    person.hook("tour-start").focus()
    press("Enter")
    expect(person.page.locator("#tour-title")).to_be_focused()
    expect(person.page.locator("#tour-title")).to_have_text("Step 1 of 11 The directory")
    press("Tab")
    expect(person.hook("tour-next")).to_be_focused()
    for number, title in ((2, "A nonce"), (3, "The account"), (4, "The order"), (5, "What the CA wants to see")):
        press("Enter")
        expect(person.page.locator("#tour-title")).to_have_text(f"Step {number} of 11 {title}")
    while not person.hook("tour-next").is_disabled():
        press("Enter")
    expect(person.page.locator("#tour-title")).to_have_text("Step 11 of 11 The certificate")
    expect(person.page.locator("#tour-title")).to_be_focused()
    expect(person.hook("tour")).to_contain_text("First the certificate for tour.example")
    person.hook("tour-end").press("Enter")
    expect(person.hook("tour-start")).to_be_focused()


@pytest.mark.nightly
def test_what_goes_wrong_is_in_it_too_and_the_blind_question_after_it(person: Person, page_url: str, watch: Watch) -> None:
    directory = "https://acme-v02.api.letsencrypt.org/directory"
    watch.allow("acme-v02.api.letsencrypt.org")
    watch.expect(FAILED_REQUEST)
    person.open(page_url)
    open_panel(person)
    person.fill_in("wrong.example", ca="letsencrypt")
    person.page.route(directory, lambda route: route.abort())
    person.hook("start").click()
    expect(row(person, "probe").get_by_test_id("ledger-state")).to_have_text("no answer")
    person.hook("ca").select_option("practice")
    person.page.route("**/relay/**", refusal(429, "rateLimited", detail="<b>Too many</b> \u202e"))
    person.hook("start").click()
    refused = person.page.locator('[data-testid="ledger-entry"][data-state="bad"]').last
    expect(refused.get_by_test_id("ledger-state")).to_have_text("429 rateLimited")
    refused.locator("summary").click()
    expect(refused).to_contain_text("<b>Too many</b> \\u202e")
    expect(refused).to_contain_text("refusal is “rateLimited”")
    seen = [sent.url for sent in watch.traffic if sent.url == directory or any(place in sent.url for place in OURS)]
    no_cors = person.page.locator('[data-testid="ledger-entry"][data-sort="probe"]').count()
    assert seen.count(directory) == 2 * no_cors  # each try, and the question after it
    assert no_cors
    expect(person.hook("ledger-entry")).to_have_count(len(seen))


def test_what_was_held_back_leaves_no_trace_but_that(person: Person, page_url: str, watch: Watch, tmp_path: Path) -> None:
    person.open(page_url)
    person.fill_in("held.example")
    person.page.locator("#account-options > summary").click()
    person.hook("account-extractable").check()
    person.start()
    person.open_panel("account-panel")
    person.keys.append(person.download("account-pem", tmp_path).read_bytes())
    private = json.loads(person.download("account-jwk", tmp_path).read_text())["d"].strip("-_")
    person.hook("account-contact").fill(f"{private}@shop.example")
    person.hook("account-update").click()
    open_panel(person)
    held = row(person, "held")
    expect(held.get_by_test_id("ledger-state")).to_have_text("not sent")
    held.locator("summary").click()
    expect(held).to_contain_text("the request contained private key material.")
    har = person.download("ledger-har", tmp_path).read_text()
    assert private not in har
    assert len(json.loads(har)["log"]["entries"]) == len(seen_by_chromium(watch))
    assert private not in str(person.page.locator("#ledger-panel").inner_html())


def test_it_grows_while_one_looks_and_is_gone_with_the_visit(person: Person, page_url: str) -> None:
    person.open(page_url)
    open_panel(person)
    expect(person.hook("ledger-entry")).to_have_count(5)  # the page’s own lists
    person.fill_in("gone.example")
    person.start()
    expect(row(person, "authorization")).to_be_visible()
    expect(person.page.locator('[data-testid="ledger-entry"][data-state="open"]')).to_have_count(0)
    assert not [text for text in stored(person.page, "records").values() if "replay-nonce" in text]
    person.page.reload()
    person.wait_ready()
    open_panel(person)
    expect(person.hook("ledger-entry")).to_have_count(5)  # the page’s own lists
    expect(person.hook("ledger-summary")).to_have_text("5 requests.")


def test_text_of_a_ca_stays_text(person: Person, page_url: str) -> None:
    def answer(route: Route) -> None:
        route.fulfill(json={"<img src=x>": "<script>alert(1)</script>"})

    person.page.route("**/relay/**", answer)
    person.open(page_url)
    person.page.get_by_text("About this CA").click()
    person.hook("ca-test").click()
    open_panel(person)
    entry = person.hook("ledger-entry").last
    entry.locator("summary").click()
    expect(part(entry, "Answer: body")).to_contain_text("<script>alert(1)</script>")
    expect(person.page.locator("#ledger-panel img, #ledger-panel script")).to_have_count(0)
