"""Each engine in turn, and a copy of the page that is not always served."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from tests.engines.engines import ENGINES, Engine, NotHereError
from tests.engines.visitor import Visitor
from tests.threaded_server import running
from tools.build import build_site
from tools.ports import Ports
from tools.practice import PracticeCA
from tools.serve import application, places


class Visit(Protocol):
    """Starts a browser."""

    def __call__(self, profile: str, *, refusing: bool = False) -> Visitor:
        """With a profile of this name, or one that is `refusing` to let pages keep anything."""
        ...


@pytest.fixture(params=ENGINES, ids=[engine.name for engine in ENGINES])
def engine(request: pytest.FixtureRequest) -> Engine:
    """One engine after the other."""
    chosen: Engine = request.param
    return chosen


@pytest.fixture
def visit(engine: Engine, tmp_path: Path) -> Iterator[Visit]:
    """A function that starts a browser with a profile of this name; without the engine the test is skipped."""
    with ExitStack() as stack:

        def start(profile: str, *, refusing: bool = False) -> Visitor:
            try:
                return stack.enter_context(engine.started(tmp_path / profile, refusing=refusing))
            except NotHereError as missing:
                pytest.skip(f"NOT RUN: {engine.name}, because {missing}")

        yield start


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    """A person at a browser that keeps nothing yet."""
    return visit("one")


class OwnSite:
    """A copy of the page on a port of its own, beside the CA of `practice`, which is not always served."""

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

    @contextmanager
    def served(self) -> Iterator[None]:
        """Serve it inside the `with`, with the relay to the CA."""
        with running(application(self.folder, self._practice), self._ports.page):
            yield


@pytest.fixture
def own_site(practice: PracticeCA, tmp_path: Path) -> OwnSite:
    """A copy of the page for one test."""
    return OwnSite(tmp_path / "site", practice)
