"""Asking again: what changes nothing at a CA may be asked twice, so a lost or refused answer need not stop a person."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from app.acme.problem import UnavailableError
from app.acme.response import DamagedError, InvalidNonceError
from app.errors import NetworkError
from app.ports import Clock

T = TypeVar("T")

READ_TRIES: Final = 3
READ_PAUSE: Final = 1.0  # seconds, doubled for the next try
MAX_READ_PAUSE: Final = 30.0
"""Seconds of a Retry-After that are waited without a word. Whoever should wait longer is told so instead."""


async def read_again(clock: Clock, read: Callable[[], Awaitable[T]]) -> T:
    """Do `read`, which changes nothing at the CA, again after a pause where no whole answer came or the CA was unavailable.

    The pause is what the CA asks for, up to `MAX_READ_PAUSE`; it is not asked again where it wants more. Raises what the last
    try raises.
    """
    for n in range(READ_TRIES - 1):
        pause = READ_PAUSE * 2**n
        try:
            return await read()
        except UnavailableError as error:
            pause = max(pause, error.retry_after or 0)
            if pause > MAX_READ_PAUSE:
                raise
        except (NetworkError, DamagedError, InvalidNonceError):
            pass
        await clock.sleep(pause)
    return await read()
