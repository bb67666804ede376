"""What was found in DNS has words, whatever it is."""

from dataclasses import replace
from typing import Final, get_args

import pytest

from app.acme.identifier import Identifier
from app.dns.checks.addresses import AddressFinding, AddressVerdict
from app.dns.checks.caa import CaaFinding, CaaVerdict
from app.dns.checks.findings import SEEN_OF, Finding, Reason
from app.dns.entries import RecordEntry
from app.dns.lookup.question import Caa
from app.dns.providers import DnsProvider
from app.text import dns_check as text
from app.text.addresses import address_words
from app.text.caa import caa_fine, caa_words
from app.text.dns_findings import record_words, resolver_words

NAME: Final = "_acme-challenge.xn--bcher-kva.example"
ENTRY: Final = RecordEntry(
    2,
    "xn--bcher-kva.example",
    NAME,
    "_acme-challenge",
    ("value",),
    ("value",),
    ((Identifier("dns", "xn--bcher-kva.example"),),),
    "dns-01",
    DnsProvider("ionos", "IONOS", host_label="Host name", minutes=15),
)
CAA: Final = CaaFinding("xn--bcher-kva.example", ("xn--bcher-kva.example",), "forbidden", add="ca.example")


@pytest.mark.parametrize("reason", get_args(Reason))
def test_each_reason_has_words(reason: Reason) -> None:
    words = record_words("Record 2", ENTRY, Finding(reason), "Test CA")
    assert words.state
    assert words.line.endswith(".")
    assert "Record 2" in words.line
    assert resolver_words("Google", Finding(reason)).startswith("Google: ")
    assert bool(words.todo) == (SEEN_OF[reason] == "wrong")
    assert bool(words.title) or SEEN_OF[reason] in ("waiting", "there")


def test_a_record_at_the_wrong_name_is_said_with_both_names_and_the_form_of_the_provider() -> None:
    words = record_words("Record 2", ENTRY, Finding("doubled", place=f"{NAME}.xn--bcher-kva.example"), "Test CA")
    assert words.facts == (("Found at", f"{NAME}.xn--bcher-kva.example"), ("Must be at", NAME))
    assert words.todo == "open that record at IONOS, put only _acme-challenge into “Host name”, and save."
    assert "your DNS provider" in record_words("Record 2", replace(ENTRY, provider=None), Finding("doubled"), "Test CA").todo


def test_what_strangers_published_is_shown_as_it_is_and_not_at_any_length() -> None:
    values = ("evil\u202evalue", "x" * 5000, "third", "fourth")
    words = record_words("Record 2", ENTRY, Finding("other-value", values=values), "Test CA")
    shown = [value for _, value in words.facts]
    assert shown[0] == "evil⟨U+202E⟩value"
    assert max(map(len, shown)) < 150
    assert len(shown) == 3


def test_one_record_with_several_lines_says_which_is_missing() -> None:
    both = replace(ENTRY, texts=("a", "b"), values=("a", "b"))
    words = record_words("Record 2", both, Finding("one-of-two", missing=("b",)), "Test CA")
    assert words.facts == (("Missing", "b"),)
    assert words.state == "Not all values are there"


@pytest.mark.parametrize("verdict", get_args(CaaVerdict))
def test_each_verdict_about_caa_records_has_words(verdict: CaaVerdict) -> None:
    words = caa_words(replace(CAA, verdict=verdict, add=""), "Test CA", "")
    assert "bücher.example (xn--bcher-kva.example)" in words.title
    assert words.means.endswith(".")
    assert bool(words.todo) == replace(CAA, verdict=verdict).keeps_from_issuing


@pytest.mark.parametrize(
    ("values", "means"),
    [
        (["other.example; policy=x"], "A CAA record there names other.example and nobody else, so Test CA will refuse."),
        (
            ["a.example", "b.example"],
            "The CAA records there name a.example and b.example and nobody else, so Test CA will refuse.",
        ),
        ([";"], "A CAA record there says that no CA may issue, so Test CA will refuse."),
    ],
)
def test_caa_records_are_said_by_whom_they_name(values: list[str], means: str) -> None:
    words = caa_words(replace(CAA, records=tuple(Caa(0, "issue", value) for value in values)), "Test CA", "IONOS")
    assert words.means == means
    assert words.todo == "Add this one beside it, at IONOS:"


def test_broken_signatures_are_said() -> None:
    assert "DNSSEC is broken" in caa_words(replace(CAA, verdict="failure", add="", bogus=True), "Test CA", "").means
    assert caa_fine("Test CA", ["shop.example"]) == "No CAA record keeps Test CA from issuing for shop.example."


@pytest.mark.parametrize("verdict", get_args(AddressVerdict))
def test_each_verdict_about_addresses_has_words_or_needs_none(verdict: AddressVerdict) -> None:
    finding = AddressFinding("shop.example", verdict, ("203.0.113.10",), ("2001:db8::10",), ("10.0.0.1",))
    words = address_words(finding, "Test CA")
    assert (words is None) == (verdict in ("fine", "unknown"))
    assert words is None or "shop.example" in words.means


@pytest.mark.parametrize(
    ("there", "count", "title"),
    [
        (0, 1, "The record is not there yet"),
        (1, 1, "The record is there"),
        (0, 3, "None of the 3 records is there yet"),
        (1, 3, "1 of 3 records is there"),
        (2, 3, "2 of 3 records are there"),
        (2, 2, "Both records are there"),
        (3, 3, "All three records are there"),
        (100, 100, "All 100 records are there"),
    ],
)
def test_heading_counts_the_records(there: int, count: int, title: str) -> None:
    assert text.seen_title(there, count) == title


@pytest.mark.parametrize(
    ("left", "words"), [(0, "until now"), (40, "(40 s)"), (340, "(5 min 40 s)"), (3700, "(1 h 1 min)"), (-5, "until now")]
)
def test_how_long_something_is_remembered_counts_down(left: int, words: str) -> None:
    sentence, part = text.remembers_nothing(["Google"], 1000.0 + left, 1000.0)
    assert part in sentence
    assert words in part
    assert sentence.startswith("Google remembers that there was nothing, until")


def test_several_resolvers_remember() -> None:
    assert text.remembers_old(["Google", "Cloudflare"], 90.0, 0.0)[0].startswith(
        "Google and Cloudflare remember what was there"
    )
    assert text.next_check(1) == "Next check in one second, while this tab is in view."
    assert text.next_check(20) == "Next check in 20 seconds, while this tab is in view."
    assert "as soon as" in text.next_check(0)


def test_many_domains_are_counted() -> None:
    domains = [f"d{n}.example" for n in range(100)]
    assert caa_fine("Test CA", domains) == "No CAA record keeps Test CA from issuing for any of the 100 domains."
    assert "d1.example and d2.example" in caa_fine("Test CA", ["d1.example", "d2.example", "d1.example"])
