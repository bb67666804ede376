"""The long lists of the site come after the page is ready: whoever is quicker waits for them, and misses nothing of them."""

import asyncio
from dataclasses import replace

import pytest

from app.dns.providers import parse_providers
from app.install.targets import parse_targets
from app.issuance.site_lists import Lists, SiteLists
from tests.unit.visit import GOOD, Visit

LISTS: Lists = (
    parse_providers('[{"id": "few", "name": "Few DNS", "max_values": 1}]'),
    parse_targets(
        '[{"id": "old", "name": "Old box", "group": "home", "key": "rsa", "key_reason": "It is old.",'
        ' "files": [{"format": "pfx"}], "steps": [{"do": "Upload it"}]}]'
    ),
)
FIELDS = replace(GOOD, domains="shop.example *.shop.example", provider="few", target="old", key_type="rsa-2048")


class Line:
    """Over which the lists come, as soon as somebody lets them."""

    def __init__(self) -> None:
        self.times = 0
        self.asked, self.open = asyncio.Event(), asyncio.Event()

    async def read(self) -> Lists:
        """See `SiteLists`."""
        self.times += 1
        self.asked.set()
        await self.open.wait()
        return LISTS


async def opened(line: Line, **fields: str) -> tuple[Visit, asyncio.Task[None]]:
    """A page that is ready and reads its lists."""
    visit = Visit(fields=replace(FIELDS, **fields), lists=SiteLists(read=line.read))  # type: ignore[arg-type]
    await visit.open()
    reading = asyncio.create_task(visit.session.read_lists())
    await line.asked.wait()
    return visit, reading


async def test_the_form_says_what_they_say_once_they_are_here() -> None:
    line = Line()
    visit, reading = await opened(line)
    assert not visit.page.target.effect
    assert not visit.page.providers.warnings
    visit.session.read_names()  # somebody types
    line.open.set()
    await reading
    assert "Old box" in visit.page.target.effect
    assert "Few DNS" in visit.page.providers.warnings[0]


async def test_an_order_that_is_quicker_waits_and_is_read_once() -> None:
    line = Line()
    visit, reading = await opened(line)
    start = asyncio.create_task(visit.session.start())
    await asyncio.sleep(0)
    assert not visit.ca.requests
    line.open.set()
    await asyncio.gather(reading, start)
    assert visit.page.view.step == "prove"
    assert visit.workflow.lists.providers == LISTS[0]
    assert line.times == 1


async def test_a_key_that_the_target_refuses_is_told_however_quick_somebody_is() -> None:
    line = Line()
    visit, reading = await opened(line, key_type="ec-p256")
    start = asyncio.create_task(visit.session.start())
    line.open.set()
    await asyncio.gather(reading, start)
    assert [error.field for error in visit.page.field_errors] == ["key-type"]
    assert not visit.ca.requests


async def test_a_saved_order_that_is_opened_at_once_is_shown_by_them() -> None:
    before = Visit(fields=FIELDS, lists=SiteLists(LISTS))
    await before.session.start()
    before.close()
    line = Line()
    visit = Visit(fields=FIELDS, lists=SiteLists(read=line.read), beside=before)
    opening = asyncio.create_task(visit.resume())  # nobody else has asked for them
    await line.asked.wait()
    assert visit.page.view.step == "names"
    line.open.set()
    await opening
    shown = [view.order.summary for view in visit.page.views if view.order]
    assert shown
    assert all("Old box" in summary for summary in shown)


async def test_leaving_does_not_take_them_away_from_others() -> None:
    line = Line()
    visit = Visit(fields=FIELDS, lists=SiteLists(read=line.read))
    start = asyncio.create_task(visit.session.start())
    await line.asked.wait()
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    line.open.set()
    await visit.session.read_lists()
    assert "Old box" in visit.page.target.effect
    assert line.times == 1
