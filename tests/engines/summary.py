"""Says after a run, for each engine, which scenarios passed, and why one was not run: `pytest -p tests.engines.summary`."""

import re
from collections import defaultdict
from typing import Final

import pytest

SCENARIO: Final = re.compile(r"^tests/engines/test_scenarios\.py::test_(\w+)\[(\w+)\]$")
REASON: Final = re.compile(r"NOT RUN: \w+, because .*")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each engine and outcome."""
    lines = list(_lines(terminalreporter))
    if lines:
        terminalreporter.section("engines")
        for line in lines:
            terminalreporter.write_line(line)


def _lines(reporter: pytest.TerminalReporter) -> list[str]:
    named: dict[tuple[str, str], list[str]] = defaultdict(list)
    missing: dict[str, None] = {}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in reporter.getreports(outcome):
            found = SCENARIO.match(report.nodeid)
            reason = REASON.search(str(report.longrepr)) if outcome == "skipped" else None
            if reason:
                missing[reason.group().rstrip("')")] = None
            elif found and (outcome != "passed" or report.when == "call"):
                named[found[2], outcome.replace("error", "failed")].append(found[1].replace("_", " "))
    return [f"{engine}: {outcome}: {', '.join(names)}" for (engine, outcome), names in sorted(named.items())] + list(missing)
