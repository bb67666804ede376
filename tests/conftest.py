"""Fixtures for several test folders: the practice CA, and the page as `make run` serves it."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any, Protocol

import pytest
from hypothesis import settings

from app.text.catalog import use_language
from tests.adapters import BabelFormats
from tests.threaded_server import running
from tools.build import build_site
from tools.ports import Ports
from tools.practice import PracticeCA, PracticeError
from tools.serve import application, places

# No test asserts seconds: the machine may have other work. Nightly runs look at more examples (KEYSTAY_EXAMPLES).
settings.register_profile("keystay", deadline=None, max_examples=int(os.environ.get("KEYSTAY_EXAMPLES", "30")))
settings.load_profile("keystay")
use_language(BabelFormats())


def pytest_xdist_auto_num_workers() -> int:
    """`--numprocesses auto`: twice as many as there are processors, because many tests wait for a CA's next second."""
    return 2 * (os.cpu_count() or 1)


class PracticeFactory(Protocol):
    """Gives a running practice CA with special settings."""

    def __call__(
        self, *, env: Mapping[str, str] | None = None, config: Mapping[str, Any] | None = None, strict: bool = False
    ) -> PracticeCA:
        """Start one, or give back the one that runs with the same settings; for both see `PracticeCA`."""
        ...


@pytest.fixture(scope="session")
def practice_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeFactory]:
    """A function that starts a practice CA with special settings. All stop when the session ends."""
    running: dict[str, PracticeCA] = {}
    with ExitStack() as stack:

        def practice_ca(
            *, env: Mapping[str, str] | None = None, config: Mapping[str, Any] | None = None, strict: bool = False
        ) -> PracticeCA:
            settings = json.dumps([dict(env or {}), dict(config or {}), strict], sort_keys=True)
            if settings not in running:
                ca = PracticeCA(Ports.free(), tmp_path_factory.mktemp("practice"), env=env, config=config, strict=strict)
                running[settings] = _enter(stack, ca)
            return running[settings]

        yield practice_ca


@pytest.fixture(scope="session")
def practice(practice_with: PracticeFactory) -> PracticeCA:
    """The practice CA as `make run` starts it."""
    return practice_with()


@pytest.fixture(scope="session")
def page_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[PracticeCA], str]]:
    """A function that builds and serves the page for a practice CA, and gives its address: http://localhost:PORT/."""
    pages: dict[str, str] = {}
    with ExitStack() as stack:

        def page_for(ca: PracticeCA) -> str:
            if ca.directory_url not in pages:
                site = tmp_path_factory.mktemp("site") / "site"
                build_site(site, *places(ca.ports, ca))
                stack.enter_context(running(application(site, ca), ca.ports.page))
                pages[ca.directory_url] = f"http://localhost:{ca.ports.page}/"
            return pages[ca.directory_url]

        yield page_for


@pytest.fixture(scope="session")
def page_url(practice: PracticeCA, page_with: Callable[[PracticeCA], str]) -> str:
    """The address of the page as `make run` serves it, beside the CA of `practice`."""
    return page_with(practice)


def _enter(stack: ExitStack, ca: PracticeCA) -> PracticeCA:
    try:
        return stack.enter_context(ca)
    except PracticeError as error:
        pytest.fail(f"This test needs the practice CA. {error}", pytrace=False)
