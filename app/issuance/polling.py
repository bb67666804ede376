"""Polls an order until the CA is done with it (RFC 8555 §7.1.6, §7.4), instead of every authorization."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Final

from app.acme.client import Client
from app.acme.order import Order, find_order
from app.errors import NoProgressError
from app.issuance.writer import IssuanceWriter
from app.ports import Clock

FIRST_PAUSE: Final = 0.05  # seconds; doubled each time the CA sends no Retry-After
MAX_PAUSE: Final = 30.0  # seconds; a longer Retry-After is cut to this: CAs have sent a day
MAX_WAIT: Final = 900.0  # seconds
FIRST_LOOK: Final = 1.5  # seconds of waiting; a quick CA needs no further requests


def pause_before(n: int, retry_after: float | None) -> float:
    """Seconds to wait before the poll number `n` (from 0). The CA's Retry-After counts first, within limits.

    Pebble and older CAs hide Retry-After from browsers, so there must be an interval of our own.
    """
    own = FIRST_PAUSE * 2 ** min(n, 10)
    return max(FIRST_PAUSE, min(retry_after or own, MAX_PAUSE))


async def poll_order(
    client: Client,
    writer: IssuanceWriter,
    waiting: Collection[str],
    should_stop: Callable[[], Awaitable[bool]] | None = None,
    *,
    at_once: bool = False,
) -> Order:
    """Read the order until its status is none of `waiting`.

    With `at_once` there is no pause before the first time unless the CA asks for one. The CA's Retry-After is stored in the
    record, so that a page that was reopened does not poll sooner. `should_stop` tells whether waiting makes no sense any more,
    and is asked at longer and longer intervals: some CAs leave an order pending after a proof has failed. A pause ends at once
    when someone asks to look again (`IssuanceWriter.poll_now`). Raises `NoProgressError` after `MAX_WAIT`, and what
    `find_order` raises.
    """
    waited = looked = 0.0
    n = 0
    retry_after: float | None = max(0.0, writer.issuance.ask_again - client.clock.now())
    began = client.clock.now()
    while waited < MAX_WAIT and client.clock.now() - began < MAX_WAIT:  # answers may take their time, too
        pause = 0.0 if at_once and not retry_after else pause_before(n, retry_after)
        interrupted = await _pause(client.clock, pause, writer.poll_now)
        waited += 0.0 if interrupted else pause
        n += not at_once
        at_once = False
        order = await find_order(client, writer.issuance.order_url)
        if order.status not in waiting:
            return order
        await writer.set_retry_after(client.clock.now(), order.retry_after)
        if should_stop and (interrupted or waited - looked >= min(max(FIRST_LOOK, looked), MAX_PAUSE)):
            looked = waited
            if await should_stop():
                return order
        retry_after = order.retry_after
    raise NoProgressError("order-takes-too-long")


async def _pause(clock: Clock, seconds: float, poll_now: asyncio.Event) -> bool:
    """Sleep for `seconds`, or until `poll_now` is set. Returns whether it was."""
    sleeping, waking = asyncio.ensure_future(clock.sleep(seconds)), asyncio.ensure_future(poll_now.wait())
    try:
        await asyncio.wait((sleeping, waking), return_when=asyncio.FIRST_COMPLETED)
        if sleeping.done():
            sleeping.result()
    finally:
        sleeping.cancel()
        waking.cancel()
    interrupted = poll_now.is_set()
    poll_now.clear()
    return interrupted
