"""Runs a command so that an error ends in a sentence, never in a traceback. Standard library only."""

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from tools.processes import end_with_make
from tools.steps import StepError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
NOT_WRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM)
NOBODY_READS = (errno.EPIPE, errno.EIO)
STOPPED = 130  # the exit code after Ctrl-C, as shells have it


def run_command(name: str, main: Callable[[], int | None]) -> int:
    """Run `main` and return the exit code of the command `name`; what stops it is said on standard error.

    Where make started the command, it ends with make.
    """
    end_with_make()
    try:
        code = main() or 0
        if sys.stdout:
            sys.stdout.flush()
    except KeyboardInterrupt:
        code = _print_error(f"{name}: stopped", STOPPED)
    except StepError as error:
        code = _print_error(f"{name}: {error}", 1)
    except OSError as error:
        code = _print_error(f"{name}: {in_words(error)}", 1)
    for stream in (sys.stdout, sys.stderr):
        _discard_if_closed(stream)
    return code


def in_words(error: OSError) -> str:
    """What the system refused, the probable cause, and what helps."""
    what = str(error.filename) if error.filename else "A file"
    if error.errno in NO_ROOM:
        return f"The disk is full: {what} could not be written. Free some space and try again; `make clean` deletes builds."
    if error.errno in NOT_WRITABLE:
        return (
            f"{what} cannot be written ({error.strerror}). Downloads and builds go into folders of this checkout: make it "
            "writable for you, or copy it to a writable place."
        )
    if error.errno == errno.EFBIG:
        return f"{what} could not be written completely: the size of files is limited here (`ulimit -f` shows the limit)."
    if error.errno in NOBODY_READS:
        return f"The output of this command is no longer read ({error.strerror}), so this has ended."
    return str(error)


def _print_error(sentence: str, code: int) -> int:
    with suppress(OSError):  # the terminal may be gone
        print(sentence, file=sys.stderr, flush=True)
    return code


def _discard_if_closed(stream: TextIO | None) -> None:
    """Leave nothing in a stream that cannot be written: Python would try again at its end, and complain."""
    if stream is None:
        return
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
