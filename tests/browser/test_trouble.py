"""Bad input and bad luck at the page: each has words of its own, nothing typed is lost, and there is a way on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.browser.person import ISSUE, Person
from tests.browser.watch import Watch
from tests.conftest import PracticeFactory
from tests.nightly import nightly_after
from tools.ports import Ports
from tools.practice import PracticeCA

FAILED_REQUEST = "Failed to load resource"  # Chromium's own word for what these tests provoke
URN = "urn:ietf:params:acme:error:"

BAD_NAMES = {
    "": "at least one name",
    f"{'x' * 64}.example": "at most 63",
    ".".join(["x" * 60] * 5): "at most 253",
    "shop..example": "one dot too many",
    "a_b.example": "underscore",
    "me@shop.example": "e-mail",
    "shop‑1.example": "looks like a hyphen",
    "192.168.001.010": "leading zeros",
    "\n".join(f"n{n}.example" for n in range(101)): "101 names",
}


@pytest.mark.nightly
def test_bad_names_are_said_beside_the_box_before_anything_is_sent(person: Person, page_url: str, watch: Watch) -> None:
    person.open(page_url)
    person.hook("agree-tos").check()
    beside = person.page.locator(".question").filter(has=person.hook("domains"))
    with watch.sending_nothing(person.page):
        for text, words in BAD_NAMES.items():
            person.hook("domains").fill("good.example")
            expect(person.hook("domains")).not_to_have_attribute("aria-invalid", "true")
            person.hook("domains").fill(text, timeout=ISSUE)  # Python reads a hundred names before it is over
            person.hook("start").click()
            expect(person.hook("error")).to_contain_text("Nothing was sent yet")
            expect(beside).to_contain_text(words)
            expect(person.hook("domains")).to_have_attribute("aria-invalid", "true")
            assert person.hook("domains").input_value() == text


def test_a_wildcard_needs_a_dns_record(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.fill_in("*.shop.example", challenge="http-01")
    person.hook("start").click()
    expect(person.hook("error")).to_contain_text("Nothing was sent yet")
    expect(person.page.locator("#understood")).to_contain_text("DNS record")
    person.hook("challenge").select_option("dns-01")
    person.start()


def test_the_terms_must_be_agreed_to_by_a_person(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.hook("domains").fill("shop.example")
    person.hook("start").click()
    expect(person.page.locator("#error-agree-tos")).to_contain_text("agree")


def test_a_directory_outside_the_policy_says_how_to_add_it(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.fill_in("shop.example", ca="custom")
    person.hook("directory-url").fill("https://ca.elsewhere.example/dir")
    person.hook("start").click()
    expect(person.page.locator("#error-directory-url")).to_contain_text("static/data/cas.json")


def test_a_directory_inside_the_policy_is_used(person: Person, page_url: str, practice_directory: str) -> None:
    person.open(page_url)
    person.fill_in("shop.example", ca="custom")
    person.hook("directory-url").fill(practice_directory)
    person.start()


Answer = Callable[[Route], None]


def text_answer(status: int, body: str) -> Answer:
    """The same answer to every request, as a proxy or a load balancer gives it."""
    return lambda route: route.fulfill(status=status, content_type="text/html", body=body)


def refusal(status: int, kind: str, **members: object) -> Answer:
    """A problem document (RFC 8555 §6.7) in answer to newOrder; everything else goes to the real CA."""
    headers = {"Replay-Nonce": "AAAA", "Retry-After": "3600"}
    document = json.dumps({"type": f"{URN}{kind}", "detail": "The CA's own words", **members})

    def answer(route: Route) -> None:
        if "order-plz" in route.request.url:
            route.fulfill(status=status, content_type="application/problem+json", headers=headers, body=document)
        else:
            route.continue_()

    return answer


REJECTED = {
    "type": f"{URN}rejectedIdentifier",
    "detail": "Not this one",
    "identifier": {"type": "dns", "value": "shop.example"},
}

TROUBLE: dict[str, tuple[Answer, str]] = {
    "unreachable": (lambda route: route.abort(), "does not answer"),
    "HTML for JSON": (text_answer(200, "<html>Please log in</html>"), "cannot read"),
    "overloaded": (text_answer(503, "<html>busy</html>"), "not available now"),
    "badNonce storm": (refusal(400, "badNonce"), "one-time number"),
    "rejectedIdentifier": (refusal(400, "rejectedIdentifier", subproblems=[REJECTED]), "does not issue for shop.example"),
    "rate limit": (refusal(429, "rateLimited"), "too many requests"),
    "terms change": (refusal(403, "userActionRequired", instance="https://ca.example/terms"), "new terms of service"),
}


@pytest.mark.parametrize("trouble", nightly_after(2, TROUBLE))
def test_trouble_with_the_ca_has_its_own_words_and_a_way_on(person: Person, page_url: str, watch: Watch, trouble: str) -> None:
    answer, words = TROUBLE[trouble]
    watch.expect(FAILED_REQUEST)
    person.open(page_url)
    person.fill_in("shop.example")
    person.page.route("**/relay/**", answer)
    person.hook("start").click()
    expect(person.hook("error").locator(".error-title")).to_contain_text(words, timeout=30_000)
    expect(person.hook("domains")).to_have_value("shop.example")
    person.page.unroute("**/relay/**")
    if trouble == "terms change":  # agreed to anew by a person, never by the page
        expect(person.hook("agree-tos")).not_to_be_checked()
        person.hook("agree-tos").check()
    person.start()


COUNTED_PATIENCE = """
const { timeout } = AbortSignal;
globalThis.patience = [];
globalThis.haste = 1;
AbortSignal.timeout = (milliseconds) => {
    patience.push(milliseconds);
    return timeout.call(AbortSignal, milliseconds / haste);
};
"""

BARE_ERRORS = """
const { fetch } = globalThis;
globalThis.fetch = async (resource, options) => {
    try {
        return await fetch(resource, options);
    } catch (error) {
        if (options?.mode !== "no-cors") throw error;
        const bare = new TypeError("Load failed");
        delete bare.stack;
        throw bare;
    }
};
"""
"""As in WebKit, whose own errors have no stack: Pyodide does not take such an object for an error by itself."""


@pytest.mark.fresh_profile
def test_a_ca_that_never_answers_is_given_up(person: Person, page_url: str, watch: Watch) -> None:
    """While nothing answers, a hundred times as fast. The blind question after each request must not take as long again."""
    watch.expect(FAILED_REQUEST)
    person.page.add_init_script(COUNTED_PATIENCE)
    person.page.add_init_script(BARE_ERRORS)
    person.open(page_url)
    person.fill_in("shop.example")
    before = len(person.page.evaluate("patience"))
    person.page.route("**/relay/**", lambda _route: None)
    person.page.evaluate("haste = 100")
    person.hook("start").click()
    expect(person.hook("error").locator(".error-title")).to_contain_text("does not answer", timeout=30_000)
    request, no_cors = person.page.evaluate("patience")[before:][:2]
    assert no_cors <= request / 5
    person.page.evaluate("haste = 1")
    person.page.unroute("**/relay/**")
    person.start()


@pytest.mark.nightly
def test_practice_ca_that_has_stopped_is_told_to_be_started_again(
    person: Person, page_with: Callable[[PracticeCA], str], watch: Watch, tmp_path: Path
) -> None:
    """At each step that needs it: the server of `make run` still answers, and says so in the place of the CA."""
    watch.expect(FAILED_REQUEST)
    title = person.hook("error").locator(".error-title")
    with PracticeCA(Ports.free(), tmp_path) as ca:
        person.open(page_with(ca))
        person.fill_in("shop.example")
        person.start()
    for hook in ("practice-publish", "verify"):
        person.hook(hook).click()
        expect(title).to_have_text("The practice CA does not answer")
        expect(person.hook("error").locator(".error-text")).to_contain_text("may have stopped by itself")
    person.page.locator("#back").click()
    person.wait_step("names")
    person.hook("start").click()
    expect(title).to_have_text("The practice CA does not answer")


@pytest.mark.nightly
def test_a_failed_proof_is_named_and_the_next_order_keeps_the_others(
    person: Person, practice_with: PracticeFactory, page_with: Callable[[PracticeCA], str]
) -> None:
    practice = practice_with(env={"PEBBLE_AUTHZREUSE": "100"})
    person.open(page_with(practice))
    person.fill_in("kept.again.example", "missing.again.example")
    person.start()
    person.publish_by_hand(practice.records_url, but="missing.again.example")
    person.hook("verify").click()
    title = person.hook("error").locator(".error-title")
    expect(title).to_have_text("The proof failed for missing.again.example", timeout=60_000)
    person.hook("retry").click()
    expect(person.hook("record")).to_have_count(1)
    expect(person.hook("record")).to_have_attribute("data-identifier", "missing.again.example")
    expect(person.hook("error")).to_be_hidden()
    person.publish()
    person.verify()


def test_the_cas_own_words_are_one_click_away(person: Person, page_url: str, watch: Watch) -> None:
    watch.expect(FAILED_REQUEST)
    person.open(page_url)
    person.fill_in("shop.example")
    person.page.route("**/relay/**", refusal(429, "rateLimited", detail="<b>50 certificates</b> a week"))
    person.hook("start").click()
    detail = person.hook("error").locator(".error-detail")
    expect(detail).to_be_hidden()
    person.hook("error").locator("summary").click()
    expect(detail).to_have_text("<b>50 certificates</b> a week")


def test_a_ca_without_cors_is_told_from_one_that_cannot_be_reached(person: Person, page_url: str, watch: Watch) -> None:
    directory = "https://acme-v02.api.letsencrypt.org/directory"
    watch.allow("acme-v02.api.letsencrypt.org")
    watch.expect(FAILED_REQUEST)
    watch.expect("CORS policy")
    person.open(page_url)
    person.fill_in("shop.example", ca="letsencrypt")
    person.page.route(
        directory,
        lambda route: route.fulfill(
            status=200, body="{}", headers={"Access-Control-Allow-Origin": "https://elsewhere.example"}
        ),
    )
    person.hook("start").click()
    expect(person.hook("error").locator(".error-title")).to_have_text("Let’s Encrypt does not let browsers in")
    person.page.unroute(directory)
    person.page.route(directory, lambda route: route.abort())
    person.hook("start").click()
    expect(person.hook("error").locator(".error-title")).to_have_text("Let’s Encrypt cannot be reached")


def test_fault_while_the_page_shows_something_is_told(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.fill_in("fault.example")
    person.page.route("**/relay/**", lambda _route: None)  # so that there is something to wait for
    person.page.evaluate("document.querySelector('#waiting').remove()")  # which the page wants to fill
    person.hook("start").click()
    expect(person.hook("error")).to_contain_text("Keystay made a mistake")
    expect(person.hook("error")).to_contain_text("Reload it")
