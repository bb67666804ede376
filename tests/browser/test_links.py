"""Links that fill in the form, and what was typed there before: neither is lost to the other."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.person import PYTHON, Person, open_form, reload_form
from tests.browser.test_boot import expect_ready
from tests.nightly import nightly_after
from tools.form_defaults import FormDefaults, with_defaults


def test_link_fills_the_form(page: Page, site: Site) -> None:
    link = "#domains=a.example,*.a.example&ca=letsencrypt-staging&challenge=http-01&key=rsa-3072"
    open_form(page, site.url + link)
    expect(page.get_by_test_id("domains")).to_have_value("a.example\n*.a.example")
    expect(page.get_by_test_id("ca")).to_have_value("letsencrypt-staging")
    expect(page.get_by_test_id("challenge")).to_have_value("http-01")
    expect(page.get_by_test_id("key-type")).to_have_value("rsa-3072")
    expect(page.get_by_role("radio", name="I can put a file on the web server")).to_be_checked()
    expect(page.get_by_role("radio", name="Let’s Encrypt staging")).to_be_checked()
    expect(page.get_by_test_id("start")).to_have_text("Get the files to publish")


def test_link_and_what_was_typed_win_over_what_the_page_was_built_with(page: Page, site: Site) -> None:
    def built(route: Route) -> None:
        html = route.fetch().text()
        route.fulfill(body=with_defaults(html, FormDefaults("letsencrypt-staging", contact="me@a.example")))

    page.route(site.url, built)
    open_form(page, site.url)
    expect(page.get_by_test_id("ca")).to_have_value("letsencrypt-staging")
    expect(page.get_by_test_id("contact")).to_have_value("me@a.example")
    page.get_by_test_id("ca").select_option("letsencrypt")
    reload_form(page)
    expect(page.get_by_test_id("ca")).to_have_value("letsencrypt")
    page.evaluate("sessionStorage.clear()")
    page.goto("about:blank")
    open_form(page, f"{site.url}#domains=a.example&ca=letsencrypt")
    expect(page.get_by_test_id("ca")).to_have_value("letsencrypt")
    expect(page.get_by_test_id("domains")).to_have_value("a.example")


def test_link_with_unknown_values_changes_nothing(page: Page, site: Site) -> None:
    open_form(page, f"{site.url}#ca=nobody&challenge=carrier-pigeon&key=dsa&surprise=1")
    expect(page.get_by_test_id("ca")).to_have_value("letsencrypt")
    expect(page.get_by_test_id("challenge")).to_have_value("dns-01")
    expect(page.get_by_test_id("key-type")).to_have_value("ec-p256")


@pytest.mark.parametrize(
    "fragment",
    nightly_after(
        2,
        [
            "domains=%E0%A4%A&ca=%&key=%zz&challenge=%00",
            f"domains={'a.example,' * 4000}&key=ec-p384",
            "ca=buypass&key=rsa-3072&key=ec-p384",  # closed, so nobody can choose it
            "directory=https://evil.example/dir&until=2027-12-31",  # for choices that were not made
            "start&ca=%F0%9F%92%A9&__proto__=1&constructor=1",
        ],
    ),
)
def test_link_of_any_content_leaves_a_form_that_works(person: Person, site: Site, fragment: str) -> None:
    page = person.page
    person.open(f"{site.url}#{fragment}")
    expect(page.get_by_test_id("ca")).to_have_value("letsencrypt")
    expect(page.get_by_test_id("challenge")).to_have_value("dns-01")
    expect(page.get_by_test_id("directory-url")).to_have_value("")
    expect(page.get_by_test_id("persist-until")).to_have_value("")
    assert len(page.get_by_test_id("domains").input_value()) < 32_768
    page.get_by_test_id("domains").fill("still.example")
    expect(page.locator("#understood")).to_contain_text("still.example")


@pytest.mark.nightly
def test_link_that_is_too_long_is_told_and_keeps_nothing_else_from_being_kept(page: Page, site: Site) -> None:
    page.goto(f"{site.url}#ca=letsencrypt-staging&domains={'a.example,' * 100_000}")
    expect(page.get_by_test_id("domains")).to_have_value("")
    expect_ready(page)
    expect(page.get_by_test_id("status")).to_contain_text("so it was ignored")
    page.get_by_test_id("domains").fill("typed.example")
    page.reload()
    expect(page.get_by_test_id("domains")).to_have_value("typed.example")
    expect(page.get_by_test_id("ca")).to_have_value("letsencrypt")


def test_link_fills_what_belongs_to_its_own_choices(page: Page, site: Site) -> None:
    open_form(page, f"{site.url}#directory=https://ca.example/dir&ca=custom&until=2027-12-31&challenge=dns-persist-01")
    expect(page.get_by_test_id("directory-url")).to_have_value("https://ca.example/dir")
    expect(page.get_by_test_id("persist-until")).to_have_value("2027-12-31")


def go_to_fragment(page: Page, fragment: str) -> None:
    """Lead the page to another fragment, as a page that opened it may at any time."""
    page.evaluate(
        """(hash) => new Promise((resolve) => {
            addEventListener("hashchange", () => setTimeout(resolve), { once: true });
            location.hash = hash;
        })""",
        fragment,
    )


NOT_TAKEN = "A link would have filled in the form. It was ignored"


def test_link_fills_the_form_once_and_a_reload_keeps_what_was_typed_since(page: Page, site: Site) -> None:
    open_form(page, f"{site.url}#domains=linked.example&key=ec-p384")
    page.get_by_test_id("domains").fill("typed.example")
    page.unroute(PYTHON)
    page.reload()
    expect(page.get_by_test_id("domains")).to_have_value("typed.example")
    expect(page.get_by_test_id("key-type")).to_have_value("ec-p384")
    expect_ready(page)
    expect(page.get_by_test_id("status")).to_be_empty()  # nothing new was refused


def test_links_follow_each_other_while_nobody_types(person: Person, site: Site) -> None:
    page = person.page
    person.open(f"{site.url}#domains=first.example&ca=letsencrypt-staging")
    go_to_fragment(page, "domains=second.example&ca=letsencrypt")
    expect(page.get_by_test_id("domains")).to_have_value("second.example")
    expect(page.locator("#understood")).to_contain_text("second.example")
    go_to_fragment(page, "domains=third.example&challenge=http-01")
    expect(page.get_by_test_id("domains")).to_have_value("third.example")
    expect(page.locator("#hint-challenge [data-for=http-01]")).to_be_visible()
    expect(page.get_by_test_id("status")).to_be_empty()


@pytest.mark.parametrize(
    ("hook", "value"),
    nightly_after(
        2, [("domains", "typed.example"), ("ca", "letsencrypt-staging"), ("contact", "me@typed.example"), ("agree-tos", "")]
    ),
)
def test_link_never_overwrites_what_was_typed(person: Person, site: Site, hook: str, value: str) -> None:
    page = person.page
    person.open(f"{site.url}#domains=linked.example")
    fields = ["domains", "ca", "challenge", "key-type"]
    field = page.get_by_test_id(hook)
    if hook == "contact":
        page.locator("form details", has=field).evaluate("(fold) => { fold.open = true; }")
    if hook == "ca":
        field.select_option(value)
    elif value:
        field.fill(value)
    else:
        field.check()
    before = [page.get_by_test_id(name).input_value() for name in fields]
    page.get_by_test_id("domains").focus()
    go_to_fragment(page, "domains=evil.example&ca=letsencrypt&challenge=http-01&key=rsa-4096")
    assert [page.get_by_test_id(name).input_value() for name in fields] == before
    expect(page.get_by_test_id("status")).to_contain_text(NOT_TAKEN)
    expect(page.get_by_test_id("domains")).to_be_focused()


def test_link_never_changes_a_form_that_was_sent(page: Page, site: Site) -> None:
    hold: list[Route] = []
    page.route("**/pyodide.asm.wasm", lambda route: hold.append(route))
    page.goto(f"{site.url}#domains=linked.example")
    page.get_by_test_id("start").click()
    go_to_fragment(page, "domains=evil.example")
    expect(page.get_by_test_id("domains")).to_have_value("linked.example")
    hold[0].continue_()
    expect_ready(page)


def test_new_link_at_a_form_that_was_typed_into_is_refused_in_words(page: Page, site: Site) -> None:
    open_form(page, site.url)
    page.get_by_test_id("domains").fill("typed.example")
    page.unroute(PYTHON)
    page.goto("about:blank")
    page.goto(f"{site.url}#domains=evil.example")
    expect(page.get_by_test_id("domains")).to_have_value("typed.example")
    expect_ready(page)
    expect(page.get_by_test_id("status")).to_contain_text(NOT_TAKEN)


@pytest.mark.parametrize(
    "kept",
    [
        '{"domains": 1, "proofs": [1], "given": 2, "seen": {}}',
        *(pytest.param(kept, marks=pytest.mark.nightly) for kept in ("null", "[]", "{", '{"proofs": "x"}')),
    ],
)
def test_odd_content_of_the_session_storage_does_not_stop_the_form(page: Page, site: Site, kept: str) -> None:
    page.add_init_script(f"sessionStorage.setItem('keystay-form', {json.dumps(kept)})")
    page.goto(site.url)
    expect_ready(page)
    page.get_by_test_id("domains").fill("a.example b.example")
    expect(page.locator("#understood")).to_contain_text("b.example")


def test_what_was_typed_survives_a_reload(page: Page, site: Site) -> None:
    open_form(page, site.url)
    page.get_by_test_id("domains").fill("kept.example")
    page.get_by_role("radio", name="I can put a file on the web server").check()
    reload_form(page)
    expect(page.get_by_test_id("domains")).to_have_value("kept.example")
    expect(page.get_by_test_id("challenge")).to_have_value("http-01")


def test_target_chooses_the_key_until_somebody_else_does(page: Page, site: Site) -> None:
    target, key, search = (
        page.get_by_test_id("target"),
        page.get_by_test_id("key-type"),
        page.get_by_label("Find it in the list"),
    )
    rsa = page.get_by_role("button", name="Make an RSA 2048 key")
    open_form(page, f"{site.url}#target=qnap")
    expect(key).to_have_value("rsa-2048")
    expect(rsa).to_be_hidden()
    target.select_option("nginx")
    expect(key).to_have_value("ec-p256")
    target.select_option("qnap")
    reload_form(page)
    expect(target).to_have_value("qnap")
    target.select_option("not-sure")
    expect(key).to_have_value("ec-p256")
    rsa.click()
    expect(key).to_have_value("rsa-2048")
    expect(target).to_be_focused()
    target.select_option("nginx")
    expect(key).to_have_value("rsa-2048")
    page.evaluate("sessionStorage.clear()")
    page.goto("about:blank")
    open_form(page, f"{site.url}#key=ec-p256&target=synology")
    expect(key).to_have_value("ec-p256")
    search.fill("NAS q")
    assert target.locator("option").all_inner_texts()[-1] == "QNAP"
    expect(target).to_have_value("synology")
    search.fill("printer hp")
    expect(page.get_by_text("Found: 1.")).to_be_visible()
    search.fill("")
    expect(target.locator("option")).to_have_count(69)
