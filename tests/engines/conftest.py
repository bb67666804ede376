"""Each engine in turn, and a copy of the page that is refused storage."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engines.engines import ENGINES, Engine, NotHereError
from tests.engines.visitor import Visitor
from tests.threaded_server import running
from tools.build import build_site
from tools.ports import Ports
from tools.practice import PracticeCA
from tools.serve import application, places

REFUSAL = "IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError') }"
"""What browsers do that may keep nothing."""


@pytest.fixture(params=ENGINES, ids=[engine.name for engine in ENGINES])
def engine(request: pytest.FixtureRequest) -> Engine:
    """One engine after the other."""
    chosen: Engine = request.param
    return chosen


@pytest.fixture
def visit(engine: Engine, tmp_path: Path) -> Iterator[Callable[[str], Visitor]]:
    """A function that starts a browser with a profile of this name; without the engine the test is skipped."""
    with ExitStack() as stack:

        def start(profile: str) -> Visitor:
            try:
                return stack.enter_context(engine.started(tmp_path / profile))
            except NotHereError as missing:
                pytest.skip(f"NOT RUN: {engine.name}, because {missing}")

        yield start


@pytest.fixture
def visitor(visit: Callable[[str], Visitor]) -> Visitor:
    """A person at a browser that keeps nothing yet."""
    return visit("one")


class OwnSite:
    """A copy of the page on a port of its own, beside the CA of `practice`, which can be altered and is not always served."""

    def __init__(self, folder: Path, practice: PracticeCA) -> None:
        """Build it in `folder`, which is not there yet."""
        self.folder = folder
        self._practice = practice
        self._ports = replace(practice.ports, page=Ports.free().page)
        build_site(folder, *places(self._ports, practice))

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://localhost:{self._ports.page}/"

    def run_first(self, script: str) -> None:
        """Let the page run `script` before any other."""
        (self.folder / "first.js").write_text(script)
        page = self.folder / "index.html"
        page.write_text(page.read_text().replace("<script", '<script src="first.js"></script><script', 1))
        for compressed in self.folder.glob("index.html.*"):
            compressed.unlink()

    @contextmanager
    def served(self) -> Iterator[None]:
        """Serve it inside the `with`, with the relay to the CA."""
        with running(application(self.folder, self._practice), self._ports.page):
            yield


@pytest.fixture
def own_site(practice: PracticeCA, tmp_path: Path) -> OwnSite:
    """A copy of the page for one test."""
    return OwnSite(tmp_path / "site", practice)


@pytest.fixture
def refused_url(own_site: OwnSite) -> Iterator[str]:
    """The address of the page with a first script that refuses IndexedDB.

    A script, because no driver can make Chromium without windows, or WebKitGTK, refuse by itself; both know no other profile
    than a fresh one.
    """
    own_site.run_first(REFUSAL)
    with own_site.served():
        yield own_site.url
