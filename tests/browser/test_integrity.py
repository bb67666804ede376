"""What arrives is what was built: a file of any kind that was changed on its way stops the page before Python runs."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import settings
from tests.browser.conftest import Site
from tests.browser.watch import Watch
from tests.nightly import nightly_after
from tools.policy import UNUSED_FEATURES

ALTERED = "Keystay is not what it should be"
BROKEN = "Keystay did not load completely"


def alter(page: Page, path: str) -> None:
    """Add a space, which changes no meaning of any text, or another byte, to the end of a file on its way."""

    def change(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.body() + b" ")

    page.route(f"**/{path}", change)


def expect_refused(page: Page, title: str, paths: Sequence[str], watch: Watch) -> None:
    """The page says `title` and names the files, and Python has not run: it would have asked for the list of CAs."""
    expect(page.locator("html")).to_have_attribute("data-app", "failed", timeout=settings.BOOT_TIMEOUT)
    error = page.get_by_test_id("error")
    expect(error.locator(".error-title")).to_have_text(title)
    for path in paths:
        expect(error.locator(".error-detail")).to_contain_text(path.partition("*")[0])
    assert not [sent.url for sent in watch.traffic if sent.url.endswith("cas.json")]
    assert page.locator("html").get_attribute("data-storage") is None
    expect(error).to_be_focused()
    expect(page.get_by_test_id("domains")).to_be_hidden()
    page.unroute_all(behavior="ignoreErrors")  # files that were still on their way


UNCHECKED = ("keystay.css", "pico.min.css", "check.js")  # files that the page itself can do without
MODULES = ("core.js", "core-*.js", "error-*.js", "exchange.mjs", "interpreter.mjs", "pyodide.mjs", "pyodide.asm.js")
FETCHED = ("pyscript.json", "pyodide-lock.json", "pyodide.asm.wasm", "python_stdlib.zip")
ARCHIVES = ("asn1crypto-*.whl", "idna-*.whl", "keystay.zip", "keystay-later.zip")


WITHOUT_PRELOAD = """
DOMTokenList.prototype.supports = () => false;
const { get, set } = Object.getOwnPropertyDescriptor(HTMLLinkElement.prototype, "rel");
const setOther = function (kind) { set.call(this, kind === "modulepreload" ? "unknown" : kind); };
Object.defineProperty(HTMLLinkElement.prototype, "rel", { get, set: setOther });
"""
"""JavaScript that takes modulepreload away from a browser, also from the links that static/start.js turns into such."""


def alter_and_open(page: Page, site: Site, watch: Watch, paths: Sequence[str]) -> None:
    """Open the page with these files altered."""
    watch.expect("")
    for path in paths:
        alter(page, path)
    page.goto(site.url)


@pytest.mark.parametrize(
    "paths",
    nightly_after(
        2, [pytest.param(FETCHED, id="fetched"), pytest.param(MODULES, id="modules"), pytest.param(UNCHECKED, id="unchecked")]
    ),
)
def test_altered_files(paths: tuple[str, ...], page: Page, site: Site, watch: Watch) -> None:
    alter_and_open(page, site, watch, paths)
    expect_refused(page, ALTERED, paths, watch)


@pytest.mark.nightly
@pytest.mark.parametrize("path", [*UNCHECKED, *MODULES, *FETCHED])
def test_altered_file(path: str, page: Page, site: Site, watch: Watch) -> None:
    alter_and_open(page, site, watch, [path])
    expect_refused(page, ALTERED, [path], watch)


@pytest.mark.parametrize(
    "path", ["start.js", *(pytest.param(path, marks=pytest.mark.nightly) for path in ("boot.mjs", "form.mjs"))]
)
def test_altered_script_of_the_page_itself(path: str, page: Page, site: Site, watch: Watch) -> None:
    alter_and_open(page, site, watch, [path])
    expect_refused(page, BROKEN, [path], watch)


@pytest.mark.parametrize("paths", [ARCHIVES, *(pytest.param([path], marks=pytest.mark.nightly) for path in ARCHIVES)])
def test_altered_archive(paths: Sequence[str], page: Page, site: Site, watch: Watch) -> None:
    alter_and_open(page, site, watch, paths)
    expect_refused(page, ALTERED, [re.sub(r"[-.].*", "", path) for path in paths], watch)


@pytest.mark.parametrize("path", ["interpreter.mjs", pytest.param("core-*.js", marks=pytest.mark.nightly)])
def test_altered_module_where_the_browser_does_not_check_modules(path: str, page: Page, site: Site, watch: Watch) -> None:
    """Firefox before 115 and Safari before 17 know no modulepreload."""

    def without_preload(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace('rel="modulepreload"', 'rel="unknown"'))

    page.route(site.url, without_preload)
    page.add_init_script(WITHOUT_PRELOAD)
    alter_and_open(page, site, watch, [path])
    expect_refused(page, ALTERED, [path], watch)


def test_everything_that_is_loaded_has_its_hash_in_the_page_or_in_the_lock(page: Page, site: Site, watch: Watch) -> None:
    limit = settings.BOOT_TIMEOUT
    with page.expect_response("**/targets.json", timeout=limit), page.expect_response("**/dns_providers.json", timeout=limit):
        page.goto(site.url)  # these two are loaded when the page is ready
    expect(page.locator("html")).to_have_attribute("data-app", "ready")
    html, lock = (site.folder / "index.html").read_text(), next(site.folder.rglob("pyodide-lock.json")).read_text()
    loaded = {urlsplit(sent.url).path.lstrip("/") for sent in watch.traffic}
    hashed = {path for path in loaded if re.match(r"(static|runtime)/[0-9a-f]{12}/", path)}
    assert loaded - hashed == {
        "",
        *(f"static/data/{name}.json" for name in ("cas", "dns_providers", "dns_services", "resolvers", "targets")),
    }
    without = {path for path in hashed if not re.search(rf'"{re.escape(path)}" (data-)?integrity="sha384-', html)}
    assert {path for path in without if path.rpartition("/")[2] not in lock} == {
        path
        for path in without
        if path.endswith("favicon.svg")  # a picture, which runs nothing
    }


def test_page_in_a_frame_refuses_to_start(page: Page, site: Site, watch: Watch) -> None:
    """By a script, where the host does not send the header that forbids it."""
    watch.allow("around.example")
    watch.expect("Blocked autofocusing")

    def without_headers(route: Route) -> None:
        response = route.fetch()
        left = {name: value for name, value in response.headers.items() if "policy" not in name and "frame" not in name}
        route.fulfill(response=response, headers=left)

    page.route(f"{site.url}**", without_headers)
    around = f'<!doctype html><title>Around</title><iframe src="{site.url}"></iframe>'
    page.route("http://around.example/", lambda route: route.fulfill(body=around, content_type="text/html"))
    page.goto("http://around.example/")
    inside = page.frame_locator("iframe")
    expect(inside.locator("html")).to_have_attribute("data-app", "failed")
    expect(inside.get_by_test_id("error").locator(".error-title")).to_have_text("Keystay does not run inside another page")
    assert not [sent.url for sent in watch.traffic if sent.url.endswith("cas.json")]
    page.unroute_all(behavior="ignoreErrors")  # files that were still on their way


def test_page_may_use_nothing_that_it_never_asks_for(page: Page, site: Site) -> None:
    page.goto(site.url)
    allowed = page.evaluate("document.featurePolicy.allowedFeatures()")
    assert set(allowed).isdisjoint(UNUSED_FEATURES)
    assert "clipboard-write" in allowed
