"""Waiting for a CA: how long, how often, and when to stop."""

import asyncio

import pytest

from app.acme.client import Client, connect
from app.errors import NoProgressError
from app.issuance.issuance import Issuance
from app.issuance.polling import FIRST_LOOK, FIRST_PAUSE, MAX_PAUSE, MAX_WAIT, pause_before, poll_order
from app.issuance.writer import IssuanceWriter
from app.ports import Request, Response
from tests.unit.chains import NOW
from tests.unit.keys import native_key
from tests.unit.records import CA, record
from tests.unit.scripted_ca import ACCOUNT, BASE, ORDER, READ_ORDER, NoonClock, ScriptedCA


@pytest.mark.parametrize(
    ("n", "retry_after", "seconds"),
    [
        pytest.param(0, None, 0.05, id="first"),
        pytest.param(1, None, 0.1, id="second"),
        pytest.param(3, None, 0.4, id="doubled each time"),
        pytest.param(10, None, 30, id="at most half a minute"),
        pytest.param(10_000, None, 30, id="after very many"),
        pytest.param(0, 5, 5, id="as the CA says"),
        pytest.param(9, 1, 1, id="sooner, as the CA says"),
        pytest.param(0, 86400, 30, id="never a day"),
        pytest.param(2, 0, 0.2, id="never at once"),
    ],
)
def test_pause_is_the_cas_within_reason_or_doubles(n: int, retry_after: float | None, seconds: float) -> None:
    assert pause_before(n, retry_after) == seconds


async def client_of(ca: ScriptedCA) -> Client:
    ca.account_jwk = native_key().public_jwk
    client = await connect(ca, NoonClock(), CA, native_key())
    client.account_url = ACCOUNT
    return client


def slept(client: Client) -> list[float]:
    assert isinstance(client.clock, NoonClock)
    return client.clock.slept


def draft_of(saved: list[Issuance], ask_again: float = 0.0) -> IssuanceWriter:
    """The record of `ORDER`; every version that is kept comes to stand in `saved`."""

    async def save(issuance: Issuance) -> None:
        saved.append(issuance)

    return IssuanceWriter(record("shop.example", order_url=ORDER, ask_again=ask_again), save, lambda _: None)


async def test_order_is_asked_until_it_is_no_longer_waited_for() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[READ_ORDER] = [ca.order("pending"), ca.order("pending"), ca.order("ready")]
    client = await client_of(ca)
    assert (await poll_order(client, draft_of([]), ("pending",))).status == "ready"
    assert slept(client) == [0.05, 0.1, 0.2]
    assert [request.url for request in ca.requests if request.method == "POST"] == [ORDER] * 3
    assert all(BASE in request.url for request in ca.requests)


async def test_wait_of_a_second_costs_at_most_six_polls() -> None:
    ca = ScriptedCA("shop.example")
    client = await client_of(ca)
    began = client.clock.now()
    send = ca.send

    async def send_after_a_second(request: Request) -> Response:
        ca.script[READ_ORDER] = [ca.order("ready" if client.clock.now() - began >= 1 else "pending")]
        return await send(request)

    ca.send = send_after_a_second  # type: ignore[method-assign]
    assert (await poll_order(client, draft_of([]), ("pending",))).status == "ready"
    assert len(ca.sent(READ_ORDER)) <= 6
    assert sum(slept(client)) < 2


async def test_pauses_follow_what_the_ca_said_last_and_it_is_kept() -> None:
    saved: list[Issuance] = []
    ca = ScriptedCA("shop.example")
    slow = ca.order("pending")
    slow = Response(slow.status, {**slow.headers, "retry-after": "7"}, slow.body)
    ca.script[READ_ORDER] = [slow, ca.order("pending"), ca.order("ready")]
    client = await client_of(ca)
    await poll_order(client, draft_of(saved, ask_again=NOW.timestamp() + 3), ("pending",))
    assert slept(client) == [3, 7, 0.2]
    assert [issuance.ask_again for issuance in saved] == [NOW.timestamp() + 3 + 7, 0.0]


async def test_ca_that_says_nothing_new_is_given_up_after_a_quarter_of_an_hour() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[READ_ORDER] = [ca.order("processing")]
    client = await client_of(ca)
    with pytest.raises(NoProgressError):
        await poll_order(client, draft_of([]), ("ready", "processing"))
    assert MAX_WAIT <= sum(slept(client)) < MAX_WAIT + MAX_PAUSE


async def test_order_that_stays_pending_is_looked_at_elsewhere_after_a_while() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[READ_ORDER] = [ca.order("pending")]
    client = await client_of(ca)
    answers = [False, True]

    async def should_stop() -> bool:
        return answers.pop(0)

    assert (await poll_order(client, draft_of([]), ("pending",), should_stop=should_stop)).status == "pending"
    assert answers == []
    assert 2 * FIRST_LOOK <= sum(slept(client)) < MAX_WAIT


async def test_nudge_ends_the_pause_and_looks_elsewhere_at_once() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[READ_ORDER] = [ca.order("pending"), ca.order("pending"), ca.order("ready")]
    client, writer = await client_of(ca), draft_of([])
    looked: list[int] = []

    async def sleep(_: float) -> None:
        writer.poll_now.set()
        await asyncio.Event().wait()

    client.clock.sleep = sleep  # type: ignore[method-assign, assignment]

    async def should_stop() -> bool:
        looked.append(len(ca.sent(READ_ORDER)))
        return False

    assert (await poll_order(client, writer, ("pending",), should_stop=should_stop)).status == "ready"
    assert looked == [1, 2]
    assert not writer.poll_now.is_set()


async def test_pause_that_fails_is_not_swallowed() -> None:
    ca = ScriptedCA("shop.example")
    client = await client_of(ca)

    async def sleep(seconds: float) -> None:
        raise OSError(seconds)

    client.clock.sleep = sleep  # type: ignore[method-assign]
    with pytest.raises(OSError, match=r"0\.05"):
        await poll_order(client, draft_of([]), ("pending",))


@pytest.mark.parametrize(("ask_again", "pauses"), [(0.0, [0.0, FIRST_PAUSE]), (NOW.timestamp() + 5, [5.0, FIRST_PAUSE])])
async def test_the_first_look_needs_no_pause_where_a_ca_may_be_done_and_asks_for_none(
    ask_again: float, pauses: list[float]
) -> None:
    ca = ScriptedCA("shop.example")
    ca.script[READ_ORDER] = [ca.order("processing"), ca.order("valid")]
    client = await client_of(ca)
    await poll_order(client, draft_of([], ask_again), waiting=("processing",), at_once=True)
    assert slept(client) == pauses
