"""A plain start writes nothing on the console that a person would have to wonder about."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, expect
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.apache import apache
from tests.browser import settings
from tests.browser.conftest import ContextFactory, Site
from tests.threaded_server import running
from tools.dist import make_dist
from tools.ports import Ports
from tools.practice_address import Practice
from tools.site_lists import headers_of
from tools.static_site import StaticSite

WHOLE_APACHE = ("mime", "headers", "rewrite")


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dist/ as `make dist` makes it."""
    folder = tmp_path_factory.mktemp("dist") / "dist"
    make_dist(folder, Practice())
    return folder


@contextmanager
def sending_headers(dist: Path) -> Iterator[str]:
    """A host that sends the headers of dist/_headers."""
    port = Ports.free().page
    app = Starlette(routes=[Mount("/", StaticSite(dist, headers_of(dist)))])
    with running(app, port):
        yield f"http://localhost:{port}/"


def assert_quiet_start(context: BrowserContext, url: str) -> None:
    """Start twice, first with an empty cache; the only words are what PyScript tells its developers."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type != "debug":
            said.append(f"{message.type}: {message.text}")

    context.on("console", note)
    for _ in range(2):
        page = context.new_page()
        page.goto(url)
        expect(page.locator("html")).to_have_attribute("data-app", "ready", timeout=settings.BOOT_TIMEOUT)
        page.close()
    assert said == []


def test_start_under_make_run_is_quiet(new_context: ContextFactory, site: Site) -> None:
    assert_quiet_start(new_context(), site.url)


@pytest.mark.nightly
def test_start_from_dist_is_quiet(new_context: ContextFactory, dist: Path) -> None:
    with sending_headers(dist) as url:
        assert_quiet_start(new_context(), url)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("modules", "allow_override"), [(WHOLE_APACHE, "FileInfo"), (WHOLE_APACHE, "None"), (("mime",), "All")]
)
def test_start_on_a_shared_apache_is_quiet(
    new_context: ContextFactory, dist: Path, modules: tuple[str, ...], allow_override: str
) -> None:
    with apache(dist, Ports.free().page, modules=modules, allow_override=allow_override) as url:
        assert_quiet_start(new_context(), url)
