"""Browsers for the bench: one for each column of the table, with a profile that keeps what a person's browser keeps."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import BrowserContext, BrowserType, CDPSession, Page, Request, sync_playwright

from app.acme.urls import origin_of
from tests.browser import settings

VISIT: Final = Path(__file__).with_name("visit.js")
KEPT: Final = 4500
"""Milliseconds between visits: Chromium writes the code that it compiled for the next visit some seconds after a start."""

LATENCY: Final = 40  # milliseconds
THROUGHPUT: Final = 20_000_000 / 8  # bytes in a second

# The tests' browsers compile less, because their visits are short; here they are like a person's.
FLAGS: Final = [flag for flag in settings.LAUNCH_FLAGS if not flag.startswith("--js-flags")]


@dataclass(frozen=True)
class Visit:
    """One page that is being measured."""

    page: Page
    protocol: CDPSession

    def time(self, name: str) -> float:
        """Wait until `name` has happened (visit.js), and give the milliseconds from the start of the visit."""
        return float(self.page.evaluate("name => visit.time(name)", name))

    def forget(self) -> None:
        """Forget what has happened up to now."""
        self.page.evaluate("visit.forget()")

    def settle(self) -> None:
        """Let the browser write what it keeps for the next visit."""
        self.page.wait_for_timeout(KEPT)


class Profile:
    """A browser with a profile of its own, until `close`."""

    def __init__(self, chromium: BrowserType) -> None:
        self._chromium = chromium
        self._stack = ExitStack()
        self._context = self._launched()

    def renew(self) -> None:
        """Go on with an empty profile, as of a browser that was never used."""
        self.close()
        self._context = self._launched()

    def close(self) -> None:
        """Close the browser and delete its profile."""
        self._stack.close()

    def _launched(self) -> BrowserContext:
        folder = self._stack.enter_context(TemporaryDirectory(prefix="keystay-profile-", ignore_cleanup_errors=True))
        context = self._chromium.launch_persistent_context(
            folder,
            executable_path=settings.CHROMIUM,
            args=FLAGS,
            viewport=settings.VIEWPORT,
            locale=settings.LOCALE,
            ignore_https_errors=True,  # nothing trusts the practice CA's own certificate
        )
        self._stack.callback(context.close)
        context.set_default_timeout(120_000)
        return context

    @contextmanager
    def visit(self, url: str, *, cold: bool = False, slow: bool = False, script: str = "") -> Iterator[Visit]:
        """A page at `url` in a new tab; `cold` empties the cache first, and `slow` is a home connection.

        `script` runs before the page's own. The page is loading when this gives it.
        """
        page = self._context.new_page()
        try:
            protocol = self._context.new_cdp_session(page)
            page.add_init_script(path=VISIT)
            if script:
                page.add_init_script(script)
            protocol.send("Network.enable")
            if cold:
                protocol.send("Network.clearBrowserCache")
            if slow:
                speed = {"latency": LATENCY, "downloadThroughput": THROUGHPUT, "uploadThroughput": THROUGHPUT}
                protocol.send("Network.emulateNetworkConditions", {"offline": False, **speed})
            page.goto(url, wait_until="commit")
            yield Visit(page, protocol)
        finally:
            page.close()

    def empty(self, url: str) -> None:
        """Delete what the page at `url` has stored; what was downloaded stays."""
        page = self._context.new_page()
        protocol = self._context.new_cdp_session(page)
        protocol.send("Storage.clearDataForOrigin", {"origin": origin_of(url), "storageTypes": "indexeddb,local_storage"})
        page.close()


class Downloads:
    """The bytes that arrive for a page, headers included, as they were transferred."""

    def __init__(self, visit: Visit) -> None:
        self.bytes = 0.0
        visit.protocol.on("Network.loadingFinished", self._add)

    def _add(self, event: dict[str, float]) -> None:
        self.bytes += event["encodedDataLength"]


class Requests:
    """How many requests a page sends to a CA, and how many of them by the relay."""

    def __init__(self, page: Page, directory: str) -> None:
        self.count = self.relayed = 0
        self._ca = directory.removeprefix("https://").partition("/")[0]
        page.on("request", self._see)

    def _see(self, request: Request) -> None:
        relayed = f"/relay/{self._ca}/" in request.url
        self.relayed += relayed
        self.count += relayed or request.url.startswith(f"https://{self._ca}/")


@contextmanager
def profiles(names: Iterable[str]) -> Iterator[dict[str, Profile]]:
    """A browser for each of `names`."""
    with sync_playwright() as playwright, ExitStack() as stack:
        yield {name: stack.enter_context(closing(Profile(playwright.chromium))) for name in names}
