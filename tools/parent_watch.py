"""Runs another program, and ends it with all that it started when our process ends, even by kill -9. Linux only.

Run as `python parent_watch.py PARENT PROGRAM [ARGUMENT …]`, first in a process group of its own; PARENT is the id of the
process that starts it. A program of its own, because between fork and exec a process with threads must do nothing. It ends as
PROGRAM does.
"""

import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h
GRACE = 4  # seconds that the programs have to end by themselves when asked to
AWAITED = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM, signal.SIGCHLD}


def end_with_parent() -> None:
    """Have the system ask this process to end (SIGTERM) when its parent ends, where Python can tell the system so."""
    try:
        import ctypes
    except ImportError:  # a Python built without libffi
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _run(command: list[str]) -> None:
    """Run `command` until it ends or we are asked to, then end as it did; the signals in AWAITED are blocked.

    A signal to us is meant for the whole group: programs that start others do not always pass it on.
    """
    program = os.posix_spawn(command[0], command, os.environ, setsigmask=())
    ending = False
    ended, status = 0, 0
    while not ended:
        number = signal.sigwait(AWAITED)
        if number == signal.SIGALRM:
            os.killpg(0, signal.SIGKILL)
        elif number != signal.SIGCHLD and not ending:
            ending = True
            os.killpg(0, signal.SIGTERM)
            signal.alarm(GRACE)
        ended, status = os.waitpid(program, os.WNOHANG)
    if ending:
        os.killpg(0, signal.SIGKILL)  # what is left of the group, this process included
    _end_as(os.waitstatus_to_exitcode(status))


def _end_as(code: int) -> None:
    if code < 0:
        if -code != signal.SIGKILL:  # which cannot be handled
            signal.signal(-code, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == "__main__":
    parent, *command = sys.argv[1:]
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    end_with_parent()
    if os.getppid() == int(parent):  # else it died before the line above
        _run(command)
