"""Which provider manages a zone, and whether it can hold what an order needs."""

import pytest

from app.acme.identifier import Identifier
from app.dns.checks.zones import ZoneFacts
from app.dns.choices import ProviderChoices, Shortage, shortages
from app.dns.providers import DnsProvider
from tests.unit.dns.forms import name

DUCK = DnsProvider("duckdns", "Duck DNS", max_values=1, own_domains=("duckdns.org",))
IONOS = DnsProvider("ionos", "IONOS")
BOTH = (DUCK, IONOS)


@pytest.mark.parametrize(
    ("choices", "zone", "provider"),
    [
        (ProviderChoices(BOTH), "shop.example", None),
        (ProviderChoices(BOTH, "ionos"), "shop.example", IONOS),
        (ProviderChoices(BOTH, "nobody"), "shop.example", None),
        (ProviderChoices(BOTH, "ionos"), "me.duckdns.org", DUCK),
        (ProviderChoices(BOTH, "", {"shop.example": "ionos"}), "shop.example", IONOS),
        (ProviderChoices(BOTH, "ionos", {"shop.example": ""}), "shop.example", None),
        (ProviderChoices(BOTH, "", {"me.duckdns.org": "ionos"}), "me.duckdns.org", IONOS),
        (ProviderChoices(BOTH), "notduckdns.org", None),
    ],
)
def test_a_choice_for_the_zone_counts_then_the_name_then_the_choice_for_all(
    choices: ProviderChoices, zone: str, provider: DnsProvider | None
) -> None:
    assert choices.provider_of(zone) is provider


def test_zones_stand_once_in_the_order_of_the_names() -> None:
    names = [
        name("www.b.example"),
        Identifier("ip", "192.0.2.1"),
        name("*.a.example"),
        name("b.example"),
        name("x.me.duckdns.org"),
    ]
    assert ProviderChoices(BOTH).zones(names) == ("b.example", "a.example", "me.duckdns.org")


@pytest.mark.parametrize(
    ("names", "kind", "needed"),
    [
        (("me.duckdns.org",), "dns-01", 0),
        (("me.duckdns.org", "*.me.duckdns.org"), "dns-01", 2),
        (("me.duckdns.org", "*.me.duckdns.org"), "dns-account-01", 2),
        (("me.duckdns.org", "*.me.duckdns.org"), "dns-persist-01", 0),
        (("me.duckdns.org", "you.duckdns.org", "shop.example"), "dns-01", 2),
        (("me.duckdns.org", "*.me.duckdns.org"), "http-01", 0),
        (("shop.example", "*.shop.example"), "dns-01", 0),
    ],
)
def test_provider_that_cannot_hold_the_values_is_known_before_the_order(names: tuple[str, ...], kind: str, needed: int) -> None:
    found = shortages([(name(text), kind) for text in names], ProviderChoices(BOTH))
    assert found == ((Shortage(DUCK, needed),) if needed else ())


def facts(domain: str, provider: str = "", zone: str | None = None, *, exists: bool = True) -> ZoneFacts:
    return ZoneFacts(domain, domain if zone is None else zone, ("ns.example",), provider, exists=exists)


@pytest.mark.parametrize(
    ("told", "name", "zone"),
    [
        ((), "www.shop.example", "shop.example"),
        ((facts("shop.co.example"),), "www.shop.co.example", "shop.co.example"),
        ((facts("shop.pages.example", zone="pages.example"),), "www.shop.pages.example", "pages.example"),
        ((facts("shop.example", zone="example", exists=False),), "www.shop.example", "shop.example"),
        ((facts("shop.example", zone=""),), "www.shop.example", "shop.example"),
        ((facts("co.example"), facts("shop.co.example")), "shop.co.example", "shop.co.example"),
        ((facts("shop.example"),), "notshop.example", "notshop.example"),
        ((facts("duckdns.org"),), "x.me.duckdns.org", "me.duckdns.org"),
    ],
)
def test_the_zone_is_the_one_that_dns_tells(told: tuple[ZoneFacts, ...], name: str, zone: str) -> None:
    assert ProviderChoices(BOTH, facts=told).zone_of(name) == zone


@pytest.mark.parametrize(
    ("default", "by_zone", "provider"),
    [
        ("", {}, IONOS),
        ("duckdns", {}, DUCK),
        ("unknown", {}, None),
        ("", {"shop.example": "duckdns"}, DUCK),
        ("", {"shop.example": "unknown"}, None),
    ],
)
def test_name_servers_tell_the_provider_unless_a_person_did(
    default: str, by_zone: dict[str, str], provider: DnsProvider | None
) -> None:
    choices = ProviderChoices(BOTH, default, by_zone, (facts("shop.example", "ionos"),))
    assert choices.provider_of("shop.example") is provider
    assert choices.detected("shop.example") is IONOS
    assert choices.detected("other.example") is None
