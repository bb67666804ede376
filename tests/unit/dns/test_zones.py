"""Where a zone begins, and what a name is called in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dns.zones import relative_name, zone_of

LABEL = st.text("abcxyz019-", min_size=1, max_size=63)


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("shop.example", "shop.example"),
        ("a.b.shop.example", "shop.example"),
        ("shop.co.uk", "shop.co.uk"),
        ("www.shop.co.uk", "shop.co.uk"),
        ("www.shop.de", "shop.de"),
        ("co.uk", "co.uk"),
        ("www.co.example", "co.example"),
        ("localhost", "localhost"),
    ],
)
def test_zone_is_the_domain_as_it_is_probably_managed(name: str, zone: str) -> None:
    assert zone_of(name) == zone


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("me.duckdns.org", "me.duckdns.org"),
        ("www.me.duckdns.org", "me.duckdns.org"),
        ("duckdns.org", "duckdns.org"),
        ("notduckdns.org", "notduckdns.org"),
        ("a.b.pages.co.example", "b.pages.co.example"),
    ],
)
def test_name_that_somebody_gives_away_is_a_zone_of_its_own(name: str, zone: str) -> None:
    assert zone_of(name, ("duckdns.org", "pages.co.example")) == zone


@pytest.mark.parametrize(
    ("name", "zone", "relative"),
    [
        ("_acme-challenge.shop.example", "shop.example", "_acme-challenge"),
        ("_acme-challenge.www.shop.example", "shop.example", "_acme-challenge.www"),
        ("shop.example", "shop.example", ""),
        ("other.example", "shop.example", "other.example"),
        ("myshop.example", "shop.example", "myshop.example"),
        ("a.localhost", "localhost", "a"),
    ],
)
def test_relative_name_is_what_precedes_the_zone(name: str, zone: str, relative: str) -> None:
    assert relative_name(name, zone) == relative


@given(st.lists(LABEL, min_size=1, max_size=12))
def test_a_zone_and_the_name_in_it_make_up_the_whole_name(labels: list[str]) -> None:
    name = ".".join(labels)
    zone = zone_of(name, ("xyz.abc",))
    inside = relative_name(name, zone)
    assert (f"{inside}.{zone}" if inside else zone) == name
