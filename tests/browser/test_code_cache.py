"""V8 keeps the compiled interpreter, and the next visit takes it from there: compiling it costs most of a start."""

import time
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import settings
from tests.browser.conftest import Site
from tests.browser.tracing import traced

STREAMED: Final = "wasm.StartStreamingCompilation"
HIT: Final = "wasm.Deserialize"
"""Events in V8's trace: a file has begun to arrive; its compiled code came from the cache."""

ONLY_BASELINE: Final = "--js-flags=--liftoff-only"  # V8 keeps what its other compiler makes
WHOLE: Final = 100_000  # bytes; all that V8 has compiled of Python is more, and any other file of that folder is less


def open_profile(browser: Browser, folder: Path) -> BrowserContext:
    """A browser as people have it: with a profile on disk, and with all of V8's compilers."""
    flags = [flag for flag in settings.LAUNCH_FLAGS if flag != ONLY_BASELINE]
    return browser.browser_type.launch_persistent_context(folder, executable_path=settings.CHROMIUM, args=flags)


def visit(context: BrowserContext, site: Site, written_to: Path | None = None) -> set[str]:
    """Open the page until it is ready, and until V8 has written to the folder `written_to`. Return the names of V8's events."""
    page = context.new_page()
    with traced(page, ("v8.wasm",)) as events:
        page.goto(site.url)
        expect(page.locator("html")).to_have_attribute("data-app", "ready", timeout=settings.BOOT_TIMEOUT)
        deadline = time.monotonic() + settings.BOOT_TIMEOUT / 1000
        while written_to and not any(file.stat().st_size > WHOLE for file in written_to.glob("*_0")):
            assert time.monotonic() < deadline, "V8 kept nothing"
            page.evaluate("new Promise(requestAnimationFrame)")
    page.close()
    return {event["name"] for event in events}


def test_second_visit_finds_the_compiled_interpreter(tmp_path: Path, browser: Browser, site: Site) -> None:
    """If a link preloaded the interpreter's file, V8 would keep what it compiles at each visit, and never find it."""
    with open_profile(browser, tmp_path) as context:
        first = visit(context, site, written_to=tmp_path / "Default" / "Code Cache" / "wasm")
        second = visit(context, site)
    assert STREAMED in first & second
    assert HIT not in first
    assert HIT in second
