"""The list of DNS providers: what may stand in it, and what the page's own list says."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.dns.entries import host_in_form
from app.dns.providers import DOMAIN, MEMBERS, DnsProvider, parse_providers
from app.dns.text_forms.tools import RECORD_TOOLS
from app.errors import ProtocolError
from tests.unit.dns.forms import entries_at, proof
from tests.unit.says import says

GOOD: dict[str, Any] = {"id": "x", "name": "X"}
LIST = parse_providers(Path("static/data/dns_providers.json").read_text(encoding="utf-8"))
BY_ID = {provider.id: provider for provider in LIST}


# ---- Any list ----


def test_what_an_entry_leaves_out_is_the_usual() -> None:
    assert parse_providers(json.dumps([GOOD])) == (DnsProvider("x", "X"),)


def test_every_member_is_read() -> None:
    entry = {
        **GOOD,
        "panel": True,
        "host_label": "Host",
        "name_form": "full",
        "apex": "full",
        "quotes": True,
        "one_set": True,
        "max_values": 2,
        "min_ttl": 60,
        "where": ["Menu", "{domain}"],
        "trap": "Mind it.",
        "minutes": 15,
        "tool": "nsupdate",
        "name_servers": ["ns.x.example"],
        "own_domains": ["free.example"],
        "guesses": ["apex"],
    }
    assert set(entry) == MEMBERS
    (read,) = parse_providers(json.dumps([entry]))
    values = {name: getattr(read, name) for name in MEMBERS}
    assert values == entry | {
        **{name: tuple(entry[name]) for name in ("where", "name_servers", "own_domains")},
        "guesses": frozenset({"apex"}),
    }
    assert (read.is_sure_of("apex"), read.is_sure_of("trap")) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        "[" * 100,
        '[{"id": "x"}]',
        '[{"name": "X"}]',
        *(
            json.dumps([GOOD | wrong])
            for wrong in (
                {"id": "two words"},
                {"id": "X"},
                {"id": ""},
                {"hostlabel": "Host"},
                {"guesses": ["nothing"]},
                {"guesses": "apex"},
                {"source": "hearsay"},
                {"name_form": "short"},
                {"apex": "none"},
                {"quotes": "yes"},
                {"one_set": 1},
                {"max_values": 0},
                {"min_ttl": -1},
                {"min_ttl": "60"},
                {"minutes": 100_000},
                {"where": "Menu"},
                {"where": ["step"] * 11},
                {"name_servers": [".x.example"]},
                {"name_servers": ["X.example"]},
                {"name_servers": ["a*b*.example"]},
                {"name_servers": ["a.*.example"]},
                {"own_domains": ["example"]},
            )
        ),
        json.dumps([GOOD, GOOD]),
    ],
)
def test_damaged_list_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError, check=says("dns_providers.json")):
        parse_providers(text)


# ---- The page's list ----


def test_list_has_the_providers_that_people_have() -> None:
    assert len(LIST) >= 60
    assert len({provider.name for provider in LIST}) == len(LIST)
    assert {provider.id for provider in LIST if provider.panel} == {
        *("bind", "cpanel", "directadmin", "ispconfig", "plesk", "virtualmin", "windowsdns")
    }


@pytest.mark.parametrize("provider", LIST, ids=lambda provider: provider.id)
def test_entry_says_what_a_person_needs(provider: DnsProvider) -> None:
    assert provider.host_label or provider.id in ("bind", "duckdns")  # neither has a form
    assert provider.where or provider.id in ("bind", "duckdns")
    assert provider.where.count(DOMAIN) <= 1
    assert not provider.tool or provider.tool in RECORD_TOOLS
    assert not provider.trap or provider.trap.endswith(".")
    assert not any("[U]" in text or "lego" in text for text in (provider.trap, *provider.where, provider.host_label))


def test_providers_are_told_by_their_name_servers() -> None:
    without = {provider.id for provider in LIST if not provider.panel and not provider.name_servers}
    assert without == set()


def test_domains_under_which_names_are_given_away_are_known() -> None:
    domains = [domain for provider in LIST for domain in provider.own_domains]
    assert sorted(domains) == ["dedyn.io", "duckdns.org"]


# What the facts say of twenty providers: field, host, value of the first entry, entries for a name and its wildcard, and the
# lowest TTL.
SHORT, FULL = "_acme-challenge.www", "_acme-challenge.www.shop.example"
FACTS = {
    "cloudflare": ("Name", SHORT, "v", 2, 60),
    "godaddy": ("Name", SHORT, "v", 2, 600),
    "namecheap": ("Host", SHORT, "v", 2, 60),
    "ionos": ("Host name", SHORT, "v", 2, 300),
    "ovh": ("Sub-domain", SHORT, "v", 2, 60),
    "hostinger": ("Name", SHORT, "v", 2, None),
    "route53": ("Record name", SHORT, '"v"', 1, 60),
    "gcloud": ("DNS name", SHORT, "v", 1, None),
    "azure": ("Name", SHORT, "v", 1, 1),
    "digitalocean": ("Hostname", SHORT, "v", 2, None),
    "hetzner-cloud": ("Name", SHORT, "v", 1, 60),
    "gandi": ("Name", SHORT, "v", 1, 300),
    "strato": ("Prefix", SHORT, "v", 2, None),
    "cpanel": ("Name", SHORT, "v", 2, None),
    "plesk": ("Domain name", SHORT, "v", 2, None),
    "netcup": ("Host", SHORT, "v", 2, None),
    "desec": ("Subname", SHORT, '"v"', 1, 3600),
    "he": ("Name", FULL, "v", 2, None),
    "ultradns": ("Host", FULL, "v", 2, None),
    "bind": ("", SHORT, '"v"', 2, None),
}


@pytest.mark.parametrize("id_", FACTS)
def test_entries_are_in_the_form_of_the_provider(id_: str) -> None:
    label, host, value, count, min_ttl = FACTS[id_]
    provider = BY_ID[id_]
    first, *others = entries_at(provider, proof("www.shop.example", "v"), proof("*.www.shop.example", "w"))
    assert (provider.host_label, first.host, first.values[0]) == (label, host, value)
    assert (1 + len(others), provider.min_ttl) == (count, min_ttl)
    assert first.name == FULL


@pytest.mark.parametrize(
    ("id_", "apex"), [("ionos", "@"), ("ovh", ""), ("route53", ""), ("he", "shop.example"), ("cpanel", "shop.example")]
)
def test_the_domain_itself_is_called_as_the_provider_does(id_: str, apex: str) -> None:
    assert host_in_form("shop.example", "shop.example", BY_ID[id_]) == apex


def test_facts_and_guesses_are_told_apart() -> None:
    """What no source says is a guess: so says the list of facts."""
    assert BY_ID["ionos"].is_sure_of("name_form")
    assert not BY_ID["ionos"].is_sure_of("where")
    assert BY_ID["route53"].is_sure_of("quotes")
    assert not BY_ID["vultr"].is_sure_of("quotes")
    assert not BY_ID["plesk"].is_sure_of("host_label")


def test_duck_dns_holds_one_value() -> None:
    duck = BY_ID["duckdns"]
    assert (duck.max_values, duck.own_domains, duck.is_sure_of("max_values")) == (1, ("duckdns.org",), True)


def test_how_long_it_takes() -> None:
    assert {id_: BY_ID[id_].minutes for id_ in ("dreamhost", "ionos", "bunny", "wix")} == {
        "dreamhost": 60,
        "ionos": 15,
        "bunny": 2,
        "wix": None,
    }
