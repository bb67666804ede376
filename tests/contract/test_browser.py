"""The suite over the browser's adapters, inside Pyodide in Chromium.

The whole suite runs in one page at first use; the tests then look at the outcome of each check. So Playwright's own event
loop is gone again before any test of this file starts, and asynchronous tests can follow in the same session.
"""

import json
from dataclasses import asdict
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import settings
from tests.contract.all_checks import GROUPS
from tests.contract.conftest import page_of
from tests.contract.judge import assert_proven
from tests.contract.suite import Place

Outcomes = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def outcomes(place: Place) -> Outcomes:
    """The outcome of every check, by name; the page is loaded anew before each group."""
    found: Outcomes = {}
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=settings.CHROMIUM, args=settings.LAUNCH_FLAGS) as chromium,
    ):
        page = chromium.new_page()
        for group in GROUPS:
            page.goto(page_of(place))
            answer = page.evaluate("request => runSuite(request)", {"place": json.dumps(asdict(place)), "group": group})
            found.update(json.loads(answer))
    return found


@pytest.mark.parametrize("name", [name for checks in GROUPS.values() for name in checks])
def test_browser_adapters(name: str, outcomes: Outcomes) -> None:
    assert not outcomes[name]["failure"], outcomes[name]["failure"]
    assert_proven(outcomes[name]["evidence"])
