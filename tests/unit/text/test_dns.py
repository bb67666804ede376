"""What is said about the form of a DNS provider: facts as facts, guesses as guesses."""

from dataclasses import replace

import pytest

from app.dns.choices import ProviderChoices, Shortage
from app.dns.entries import record_entries
from app.dns.providers import DnsProvider, NameForm
from app.text.dns import host_label, same_host_note, shortage_note, trap_of, zone_notes, zone_title
from tests.unit.dns.forms import entries_at, proof

PANEL = DnsProvider("cpanel", "cPanel", panel=True)
IONOS = DnsProvider(
    "ionos",
    "IONOS",
    host_label="Host name",
    min_ttl=300,
    where=("Menu", "{domain}", "DNS"),
    trap="Mind it.",
    minutes=15,
    guesses=frozenset({"where"}),
)
ROUTE53 = DnsProvider(
    "route53", "Route 53", host_label="Record name", quotes=True, one_set=True, guesses=frozenset({"one_set", "name_form"})
)
TWO = proof("shop.example", "a"), proof("*.shop.example", "b")


@pytest.mark.parametrize(
    ("zone", "count", "provider", "title"),
    [
        ("shop.example", 1, None, "In shop.example: one record"),
        ("shop.example", 2, IONOS, "In shop.example, at IONOS: 2 records"),
        ("shop.example", 1, PANEL, "In shop.example, with cPanel: one record"),
        ("xn--bcher-kva.example", 1, IONOS, "In bücher.example (xn--bcher-kva.example), at IONOS: one record"),
    ],
)
def test_title_says_where_and_how_many(zone: str, count: int, provider: DnsProvider | None, title: str) -> None:
    assert zone_title(zone, count, provider) == title


def test_notes_name_the_way_and_the_form() -> None:
    assert zone_notes("shop.example", entries_at(IONOS, *TWO), IONOS) == (
        "Usually under Menu › shop.example › DNS.",
        "IONOS adds .shop.example to the name by itself, so enter it exactly as shown.",
        "Leave the TTL as it is, or choose the lowest: 300 seconds.",
        "It can take up to 15 minutes until the name servers of IONOS have a new record.",
    )


def test_notes_tell_facts_from_guesses() -> None:
    entries = entries_at(ROUTE53, *TWO)
    guessed = zone_notes("shop.example", entries, ROUTE53)
    assert guessed[0] == "Route 53 usually adds .shop.example to the name by itself, so enter it exactly as shown."
    assert guessed[1] == "Route 53 usually keeps all values of a name in one record: enter each on a line of its own."
    assert guessed[2] == "Route 53 wants the quotation marks around the value."
    sure = zone_notes("shop.example", entries, replace(ROUTE53, guesses=frozenset()))
    assert not any("usually" in note.lower() for note in sure)
    everything = frozenset({"where", "name_form", "one_set", "quotes", "min_ttl"})
    unsure = replace(ROUTE53, where=("Zones",), min_ttl=60, guesses=everything)
    assert all("sually" in note for note in zone_notes("shop.example", entries, unsure))


@pytest.mark.parametrize(
    ("form", "guess", "note"),
    [
        ("full", "", "P wants the full name, as shown."),
        ("full", "name_form", "P usually wants the full name, as shown."),
        ("either", "", "P takes the short name as well as the full one."),
        ("either", "name_form", "P usually takes the short name as well as the full one."),
    ],
)
def test_form_of_the_name_is_said(form: NameForm, guess: str, note: str) -> None:
    provider = replace(DnsProvider("p", "P", host_label="Name", guesses=frozenset({guess})), name_form=form)
    assert note in zone_notes("shop.example", entries_at(provider, TWO[0]), provider)


def test_lines_of_one_record_are_said_only_where_there_are_several() -> None:
    assert not any("on a line of its own" in note for note in zone_notes("shop.example", entries_at(ROUTE53, TWO[0]), ROUTE53))


def test_without_a_form_nothing_is_said_about_its_fields() -> None:
    duck = DnsProvider("duckdns", "Duck DNS", name_form="full", min_ttl=60)
    assert zone_notes("me.duckdns.org", entries_at(duck, TWO[0]), duck) == ()


def test_without_a_provider_both_names_are_explained() -> None:
    (note,) = zone_notes("shop.example", entries_at(None, *TWO), None)
    assert "short name" in note
    assert "full one" in note
    assert (host_label(None), trap_of(None)) == ("Name", "")


def test_label_and_trap_are_the_providers() -> None:
    assert (host_label(IONOS), host_label(DnsProvider("p", "P")), trap_of(IONOS)) == ("Host name", "Name", "Mind it.")


def test_second_entry_with_a_name_says_that_both_are_needed() -> None:
    first, second = record_entries(TWO, ProviderChoices())
    assert same_host_note(first) == ""
    assert same_host_note(second) == "The same name as in record 1, on purpose. Keep both records."


@pytest.mark.parametrize(("most", "can"), [(1, "only one TXT value"), (2, "only 2 TXT values")])
def test_too_many_values_for_a_provider(most: int, can: str) -> None:
    note = shortage_note(Shortage(DnsProvider("duckdns", "Duck DNS", max_values=most), 3))
    assert f"Duck DNS can hold {can} at a time" in note
    assert "This order needs 3 at the same time." in note
