"""The robot of tests/engines at a page that changes while it looks."""

from pathlib import Path
from typing import cast

import pytest

from tests.engines.visitor import Visitor
from tests.engines.webdriver import Session

SAID = "The CA does not answer"


class LatePage:
    """Stands in for a browser whose page shows the error SAID right after the first look at it."""

    def __init__(self) -> None:
        self._looks = 0

    def text(self, _: str) -> str:
        """See `Session.text`."""
        self._looks += 1
        return SAID if self._looks > 1 else ""

    def shows(self, _: str) -> bool:
        """See `Session.shows`."""
        return bool(self.text(""))

    until = Session.until


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(cast("Session", LatePage()), Path())


def test_error_that_is_waited_for_may_come_between_two_looks(visitor: Visitor) -> None:
    visitor.sees_error("does not answer")


def test_another_error_than_the_one_that_is_waited_for_is_told(visitor: Visitor) -> None:
    with pytest.raises(AssertionError, match=SAID):
        visitor.sees_error("is not available")


def test_error_that_nobody_waits_for_ends_the_wait(visitor: Visitor) -> None:
    with pytest.raises(AssertionError, match=SAID):
        visitor.sees("#status", "Published")
