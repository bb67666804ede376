"""Settings of the browser tests, read by tests/browser/conftest.py: Playwright for Python has no settings file of its own."""

import os
import shutil
from pathlib import Path

VIEWPORT = {"width": 1280, "height": 900}
LOCALE = "en-GB"
TIMEOUT = 15_000
"""Milliseconds that an action or an expectation may take, unless a test says otherwise."""

BOOT_TIMEOUT = 60_000
"""Milliseconds from opening the page until Python is up or has failed, on a busy machine."""

LAUNCH_FLAGS = [
    "--no-sandbox",  # tests run as root in containers, where Chromium's sandbox cannot start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Chromium's own calls home: they are no request of the page, and nothing answers them on a closed network.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Without it, every start compiles Python's WebAssembly a second time, for speed that the short visits of tests have no use
    # for: twice the processor time, measured on two cores.
    "--js-flags=--liftoff-only",
]


def chromium() -> str | None:
    """Return the Chromium to drive: $CHROMIUM, else what tools/setup.py found, else one on PATH; None is Playwright's own."""
    named = os.environ.get("CHROMIUM")
    ours = str(Path(__file__).parent / ".cache" / "bin")
    path = os.pathsep.join([ours, os.environ.get("PATH", "")])
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    return next(filter(None, (shutil.which(name, path=path) for name in names)), None)
