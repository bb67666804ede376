"""Pages for many tests: Keystay is started anew in them, with the Python that is loaded there (restart.js).

Loading Python takes ten times as long as all that Keystay itself does at a start. tests/browser/test_used_page.py proves that
such a start is like one in a fresh browser.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.browser import settings
from tests.browser.watch import Watch

RESTART: Final = Path(__file__).with_name("restart.js")
READY: Final = "Boolean(globalThis.restart) && document.documentElement.dataset.app === 'ready'"


class UsedPage:
    """A page that is lent to one test after the other."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.is_lent = False
        self.origins: set[str] = set()  # of what the test has opened
        self._ended = ""  # the address of the visit that was ended, without its fragment
        self._handlers: list[tuple[str, Any]] = []
        listen: Callable[..., None] = page.on

        def on(event: str, handler: Any) -> None:
            self._handlers.append((event, handler))
            listen(event, handler)

        def refuse(*_: object, **__: object) -> NoReturn:
            raise AssertionError("a script that is added stays: mark this test fresh_profile")

        page.on, page.add_init_script = on, refuse  # type: ignore[method-assign,assignment]

    def start(self, url: str) -> bool:
        """Start Keystay anew where the page showed `url`, but for its fragment, to the test before; tell whether it did."""
        self.origins.add("{0.scheme}://{0.netloc}".format(urlsplit(url)))
        address, mark, fragment = url.partition("#")
        again, self._ended = address == self._ended, ""
        if again:
            self.page.evaluate("hash => restart.start(hash)", mark + fragment)
        return again

    def end(self) -> bool:
        """End the visit and what the test has changed of the page; tell whether that can be done."""
        self.is_lent = False
        self.origins.clear()
        try:
            self._undo()
            if not self.page.evaluate(READY):
                return False
            self.page.evaluate("restart.end()")
        except Error:  # it is closed, has crashed, or is just being loaded
            return False
        self._ended = self.page.url.partition("#")[0]
        return True

    def _undo(self) -> None:
        for event, handler in self._handlers:
            self.page.remove_listener(event, handler)
        self._handlers.clear()
        self.page.unroute_all(behavior="ignoreErrors")
        self.page.set_viewport_size(settings.VIEWPORT)
        self.page.emulate_media(color_scheme="null", reduced_motion="null", forced_colors="null")


class UsedProfile:
    """A browser profile that is emptied and lent to one test after the other."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._context: BrowserContext | None = None
        self._pages: list[UsedPage] = []

    def lend(self, watch: Watch) -> UsedPage:
        """Give a page to a test; what the whole profile requests and complains about goes into `watch`."""
        if not self._context:
            self._context = self._browser.new_context(viewport=settings.VIEWPORT, locale=settings.LOCALE, accept_downloads=True)
            self._context.set_default_timeout(settings.TIMEOUT)
            self._context.add_init_script(path=RESTART)
        watch.attach(self._context)
        return self.lend_another()

    def lend_another(self) -> UsedPage:
        """Give another page of the profile to the same test."""
        assert self._context
        page = next((page for page in self._pages if not page.is_lent), None)
        if not page:
            page = UsedPage(self._context.new_page())
            self._pages.append(page)
        page.is_lent = True
        return page

    def take_back(self, watch: Watch) -> None:
        """End all visits, and empty the profile. A page that cannot be used again, such as one still loading, is closed."""
        assert self._context
        watch.detach(self._context)
        lent = [page for page in self._pages if page.is_lent]
        origins: set[str] = set().union(*(page.origins for page in lent))
        self._pages = [page for page in self._pages if page not in lent or page.end()]
        kept = [used.page for used in self._pages]
        if not kept or len(origins) > 1:
            self.close()
            return
        for page in self._context.pages:
            if page not in kept:
                page.close()
        self._context.unroute_all(behavior="ignoreErrors")
        self._context.clear_permissions()
        self._context.clear_cookies()
        kept[0].evaluate("restart.empty()")

    def close(self) -> None:
        """Close the profile and its pages; the next test gets others."""
        context, self._context = self._context, None
        self._pages.clear()
        if context:
            context.close()
