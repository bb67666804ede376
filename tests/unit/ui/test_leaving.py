"""A wait for the CA that is left in the middle: the page is free at once, and the order goes on later from where it stands."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count

import pytest

from app.accounts.record_locks import RecordLocks
from app.issuance.issuance import State
from app.ports import Request, Response
from app.ui.views import PageModel
from tests.unit.script import answer
from tests.unit.scripted_ca import CERTIFICATE, FINALIZE, NEW_ORDER, READ_ORDER, ScriptedCA
from tests.unit.test_two_tabs import settled
from tests.unit.visit import GOOD, RECORDS, Visit

FORM = PageModel(step="names", busy=False)


class Held:
    """What a CA does not answer, or a clock whose time does not pass, until `go`."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.reached = asyncio.Event()

    async def wait(self) -> None:
        """Hold whoever comes here."""
        self.reached.set()
        await self.go.wait()


def hold_time(visit: Visit, skip: int = 0) -> Held:
    """From now on every pause of the page lasts until `go`, but for the first `skip`."""
    held, sleep, pauses = Held(), visit.ports.clock.sleep, count()

    async def wait(seconds: float) -> None:
        if next(pauses) >= skip:
            await held.wait()
        await sleep(seconds)

    visit.ports.clock.sleep = wait  # type: ignore[method-assign]
    return held


def hold_answers(visit: Visit, key: str) -> Held:
    """From now on the CA gives no answer to `key` ("METHOD URL") until `go`."""
    held, send = Held(), visit.ca.send

    async def wait(request: Request) -> Response:
        if f"{request.method} {request.url}" == key:
            await held.wait()
        return await send(request)

    visit.ca.send = wait  # type: ignore[method-assign]
    return held


async def at_work(held: Held, click: Callable[[], Awaitable[None]]) -> "asyncio.Future[None]":
    """The work of a click that has come to where it is held."""
    working = asyncio.ensure_future(click())
    await held.reached.wait()
    await settled()
    return working


async def left(visit: Visit, working: "asyncio.Future[None]") -> None:
    """The person presses “Start over”: the form is there, and no tab has a claim on the order any more."""
    assert (visit.page.view.busy, visit.page.view.can_leave) == (True, True)
    await visit.session.back()
    await working
    assert visit.page.view == FORM
    assert visit.page.error is None
    locks = RecordLocks(visit.tabs.another())
    assert await locks.try_acquire("issuance 1")
    locks.release("issuance 1")


async def go_on(visit: Visit, held: Held) -> None:
    """Open the order again, and let things take their course."""
    held.go.set()
    await visit.reload()
    await visit.resume()
    assert visit.page.view.step == "certificate"
    assert len(visit.ca.sent(NEW_ORDER)) == 1


def lasts(status: str) -> Callable[[ScriptedCA], None]:
    """The order stays in `status` for long."""

    def arrange(ca: ScriptedCA) -> None:
        if status == "processing":
            ca.script[FINALIZE] = [ca.order("processing")]
            ca.script[READ_ORDER] = [ca.order("ready"), *[ca.order("processing")] * 3, ca.order("valid")]
        else:
            ca.script[READ_ORDER] = [*[ca.order("pending")] * 3, ca.order("ready")]

    return arrange


@pytest.mark.parametrize(("status", "state"), [("pending", "verifying"), ("processing", "finalizing")])
async def test_long_wait_can_be_left_and_taken_up_again(status: str, state: State) -> None:
    """The two buttons are never both disabled for minutes."""
    visit = Visit()
    lasts(status)(visit.ca)
    await visit.session.start()
    held = hold_time(visit, skip=1 if status == "processing" else 0)  # the first pause is that for the proofs
    working = await at_work(held, visit.session.verify)
    assert visit.page.view.can_poll_now
    await left(visit, working)
    assert (await visit.workflow.saved())[0].state == state
    await go_on(visit, held)
    assert visit.ca.answered() == [visit.ca.challenge_url(0)]


@pytest.mark.parametrize(
    "key", [f"POST {ScriptedCA.challenge_url(0)}", f"POST {ScriptedCA.authorization_url(0)}", READ_ORDER, FINALIZE, CERTIFICATE]
)
async def test_answer_that_does_not_come_holds_nobody(key: str) -> None:
    visit = Visit()
    await visit.session.start()
    if "authorization" in key:
        visit.ca.script[READ_ORDER] = [*[visit.ca.order("pending")] * 7, visit.ca.order("ready")]
    held = hold_answers(visit, key)
    await left(visit, await at_work(held, visit.session.verify))
    await go_on(visit, held)


async def test_order_that_is_opened_again_can_be_left_though_the_ca_does_not_answer() -> None:
    visit = Visit()
    await visit.session.start()
    await visit.reload()
    held = hold_answers(visit, READ_ORDER)
    await left(visit, await at_work(held, visit.resume))


async def test_other_tab_takes_over_what_is_left_in_the_middle() -> None:
    one = Visit()
    lasts("pending")(one.ca)
    await one.session.start()
    other = Visit(beside=one)
    await other.open()
    await other.resume()
    held = hold_time(one)
    working = await at_work(held, one.session.verify)
    assert other.page.view.is_follower
    held.go.set()  # for the other one: the first has a pause of its own
    await one.session.back()
    await working
    await settled()
    assert one.page.view == FORM
    assert other.page.view.step == "certificate"
    assert other.ca.answered() == [other.ca.challenge_url(0)]


async def test_names_can_be_ordered_again_after_a_wait_was_left() -> None:
    visit = Visit()
    lasts("pending")(visit.ca)
    await visit.session.start()
    held = hold_time(visit)
    await left(visit, await at_work(held, visit.session.verify))
    held.go.set()
    await visit.session.start()
    assert visit.page.view.step == "prove"
    assert len(visit.ca.sent(NEW_ORDER)) == 2


# ---- a click on the button of step 2 that comes while the page is still busy ----


async def publishing(visit: Visit) -> tuple[Held, "asyncio.Future[None]"]:
    """An order at the practice CA whose records are being published, slowly."""
    await visit.session.start()
    visit.ca.script[f"POST {RECORDS}publish"] = [answer()]
    held = hold_answers(visit, f"POST {RECORDS}publish")
    return held, await at_work(held, visit.session.publish)


def practising() -> Visit:
    return Visit(fields=replace(GOOD, ca="practice"))


async def test_click_that_comes_too_early_is_done_when_the_work_before_it_has_ended() -> None:
    visit = practising()
    held, working = await publishing(visit)
    assert visit.page.view.can_verify
    for _ in range(2):
        await visit.session.verify()
    assert visit.page.view.verify_waits
    assert not visit.page.view.can_verify
    assert visit.ca.answered() == []
    held.go.set()
    await working
    assert visit.page.view.step == "certificate"
    assert visit.ca.answered() == [visit.ca.challenge_url(0)]


async def test_click_that_waited_for_work_that_failed_costs_no_try() -> None:
    visit = practising()
    held, working = await publishing(visit)
    visit.ca.script[f"POST {RECORDS}publish"] = [answer(status=500)]
    await visit.session.verify()
    held.go.set()
    await working
    assert visit.page.error
    assert visit.ca.answered() == []
    assert not visit.page.view.verify_waits
    assert visit.page.view.can_verify


async def test_click_that_waited_is_gone_when_the_order_is_left() -> None:
    visit = practising()
    held, working = await publishing(visit)
    await visit.session.verify()
    await left(visit, working)
    held.go.set()
    await settled()
    assert visit.ca.answered() == []


async def test_names_of_the_open_order_are_in_the_form_to_be_changed() -> None:
    visit = Visit("a.example", "b.example", fields=replace(GOOD, domains="a.example b.example"))
    await visit.session.start()
    visit.page.fields = replace(visit.page.fields, domains="")
    await visit.session.change_open_names()
    assert visit.page.view == FORM
    assert visit.page.fields.domains == "a.example\nb.example"
    assert [saved.state for saved in await visit.workflow.saved()] == ["proving"]


async def test_look_again_asks_the_ca_at_once() -> None:
    visit = Visit()
    lasts("pending")(visit.ca)
    await visit.session.start()
    held = hold_time(visit)
    working = await at_work(held, visit.session.verify)
    for polls in (1, 2, 3):
        visit.session.poll_now()
        await settled()
        assert len(visit.ca.sent(READ_ORDER)) == polls
    visit.session.poll_now()
    await working
    assert visit.page.view.step == "certificate"
    assert not visit.page.view.can_poll_now


async def test_look_again_of_before_does_not_hurry_the_next_wait() -> None:
    visit = Visit()
    lasts("pending")(visit.ca)
    await visit.session.start()
    visit.session.poll_now()
    held = hold_time(visit)
    working = await at_work(held, visit.session.verify)
    assert visit.ca.sent(READ_ORDER) == []
    held.go.set()
    await working


async def test_leaving_when_nothing_is_under_way_leads_to_the_form() -> None:
    visit = Visit()
    await visit.session.back()
    assert visit.page.view == FORM
    await visit.issued()
    await visit.session.back()
    assert visit.page.view == FORM
