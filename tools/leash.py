"""Becomes another program that ends when our process does, even one that was ended by kill -9. Linux only.

Run as `python leash.py PARENT PROGRAM [ARGUMENT …]`, where PARENT is the process id of who starts it. A program of its own,
because between fork and exec a process with threads must do nothing.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h; outlives exec

if __name__ == "__main__":
    parent, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == int(parent):  # else it died before the line above
        os.execv(command[0], command)  # noqa: S606 - the command is ours, and a shell would stand between
