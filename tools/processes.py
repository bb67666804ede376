"""Child processes that never outlive us."""

import ctypes
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

GRACE = 3.0  # seconds that a process has to end by itself when asked to
LOG_TAIL = 2000  # characters of a log that an error message shows


class Child:
    """A started program whose output goes to a log file."""

    def __init__(self, command: Sequence[str], log: Path, env: Mapping[str, str]) -> None:
        self.name = Path(command[0]).name
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env),
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def last_words(self) -> str:
        """The end of its log, for an error message."""
        return self.log.read_text(errors="replace")[-LOG_TAIL:].strip()

    def stop(self) -> None:
        """End it: politely first, then by force. It is gone when this returns. Does nothing when it ended before."""
        self._process.terminate()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


# Loaded before any fork: a child may not load libraries between fork and exec.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def _end_with_parent() -> None:
    """In the child: have the kernel end it when the thread that started it dies, so that even kill -9 leaves nothing.

    Linux only. Elsewhere a child outlives a parent that was killed by force; after Ctrl-C, SIGTERM or a closed terminal
    it does not.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
