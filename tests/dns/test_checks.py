"""CAA records, zones and addresses, from real name servers through real resolvers."""

from collections.abc import Callable

import pytest

from app.acme.identifier import Identifier
from app.dns.checks.addresses import look_at_addresses
from app.dns.checks.caa import CaaFinding, CaaPolicy, look_at_caa
from app.dns.checks.zones import look_at_zones
from app.dns.lookup.client import ResolverClient
from tests.dns.orders import fresh
from tests.dns.zones import LONG, SHORT
from tests.nightly import nightly_after

POLICY = CaaPolicy(("ca.example", "ca2.example"), "https://ca.example/account/2", ("dns-01",))


async def caa_of(client: ResolverClient, name: str) -> CaaFinding:
    """What the CAA records mean for one name."""
    (finding,) = await look_at_caa(client, [Identifier("dns", name)], POLICY)
    return finding


@pytest.mark.parametrize(
    ("name", "verdict", "domain"),
    nightly_after(
        3,
        [
            ("shop.caa.example", "forbidden", "caa.example"),
            ("ours.caa.example", "allowed", "ours.caa.example"),
            ("caa-fails.example", "failure", "caa-fails.example"),
            ("shop.caa-fails.example", "failure", "shop.caa-fails.example"),
            ("www.shop.ours.caa.example", "allowed", "ours.caa.example"),
            ("nobody.caa.example", "forbidden", "nobody.caa.example"),
            ("stars.caa.example", "allowed", "stars.caa.example"),
            ("*.stars.caa.example", "forbidden", "stars.caa.example"),
            ("*.ours.caa.example", "allowed", "ours.caa.example"),
            ("critical.caa.example", "unknown-critical", "critical.caa.example"),
            ("account.caa.example", "other-account", "account.caa.example"),
            ("method.caa.example", "other-method", "method.caa.example"),
            ("bogus.example", "failure", "bogus.example"),
            ("lame.example", "failure", "lame.example"),
        ],
    ),
)
async def test_who_may_issue(client: ResolverClient, name: str, verdict: str, domain: str) -> None:
    finding = await caa_of(client, name)
    assert (finding.verdict, finding.domain) == (verdict, domain)


@pytest.mark.nightly
async def test_where_there_are_none_everybody_may(client: ResolverClient) -> None:
    assert (await caa_of(client, fresh("plain.example"))).verdict == "none"
    assert (await caa_of(client, fresh("signed.example"))).verdict == "none"


@pytest.mark.nightly
async def test_an_alias_leads_to_those_that_count(client: ResolverClient) -> None:
    finding = await caa_of(client, "alias.caa.example")
    assert (finding.verdict, finding.alias) == ("allowed", "ours.caa.example")


async def test_what_to_add(client: ResolverClient) -> None:
    finding = await caa_of(client, "shop.caa.example")
    assert (finding.tag, finding.add) == ("issue", "ca.example")
    finding = await caa_of(client, "*.stars.caa.example")
    assert (finding.tag, finding.add) == ("issuewild", "ca.example")


@pytest.mark.nightly
async def test_resolvers_that_cannot_be_reached_forbid_nothing(ask: Callable[..., ResolverClient]) -> None:
    assert (await caa_of(ask("nobody"), "shop.caa.example")).verdict == "unknown"
    assert (await caa_of(ask("nobody", "first"), "shop.caa.example")).verdict == "forbidden"


async def test_zones_and_how_long_resolvers_remember(client: ResolverClient) -> None:
    names = ["a.plain.example", "b.plain.example", "shop.slow.example", "shop.missing.example"]
    plain, slow, missing = await look_at_zones(client, names, ())
    assert (plain.domain, plain.zone, plain.zone_minimum) == ("plain.example", "plain.example", SHORT)
    assert plain.name_servers == ("ns1.plain.example",)
    assert (slow.zone, slow.zone_minimum) == ("slow.example", LONG)
    assert (missing.domain, missing.exists) == ("missing.example", False)


@pytest.mark.parametrize(
    ("name", "verdict"),
    nightly_after(
        1,
        [
            ("dual.plain.example", "two-machines"),
            ("single.plain.example", "fine"),
            ("inside.plain.example", "private"),
            ("empty.plain.example", "none"),
            ("nothing.plain.example", "no-domain"),
            ("shop.bogus.example", "failure"),
            ("shop.lame.example", "failure"),
        ],
    ),
)
async def test_addresses(client: ResolverClient, name: str, verdict: str) -> None:
    (finding,) = await look_at_addresses(client, [name])
    assert finding.verdict == verdict


async def test_a_resolver_that_checks_nothing_does_not_outvote_one_that_does(ask: Callable[..., ResolverClient]) -> None:
    for resolvers in (("first", "second"), ("second", "first")):
        assert (await caa_of(ask(*resolvers), "bogus.example")).verdict == "failure"
        (found,) = await look_at_addresses(ask(*resolvers), ["shop.bogus.example"])
        assert found.verdict == "failure"
