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
from tests.shared import made_once

Outcomes = dict[tuple[str, str], dict[str, Any]]

RUNS = [*(("IndexedDB", group) for group in GROUPS), ("memory", "both")]
"""Where keys and records are kept, and the group of checks."""


@pytest.fixture(scope="module")
def outcomes(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """The outcome of every check, by where things are kept and name."""
    found = made_once(tmp_path_factory, "contract", lambda: _run_all(place))
    return {(storage, name): outcome for storage, outcomes in found.items() for name, outcome in outcomes.items()}


def _run_all(place: Place) -> dict[str, dict[str, Any]]:
    """The outcome of every check, by where things are kept, then by name; the page is loaded anew before each run."""
    found: dict[str, dict[str, Any]] = {}
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=settings.CHROMIUM, args=settings.LAUNCH_FLAGS) as chromium,
    ):
        page = chromium.new_page()
        for storage, group in RUNS:
            page.goto(page_of(place))
            request = {"place": json.dumps(asdict(place)), "group": group, "storage": storage}
            answer = json.loads(page.evaluate("request => runSuite(request)", request))
            found.setdefault(storage, {}).update(answer)
    return found


@pytest.mark.parametrize(("storage", "name"), [(storage, name) for storage, group in RUNS for name in GROUPS[group]])
def test_browser_adapters(storage: str, name: str, outcomes: Outcomes) -> None:
    outcome = outcomes[storage, name]
    assert not outcome["failure"], outcome["failure"]
    assert_proven(outcome["evidence"])
