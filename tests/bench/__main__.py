"""`python -m tests.bench [--pairs 5] [--base COMMIT] [--rows 'start issuance']`: measures, and prints one table.

Progress goes to standard error. A machine that does anything else meanwhile makes the figures worthless, but for bytes and
requests.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playwright.sync_api import Error as BrowserError

from app import VERSION
from tests.bench import issuance, lighthouse, memory, modules, programs, start
from tests.bench.browsers import profiles
from tests.bench.progress import say
from tests.bench.run import Run
from tests.bench.sites import served
from tests.bench.table import Row, table
from tests.browser import settings
from tools.cli import run_command
from tools.practice import PracticeError
from tools.steps import StepError, output_of

GROUPS: Final[Mapping[str, tuple[Callable[[Run], Iterable[Row]], ...]]] = {
    "start": (start.warm, start.cold),
    "bytes": (start.size,),
    "form": (start.form,),
    "issuance": (issuance.issuance,),
    "programs": (programs.programs,),
    "saved": (start.saved,),
    "memory": (memory.memory,),
    "lighthouse": (lighthouse.lighthouse,),
    "modules": (modules.modules,),
}
"""What `--rows` picks from, in the order of the table: earlier ones leave less behind in the browsers."""

ONLY_WHEN_ASKED: Final = ("modules",)
"""Groups that are no part of the table of all."""


def main(arguments: list[str]) -> int:
    """Measure and print. Returns 0; raises `StepError` where something cannot be measured at all."""
    options = _parse(arguments)
    begun = time.monotonic()
    rows: list[Row] = []
    try:
        with served(options.base) as bench, profiles(bench.columns) as found:
            run = Run(bench, found, options.pairs)
            for group in (group for group in GROUPS if group in options.rows):
                for part in GROUPS[group]:
                    say(f"{group}: {str(part.__doc__).splitlines()[0]}")
                    rows += part(run)
            print(f"{_headline(options.pairs)}\n\n{table(rows, bench.columns)}")  # noqa: T201 - this is what it is for
    except (RuntimeError, PracticeError, subprocess.SubprocessError, BrowserError) as error:
        raise StepError(str(error)) from error
    say(f"done in {(time.monotonic() - begun) / 60:.0f} minutes")
    return 0


def _headline(pairs: int) -> str:
    """When and where this was measured."""
    browser = output_of([settings.CHROMIUM, "--version"]) if settings.CHROMIUM else "Playwright’s Chromium"
    machine = f"{os.cpu_count()} processors, {_processor()}, {platform.system()} {platform.machine()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, Keystay {VERSION}, {browser}, {machine}; medians of {pairs} pairs"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=str(__doc__).splitlines()[0])
    parser.add_argument("--pairs", type=_count, default=5, help="how often everything is measured")
    parser.add_argument("--base", default="", help="a commit of this repository to measure beside this checkout")
    parser.add_argument(
        "--rows",
        type=_groups,
        default=[name for name in GROUPS if name not in ONLY_WHEN_ASKED],
        help=f"which groups: {' '.join(GROUPS)}",
    )
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    if not (text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of pairs")
    return int(text)


def _groups(text: str) -> list[str]:
    if unknown := set(text.split()) - set(GROUPS):
        raise argparse.ArgumentTypeError(f"there is no {' '.join(sorted(unknown))}; there are {' '.join(GROUPS)}")
    return text.split()


if __name__ == "__main__":
    sys.exit(run_command("bench", lambda: main(sys.argv[1:])))
