"""Each engine in turn, and a copy of the page that is refused storage."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
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


@pytest.fixture(scope="module")
def refused_url(practice: PracticeCA, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page beside the CA of `practice`, with a first script that refuses IndexedDB.

    A script, because no driver can make Chromium without windows, or WebKitGTK, refuse by itself; both know no other profile
    than a fresh one.
    """
    site, port = tmp_path_factory.mktemp("refused") / "site", Ports.free().page
    build_site(site, *places(practice.ports, practice))
    (site / "refuse.js").write_text(REFUSAL)
    page = site / "index.html"
    page.write_text(page.read_text().replace("<script", '<script src="refuse.js"></script><script', 1))
    for compressed in site.glob("index.html.*"):
        compressed.unlink()
    with running(application(site, practice), port):
        yield f"http://localhost:{port}/"
