"""Child processes that never outlive us."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")
GRACE = 3.0  # seconds that a process has to end by itself when asked to
LOG_TAIL = 2000  # characters of a log that an error message shows


class Child:
    """A started program whose output goes to a log file."""

    def __init__(self, command: Sequence[str], log: Path, env: Mapping[str, str]) -> None:
        self.name = Path(command[0]).name
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                _leashed(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env),
            )

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


def _leashed(command: Sequence[str]) -> list[str]:
    """The command that runs `command` so that it ends with us, however we end.

    Where the system cannot do that, a child outlives a parent that was killed by force; after Ctrl-C, SIGTERM or a closed
    terminal it does not.
    """
    if sys.platform != "linux":
        return list(command)
    return [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *command]
