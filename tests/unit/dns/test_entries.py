"""The records of an order as one types them."""

import pytest

from app.dns.choices import ProviderChoices
from app.dns.entries import record_entries
from app.dns.providers import DnsProvider
from tests.unit.dns.forms import entries_at, name, proof

LONG = "x" * 255 + "y" * 10


def test_two_values_at_one_name_are_two_entries() -> None:
    one, two = entries_at(DnsProvider("p", "P"), proof("shop.example", "a"), proof("*.shop.example", "b"))
    assert (one.number, one.values, one.proves, one.same_host_as) == (1, ("a",), ((name("shop.example"),),), None)
    assert (two.number, two.values, two.proves, two.same_host_as) == (2, ("b",), ((name("*.shop.example"),),), 1)
    assert one.host == two.host == "_acme-challenge"


def test_where_the_provider_wants_one_set_they_are_one_entry_with_two_lines() -> None:
    (both,) = entries_at(
        DnsProvider("p", "P", one_set=True, quotes=True), proof("shop.example", "a"), proof("*.shop.example", "b")
    )
    assert (both.texts, both.values, both.same_host_as) == (("a", "b"), ('"a"', '"b"'), None)
    assert both.identifiers == (name("shop.example"), name("*.shop.example"))


def test_one_value_for_a_name_and_its_wildcard_is_one_entry_that_proves_both() -> None:
    kind = "dns-persist-01"
    (entry,) = entries_at(None, proof("shop.example", "ca; x", kind), proof("*.shop.example", "ca; x", kind))
    assert (entry.values, entry.kind) == (("ca; x",), kind)
    assert entry.proves == ((name("shop.example"), name("*.shop.example")),)


@pytest.mark.parametrize(
    ("provider", "host"),
    [
        (None, "_acme-challenge.www"),
        (DnsProvider("p", "P"), "_acme-challenge.www"),
        (DnsProvider("p", "P", name_form="either"), "_acme-challenge.www"),
        (DnsProvider("p", "P", name_form="full"), "_acme-challenge.www.shop.example"),
    ],
)
def test_host_is_in_the_form_that_the_provider_takes(provider: DnsProvider | None, host: str) -> None:
    (entry,) = entries_at(provider, proof("www.shop.example", "a"))
    assert (entry.zone, entry.name, entry.host) == ("shop.example", "_acme-challenge.www.shop.example", host)
    assert entry.has_full_name is (provider is not None and provider.name_form == "full")


def test_quotes_are_typed_only_where_the_provider_wants_them() -> None:
    assert entries_at(DnsProvider("p", "P", quotes=True), proof("a.example", "v"))[0].values == ('"v"',)
    assert entries_at(DnsProvider("p", "P"), proof("a.example", "v"))[0].values == ("v",)


@pytest.mark.parametrize("provider", [None, DnsProvider("p", "P"), DnsProvider("p", "P", quotes=True)])
def test_long_value_is_in_quoted_parts_everywhere(provider: DnsProvider | None) -> None:
    """RFC 1035 §3.3: 255 octets in one string, which may be several in one record."""
    (entry,) = entries_at(provider, proof("a.example", LONG))
    assert (entry.long, entry.texts) == (True, (LONG,))
    assert entry.values == (f'"{"x" * 255}" "{"y" * 10}"',)


def test_quotes_and_backslashes_of_a_value_are_escaped_inside_quotes() -> None:
    (entry,) = entries_at(DnsProvider("p", "P", quotes=True), proof("a.example", r'a"b\c'))
    assert entry.values == (r'"a\"b\\c"',)


def test_zones_stand_in_the_order_typed_each_in_one_piece_and_numbers_run_through() -> None:
    proofs = [proof(text, text) for text in ("b.example", "www.a.example", "x.b.example", "a.example")]
    entries = record_entries(proofs, ProviderChoices())
    assert [(entry.number, entry.name.removeprefix("_acme-challenge.")) for entry in entries] == [
        (1, "b.example"),
        (2, "x.b.example"),
        (3, "www.a.example"),
        (4, "a.example"),
    ]
    assert [entry.zone for entry in entries] == ["b.example", "b.example", "a.example", "a.example"]


def test_each_zone_has_the_form_of_its_own_provider() -> None:
    full, one_set = DnsProvider("full", "F", name_form="full"), DnsProvider("set", "S", one_set=True)
    choices = ProviderChoices((full, one_set), "full", {"b.example": "set", "c.example": "gone"})
    entries = record_entries([proof(f"{zone}.example", "v") for zone in "abc"], choices)
    assert [entry.provider for entry in entries] == [full, one_set, None]


def test_a_hundred_names_are_a_hundred_entries() -> None:
    proofs = [proof(f"n{number}.shop{number % 7}.example", str(number)) for number in range(100)]
    entries = record_entries(proofs, ProviderChoices())
    assert [entry.number for entry in entries] == list(range(1, 101))
    assert {entry.texts for entry in entries} == {(str(number),) for number in range(100)}
    assert all(entry.same_host_as is None for entry in entries)


def test_there_may_be_none() -> None:
    assert record_entries([], ProviderChoices()) == ()
