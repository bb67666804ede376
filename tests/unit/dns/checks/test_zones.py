"""Zones: where they begin, whose name servers they have, and whether that tells the provider."""

from pathlib import Path

import idna
import pytest
from publicsuffixlist import PSLFILE, PublicSuffixList

from app.dns.checks.zones import ZoneFacts, look_at_zones
from app.dns.providers import DnsProvider, parse_providers
from app.dns.public_suffixes import is_public_suffix, registered_domain
from app.errors import NetworkError
from tests.unit.dns.scripted_resolvers import ONE, THREE, TWO, Said, ScriptedResolvers, Table, lame, said

LIST = parse_providers(Path("static/data/dns_providers.json").read_text(encoding="utf-8"))


async def facts(table: Table, *names: str, zones: dict[str, int] | None = None) -> tuple[ZoneFacts, ...]:
    return await look_at_zones(ScriptedResolvers(table, zones=zones).client(), names, LIST)


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("a.b.shop.example", "shop.example"),
        ("www.shop.co.uk", "shop.co.uk"),
        ("shop.co.uk", "shop.co.uk"),
        ("www.x.github.io", "x.github.io"),  # the private section of the list
        ("a.mine.duckdns.org", "mine.duckdns.org"),
        ("www.xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("a.b.xn--55qx5d.cn", "b.xn--55qx5d.cn"),
        ("a.b.c.test", "c.test"),  # no such suffix in the list
        ("host.corp.internal", "corp.internal"),
        ("co.uk", "co.uk"),  # a suffix itself
        ("github.io", "github.io"),
        ("localhost", "localhost"),
    ],
)
def test_registered_domain_is_right_below_a_public_suffix(name: str, domain: str) -> None:
    assert registered_domain(name) == domain
    assert is_public_suffix(domain) == (name == domain and name != "shop.co.uk")


def test_each_top_level_domain_alone_gives_what_the_whole_list_gives() -> None:
    whole = PublicSuffixList()
    lines = Path(PSLFILE).read_text(encoding="utf-8").splitlines()
    rules = [line.lstrip("*!.") for line in lines if line and not line.startswith("//")][::23]
    names = [idna.encode(f"a.b.{rule}").decode("ascii") for rule in rules if not rule.startswith("_")]
    assert len(names) > 300
    assert [registered_domain(name) for name in names] == [whole.privatesuffix(name) for name in names]


async def test_zone_its_servers_and_its_provider_are_found_with_one_question_of_each_kind() -> None:
    resolvers = ScriptedResolvers(
        {("shop.example", "NS"): said("root.ui-dns.com.", "abc.ui-dns.DE.")}, zones={"shop.example": 900, "example": 60}
    )
    found = await look_at_zones(resolvers.client(), ["shop.example", "www.shop.example", "a.b.shop.example"], LIST)
    assert found == (
        ZoneFacts(
            "shop.example",
            "shop.example",
            ("abc.ui-dns.de", "root.ui-dns.com"),
            provider="ionos",
            zone_minimum=900,
        ),
    )
    assert [(question.name, question.type) for question in resolvers.questions()] == [
        ("shop.example", "SOA"),
        ("shop.example", "NS"),
    ]


@pytest.mark.parametrize(
    ("servers", "provider", "candidates"),
    [
        (("ada.ns.cloudflare.com", "bob.ns.cloudflare.com"), "cloudflare", ()),
        (("ns-1.awsdns-00.com", "ns-20.awsdns-63.co.uk"), "route53", ()),
        (("ns-cloud-a1.googledomains.com",), "", ("gcloud", "squarespace")),
        (("connect1.squarespacedns.com", "ns-cloud-a1.googledomains.com"), "squarespace", ()),
        (("dns1.p01.nsone.net",), "", ("ns1", "netlify")),
        (("oxygen.ns.hetzner.com", "helium.ns.hetzner.de"), "", ("hetzner-old", "hetzner-cloud")),
        (("a.rzone.de",), "", ("strato",)),  # only a guess
        (("ada.ns.cloudflare.com", "ns1.elsewhere.example"), "", ()),
        (("ada.ns.cloudflare.com", "ns-1.awsdns-00.com"), "", ()),
        (("ns.notcloudflare.com",), "", ()),
        (("ns1.shop.example",), "", ()),
        (("awsdns.com",), "", ()),
    ],
)
async def test_provider_is_certain_only_where_all_servers_are_its_own(
    servers: tuple[str, ...], provider: str, candidates: tuple[str, ...]
) -> None:
    table: Table = {("shop.example", "NS"): said(*(f"{server}." for server in servers))}
    (found,) = await facts(table, "www.shop.example", zones={"shop.example": 300})
    assert (found.provider, found.candidates) == (provider, candidates)


@pytest.mark.parametrize(
    ("end", "server", "matches"),
    [
        ("ns.x.example", "ns.x.example", True),
        ("ns.x.example", "a.ns.x.example", True),
        ("ns.x.example", "ans.x.example", False),
        ("dns-*.x.example", "a.dns-07.x.example", True),
        ("dns-*.x.example", "dns-.x.example", True),
        ("dns-*.x.example", "a.dns-07.y.example", False),
        ("dns-*.x.example", "dns-1.x.example.evil.example", False),
        ("a*a.x.example", "a.x.example", False),
        ("dns-*.x.example", "x.example", False),
    ],
)
def test_end_of_a_server_name_may_have_a_part_that_varies(end: str, server: str, matches: bool) -> None:  # noqa: FBT001
    assert DnsProvider("x", "X", name_servers=(end,)).has_name_server(server) is matches


async def test_name_under_a_domain_that_is_given_away_tells_its_provider_without_servers() -> None:
    (found,) = await facts({("duckdns.org", "NS"): said("ns1.duckdns.org.")}, "a.mine.duckdns.org", zones={"duckdns.org": 60})
    assert (found.domain, found.zone, found.provider) == ("mine.duckdns.org", "duckdns.org", "duckdns")


async def test_servers_of_the_zone_above_count_where_a_domain_is_no_zone() -> None:
    table: Table = {
        ("shop.github.io", "A"): said("192.0.2.1"),
        ("corp.internal", "NS"): said("ns1.example.net."),
        ("a.corp.internal", "A"): said("192.0.2.1"),
    }
    resolvers = ScriptedResolvers(table, zones={"github.io": 60, "internal": 60})
    found = await look_at_zones(resolvers.client(), ["shop.github.io"], LIST)
    assert [(each.domain, each.zone, each.name_servers) for each in found] == [("shop.github.io", "github.io", ())]
    assert {question.name for question in resolvers.questions()} == {"shop.github.io"}  # a public suffix is nobody's own


async def test_domain_that_does_not_exist_is_told() -> None:
    (found,) = await facts({}, "www.nowhere.example", zones={"example": 600})
    assert (found.exists, found.zone, found.zone_minimum, found.name_servers) == (False, "example", 600, ())


async def test_alias_at_the_domain_does_not_tell_the_zone_of_another() -> None:
    table: Table = {("shop.example", "CNAME"): said("shop.cdn.example.net.")}
    (found,) = await facts(table, "www.shop.example", zones={"cdn.example.net": 60})
    assert (found.zone, found.name_servers, found.exists) == ("", (), True)


async def test_where_nobody_answers_nothing_is_claimed() -> None:
    gone = NetworkError("https://one.example/")
    resolvers = ScriptedResolvers(other={resolver.id: gone for resolver in (ONE, TWO, THREE)})
    assert await look_at_zones(resolvers.client(), ["shop.example"], LIST) == (ZoneFacts("shop.example"),)


async def test_failure_of_all_servers_is_no_proof_that_a_domain_is_missing() -> None:
    (found,) = await facts({("shop.example", "SOA"): lame(), ("shop.example", "NS"): lame()}, "shop.example")
    assert (found.exists, found.zone) == (True, "")


async def test_resolver_that_knows_more_is_heard() -> None:
    table: Table = {("shop.example", "NS"): said("ada.ns.cloudflare.com.")}
    resolvers = ScriptedResolvers(
        table,
        zones={"shop.example": 300},
        other={"one": {("shop.example", "NS"): Said(rcode="SERVFAIL"), ("shop.example", "SOA"): Said(rcode="SERVFAIL")}},
    )
    (found,) = await look_at_zones(resolvers.client(), ["shop.example"], LIST)
    assert (found.provider, found.zone) == ("cloudflare", "shop.example")
