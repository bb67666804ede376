"""`threading` in a page, which has one thread and can start no other: locks, what belongs to a thread, and that thread.

Nobody waits here for what another thread does, so there are no conditions, events and timers.
"""

from _thread import RLock, get_ident
from _thread import _local as local
from _thread import allocate_lock as Lock
from typing import Final

__all__ = ["Lock", "RLock", "current_thread", "get_ident", "local", "main_thread"]


class _MainThread:
    name: Final = "MainThread"
    daemon: Final = False
    ident: Final = get_ident()


_MAIN: Final = _MainThread()


def current_thread() -> _MainThread:
    """The thread that asks."""
    return _MAIN


def main_thread() -> _MainThread:
    """The thread in which Python was started."""
    return _MAIN
