"""Whether a CNAME leads to its target, and whether what was written is to be seen."""

from app.dns.published import look_at_cnames, wait_until_seen
from tests.unit.dns.scripted_resolvers import ScriptedResolvers, said, txt
from tests.unit.scripted_ca import NoonClock

OWNER = "_acme-challenge.shop.example"
TARGET = "_acme-challenge.shop.example.shop-owner.dedyn.io"


async def test_cname_is_there_elsewhere_or_not_there_yet() -> None:
    dns = ScriptedResolvers({(OWNER, "CNAME"): said(f"{TARGET}.")})
    (right,) = await look_at_cnames(dns.client(), {OWNER: TARGET})
    assert right.is_right
    dns.table = {(OWNER, "CNAME"): said("elsewhere.example.")}
    (wrong,) = await look_at_cnames(dns.client(), {OWNER: TARGET})
    assert wrong.found == ("elsewhere.example",)
    assert not wrong.is_right
    dns.table = {}
    (missing,) = await look_at_cnames(dns.client(), {OWNER: TARGET})
    assert (missing.found, missing.is_answered) == ((), True)


async def test_nobody_is_asked_for_the_record_while_only_the_cname_is_looked_at() -> None:
    dns = ScriptedResolvers({(OWNER, "CNAME"): said(f"{TARGET}.")})
    await look_at_cnames(dns.client(), {OWNER: TARGET})
    assert {question.type for _, question in dns.asked} == {"CNAME"}


async def test_waits_until_all_resolvers_see_all_values() -> None:
    clock, dns = NoonClock(), ScriptedResolvers({(OWNER, "TXT"): txt("one", "two")})
    assert await wait_until_seen(dns.client(), clock, {OWNER: ("two", "one")}, 30)
    assert clock.slept == [30]
    clock, dns.table = NoonClock(), {(OWNER, "TXT"): txt("one")}
    assert not await wait_until_seen(dns.client(), clock, {OWNER: ("two", "one")}, 30)
    assert 120 < sum(clock.slept) < 300


async def test_after_a_minute_one_resolver_is_enough() -> None:
    clock = NoonClock()
    dns = ScriptedResolvers({(OWNER, "TXT"): txt("old")}, other={"one": {(OWNER, "TXT"): txt("new")}})
    assert await wait_until_seen(dns.client(), clock, {OWNER: ("new",)}, 1)
    assert 60 <= sum(clock.slept) < 120
