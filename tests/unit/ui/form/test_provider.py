"""Whose DNS it is, with what DNS says of the domains: followed, contradicted, asked for."""

from typing import Final

import pytest

from app.acme.identifier import Identifier
from app.dns.checks.zones import ZoneFacts
from app.dns.choices import ProviderChoices
from app.dns.providers import DnsProvider
from app.ui.form.provider import provider_model
from app.ui.steps.prove_models import ProviderModel

IONOS: Final = DnsProvider("ionos", "IONOS")
NETCUP: Final = DnsProvider("netcup", "netcup")
OLD: Final = DnsProvider("old", "Hetzner, old")
CLOUD: Final = DnsProvider("cloud", "Hetzner, new")
PROVIDERS: Final = (IONOS, NETCUP, OLD, CLOUD)
FOUR: Final = ("ns1045.ui-dns.com", "ns1045.ui-dns.de", "ns1045.ui-dns.org", "ns1066.ui-dns.biz")


def at(domain: str, provider: str = "", *candidates: str, servers: tuple[str, ...] = FOUR, exists: bool = True) -> ZoneFacts:
    return ZoneFacts(domain, domain, servers, provider, candidates, exists)


def shown(*facts: ZoneFacts, default: str = "", kind: str = "dns-01", **by_zone: str) -> ProviderModel:
    """What is shown for the domains of `facts`; in `by_zone`, "_" stands for the dot."""
    names = [(Identifier("dns", fact.domain), kind) for fact in facts]
    zones = {zone.replace("_", "."): id_ for zone, id_ in by_zone.items()}
    return provider_model(names, ProviderChoices(PROVIDERS, default, zones, facts))


@pytest.mark.parametrize(
    ("servers", "provider", "words"),
    [
        (
            FOUR,
            "ionos",
            "The name servers of shop.example are ns1045.ui-dns.com and 3 like it; they belong to IONOS.",
        ),
        (
            FOUR[:2],
            "ionos",
            "The name servers of shop.example are ns1045.ui-dns.com and one like it; they belong to IONOS.",
        ),
        (FOUR[:1], "ionos", "The name server of shop.example is ns1045.ui-dns.com; it belongs to IONOS."),
        (
            FOUR,
            "",
            "The name servers of shop.example are ns1045.ui-dns.com and 3 more; this page does not know whose they are.",
        ),
        (
            FOUR[:2],
            "",
            "The name servers of shop.example are ns1045.ui-dns.com and one more; this page does not know whose they are.",
        ),
        (FOUR[:1], "", "The name server of shop.example is ns1045.ui-dns.com; this page does not know whose it is."),
    ],
)
def test_whose_the_name_servers_are_is_said(servers: tuple[str, ...], provider: str, words: str) -> None:
    model = shown(at("shop.example", provider, servers=servers))
    assert model.told == (words,)
    assert model.automatic == ("IONOS, as the name servers say" if provider else "")
    assert (model.warnings, model.question, model.zones) == ((), None, ())


def test_domains_with_one_provider_are_one_sentence() -> None:
    domains = ("a.example", "b.example", "c.example", "d.example", "bücher.example")
    model = shown(*(at(domain, "ionos") for domain in domains[:4]), at("xn--bcher-kva.example", "netcup"))
    assert model.told == (
        "The name servers of a.example, b.example, c.example and 1 more belong to IONOS.",
        "The name servers of bücher.example (xn--bcher-kva.example) are ns1045.ui-dns.com and 3 like it; "
        "they belong to netcup.",
    )
    assert model.automatic == "For each domain as its name servers say"
    assert model.zones[0] == "a.example"


def test_a_choice_that_the_name_servers_contradict_stays_and_is_told() -> None:
    model = shown(at("shop.example", "netcup"), default="ionos")
    assert model.warnings == (
        "The name servers of shop.example belong to netcup; you chose IONOS. "
        "The records count only where the name servers are.",
    )
    assert model.told == ()
    assert shown(at("shop.example", "netcup"), default="netcup").warnings == ()
    assert shown(at("shop.example", "netcup"), default="unknown").warnings == ()


def test_name_servers_that_several_share_are_asked_about_once() -> None:
    one = at("a.example", "", "old", "cloud")
    model = shown(one)
    assert model.question is not None
    assert model.question.words == "Several hosts share the name servers of a.example. Which one is yours?"
    assert model.question.providers == (("old", "Hetzner, old"), ("cloud", "Hetzner, new"))
    assert model.question.zones == ()
    assert model.told == ()

    both = shown(one, at("b.example", "", "old", "cloud"), at("c.example", "ionos"))
    assert both.question is not None
    assert both.question.zones == ("a.example", "b.example")
    assert both.zones == ("a.example", "b.example", "c.example")
    assert both.automatic == "For each domain as its name servers say"
    assert shown(one, default="old").question is None
    assert shown(one, a_example="old").question is None


def test_a_guess_is_asked_about_too_and_an_unknown_id_is_not() -> None:
    guess = shown(at("a.example", "", "old"))
    assert guess.question is not None
    assert guess.question.words == "The name servers of a.example usually belong to Hetzner, old. Do you add records there?"
    assert shown(at("a.example", "", "gone")).question is None


def test_a_domain_that_is_not_in_dns_is_warned_of() -> None:
    model = shown(at("xn--bcher-kva.example", servers=(), exists=False))
    assert model.warnings == (
        "bücher.example (xn--bcher-kva.example) is not in DNS. Is it spelt right? Is it registered, or has it expired?",
    )
    assert model.told == ()


def test_names_that_no_record_proves_do_not_matter() -> None:
    assert shown(at("shop.example", "ionos", exists=False), kind="http-01") == ProviderModel()
