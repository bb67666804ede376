"""Waiting for a CA (RFC 8555 §7.1.6, §7.4): ask the order, not every authorization."""

from collections.abc import Awaitable, Callable, Collection
from typing import Final

from app.acme.client import Client
from app.acme.order import Order, read_order
from app.errors import StuckError

FIRST_PAUSE: Final = 0.25  # seconds; doubled each time the CA says nothing of its own
LONGEST_PAUSE: Final = 30.0  # also the most that a Retry-After is followed: CAs have sent a day
PATIENCE: Final = 900.0  # seconds
LOOK_AFTER: Final = 10.0  # seconds of waiting: a CA that is quick is asked for nothing more


def pause_before(n: int, retry_after: float | None) -> float:
    """Seconds to wait before the poll number `n` (from 0). What the CA says goes first, within reason.

    Pebble and older CAs hide Retry-After from browsers, so there must be an interval of our own.
    """
    own = FIRST_PAUSE * 2 ** min(n, 10)
    return max(FIRST_PAUSE, min(retry_after or own, LONGEST_PAUSE))


async def poll_order(
    client: Client,
    url: str,
    waiting: Collection[str],
    retry_after: float | None = None,
    hopeless: Callable[[], Awaitable[bool]] | None = None,
) -> Order:
    """Read the order at `url` until its status is not one of `waiting`; `retry_after` is what the CA said last, in seconds.

    `hopeless` looks elsewhere now and then, whether waiting makes sense: acme2certifier leaves an order pending for minutes
    after a proof has failed. Raises `StuckError` after `PATIENCE`, and what `Client.read` raises.
    """
    waited = looked = 0.0
    n = 0
    began = client.clock.now()
    while waited < PATIENCE and client.clock.now() - began < PATIENCE:  # answers may take their time, too
        pause = pause_before(n, retry_after)
        await client.clock.sleep(pause)
        waited += pause
        n += 1
        order = await read_order(client, url)
        if order.status not in waiting:
            return order
        if hopeless and waited - looked >= LOOK_AFTER:
            looked = waited
            if await hopeless():
                return order
        retry_after = order.retry_after
    raise StuckError("The CA has been working on the order for a quarter of an hour.")
