"""What several test folders share: the practice CA."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any, Protocol

import pytest

from tools.ports import Ports
from tools.practice import PracticeCA, PracticeError


class PracticeFactory(Protocol):
    """Gives a running practice CA with special settings."""

    def __call__(self, *, env: Mapping[str, str] | None = None, config: Mapping[str, Any] | None = None) -> PracticeCA:
        """Start one, or give back the one that runs with the same settings; for both see `PracticeCA`."""
        ...


@pytest.fixture(scope="session")
def practice_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeFactory]:
    """A function that starts a practice CA with special settings. All stop when the session ends."""
    running: dict[str, PracticeCA] = {}
    with ExitStack() as stack:

        def practice_ca(*, env: Mapping[str, str] | None = None, config: Mapping[str, Any] | None = None) -> PracticeCA:
            settings = json.dumps([dict(env or {}), dict(config or {})], sort_keys=True)
            if settings not in running:
                ca = PracticeCA(Ports.free(), tmp_path_factory.mktemp("practice"), env=env, config=config)
                running[settings] = _enter(stack, ca)
            return running[settings]

        yield practice_ca


@pytest.fixture(scope="session")
def practice(practice_with: PracticeFactory) -> PracticeCA:
    """The practice CA as `make run` starts it."""
    return practice_with()


def _enter(stack: ExitStack, ca: PracticeCA) -> PracticeCA:
    try:
        return stack.enter_context(ca)
    except PracticeError as error:
        pytest.fail(f"This test needs the practice CA. {error}", pytrace=False)
