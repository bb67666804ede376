"""The other browser engines, and the drivers by which tests drive all of them. Standard library only.

The Chromium of most tests is set up in `tools/programs.py`. What is missing here stops nothing: the tests say which engine they
did not run, and why.
"""

import os
import re
import shutil
from pathlib import Path

from tools.debian import has_apt, install, unpack, unpacked
from tools.paths import CACHE
from tools.programs import BIN, CHROMIUM_NAMES, which
from tools.steps import StepError, key_of, once, output_of, remove, run, say

GECKODRIVER_VERSION = "0.36.0"
GECKODRIVER_LIMIT = 900  # seconds; it takes one or two minutes on two cores
CHROMEDRIVER_PACKAGE = "chromium-driver"
HEADLESS = "headless"
"""A Chromium with this in its name has no windows of its own, and with them it lacks the settings that a person can change."""

SETTABLE_NAMES = tuple(name for name in CHROMIUM_NAMES if HEADLESS not in name)
FIREFOX_NAMES = ("firefox-esr", "firefox")
WEBKIT_PROGRAMS = {"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"}
"""Programs to their packages in Debian and Ubuntu; the first brings the engine and a small browser around it."""


def set_up_drivers() -> None:
    """Get the drivers of Chromium and Firefox that this machine lacks, for the engines that it has."""
    if not shutil.which("chromedriver") and has_apt():
        unpack(CHROMEDRIVER_PACKAGE)
    if find_firefox() and not which("geckodriver"):
        _set_up_geckodriver()


def set_up_engines() -> None:
    """Install Firefox, WebKitGTK and a Chromium with settings where this machine lacks them and apt may; then the drivers."""
    if not find_settable_chromium():
        _install(SETTABLE_NAMES[0], lost="Chromium is not tested where it refuses storage")
    if not find_firefox():
        _install(FIREFOX_NAMES[0])
    for program, package in WEBKIT_PROGRAMS.items():
        if not shutil.which(program):
            _install(package)
    set_up_drivers()


def find_firefox() -> str | None:
    """The path of Firefox."""
    return next(filter(None, map(shutil.which, FIREFOX_NAMES)), None)


def find_settable_chromium() -> str | None:
    """The path of a Chromium with settings: the one that CHROMIUM names, if it has some, else one on PATH."""
    named = os.environ.get("CHROMIUM", "")
    if named and HEADLESS not in Path(named).name:
        return shutil.which(named)
    return next(filter(None, map(which, SETTABLE_NAMES)), None)


def find_chromedriver(chromium: str) -> str | None:
    """A chromedriver for the program `chromium`: it must have the same version, up to the third dot."""
    version = _version(chromium)
    places = (shutil.which("chromedriver"), str(unpacked(CHROMEDRIVER_PACKAGE) / "chromedriver"))
    return next((path for path in places if path and version and _version(path) == version), None)


def _version(program: str) -> str:
    found = re.search(r"\d+\.\d+\.\d+", output_of([program, "--version"]))
    return found.group() if found else ""


def _install(package: str, lost: str = "its engine is not tested") -> None:
    try:
        install(package)
    except StepError as error:
        say(f"{package} cannot be installed, so {lost}: {error}")


def _set_up_geckodriver() -> None:
    """Build it: no registry of ours has the program. Cargo checks the source of each of its parts by hash."""
    cargo = shutil.which("cargo")
    if not cargo:
        say("There is no geckodriver and no cargo to build it, so Firefox is not tested.")
        return

    def build() -> None:
        folder, source = CACHE / "geckodriver", f"geckodriver@{GECKODRIVER_VERSION}"
        # --debug: half the time to build, and what it does takes none.
        command: list[str | Path] = [cargo, "install", "--debug", "--locked", "--force", "--root", folder, source]
        env = {"CARGO_TARGET_DIR": str(folder / "target"), "CARGO_PROFILE_DEV_DEBUG": "0"}
        run(command, env=env, log=CACHE / "log" / "geckodriver.log", timeout=GECKODRIVER_LIMIT)
        BIN.mkdir(parents=True, exist_ok=True)
        (folder / "bin" / "geckodriver").replace(BIN / "geckodriver")
        remove(folder)

    try:
        once("geckodriver, which drives Firefox", BIN / ".geckodriver-stamp", key_of(GECKODRIVER_VERSION), build)
    except StepError as error:
        say(f"geckodriver cannot be built, so Firefox is not tested: {error}")
