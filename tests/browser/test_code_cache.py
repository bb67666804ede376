"""V8 keeps what it compiled, and a later visit takes it from there: to compile it again costs most of a start."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import settings
from tests.browser.conftest import Site
from tests.browser.tracing import Event, traced

STREAMED: Final = "wasm.StartStreamingCompilation"
HIT: Final = "wasm.Deserialize"
"""Events in V8's trace: a file has begun to arrive; its compiled code came from the cache."""

ONLY_BASELINE: Final = "--js-flags=--liftoff-only"  # V8 keeps what its other compiler makes
SCRIPT: Final = "/pyodide.asm.js"
WHOLE: Final = 100_000  # bytes; all that V8 has compiled of Python is more, and any other file of that folder is less


def open_profile(browser: Browser, folder: Path) -> BrowserContext:
    """A browser as people have it: with a profile on disk, and with all of V8's compilers."""
    flags = [flag for flag in settings.LAUNCH_FLAGS if flag != ONLY_BASELINE]
    return browser.browser_type.launch_persistent_context(folder, executable_path=settings.CHROMIUM, args=flags)


def visit(context: BrowserContext, site: Site, written_to: Path | None = None) -> list[Event]:
    """Open the page until it is ready, and until V8 has written to the folder `written_to`. Return V8's events."""
    page = context.new_page()
    with traced(page, ("v8", "v8.wasm", "devtools.timeline")) as events:
        page.goto(site.url)
        expect(page.locator("html")).to_have_attribute("data-app", "ready", timeout=settings.BOOT_TIMEOUT)
        deadline = time.monotonic() + settings.BOOT_TIMEOUT / 1000
        while written_to and not any(file.stat().st_size > WHOLE for file in written_to.glob("*_0")):
            assert time.monotonic() < deadline, "V8 kept nothing"
            page.evaluate("new Promise(requestAnimationFrame)")
    page.close()
    return events


def names(events: Sequence[Event]) -> set[str]:
    """The names of events."""
    return {event["name"] for event in events}


def kept_of_the_script(events: Sequence[Event]) -> int:
    """How many bytes of compiled code Pyodide's script had in the cache."""
    compiled = [event["args"]["data"] for event in events if event["name"] == "v8.compile" and "data" in event["args"]]
    (script,) = [data for data in compiled if data["url"].endswith(SCRIPT)]
    return int(script.get("consumedCacheSize", 0))


def test_later_visits_find_the_compiled_interpreter_and_its_script(tmp_path: Path, browser: Browser, site: Site) -> None:
    """If a link preloaded the interpreter's file, V8 would keep what it compiles at each visit, and never find it.

    Of a script, it keeps what it has compiled at the second visit. Of a module it would keep nothing.
    """
    with open_profile(browser, tmp_path) as context:
        first = visit(context, site, written_to=tmp_path / "Default" / "Code Cache" / "wasm")
        second = visit(context, site)
        third = visit(context, site)
    assert STREAMED in names(first) & names(second)
    assert HIT not in names(first)
    assert HIT in names(second)
    assert kept_of_the_script(first) == 0
    assert kept_of_the_script(third) > WHOLE
