"""The browser, the built site, and a page that is watched.

The fixtures that hold Playwright are package-wide, not session-wide: its synchronous interface keeps an event loop running
in this thread, and the asynchronous tests of other folders could not start theirs beside it.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import settings
from tests.browser.person import Person
from tests.browser.secrets import assert_not_sent
from tests.browser.used_page import UsedProfile
from tests.browser.watch import Watch
from tests.pebble_names import NEW_ORDER
from tests.threaded_server import running
from tools.build import build_site
from tools.ports import Ports
from tools.practice import PracticeCA
from tools.serve import application

ContextFactory = Callable[..., BrowserContext]


@dataclass(frozen=True)
class Site:
    """A built site that is served: its folder, and its address with a slash at the end."""

    folder: Path
    url: str


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    expect.set_options(timeout=settings.TIMEOUT)
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=settings.CHROMIUM, args=settings.LAUNCH_FLAGS) as chromium,
    ):
        yield chromium


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What this test's pages send and complain about; checked at its end."""
    seen = Watch()
    yield seen
    seen.check()


@pytest.fixture
def new_context(browser: Browser, watch: Watch) -> Iterator[ContextFactory]:
    """A function that makes a watched browser context: a fresh profile. Options go to `Browser.new_context`."""
    with ExitStack() as stack:

        def make(**options: Any) -> BrowserContext:
            defaults = {"viewport": settings.VIEWPORT, "locale": settings.LOCALE, "accept_downloads": True}
            context = browser.new_context(**{**defaults, **options})
            stack.callback(context.close)
            context.set_default_timeout(settings.TIMEOUT)
            watch.attach(context)
            return context

        yield make


@pytest.fixture
def page(new_context: ContextFactory) -> Page:
    """A watched page in a fresh profile."""
    return new_context().new_page()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site without a practice CA, built and served as `make run` does."""
    folder, port = tmp_path_factory.mktemp("site") / "site", Ports.free().page
    build_site(folder, None)
    with running(application(folder, None), port):
        yield Site(folder, f"http://localhost:{port}/")


# Chromium itself reports every answer of 400 or more on the console. Pebble gives them on purpose: it rejects nonces.
REJECTED_NONCE = "status of 400"
# And by mistake, to an order that names the certificate that it replaces: `accepted_name` says which.
LOST_CERTIFICATE = f"status of 500 .*{NEW_ORDER}"


@pytest.fixture(scope="package")
def used_profile(browser: Browser) -> Iterator[UsedProfile]:
    """The profile in whose pages one test after the other starts Keystay anew."""
    profile = UsedProfile(browser)
    yield profile
    profile.close()


@pytest.fixture
def person(request: pytest.FixtureRequest, watch: Watch) -> Iterator[Person]:
    """A person at a browser that keeps nothing yet; no key that they take away may have been sent.

    Python may have been loaded by another test; a test with the mark `fresh_profile` has its own browser profile.
    """
    watch.expect(REJECTED_NONCE)
    watch.expect(LOST_CERTIFICATE)
    if request.node.get_closest_marker("fresh_profile"):
        someone = Person(request.getfixturevalue("page"))
        yield someone
    else:
        profile: UsedProfile = request.getfixturevalue("used_profile")
        used = profile.lend(watch)
        someone = Person(used.page, used.start)
        yield someone
        profile.take_back(watch)
    for key in someone.keys:
        assert_not_sent(key, watch.traffic)


@pytest.fixture
def practice_directory(practice: PracticeCA) -> str:
    """The practice CA's own directory URL."""
    return practice.directory_url
