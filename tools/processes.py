"""Child processes that never outlive us. Standard library only."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from tools import parent_watch

GRACE = 3.0  # seconds that a process has to end by itself when asked to
LOG_TAIL = 2000  # characters of a log that an error message shows


class Child:
    """A started program whose output goes to a log file."""

    def __init__(self, command: Sequence[str], log: Path, env: Mapping[str, str]) -> None:
        self.name = Path(command[0]).name
        self.log = log
        self._stopping = False
        with log.open("wb") as output:
            self._process = start(command, env=env, output=output)

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    @property
    def exit_reason(self) -> str:
        """How it ended, in words."""
        code = self._process.returncode
        return f"ended with exit code {code}" if code >= 0 else f"was ended by {signal.Signals(-code).name}"

    def last_words(self) -> str:
        """The end of its log, for an error message; "" where there is no log any more."""
        try:
            return self.log.read_text(errors="replace")[-LOG_TAIL:].strip()
        except OSError:
            return ""

    def on_exit(self, report: Callable[["Child"], None]) -> None:
        """Call `report` from another thread when it ends without having been stopped."""

        def wait() -> None:
            self._process.wait()
            if not self._stopping:
                report(self)

        threading.Thread(target=wait, daemon=True).start()

    def stop(self) -> None:
        """End it: politely first, then by force. It is gone when this returns. Does nothing when it ended before."""
        self._stopping = True
        end(self._process, GRACE)


def start(
    command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path | None = None, output: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start a program that ends with us, however we end; its output goes to the terminal, or to the file `output`.

    It is in a process group of its own: a Ctrl-C on the terminal reaches us alone, and we end it. Raises `OSError`.
    """
    stderr = subprocess.STDOUT if output else None
    return subprocess.Popen(
        _watching_parent(command, env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=stderr,
        env=dict(env),
        cwd=cwd,
        process_group=0,
    )


def end(process: subprocess.Popen[bytes], grace: float) -> None:
    """End what `start` has started, and what that has started, within some `grace` seconds."""
    process.terminate()
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def end_with_make() -> None:
    """End with the make that started us, also where that is killed by force and cannot tell us. Linux only."""
    if sys.platform == "linux" and "MAKELEVEL" in os.environ:
        parent_watch.end_with_parent()


def _watching_parent(command: Sequence[str | Path], env: Mapping[str, str]) -> list[str]:
    """The command that runs `command` so that it ends with us, however we end.

    Where the system cannot do that, a child outlives a parent that was killed by force; after Ctrl-C, SIGTERM or a closed
    terminal it does not.
    """
    words = [str(word) for word in command]
    program = shutil.which(words[0], path=env.get("PATH"))
    if sys.platform != "linux" or not program:  # without a program, the start fails with the system's own reason
        return words
    return [sys.executable, "-I", "-S", parent_watch.__file__, str(os.getpid()), program, *words[1:]]
