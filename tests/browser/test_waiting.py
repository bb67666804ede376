"""Waiting for a CA that takes its time or finds a proof missing: nobody is held, and the same values can be tried again."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.person import ISSUE, Person

WORDS: Final = "no TXT record was found"
PROBLEM: Final = {"type": "urn:ietf:params:acme:error:dns", "detail": WORDS, "status": 400}
ORDERS, AUTHORIZATIONS, CHALLENGES = "**/relay/**/my-order/**", "**/relay/**/authZ/**", "**/relay/**/chalZ/**"


def altered(route: Route, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """The practice CA’s own answer with some of it changed; what it refuses (a nonce, on purpose) stays."""
    response = route.fetch()
    body: dict[str, Any] = response.json()
    route.fulfill(response=response, json=change(body) if response.ok else body)


def still_pending(route: Route) -> None:
    """An order that waits."""
    altered(route, lambda order: {**order, "status": "pending"})


def still_looking(route: Route) -> None:
    """An authorization as OpenBao has one while it looks for what is not there."""

    def change(authorization: dict[str, Any]) -> dict[str, Any]:
        challenges = [{**challenge, "status": "processing", "error": PROBLEM} for challenge in authorization["challenges"]]
        return {**authorization, "status": "pending", "challenges": challenges}

    altered(route, change)


def still_processing(route: Route) -> None:
    """A challenge that got a response; the practice CA may have the outcome before it says so."""
    altered(route, lambda challenge: {**challenge, "status": "processing"})


WAITING: Final = {ORDERS: still_pending, AUTHORIZATIONS: still_looking, CHALLENGES: still_processing}


def make_ca_wait(page: Page) -> None:
    """From now on, the CA goes on looking, whatever it finds."""
    for pattern, handler in WAITING.items():
        page.route(pattern, handler)


def let_ca_tell(page: Page) -> None:
    """From now on, the CA says what it found."""
    for pattern in WAITING:
        page.unroute(pattern)


@pytest.mark.nightly
def test_long_wait_says_what_is_missing_is_shortened_and_left_and_taken_up_again(person: Person, page_url: str) -> None:
    """OpenBao: an error stands in the challenge from the first second on, and the end comes minutes later."""
    person.open(page_url)
    person.fill_in("wait.shop.example")
    person.start()
    person.publish()
    make_ca_wait(person.page)
    person.hook("verify").click()
    title = person.hook("error").locator(".error-title")
    expect(title).to_have_text("Practice CA has not found the proof for wait.shop.example yet", timeout=ISSUE)
    person.hook("error").locator("summary").click()
    expect(person.hook("error").locator(".error-detail")).to_have_text(f"wait.shop.example: {WORDS}")
    expect(person.page.locator("#title-prove")).to_contain_text("Not found yet: one record is missing")
    expect(person.hook("verify")).to_be_disabled()
    person.hook("record").locator("[data-copy=value]").focus()
    for _ in range(3):  # looks, each with the same news: the focus stays where the person went
        with person.page.expect_response(AUTHORIZATIONS):
            person.hook("look-again").click()
        person.hook("record").locator("[data-copy=value]").focus()
    expect(title).to_be_visible()
    expect(person.hook("record").locator("[data-copy=value]")).to_be_focused()
    expect(person.page.locator("#proof-lines")).to_have_text("wait.shop.example: not found yet.")
    person.page.get_by_role("button", name="Stop waiting").click()
    person.wait_step("names")
    expect(person.hook("domains")).to_be_enabled()
    expect(person.hook("look-again")).to_be_hidden()
    person.page.unroute_all(behavior="ignoreErrors")  # a poll that was broken off may still be in their hands
    person.hook("saved-open").first.click()
    expect(person.page.locator("main")).to_have_attribute("data-step", "certificate", timeout=ISSUE)
    expect(person.hook("error")).to_be_hidden()


def test_failed_proof_is_answered_again_in_the_same_order(person: Person, page_url: str) -> None:
    """step-ca: the challenge stays pending with an error, and takes another answer."""
    person.open(page_url)
    person.fill_in("again.shop.example")
    person.start()
    value = person.hook("record-value").inner_text()

    def not_found(route: Route) -> None:
        body = {"type": "dns-01", "url": route.request.url, "status": "pending", "token": "t", "error": PROBLEM}
        route.fulfill(status=200, headers={"Replay-Nonce": "AAAA"}, content_type="application/json", body=json.dumps(body))

    person.page.route(CHALLENGES, not_found)
    person.hook("verify").click()
    title = person.hook("error").locator(".error-title")
    expect(title).to_have_text("The proof failed for again.shop.example", timeout=ISSUE)
    expect(person.hook("error")).to_be_focused()
    expect(person.hook("retry")).to_be_hidden()
    expect(person.hook("verify")).to_have_text("Try again")
    expect(person.hook("record-value")).to_be_visible()
    expect(person.hook("record-value")).to_have_text(value)
    person.page.unroute(CHALLENGES)
    person.publish()
    person.verify()


def test_a_form_that_is_off_passes_nothing_on_to_what_is_in_it(person: Person, page_url: str) -> None:
    """Such as Pico’s pointer: the browser would style each of its elements anew, 1,600 of them with a hundred names."""
    person.open(page_url)
    person.fill_in("off.example")
    person.page.route("**/order-plz", lambda _route: None)  # it hangs
    person.hook("start").click()
    form = person.page.locator("#names-fields[disabled]")
    expect(form).to_be_attached()
    assert form.evaluate("fieldset => getComputedStyle(fieldset).cursor") == "auto"
