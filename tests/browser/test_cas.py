"""The CAs to choose from: what is said of each, the test of the way to it, and those that cannot be used from here."""

import json
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.browser.conftest import Site
from tests.browser.person import Person
from tests.browser.watch import Watch
from tests.threaded_server import running
from tools.build import build_site
from tools.ports import Ports
from tools.serve import application

LETSENCRYPT = "https://acme-v02.api.letsencrypt.org"
URLS = {f"new{name}": f"{LETSENCRYPT}/{name}" for name in ("Nonce", "Account", "Order")}
FAILED_REQUEST = "Failed to load resource"


def test_what_is_known_of_a_ca_stands_under_the_list(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.hook("ca").select_option("letsencrypt")
    expect(person.hook("ca-facts")).to_contain_text("Trusted by browsers")
    person.hook("ca").select_option("sslcom-ecc")
    expect(person.hook("ca-facts")).to_contain_text("Mind the price")
    expect(person.hook("ca-details")).to_be_hidden()
    person.page.get_by_text("About this CA").click()
    expect(person.hook("ca-details")).to_contain_text("API credentials")
    expect(person.hook("ca-details")).to_contain_text("through a relay at http://localhost")  # make run has one for it


def test_closed_ca_cannot_be_chosen_and_says_why(person: Person, page_url: str) -> None:
    person.open(f"{page_url}#ca=buypass")
    expect(person.hook("ca")).to_have_value("practice")
    closed = person.hook("ca").locator("option[value=buypass]")
    expect(closed).to_be_disabled()
    expect(closed).to_contain_text("closed since 31 October 2025; use Let’s Encrypt")


def test_ca_that_needs_a_relay_says_so_and_cannot_be_started(person: Person, site: Site, watch: Watch) -> None:
    person.open(site.url)
    with watch.sending_nothing(person.page):
        person.fill_in("shop.example", ca="zerossl")
        expect(person.hook("ca-facts")).to_contain_text("needs a relay")
        expect(person.hook("ca-details")).to_contain_text("README")
        expect(person.hook("ca-test")).to_be_hidden()
        person.hook("start").click()
        expect(person.page.locator("#error-ca")).to_contain_text("needs a relay")


def test_way_to_a_ca_can_be_tried_before_anything_is_ordered(person: Person, page_url: str) -> None:
    person.open(page_url)
    person.page.get_by_text("About this CA").click()
    person.hook("ca-test").click()
    expect(person.hook("ca-test-result")).to_have_text("It works: this page can use Practice CA through the relay.")


def test_relay_on_the_pages_own_host_is_used(person: Person, tmp_path: Path) -> None:
    """As `make dist RELAY=/relay/` says it."""
    folder, port = tmp_path / "site", Ports.free().page
    build_site(folder, None, "/relay/")
    urls = {f"new{name}": f"https://acme.zerossl.com/v2/DV90/new{name}" for name in ("Nonce", "Account", "Order")}
    relayed = f"http://localhost:{port}/relay/acme.zerossl.com/v2/DV90"
    person.page.route(f"{relayed}/newNonce", lambda route: route.fulfill(headers={"Replay-Nonce": "abc"}))
    person.page.route(f"{relayed}", lambda route: route.fulfill(json=urls))
    with running(application(folder, None), port):
        person.open(f"http://localhost:{port}/#ca=zerossl")
        person.page.get_by_text("About this CA").click()
        person.hook("ca-test").click()
        expect(person.hook("ca-test-result")).to_have_text("It works: this page can use ZeroSSL through the relay.")


def test_ca_that_hides_its_nonce_is_found_out_before_it_is_used(person: Person, page_url: str, watch: Watch) -> None:
    """As ZeroSSL does it: Access-Control-Allow-Origin, but nothing that exposes Replay-Nonce."""
    watch.allow("acme-v02.api.letsencrypt.org")
    cors = {"Access-Control-Allow-Origin": "*", "Replay-Nonce": "hidden"}

    def answer(route: Route) -> None:
        body = json.dumps(URLS) if route.request.url.endswith("/directory") else ""
        route.fulfill(status=200, headers=cors, content_type="application/json", body=body)

    person.page.route(f"{LETSENCRYPT}/**", answer)
    person.open(page_url)
    person.fill_in("shop.example", ca="letsencrypt")
    person.page.get_by_text("About this CA").click()
    person.hook("ca-test").click()
    expect(person.hook("ca-test-result")).to_contain_text("hides its one-time numbers")
    person.hook("start").click()
    expect(person.hook("error").locator(".error-title")).to_have_text("Let’s Encrypt hides its one-time numbers from browsers")
    assert {sent.method for sent in watch.traffic if sent.url.startswith(LETSENCRYPT)} <= {"GET", "HEAD"}


def test_ca_without_cors_headers_is_found_out_too(person: Person, page_url: str, watch: Watch) -> None:
    watch.allow("acme-v02.api.letsencrypt.org")
    watch.expect(FAILED_REQUEST)
    watch.expect("CORS policy")
    elsewhere = {"Access-Control-Allow-Origin": "https://elsewhere.example"}
    person.page.route(f"{LETSENCRYPT}/**", lambda route: route.fulfill(status=200, headers=elsewhere, body="{}"))
    person.open(page_url)
    person.hook("ca").select_option("letsencrypt")
    person.page.get_by_text("About this CA").click()
    person.hook("ca-test").click()
    expect(person.hook("ca-test-result")).to_contain_text("Let’s Encrypt does not let browsers in")


TERMS = "https://ca.example/terms-of-2026.pdf"


def with_terms(route: Route) -> None:
    """The practice CA’s directory, with terms that one can open."""
    response = route.fetch()
    directory = response.json()
    route.fulfill(response=response, json={**directory, "meta": {**directory.get("meta", {}), "termsOfService": TERMS}})


def test_terms_are_linked_from_the_directory_before_a_person_agrees(
    person: Person, page_url: str, practice_directory: str, watch: Watch
) -> None:
    link, box = person.page.locator("#terms-link"), person.hook("agree-tos")
    person.open(page_url)
    expect(box).not_to_be_checked()
    expect(link).to_be_hidden()
    expect(person.hook("terms-note")).to_contain_text("has no page of terms")
    person.page.route("**/relay/**/dir", with_terms)
    person.hook("domains").fill("terms.example")
    person.hook("ca").select_option("custom")
    with watch.sending_nothing(person.page):
        person.hook("directory-url").fill(practice_directory)
        person.hook("directory-url").press("Tab")
        expect(person.hook("terms-note")).to_contain_text("as soon as you come to this box")
    box.focus()
    expect(link).to_have_attribute("href", TERMS)
    expect(link).to_be_visible()
    expect(person.hook("terms-note")).to_contain_text("Read them, then tick the box")
    box.check()
    person.start()


def test_tick_is_for_the_terms_beside_it(person: Person, page_url: str) -> None:
    """Also while Python is still loading: another CA’s terms are other terms, and both of one CA’s pages are the same."""
    link, box, held = person.page.locator("#terms-link"), person.hook("agree-tos"), list[Route]()
    person.page.route("**/pyodide.asm.wasm", lambda route: held.append(route))
    with person.page.expect_request("**/pyodide.asm.wasm"):
        person.page.goto(page_url, wait_until="commit")
    expect(person.hook("start")).to_be_enabled()
    for loaded in (False, True):
        if loaded:
            held[0].continue_()
            person.wait_ready()
        person.hook("ca").select_option("letsencrypt")
        expect(link).to_have_attribute("href", "https://letsencrypt.org/repository/")
        box.check()
        person.hook("ca").select_option("letsencrypt-staging")
        expect(box).to_be_checked()
        person.hook("ca").select_option("zerossl")
        expect(box).not_to_be_checked()
        expect(link).to_have_attribute("href", "https://zerossl.com/terms/")
        box.check()
        person.hook("ca").select_option("practice")  # which has none, so there is nothing new to agree to
        expect(box).to_be_checked()
        expect(link).to_be_hidden()
        assert link.get_attribute("href") is None
        person.hook("ca").select_option("custom")
        expect(box).not_to_be_checked()
