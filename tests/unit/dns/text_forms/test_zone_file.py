"""Zone lines as a name server reads them, and the table as `csv` and a spreadsheet do."""

import csv
import io

import dns.zone
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dns.providers import DnsProvider
from app.dns.text_forms.record_sets import txt_data
from app.dns.text_forms.zone_file import csv_table, zone_lines
from tests.unit.dns.forms import entries_at, proof

ODD = (
    "-abc",
    '"',
    "\\",
    'a";b',
    "a b",
    "=1+1",
    "@SUM(A1)",
    "+1",
    "x" * 255 + '"' + "y" * 300,
    "ca.example; accounturi=https://x",
)
FORMULA = "=+-@\t\r"


def read_zone(text: str, origin: str) -> dict[str, set[bytes]]:
    """Name → values, as dnspython reads the lines into a zone."""
    zone = dns.zone.from_text(text, origin, relativize=False, check_origin=False)
    return {
        name.to_text(omit_final_dot=True): {b"".join(record.strings) for record in records}
        for name, records in zone.iterate_rdatasets("TXT")
    }


def test_lines_are_read_as_the_records_of_the_order() -> None:
    entries = entries_at(None, proof("shop.example", "one"), proof("*.shop.example", "two"), proof("www.shop.example", "three"))
    text = zone_lines(entries)
    assert text.splitlines()[0] == '_acme-challenge.shop.example. 300 IN TXT "one"'
    assert read_zone(text, "shop.example") == {
        "_acme-challenge.shop.example": {b"one", b"two"},
        "_acme-challenge.www.shop.example": {b"three"},
    }


def test_lines_are_the_same_whatever_form_the_provider_has() -> None:
    proofs = proof("shop.example", "one"), proof("*.shop.example", "two")
    forms = (None, DnsProvider("a", "A", quotes=True, one_set=True), DnsProvider("b", "B", name_form="full"))
    assert len({zone_lines(entries_at(form, *proofs)) for form in forms}) == 1


@pytest.mark.parametrize("text", ODD)
def test_odd_value_is_read_back_as_it_is(text: str) -> None:
    entries = entries_at(None, proof("shop.example", text))
    assert read_zone(zone_lines(entries), "shop.example") == {"_acme-challenge.shop.example": {text.encode()}}


@settings(max_examples=25)
@given(st.text(max_size=300))
def test_any_value_is_one_line(text: str) -> None:
    data = txt_data(text)
    assert data.isascii()
    assert data.isprintable()


@pytest.mark.parametrize("text", ODD)
def test_no_cell_of_the_table_is_a_formula(text: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_table(entries_at(None, proof("shop.example", text))), newline="")))
    assert rows[0] == ["zone", "name", "type", "ttl", "value"]
    assert rows[1] == ["shop.example", "_acme-challenge.shop.example", "TXT", "300", txt_data(text)]
    assert not [cell for cell in rows[1] if cell[0] in FORMULA]


def test_name_that_looks_like_a_formula_is_marked_as_text() -> None:
    (_, row) = csv.reader(io.StringIO(csv_table(entries_at(None, proof("-shop.example", "v")))))
    assert row[:2] == ["'-shop.example", "_acme-challenge.-shop.example"]


def test_rows_end_as_the_format_wants_it() -> None:
    """RFC 4180 §2."""
    assert csv_table(entries_at(None, proof("shop.example", "v"))).count("\r\n") == 2
