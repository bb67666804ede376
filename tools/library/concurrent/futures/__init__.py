"""`concurrent.futures` in a page, which has no threads and no processes: the names that `asyncio` asks for."""

from typing import Final

FIRST_COMPLETED: Final = "FIRST_COMPLETED"
FIRST_EXCEPTION: Final = "FIRST_EXCEPTION"
ALL_COMPLETED: Final = "ALL_COMPLETED"

TimeoutError = TimeoutError


class Error(Exception):
    """Anything that goes wrong with a future."""


class CancelledError(Error):
    """It was cancelled."""


class InvalidStateError(Error):
    """It is not in the state for this."""


class Future:
    """What a thread or a process will bring; there are none."""

    def __init__(self) -> None:
        raise RuntimeError("a page has no threads")
