"""A hostile CA at the real page: its words stay words, its links are safe, and however much it says the page stays usable."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.person import Person
from tests.browser.watch import Watch
from tests.nightly import nightly_after

FAILED_REQUEST = "Failed to load resource"  # Chromium's own word for what these tests provoke


def says(detail: str, **members: Any) -> Callable[[Route], None]:
    """A refusal of the order in these words; everything else goes to the real CA."""
    document = json.dumps({"type": "urn:ietf:params:acme:error:malformed", "detail": detail, **members})

    def answer(route: Route) -> None:
        if "order-plz" in route.request.url:
            headers = {"Replay-Nonce": "AAAA"}
            route.fulfill(status=400, content_type="application/problem+json", headers=headers, body=document)
        else:
            route.continue_()

    return answer


def refused(person: Person, watch: Watch, url: str, answer: Callable[[Route], None]) -> Locator:
    """Press start at such a CA, and unfold its words."""
    watch.expect(FAILED_REQUEST)
    person.open(url)
    person.fill_in("shop.example")
    person.page.route("**/relay/**", answer)
    person.hook("start").click()
    person.hook("error").locator("summary").click(timeout=30_000)
    return person.hook("error").locator(".error-detail")


def test_markup_stays_text_and_only_https_becomes_a_link(person: Person, page_url: str, watch: Watch) -> None:
    words = (
        "<img src=x onerror=alert(1)> javascript:alert(1) http://plain.example data:text/html,x "
        "https://user@evil.example/ https://аррӏе.example/login. https://ca.example/why?a=b, end"
    )
    detail = refused(person, watch, page_url, says(words))
    expect(detail).to_contain_text("<img src=x onerror=alert(1)> javascript:alert(1) http://plain.example")
    links = detail.locator("a")
    expect(links).to_have_text(["https://xn--80ak6aa92e.example/login", "https://ca.example/why?a=b"])
    for link in links.all():
        assert link.get_attribute("href") == link.text_content()
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert link.get_attribute("target") == "_blank"
    assert detail.locator("> :not(a)").count() == 0


def test_marks_that_turn_letters_around_are_seen_and_turn_nothing(person: Person, page_url: str, watch: Watch) -> None:
    detail = refused(person, watch, page_url, says("a\u202eb\u2066c\u200bd\x00e \u05e9\u05dc\u05d5\u05dd"))
    expect(detail).to_have_text("a⟨U+202E⟩b⟨U+2066⟩c⟨U+200B⟩d⟨U+0000⟩e שלום")
    assert detail.evaluate("element => getComputedStyle(element).unicodeBidi") == "isolate"
    expect(person.hook("error").locator(".error-title")).to_have_css("direction", "ltr")


def test_a_megabyte_of_words_is_cut_and_pushes_nothing_away(person: Person, page_url: str, watch: Watch) -> None:
    detail = refused(person, watch, page_url, says("blah " * 180_000 + "THE END"))
    expect(detail).to_contain_text("this text has 900,007 characters; its middle is left out")
    expect(detail).to_contain_text("THE END")
    box = detail.bounding_box()
    assert box
    assert box["height"] <= 300
    assert len(detail.text_content() or "") < 7000
    person.page.unroute("**/relay/**")
    person.start()


BAD_ANSWERS: dict[str, tuple[Callable[[Route], None], str]] = {
    "endless": (
        lambda route: route.fulfill(status=200, content_type="application/json", body="x" * (5 << 20)),
        "sent far more than any answer needs",
    ),
    "deep": (
        lambda route: route.fulfill(status=200, content_type="application/json", body='{"a":' * 100_000 + "1" + "}" * 100_000),
        "sent far more than any answer needs",
    ),
    "redirect": (
        lambda route: route.fulfill(status=302, headers={"Location": "https://evil.example/dir"}),
        "named an address that Keystay does not contact",
    ),
    "elsewhere": (
        lambda route: route.fulfill(
            status=200,
            content_type="application/json",
            body=json.dumps(dict.fromkeys(("newNonce", "newAccount", "newOrder"), "https://evil.example/x")),
        ),
        "named an address that Keystay does not contact",
    ),
}


@pytest.mark.parametrize("kind", nightly_after(2, ["endless", "elsewhere", "deep", "redirect"]))
def test_hostile_directory_ends_in_words_and_a_way_on(person: Person, page_url: str, watch: Watch, kind: str) -> None:
    answer, words = BAD_ANSWERS[kind]
    watch.expect(FAILED_REQUEST)
    person.open(page_url)
    person.fill_in("shop.example")
    person.page.route("**/relay/**", answer)
    person.hook("start").click()
    expect(person.hook("error").locator(".error-title")).to_contain_text(words, timeout=30_000)
    person.page.unroute("**/relay/**")
    person.start()
