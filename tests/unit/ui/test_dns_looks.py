"""The open order is looked for in DNS: with permission, while it waits for a person, in the tab that owns it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from app.ports import Request, Response
from app.ui.steps.dns_check_models import DnsCheckModel
from tests.unit.dns.scripted_resolvers import ONE, ScriptedResolvers, said, txt
from tests.unit.records import DIRECTORY
from tests.unit.script import answer
from tests.unit.scripted_ca import ScriptedCA
from tests.unit.visit import Visit

NAME: Final = "_acme-challenge.shop.example"


class CaAndResolvers(ScriptedCA):
    """A CA, and `resolvers` beside it."""

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.resolvers = ScriptedResolvers(zones={"shop.example": 300}, resolvers=(ONE,))

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        if request.url.startswith("https://one.example/"):
            return await self.resolvers.send(request)
        return await super().send(request)


async def visit(*, allowed: bool = True, identity: str = "") -> tuple[Visit, ScriptedResolvers]:
    """Somebody who has ordered a certificate for shop.example, and has or has not allowed to look into DNS.

    `identity` is the name that the CA's directory gives for CAA records.
    """
    ca = CaAndResolvers("shop.example")
    if identity:
        (directory,) = ca.script[f"GET {DIRECTORY}"]
        assert isinstance(directory, Response)
        ca.script[f"GET {DIRECTORY}"] = [answer({**json.loads(directory.body), "meta": {"caaIdentities": [identity]}})]
        ca.resolvers.table["shop.example", "CAA"] = said('0 issue "other.example"')
    seen = Visit(ca=ca, resolvers=(ONE,))
    await seen.open()
    seen.page.fields = replace(seen.page.fields, dns_allow=allowed)
    await seen.session.start()
    assert seen.page.view.step == "prove"
    return seen, ca.resolvers


async def until(condition: Callable[[], bool]) -> None:
    """Give all that goes on its turns, until `condition` holds."""
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not come")


def check(seen: Visit) -> DnsCheckModel:
    return seen.page.view.check or DnsCheckModel()


async def test_nothing_is_asked_without_permission() -> None:
    seen, resolvers = await visit(allowed=False)
    await seen.session.check_dns()
    for _ in range(100):
        await asyncio.sleep(0)
    assert resolvers.asked == []
    assert seen.page.view.check is None
    await seen.session.allow_dns()
    await until(lambda: bool(resolvers.asked))


async def test_a_click_looks_for_the_records_and_the_page_says_what_is_there() -> None:
    seen, resolvers = await visit()
    await until(lambda: bool(resolvers.asked))
    assert all(question.name != NAME for question in resolvers.questions())
    prove = seen.page.view.prove
    assert prove is not None
    resolvers.table[NAME, "TXT"] = txt(*prove.records.cards[0].values)
    await seen.session.check_dns()
    await until(lambda: check(seen).is_all_there)
    assert seen.page.view.title == "The record is there"


async def test_looking_ends_once_the_ca_looks() -> None:
    seen, resolvers = await visit()
    await seen.session.check_dns()
    await until(lambda: check(seen).was_looked)
    await seen.session.verify()
    assert seen.page.view.step == "certificate"
    asked = len(resolvers.asked)
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(resolvers.asked) == asked


async def test_an_order_that_was_left_is_not_looked_for() -> None:
    seen, resolvers = await visit()
    await seen.session.check_dns()
    await until(lambda: check(seen).was_looked)
    await seen.session.back()
    asked, shown = len(resolvers.asked), len(seen.page.views)
    for _ in range(100):
        await asyncio.sleep(0)
    assert (len(resolvers.asked), len(seen.page.views)) == (asked, shown)
    assert seen.page.view.step == "names"


async def test_permission_that_is_taken_back_ends_it() -> None:
    seen, resolvers = await visit()
    await seen.session.check_dns()
    await until(lambda: check(seen).was_looked)
    await seen.permission.withdraw()
    asked = len(resolvers.asked)
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(resolvers.asked) == asked
    assert seen.page.view.check is None


async def test_a_tab_that_follows_asks_nobody() -> None:
    seen, resolvers = await visit()
    await until(lambda: check(seen).caa_state != "" or bool(resolvers.asked))
    other = Visit(beside=seen)
    await other.open()
    await other.permission.give(keep=False)
    await other.resume()
    assert other.page.view.is_follower
    assert other.page.view.check is None


async def test_a_resolver_is_made_to_look_again() -> None:
    seen, resolvers = await visit()
    await seen.session.check_dns()
    await until(lambda: check(seen).was_looked)
    await seen.session.look_again(ONE.id, 1)
    assert resolvers.purged == [f"{ONE.purge}?domain={NAME}&type=TXT"]


async def test_directory_says_by_which_name_caa_records_allow_the_ca() -> None:
    seen, _ = await visit(identity="ca.example")
    await until(lambda: bool(check(seen).caa))
    (notice,) = check(seen).caa
    assert notice.value == "ca.example"
