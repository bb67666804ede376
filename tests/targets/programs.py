"""Finds the programs to which files are handed over, and runs them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tools.debian import FOLDER, libraries, unpacked
from tools.practice import BUILT_PROGRAMS

LIMIT: Final = 60  # seconds for one run of a program


class RefusalError(Exception):
    """A program ended with an error; the message is what it said."""


def run(command: list[str], *, package: str = "", input: bytes = b"") -> bytes:  # noqa: A002 - as subprocess has it
    """What a program prints. `package` is the Debian package that it may have been unpacked from.

    Raises `RefusalError` when it fails.
    """
    done = subprocess.run(command, input=input, capture_output=True, timeout=LIMIT, env=environment(package))
    if done.returncode:
        raise RefusalError(f"{Path(command[0]).name}: {(done.stdout + done.stderr)[-2000:].decode(errors='replace')}")
    return done.stdout


def environment(package: str) -> Mapping[str, str]:
    """The environment for a program that may have been unpacked with `package`. All programs speak English."""
    if not package or not (FOLDER / package).is_dir():
        return {**os.environ, "LC_ALL": "C.UTF-8"}
    return {**os.environ, "LC_ALL": "C.UTF-8", "LD_LIBRARY_PATH": str(libraries(package))}


def find(name: str, package: str) -> str:
    """The path of a program: unpacked from `package`, built by us, brought by a Python package, or installed.

    Without it the test is skipped.
    """
    java = (FOLDER / package / "usr" / "lib" / "jvm").glob("*/bin")
    folders = [unpacked(package), *java, BUILT_PROGRAMS, Path(sys.executable).parent]
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath), "/usr/sbin"])
    found = shutil.which(name, path=path)
    if not found:
        pytest.skip(f"there is no {name} here; with {package}, `python3 -m tools.setup test-targets` sets it up")
    return found
