"""Starts servers for tests as processes, and finds their programs."""

import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools.debian import unpacked
from tools.processes import Child

START_TIMEOUT = 20.0  # seconds
POLL_INTERVAL = 0.03  # seconds


def python_program(name: str) -> str:
    """A program that a Python package brought, beside the interpreter that runs the tests."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    if not found:
        pytest.fail(f"This test needs {name}: `python3 -m tools.setup python` installs it.", pytrace=False)
    return found


def debian_program(package: str, name: str) -> str:
    """A program on PATH or out of a Debian package that tools/setup.py unpacked; without it the test is skipped."""
    found = shutil.which(name, path=str(unpacked(package))) or shutil.which(name)
    if not found:
        pytest.skip(
            f"there is no {name} here; where apt has the package {package}, `python3 -m tools.setup servers` unpacks it"
        )
    return found


@contextmanager
def server(command: Sequence[str], folder: Path, env: Mapping[str, str], ready: Callable[[], bool]) -> Iterator[Child]:
    """Run a server that is `ready` inside the `with` and gone after it; its log is in `folder`."""
    child = Child(command, folder / f"{Path(command[0]).name}.log", env)
    try:
        deadline = time.monotonic() + START_TIMEOUT
        while not ready():
            assert child.running, f"{child.name} {child.exit_reason} while starting:\n{child.last_words()}"
            assert time.monotonic() < deadline, f"{child.name} does not answer:\n{child.last_words()}"
            threading.Event().wait(POLL_INTERVAL)
        yield child
    finally:
        child.stop()


def accepts(port: int) -> bool:
    """Whether something listens on 127.0.0.1."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
