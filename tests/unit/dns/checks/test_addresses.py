"""Addresses of names that are proven by a file or on port 443: whether a CA can reach them."""

from dataclasses import replace
from ipaddress import ip_address

import pytest

from app.dns.checks.addresses import AddressFinding, look_at_addresses
from app.errors import NetworkError
from tests.unit.dns.scripted_resolvers import ONE, THREE, TWO, Said, ScriptedResolvers, Table, bogus, lame, said

NAME = "www.shop.example"


async def look(table: Table, name: str = NAME) -> AddressFinding:
    (finding,) = await look_at_addresses(ScriptedResolvers(table).client(), [name])
    return finding


@pytest.mark.parametrize(
    ("ipv4", "ipv6", "verdict"),
    [
        (["8.8.8.8"], [], "fine"),
        ([], ["2606:4700::1111"], "fine"),
        (["8.8.8.8"], ["2606:4700::1111"], "two-machines"),
        (["10.1.2.3"], [], "private"),
        (["8.8.8.8", "192.168.0.1"], [], "private"),
        (["8.8.8.8"], ["fd00::1"], "private"),
        *(
            ([address], [], "private")
            for address in ("127.0.0.1", "169.254.1.1", "192.0.2.1", "100.64.0.1", "240.0.0.1", "224.0.0.1")
        ),
        *(([], [address], "private") for address in ("::1", "fe80::1", "2001:db8::1", "::ffff:808:808", "ff02::1")),
    ],
)
async def test_addresses_are_judged(ipv4: list[str], ipv6: list[str], verdict: str) -> None:
    finding = await look({(NAME, "A"): said(*ipv4), (NAME, "AAAA"): said(*ipv6)})
    assert finding.verdict == verdict
    assert [ip_address(ip) for ip in (*finding.ipv4, *finding.ipv6)] == [ip_address(ip) for ip in (*ipv4, *ipv6)]
    assert bool(finding.private) == (verdict == "private")


async def test_only_the_addresses_that_lead_nowhere_are_named() -> None:
    finding = await look({(NAME, "A"): said("8.8.8.8", "192.168.0.1"), (NAME, "AAAA"): said("2606:4700::1111")})
    assert finding.private == ("192.168.0.1",)


async def test_alias_is_followed() -> None:
    finding = await look({(NAME, "CNAME"): said("host.example.net."), ("host.example.net", "A"): said("8.8.8.8")})
    assert (finding.verdict, finding.alias) == ("fine", "host.example.net")


async def test_alias_to_nowhere_is_no_such_name() -> None:
    finding = await look({(NAME, "CNAME"): said("gone.example.net.")})
    assert (finding.verdict, finding.alias) == ("no-domain", "gone.example.net")


@pytest.mark.parametrize(
    ("table", "verdict"),
    [
        ({}, "no-domain"),
        ({(NAME, "TXT"): said('"x"')}, "none"),
        ({(NAME, "A"): lame("no answer"), (NAME, "AAAA"): lame("no answer")}, "failure"),
        ({(NAME, "A"): said("8.8.8.8"), (NAME, "AAAA"): Said(rcode="SERVFAIL")}, "fine"),  # CAs take what there is
        ({(NAME, "AAAA"): Said(rcode="SERVFAIL"), (NAME, "TXT"): said('"x"')}, "failure"),
        ({(NAME, "A"): bogus("8.8.8.8"), (NAME, "AAAA"): bogus()}, "failure"),
    ],
)
async def test_without_an_address_it_is_told_why(table: Table, verdict: str) -> None:
    assert (await look(table)).verdict == verdict


async def test_words_of_the_resolver_are_kept() -> None:
    finding = await look({(NAME, "A"): lame("no answer"), (NAME, "AAAA"): lame("no answer")})
    assert finding.detail == "no answer"


async def test_new_name_that_one_resolver_has_not_yet_is_seen() -> None:
    resolvers = ScriptedResolvers({(NAME, "A"): said("8.8.8.8")}, other={"one": {(NAME, "A"): Said()}})
    (finding,) = await look_at_addresses(resolvers.client(), [NAME])
    assert finding.verdict == "fine"


async def test_where_nobody_can_be_asked_nothing_is_claimed() -> None:
    gone = NetworkError("https://one.example/")
    resolvers = ScriptedResolvers(other={resolver.id: gone for resolver in (ONE, TWO, THREE)})
    (finding,) = await look_at_addresses(resolvers.client(), [NAME])
    assert finding == AddressFinding(NAME, "unknown")


async def test_each_name_is_asked_once_and_an_address_not_at_all() -> None:
    resolvers = ScriptedResolvers({(NAME, "A"): said("8.8.8.8")})
    findings = await look_at_addresses(resolvers.client(), [NAME, "10.0.0.1", NAME, "2606:4700::1111"])
    assert [(finding.name, finding.verdict) for finding in findings] == [
        (NAME, "fine"),
        ("10.0.0.1", "private"),
        ("2606:4700::1111", "fine"),
    ]
    assert [question.type for question in resolvers.questions()] == ["A", "AAAA"]


async def test_practice_ca_reaches_this_computer() -> None:
    resolvers = ScriptedResolvers({(NAME, "A"): said("127.0.0.1")}, resolvers=(replace(ONE, practice=True),))
    (finding,) = await look_at_addresses(resolvers.client(), [NAME])
    assert (finding.verdict, finding.private) == ("fine", ())
