"""The start: what works before Python is up, and that every failure ends in words."""

import json
import re
import time
from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import settings
from tests.browser.conftest import ContextFactory, Site
from tests.browser.person import PYTHON, Person, open_form, reload_form
from tests.browser.watch import Watch

BROKEN = "Keystay did not load completely"


def expect_ready(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-app", "ready", timeout=settings.BOOT_TIMEOUT)


def expect_failed(page: Page, title: str) -> None:
    """The page says `title`, with a text and a detail, and leads a person there; nothing that cannot work is shown."""
    expect(page.locator("html")).to_have_attribute("data-app", "failed", timeout=settings.BOOT_TIMEOUT)
    error = page.get_by_test_id("error")
    expect(error).to_be_visible()
    expect(error.locator(".error-title")).to_have_text(title)
    expect(error.locator(".error-text")).not_to_be_empty()
    expect(error.locator(".error-detail")).not_to_be_empty()
    expect(page).to_have_title(f"Failed: {title} – Keystay")
    expect(error).to_be_focused()
    for hidden in ("form#names", "#rail", "#saved", "#panels"):
        expect(page.locator(hidden)).to_be_hidden()


def answer_404(page: Page, path: str) -> None:
    page.route(f"**/{path}", lambda route: route.fulfill(status=404, body="not here"))


# ---- It starts ----


def test_python_comes_up(page: Page, site: Site) -> None:
    page.goto(site.url)
    expect_ready(page)
    expect(page.get_by_test_id("error")).to_be_hidden()


def test_early_links_fit_what_is_loaded_later(page: Page, site: Site, watch: Watch) -> None:
    page.goto(site.url)
    expect_ready(page)
    names = [sent.url.rpartition("/")[2] for sent in watch.traffic]
    assert {name for name in names if names.count(name) > 1} == set()


HELPFUL = ("check.js", "keystay.css", "pico.min.css", "favicon.svg")


@pytest.mark.parametrize("paths", [HELPFUL, *(pytest.param([path], marks=pytest.mark.nightly) for path in HELPFUL)])
def test_starts_without_what_is_only_helpful(paths: Sequence[str], page: Page, site: Site, watch: Watch) -> None:
    watch.expect("404")
    for path in paths:
        answer_404(page, path)
    page.goto(site.url)
    expect_ready(page)


# ---- Before Python is up ----


def test_start_is_queued(page: Page, site: Site) -> None:
    hold: list[Route] = []
    page.route("**/pyodide.asm.wasm", lambda route: hold.append(route))
    page.goto(site.url)
    page.get_by_test_id("start").click()
    expect(page.get_by_test_id("status")).to_have_text("Keystay starts as soon as Python has loaded.")
    expect(page.locator("html")).to_have_attribute("data-app", "loading")
    hold[0].continue_()
    expect_ready(page)
    expect(page.locator("#error-domains")).to_be_visible()


def test_link_fills_the_form(page: Page, site: Site) -> None:
    link = "#domains=a.example,*.a.example&ca=letsencrypt-staging&challenge=http-01&key=rsa-3072"
    open_form(page, site.url + link)
    expect(page.get_by_test_id("domains")).to_have_value("a.example\n*.a.example")
    expect(page.get_by_test_id("ca")).to_have_value("letsencrypt-staging")
    expect(page.get_by_test_id("challenge")).to_have_value("http-01")
    expect(page.get_by_test_id("key-type")).to_have_value("rsa-3072")


def test_link_with_unknown_values_changes_nothing(page: Page, site: Site) -> None:
    open_form(page, f"{site.url}#ca=nobody&challenge=carrier-pigeon&key=dsa&surprise=1")
    expect(page.get_by_test_id("ca")).to_have_value("letsencrypt")
    expect(page.get_by_test_id("challenge")).to_have_value("dns-01")
    expect(page.get_by_test_id("key-type")).to_have_value("ec-p256")


@pytest.mark.parametrize(
    "fragment",
    [
        "domains=%E0%A4%A&ca=%&key=%zz&challenge=%00",
        f"domains={'a.example,' * 4000}&key=ec-p384",
        "ca=buypass&key=rsa-3072&key=ec-p384",  # closed, so nobody can choose it
        "directory=https://evil.example/dir&until=2027-12-31",  # for choices that were not made
        "start&ca=%F0%9F%92%A9&__proto__=1&constructor=1",
    ],
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
    [("domains", "typed.example"), ("ca", "letsencrypt-staging"), ("contact", "me@typed.example"), ("agree-tos", "")],
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
    page.get_by_test_id("challenge").select_option("http-01")
    reload_form(page)
    expect(page.get_by_test_id("domains")).to_have_value("kept.example")
    expect(page.get_by_test_id("challenge")).to_have_value("http-01")


def test_python_runs_without_switching_stacks(page: Page, site: Site) -> None:
    page.goto(site.url)
    expect(page.locator("html")).to_have_attribute("data-app", "ready", timeout=settings.BOOT_TIMEOUT)
    assert page.evaluate("'Suspending' in WebAssembly") is False


def test_directory_url_is_asked_for_only_with_another_ca(page: Page, site: Site) -> None:
    open_form(page, site.url)
    expect(page.get_by_test_id("directory-url")).to_be_hidden()
    page.get_by_test_id("ca").select_option("custom")
    expect(page.get_by_test_id("directory-url")).to_be_visible()


# ---- What can go wrong ----

NEEDED = [
    "form.mjs",  # a script of the page itself
    "core.js",  # a module that another one imports
    "pyscript.json",  # what a script fetches
    "pyodide.asm.wasm",  # what Pyodide fetches
    "keystay.zip",  # a package
]
ALSO_NEEDED = [
    *("boot.mjs", "core-*.js", "error-*.js", "interpreter.mjs", "pyodide.mjs", "pyodide.asm.mjs"),
    *("pyodide-lock.json", "python_stdlib.zip", "asn1crypto-*.whl", "idna-*.whl"),
]
"""Files that are loaded in one of the ways above."""


@pytest.mark.parametrize("path", [*NEEDED, *(pytest.param(path, marks=pytest.mark.nightly) for path in ALSO_NEEDED)])
def test_missing_file(path: str, page: Page, site: Site, watch: Watch) -> None:
    watch.expect("")
    answer_404(page, path)
    page.goto(site.url)
    expect_failed(page, BROKEN)


def test_interpreter_of_another_type(page: Page, site: Site, watch: Watch) -> None:
    watch.expect("")
    page.route(
        "**/pyodide.asm.wasm",
        lambda route: route.fulfill(response=route.fetch(), headers={"Content-Type": "application/octet-stream"}),
    )
    page.goto(site.url)
    expect_failed(page, BROKEN)
    expect(page.get_by_test_id("error").locator(".error-detail")).to_contain_text("MIME type")


def test_missing_ca_list(page: Page, site: Site, watch: Watch) -> None:
    watch.expect("")
    answer_404(page, "cas.json")
    page.goto(site.url)
    expect_failed(page, "Keystay could not start")


def test_no_webassembly(page: Page, site: Site) -> None:
    page.add_init_script("delete window.WebAssembly")
    page.goto(site.url)
    expect_failed(page, "WebAssembly is switched off")


def test_old_browser(page: Page, site: Site) -> None:
    page.add_init_script("delete window.structuredClone")
    page.goto(site.url)
    expect_failed(page, "This browser is too old for Keystay")


def test_script_that_this_browser_cannot_read(page: Page, site: Site, watch: Watch) -> None:
    watch.expect("Unexpected identifier")

    def without_hash(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=re.sub(r'(boot\.mjs") integrity="[^"]*"', r"\1", response.text()))

    page.route(site.url, without_hash)
    page.route("**/boot.mjs", lambda route: route.fulfill(body="new syntax here", content_type="text/javascript"))
    page.goto(site.url)
    expect_failed(page, "This browser is too old for Keystay")


def test_insecure_address(page: Page, site: Site, watch: Watch) -> None:
    watch.allow("keystay.example")
    watch.expect("Cross-Origin-Opener-Policy header has been ignored")

    def from_disk(route: Route) -> None:
        path = route.request.url.removeprefix("http://keystay.example/") or "index.html"
        route.fulfill(path=site.folder / path)

    page.route("http://keystay.example/**", from_disk)
    page.goto("http://keystay.example/")
    expect_failed(page, "Keystay needs a secure address")


def test_failure_hides_the_form_and_a_reload_with_good_files_works_again(page: Page, site: Site, watch: Watch) -> None:
    watch.expect("404")
    held: list[Route] = []
    page.route("**/core.js", lambda route: held.append(route))
    page.goto(site.url, wait_until="commit")
    page.get_by_test_id("domains").fill("typed.example")
    answer_404(page, "core.js")  # whoever asks for it once more
    held[0].fulfill(status=404, body="not here")
    expect_failed(page, BROKEN)
    page.unroute("**/core.js")
    page.reload()
    expect_ready(page)
    expect(page.get_by_test_id("error")).to_be_hidden()
    expect(page.get_by_test_id("domains")).to_be_visible()
    expect(page.get_by_test_id("domains")).to_have_value("typed.example")


def test_failure_comes_into_view_of_who_has_scrolled_down(page: Page, site: Site, watch: Watch) -> None:
    watch.expect("")
    held: list[Route] = []
    page.set_viewport_size({"width": 320, "height": 480})
    page.route("**/python_stdlib.zip", lambda route: held.append(route))
    page.goto(site.url)
    page.get_by_test_id("start").click()
    expect(page.get_by_test_id("status")).to_be_in_viewport()
    answer_404(page, "python_stdlib.zip")  # whoever asks for it once more
    held[0].fulfill(status=404, body="not here")
    expect(page.get_by_test_id("error")).to_be_in_viewport(timeout=settings.BOOT_TIMEOUT)


def test_error_in_python_is_told_without_a_traceback(page: Page, site: Site, watch: Watch) -> None:
    watch.expect("ZeroDivisionError")

    def break_start(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("await start()", "1 / 0"))

    page.route(site.url, break_start)
    page.goto(site.url)
    expect_failed(page, "Keystay could not start")
    expect(page.get_by_test_id("error").locator(".error-detail")).to_have_text("ZeroDivisionError: division by zero")
    expect(page.locator(".py-error")).to_have_count(0)


def test_slow_start_is_said_and_goes_on(page: Page, site: Site) -> None:
    hold: list[Route] = []
    status = page.get_by_test_id("status")
    page.clock.install()
    page.route("**/pyodide.asm.wasm", lambda route: hold.append(route))
    with page.expect_event("requestfinished", lambda request: request.url.endswith("keystay.zip")):
        page.goto(site.url, wait_until="commit")
    deadline = time.monotonic() + settings.BOOT_TIMEOUT / 1000
    while not hold or "This takes longer than usual" not in status.inner_text():
        assert time.monotonic() < deadline, "the page never said that it is slow"
        page.clock.fast_forward(30_000)  # again and again: each file that still arrives starts the wait anew
    hold[0].continue_()
    expect_ready(page)
    expect(status).to_be_empty()


def test_without_javascript_the_page_says_so(new_context: ContextFactory, site: Site) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(site.url)
    expect(page.locator("noscript p")).to_contain_text("Keystay needs JavaScript")
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.get_by_test_id("domains")).to_be_visible()
