"""The start: what works before Python is up, and that every failure ends in words."""

import re
import time
from collections.abc import Sequence
from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import settings
from tests.browser.conftest import ContextFactory, Site
from tests.browser.person import open_form
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
    watch.expect("status of 404")
    for path in paths:
        answer_404(page, path)
    page.goto(site.url)
    expect_ready(page)


# ---- Before Python is up, and right after ----


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


HELD_TWICE: Final = """
import _imp, zipimport
names = zipimport.zipimporter("/lib/python314.zip")._get_files()
" ".join(name for name in _imp._frozen_module_names() if name.replace(".", "/") + ".pyc" in names)
"""
"""Python code for the names of modules that are in the archive of the library although the interpreter has its own."""


AT_ONCE: Final = """
import sys
names = list(sys.modules)  # in the order in which they were imported
" ".join(name for name in names[names.index("_pyodide_core") : names.index("app")] if "pyodide" not in name)
"""
"""Python code for the names of the library's modules that Pyodide imports within its own, in one turn."""


def test_python_runs_without_switching_stacks_and_imports_in_turns_what_it_has_once(page: Page, site: Site) -> None:
    page.goto(site.url)
    expect_ready(page)
    assert page.evaluate("'Suspending' in WebAssembly") is False
    run = "code => keystayStart.loadPython().then((python) => python.runPython(code))"
    assert page.evaluate(run, HELD_TWICE) == ""
    assert page.evaluate(run, AT_ONCE) == "tempfile"  # a few lines of ours


HOLD_FRAMES: Final = """
const held = [];
requestAnimationFrame = (call) => held.push(call);
releaseFrames = () => { for (const call of held) call(); }; // also those that they ask for
"""
"""JavaScript that draws nothing for the page until `releaseFrames` is called, as in a tab in the background."""


def test_before_the_first_frame_only_the_interpreter_is_asked_for(page: Page, site: Site, watch: Watch) -> None:
    """What else arrives would hold up the form, which is all that a person waits for at first."""
    page.add_init_script(HOLD_FRAMES)
    with page.expect_request_finished(lambda request: request.url.endswith("/pyodide.asm.wasm")):
        page.goto(site.url)
    runtime = [sent.url.rpartition("/")[2] for sent in watch.traffic if "/runtime/" in sent.url]
    assert runtime == ["pico.min.css", "pyodide.asm.wasm"]
    page.evaluate("releaseFrames()")
    expect_ready(page)


def test_the_form_is_painted_and_takes_input_before_the_script_that_loads_python_arrives(page: Page, site: Site) -> None:
    held: list[Route] = []
    page.route("**/start.js", lambda route: held.append(route))
    page.goto(site.url, wait_until="commit")
    page.evaluate("new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))")
    page.get_by_test_id("domains").fill("typed.example")
    assert [route.request.resource_type for route in held] == ["script"]
    held[0].continue_()
    expect_ready(page)
    expect(page.get_by_test_id("domains")).to_have_value("typed.example")


def test_in_a_tab_in_the_background_the_page_starts_without_a_frame(page: Page, site: Site) -> None:
    page.add_init_script(f"{HOLD_FRAMES} Object.defineProperty(document, 'hidden', {{ get: () => true }})")
    page.goto(site.url)
    expect_ready(page)


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
    "keystay-later.zip",  # an archive of Python code
]
ALSO_NEEDED = [
    *("start.js", "boot.mjs", "exchange.mjs", "core-*.js", "error-*.js", "interpreter.mjs", "pyodide.mjs", "pyodide.asm.js"),
    *("pyodide-lock.json", "python_stdlib.zip", "asn1crypto-*.whl", "idna-*.whl", "keystay.zip"),
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


def test_without_the_lists_of_dns_providers_and_of_targets_the_page_works(page: Page, site: Site, watch: Watch) -> None:
    """Records then have a general form, and all files are for everybody."""
    watch.expect("")
    for name in ("dns_providers.json", "targets.json"):
        answer_404(page, name)
    page.goto(site.url)
    expect_ready(page)
    page.get_by_test_id("start").click()  # which waits for the two
    expect(page.get_by_test_id("error")).to_contain_text("Nothing was sent")


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
    watch.expect("status of 404")
    held: list[Route] = []
    page.route("**/core.js", lambda route: held.append(route))
    with page.expect_request("**/core.js"):
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
    with page.expect_event("requestfinished", lambda request: request.url.endswith("python_stdlib.zip")):
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
