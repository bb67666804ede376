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

RUNS = {"IndexedDB": ("both", "browser", "reload"), "IndexedDB, large keys": ("large",), "memory": ("both", "large")}
"""Where keys and records are kept, and of which size the keys are → the groups of checks. All but the first run nightly."""


@pytest.fixture(scope="module")
def outcomes(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Outcomes]:
    """Gives the outcome of every check of a run of `RUNS`, by its name."""
    return lambda run: made_once(tmp_path_factory, f"contract-{run}", lambda: _run_all(place, run))


def _run_all(place: Place, run: str) -> Outcomes:
    """The outcome of every check of this `run`, by name; the page is loaded anew before each group."""
    found: Outcomes = {}
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=settings.CHROMIUM, args=settings.LAUNCH_FLAGS) as chromium,
    ):
        page = chromium.new_page()
        for group in RUNS[run]:
            page.goto(page_of(place))
            request = {"place": json.dumps(asdict(place)), "group": group, "storage": run.split(",")[0]}
            found |= json.loads(page.evaluate("request => runSuite(request)", request))
    return found


CASES = {run: [(run, name) for group in groups for name in GROUPS[group]] for run, groups in RUNS.items()}


@pytest.mark.parametrize(
    ("run", "name"), nightly_after(len(CASES["IndexedDB"]), [case for cases in CASES.values() for case in cases])
)
def test_browser_adapters(run: str, name: str, outcomes: Callable[[str], Outcomes]) -> None:
    outcome = outcomes(run)[name]
    assert not outcome["failure"], outcome["failure"]
    assert_proven(outcome["evidence"])
