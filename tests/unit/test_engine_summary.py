"""What stands under a run of tests/engines: an engine that was not run must not be overlooked."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from tools.paths import ROOT

RUN: Final = """
import pytest

@pytest.mark.parametrize("engine", ["red", "green", "blue"])
def test_main_job(engine):
    if engine == "blue":
        pytest.skip("NOT RUN: blue, because there is no blue")
    assert engine == "green"

@pytest.mark.parametrize("engine", ["green", "blue"])
def test_two_tabs(engine):
    if engine == "blue":
        pytest.skip("NOT RUN: blue, because there is no blue")
"""


def test_each_engine_is_named_with_what_passed_or_failed_or_why_it_was_not_run(tmp_path: Path) -> None:
    scenarios = tmp_path / "tests" / "engines" / "test_scenarios.py"
    scenarios.parent.mkdir(parents=True)
    scenarios.write_text(RUN)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.engines.summary", "tests"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    _, _, said = done.stdout.partition(" engines ")
    assert said.splitlines()[1:4] == [
        "green: passed: main job, two tabs",
        "red: failed: main job",
        "NOT RUN: blue, because there is no blue",
    ]
    assert said.count("NOT RUN") == 1
