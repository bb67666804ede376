"""What work brings within a moment is shown together; what takes longer is shown while it lasts."""

import asyncio
from dataclasses import replace

import pytest

from app.ui.background import MIN_REST, Later
from tests.unit.scripted_ca import NEW_ORDER, READ_ORDER
from tests.unit.ui.test_leaving import hold_answers
from tests.unit.visit import GOOD, Visit

LONG = 1000.0  # seconds: no test lasts so long
SHORT = 0.001
ORDERING = "Ordering the certificate from Test CA."


async def test_quick_order_is_shown_once_in_each_step() -> None:
    visit = Visit(moment=LONG)
    await visit.session.start()
    assert {view.step for view in visit.page.views} == {"prove"}
    before = len(visit.page.views)
    await visit.session.verify()
    assert {view.step for view in visit.page.views[before:]} == {"certificate"}
    assert visit.page.clicks == 2
    assert set(visit.page.said) == {""}
    assert visit.page.view.busy is False


async def test_slow_answer_is_waited_for_in_words() -> None:
    visit = Visit(moment=SHORT)
    held = hold_answers(visit, NEW_ORDER)
    working = asyncio.ensure_future(visit.session.start())
    await held.reached.wait()
    while ORDERING not in [view.waiting for view in visit.page.views]:  # what comes before is shown, too, if it took a moment
        visit.page.shown.clear()
        await visit.page.shown.wait()
    assert (visit.page.view.step, visit.page.view.busy) == ("names", True)
    assert visit.page.view.waiting == visit.page.said[-1] == ORDERING
    await visit.session.start()  # a second click
    held.go.set()
    await working
    assert visit.page.view.step == "prove"
    assert len(visit.ca.sent(NEW_ORDER)) == 1


async def test_click_within_the_moment_of_another_one_does_nothing() -> None:
    visit = Visit(moment=LONG)
    held = hold_answers(visit, NEW_ORDER)
    working = asyncio.ensure_future(visit.session.start())
    await held.reached.wait()
    await visit.session.start()
    assert visit.page.views == []
    assert visit.page.clicks == 1
    held.go.set()
    await working
    assert len(visit.ca.sent(NEW_ORDER)) == 1


async def test_proof_that_failed_is_said_without_waiting_for_the_moment() -> None:
    visit = Visit(moment=LONG)
    await visit.session.start()
    visit.ca.script[READ_ORDER] = [visit.ca.order("invalid")]
    await visit.session.verify()
    assert visit.page.view.trouble == "failed"
    assert visit.page.view.busy is False
    assert visit.page.error is not None


async def test_form_that_must_be_corrected_keeps_its_button() -> None:
    visit = Visit(fields=replace(GOOD, agree_tos=False), moment=LONG)
    await visit.session.start()
    assert visit.page.clicks == 0


async def test_later_calls_once_for_many_and_not_for_what_is_forgotten() -> None:
    calls: list[str] = []
    done = asyncio.Event()
    never, once = Later(lambda: calls.append("never"), SHORT), Later(lambda: calls.append("once"), SHORT)
    last = Later(done.set, 2 * SHORT)
    for later in (never, never, once, once, last):
        later()
    never.forget()
    never.forget()
    await done.wait()
    assert calls == ["once"]
    seldom = Later(lambda: calls.append("seldom"), SHORT, apart=LONG)
    done.clear()
    seldom()
    await asyncio.sleep(0)
    last()
    await done.wait()
    seldom()
    done.clear()
    last()
    await done.wait()
    assert calls == ["once", "seldom"]
    at_once = Later(lambda: calls.append("at once"), 0.0)
    at_once()
    assert calls == ["once", "seldom", "at once"]


async def test_what_takes_long_is_done_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    clock, ahead = loop.time, 0.0
    monkeypatch.setattr(loop, "time", lambda: clock() + ahead)
    calls: list[str] = []
    done = asyncio.Event()

    def work() -> None:
        nonlocal ahead
        calls.append("slow")
        ahead += LONG

    slow, last = Later(work, SHORT), Later(done.set, 2 * SHORT)
    for _ in range(2):
        slow()
        last()
        await done.wait()
        done.clear()
    assert calls == ["slow"]
    ahead += MIN_REST * LONG
    last()
    await done.wait()
    assert calls == ["slow", "slow"]
