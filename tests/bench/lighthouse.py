"""Lighthouse's score for performance, of a first visit by a phone and by a desktop as it plays them."""

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.bench.progress import say
from tests.bench.rivals import BENCH_NPM
from tests.bench.run import Run
from tests.bench.table import NOT_RUN, Row, medians
from tests.browser import settings
from tools.paths import CACHE

PROGRAM: Final = BENCH_NPM / "lighthouse" / "cli" / "index.js"
LIMIT: Final = 180  # seconds
GOALS: Final = {"mobile": "≥ 85", "desktop": "≥ 95"}


def lighthouse(run: Run) -> Iterable[Row]:
    """The median of three runs, or of as many as there are pairs where those are fewer."""
    cases = [(column, device) for device in GOALS for column in run.bench.pages]
    if PROGRAM.is_file() and settings.CHROMIUM:
        for column, device in list(run.rounds(cases))[: 3 * len(cases)]:
            score = _score(run.bench.sites[column]["relay"], device)
            if score is not None:
                run.samples.add(f"lighthouse {device}", column, score)
    return [
        medians(run.samples, f"Lighthouse, performance, {device}", f"lighthouse {device}", run.bench.pages, "", goal)
        for device, goal in GOALS.items()
    ]


def _score(url: str, device: str) -> float | None:
    """The score from 0 to 100; None, and a word on the terminal, where Lighthouse does not work here."""
    with TemporaryDirectory(prefix="keystay-lighthouse-") as folder:
        report = Path(folder) / "report.json"
        flags = " ".join(["--headless", *settings.LAUNCH_FLAGS[:2], f"--user-data-dir={folder}/profile"])
        command = [str(CACHE / "bin" / "node"), str(PROGRAM), url, "--quiet", "--only-categories=performance"]
        command += ["--output=json", f"--output-path={report}", f"--chrome-flags={flags}", "--no-enable-error-reporting"]
        command += ["--preset=desktop"] if device == "desktop" else []
        env = {**os.environ, "CHROME_PATH": str(settings.CHROMIUM), "HOME": folder}
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=LIMIT, check=False)
        if done.returncode or not report.is_file():
            say(f"Lighthouse is {NOT_RUN}: {(done.stderr or done.stdout).strip()[-500:]}")
            return None
        score = json.loads(report.read_text())["categories"]["performance"]["score"]
    return None if score is None else score * 100
