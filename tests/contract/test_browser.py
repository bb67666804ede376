"""The suite over the browser's adapters, inside Pyodide in Chromium.

The whole suite runs in one page at first use; the tests then look at the outcome of each check. So Playwright's own event
loop is gone again before any test of this file starts, and asynchronous tests can follow in the same session.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import settings
from tests.contract.all_checks import GROUPS
from tests.contract.conftest import page_of
from tests.contract.judge import assert_proven
from tests.contract.suite import Place
from tests.nightly import nightly_after
from tests.shared import made_once

Outcomes = dict[str, dict[str, Any]]

RUNS = {"IndexedDB": tuple(GROUPS), "memory": ("both",)}
"""Where keys and records are kept → the groups of checks."""


@pytest.fixture(scope="module")
def outcomes(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Outcomes]:
    """Gives the outcome of every check with keys and records kept in a place of `RUNS`, by its name."""
    return lambda storage: made_once(tmp_path_factory, f"contract-{storage}", lambda: _run_all(place, storage))


def _run_all(place: Place, storage: str) -> Outcomes:
    """The outcome of every check with this `storage`, by name; the page is loaded anew before each group."""
    found: Outcomes = {}
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=settings.CHROMIUM, args=settings.LAUNCH_FLAGS) as chromium,
    ):
        page = chromium.new_page()
        for group in RUNS[storage]:
            page.goto(page_of(place))
            request = {"place": json.dumps(asdict(place)), "group": group, "storage": storage}
            found |= json.loads(page.evaluate("request => runSuite(request)", request))
    return found


CASES = {storage: [(storage, name) for group in groups for name in GROUPS[group]] for storage, groups in RUNS.items()}


@pytest.mark.parametrize(("storage", "name"), nightly_after(len(CASES["IndexedDB"]), [*CASES["IndexedDB"], *CASES["memory"]]))
def test_browser_adapters(storage: str, name: str, outcomes: Callable[[str], Outcomes]) -> None:
    outcome = outcomes(storage)[name]
    assert not outcome["failure"], outcome["failure"]
    assert_proven(outcome["evidence"])
