"""The list of resolvers: what may stand in it, and what the page's own list says."""

import json
from typing import Any

import pytest

from app.acme.urls import origin_of
from app.ca.catalog import CertificateAuthority
from app.dns.resolvers import MEMBERS, Resolver, parse_resolvers, resolvers_for
from app.errors import ProtocolError
from tests.unit.says import says
from tools.paths import ROOT

GOOD: dict[str, Any] = {"id": "x", "name": "X", "url": "https://x.example/dns-query"}
LIST = parse_resolvers((ROOT / "static" / "data" / "resolvers.json").read_text(encoding="utf-8"))


# ---- Any list ----


def test_what_an_entry_leaves_out_is_not_so() -> None:
    assert parse_resolvers(json.dumps([GOOD])) == (Resolver("x", "X", "https://x.example/dns-query"),)


def test_every_member_is_read() -> None:
    entry = {
        **GOOD,
        "operator": "X (Nowhere)",
        "validates": True,
        "purge": "https://x.example/purge",
        "purge_page": "https://www.x.example/purge",
        "default": True,
        "practice": True,
    }
    assert set(entry) == MEMBERS
    (read,) = parse_resolvers(json.dumps([entry]))
    assert {name: getattr(read, name) for name in MEMBERS} == entry


@pytest.mark.parametrize(
    "good",
    [
        {"url": "https://x.example"},
        {"url": "https://[2001:db8::1]:8443/dns-query", "id": "[2001:db8::1]:8443"},
        {"url": "http://localhost:8000/practice/dns-query", "id": "localhost:8000"},
        {"url": "/practice/dns-query"},
        {"url": "/dns-query", "purge": "/purge"},
    ],
)
def test_usual_addresses_may_stand_there(good: dict[str, Any]) -> None:
    (read,) = parse_resolvers(json.dumps([GOOD | good]))
    assert read.url == good["url"]


WRONG: tuple[dict[str, Any], ...] = (
    {"id": "two words"},
    {"id": "X"},
    {"id": ""},
    {"urls": []},
    {"validates": "yes"},
    {"operator": 5},
    {"url": ""},
    {"url": "http://x.example/dns-query"},
    {"url": "http://localhost.x.example/"},
    {"url": "//x.example/dns-query"},
    {"url": "javascript:alert(1)"},
    {"url": "https://"},
    {"url": "https://["},
    {"url": "https://user@x.example/"},
    {"url": "https://x.example/dns-query?dns="},
    {"url": "https://x.example/dns-query#x"},
    {"url": "https://x.example\\@evil.example/"},
    {"url": "https://x.example/ "},
    {"url": "https://bücher.example/"},
    {"purge": "https://evil.example/purge"},
    {"purge": "https://x.example/purge?a=b"},
    {"purge": "/purge"},
    {"purge_page": "http://x.example/cache"},
    {"purge_page": "javascript:alert(1)"},
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        "[" * 100,
        '[{"id": "x", "name": "X"}]',
        '[{"name": "X", "url": "https://x.example/"}]',
        *(json.dumps([GOOD | wrong]) for wrong in WRONG),
        json.dumps([GOOD, GOOD]),
    ],
)
def test_damaged_list_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError, check=says("resolvers.json")):
        parse_resolvers(text)


# ---- The way to one ----


def test_resolver_on_the_pages_own_host_is_found_from_the_page() -> None:
    own = Resolver("own", "Own", "/dns-query", purge="purge")
    assert own.origin == ""
    placed = own.relative_to("https://page.example/sub/index.html")
    assert (placed.url, placed.purge) == ("https://page.example/dns-query", "https://page.example/sub/purge")
    other = Resolver("x", "X", "https://X.example:443/dns-query")
    assert other.relative_to("https://page.example/") == other
    assert other.origin == "https://x.example"


def test_the_practice_ca_has_a_resolver_of_its_own() -> None:
    public, practice = Resolver("x", "X", "https://x.example/"), Resolver("practice", "P", "/dns-query", practice=True)
    ca = CertificateAuthority("a", "A", "https://ca.example/dir")
    trial = CertificateAuthority("practice", "P", "https://localhost:14000/dir", records="/practice/")
    assert resolvers_for(ca, (public, practice)) == (public,)
    assert resolvers_for(trial, (public, practice)) == (practice,)


# ---- The page's list ----


def test_list_has_resolvers_of_several_operators_and_one_for_practice() -> None:
    public = [resolver for resolver in LIST if not resolver.practice]
    assert len({resolver.operator for resolver in public}) == len(public)
    assert sum(resolver.default for resolver in public) == 3
    assert any(resolver.default and resolver.validates for resolver in public)
    assert [resolver.id for resolver in LIST if resolver.practice] == ["practice"]
    assert all(origin_of(resolver.url).startswith("https://") for resolver in public)
