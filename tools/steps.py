"""Long steps of the setup: run with progress, done once, safe to interrupt. Standard library only.

A step's result is good as long as its stamp, a small file inside what the step made, holds the step's key. The stamp goes
before the step starts and comes back only when it has ended well, so a failed or interrupted step is done again.
"""

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools.paths import CACHE, ROOT
from tools.processes import end, start

GRACE = 5.0  # seconds that a program has to end by itself when a step is stopped
MIN_ROOM = 1 << 20  # bytes; with fewer on the disk, that is why a program fails
HEARTBEAT = 15  # seconds of silence after which a line says that the step still runs


class StepError(Exception):
    """A step could not be done; the message says which and what helps."""


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(f"setup: {text}", flush=True)


def once(what: str, stamp: Path, key: str, action: Callable[[], None]) -> None:
    """Do `action` unless `stamp` holds `key` already. `what` names the step for people."""
    if stamp.is_file() and stamp.read_text() == key:
        return
    stamp.unlink(missing_ok=True)
    say(f"{what} …")
    started = time.monotonic()
    action()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    half_written = stamp.with_name(stamp.name + ".new")
    half_written.write_text(key)
    half_written.replace(stamp)
    say(f"{what}: done in {time.monotonic() - started:.0f} s")


def key_of(*parts: str | bytes | Path) -> str:
    """A key, as for `once`: changes when any of the texts, or the content of any of the files, does."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    log: Path | None = None,
    timeout: float | None = None,
) -> None:
    """Run a program with `env` added to ours. Its output goes to the terminal, or to `log`.

    Raises `StepError` when it fails, is missing, or takes longer than `timeout` seconds.
    """
    name = " ".join(str(word) for word in command[:4])
    try:
        process = _start(command, env, cwd, log)
    except OSError as error:
        raise StepError(f"`{name}` could not be started: {error}") from error
    try:
        status = _wait(process, name, timeout)
    finally:
        end(process, GRACE)
    if status != 0:
        where = f" Its output is in {log}." if log else ""
        why = " The disk is full." if shutil.disk_usage(ROOT).free < MIN_ROOM else ""
        raise StepError(f"`{name}` failed with status {status}.{where}{why}")


def output_of(command: Sequence[str | Path], *, timeout: float = 30, env: Mapping[str, str] | None = None) -> str:
    """What a program prints, or "" when it is missing, fails or hangs."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=timeout, env={**os.environ, **(env or {})}
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def remove(folder: Path) -> None:
    """Remove a folder with all in it, if it is there."""
    if folder.exists():
        shutil.rmtree(folder)


def _start(
    command: Sequence[str | Path], env: Mapping[str, str] | None, cwd: Path, log: Path | None
) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **(env or {})}
    if log is None:
        return start(command, env=environment, cwd=cwd)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        return start(command, env=environment, cwd=cwd, output=output)


def _wait(process: subprocess.Popen[bytes], name: str, timeout: float | None) -> int:
    started = time.monotonic()
    while True:
        try:
            return process.wait(HEARTBEAT)
        except subprocess.TimeoutExpired:
            seconds = time.monotonic() - started
        if timeout is not None and seconds > timeout:
            raise StepError(f"`{name}` was stopped after {seconds:.0f} s.")
        say(f"  … {name}: still working ({seconds:.0f} s)")


def cache(name: str) -> str:
    """The path of a folder under .cache, for the environment of programs that keep things."""
    return str(CACHE / name)
