"""The form, read into order options, with everything that must be corrected."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acme.identifier import Identifier
from app.ca.catalog import YesNoUnknown, parse_catalog
from app.errors import FieldError
from app.issuance.issuance import OrderOptions
from app.text.prove import proofs_in_words
from app.text.sentences import sentence
from app.ui.form.order import Form, read_form, read_form_names, read_persist_until
from tests.unit.private_keys import key_files
from tests.unit.records import CA
from tools.paths import ROOT

GOOD = Form(
    domains="shop.example *.shop.example", ca="test", directory_url="", challenge="dns-01", key_type="ec-p256", agree_tos=True
)


def fields(form: Form) -> list[str]:
    """The fields that must be corrected."""
    choices, errors = read_form(form, (CA,))
    assert choices is None
    assert all(sentence(error) for error in errors)
    return [error.field for error in errors]


def test_good_form_becomes_choices() -> None:
    names = (Identifier("dns", "shop.example"), Identifier("dns", "*.shop.example"))
    assert read_form(GOOD, (CA,)) == (
        OrderOptions(names, "test", CA.directory, "", "dns-01", "ec-p256", terms_agreed=True),
        (),
    )


@pytest.mark.parametrize("kind", ["ec-p256", "ec-p384", "rsa-2048", "rsa-3072", "rsa-4096"])
def test_every_kind_of_key_can_be_chosen(kind: str) -> None:
    choices, _ = read_form(replace(GOOD, key_type=kind), (CA,))
    assert choices is not None
    assert choices.key_spec == kind


def test_custom_directory_is_the_one_that_was_typed() -> None:
    choices, _ = read_form(replace(GOOD, ca="custom", directory_url=" https://ca.example/other "), (CA,))
    assert choices is not None
    assert (choices.ca, choices.directory) == ("custom", "https://ca.example/other")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"domains": ""}, "domains"),
        ({"domains": "_bad.example"}, "domains"),
        ({"domains": "*.shop.example", "challenge": "http-01"}, "domains"),
        ({"ca": "forgotten"}, "ca"),
        ({"ca": "custom", "directory_url": ""}, "directory-url"),
        ({"ca": "custom", "directory_url": "https://elsewhere.example/dir"}, "directory-url"),
        ({"domains": "shop.example", "challenge": "carrier-pigeon-01"}, "challenge"),
        ({"challenge": "dns-persist-01", "persist_until": "someday"}, "persist-until"),
        ({"key_type": "dsa-1024"}, "key-type"),
        ({"agree_tos": False}, "agree-tos"),
    ],
)
def test_bad_field_is_named(change: dict[str, Any], field: str) -> None:
    assert fields(replace(GOOD, **change)) == [field]


def test_ca_without_a_way_cannot_be_started() -> None:
    choices, errors = read_form(GOOD, (replace(CA, cors="no"),))
    assert choices is None
    assert [error.field for error in errors] == ["ca"]
    assert "relay" in sentence(errors[0])


def test_all_that_must_be_mended_is_said_in_the_order_of_the_form() -> None:
    assert fields(Form("", "", "", "", "", agree_tos=False)) == ["domains", "ca", "challenge", "key-type", "agree-tos"]


NOON = 1_795_348_800.0  # 2026-11-22T12:00:00Z


def test_day_counts_until_its_last_second() -> None:
    assert read_persist_until(" 2026-11-22 ", NOON) == 1_795_391_999
    assert read_persist_until("", NOON) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [("2026-11-21", "21 November 2026 is in the past."), ("2026-02-30", "not a date"), ("31.12.2027", "2027-12-31")],
)
def test_day_that_is_over_or_none_is_refused(text: str, words: str) -> None:
    with pytest.raises(FieldError) as caught:
        read_persist_until(text, NOON)
    assert words in sentence(caught.value)
    assert caught.value.field == "persist-until"


@given(st.text() | st.dates().map(str) | st.from_regex(r"[0-9W-]{1,12}"))
def test_any_text_gives_a_moment_to_come_or_a_message(text: str) -> None:
    with suppress(FieldError):
        until = read_persist_until(text, NOON)
        assert (until is None) == (not text.strip())
        assert until is None or until > NOON


def test_day_counts_only_for_the_proof_that_stays() -> None:
    choices, _ = read_form(replace(GOOD, persist_until="2030-01-01"), (CA,), NOON)
    assert choices is not None
    assert choices.persist_until is None
    choices, _ = read_form(replace(GOOD, persist_until="2030-01-01", challenge="dns-persist-01"), (CA,), NOON)
    assert choices is not None
    assert choices.persist_until == 1_893_542_399


def test_kinds_of_single_names_are_kept_where_they_differ() -> None:
    others = (("shop.example", "http-01"), ("*.shop.example", "dns-01"))
    choices, _ = read_form(replace(GOOD, challenges=others), (CA,))
    assert choices is not None
    assert choices.challenges == (("shop.example", "http-01"),)
    assert fields(replace(GOOD, challenges=(("*.shop.example", "http-01"),))) == ["domains"]
    assert fields(replace(GOOD, challenges=(("shop.example", "carrier-pigeon-01"),))) == ["challenge"]


def test_day_counts_for_a_single_name_with_the_proof_that_stays() -> None:
    form = replace(GOOD, persist_until="2030-01-01", challenges=(("shop.example", "dns-persist-01"),))
    choices, _ = read_form(form, (CA,), NOON)
    assert choices is not None
    assert choices.persist_until == 1_893_542_399


def test_proofs_are_counted_in_words() -> None:
    assert proofs_in_words(["dns-persist-01"]) == "a DNS record that stays"
    assert proofs_in_words(["dns-01", "http-01", "dns-01"]) == "2 DNS records and a file on the web server"


def test_a_private_key_as_profile_is_refused() -> None:
    """The list offers none, but a page may be changed: the name goes into the order as it stands."""
    assert fields(replace(GOOD, profile=key_files()["P-256 traditional DER"].hex())) == ["profile"]


@pytest.mark.parametrize(("taken", "refused"), [("no", True), ("yes", False), ("unknown", False)])
def test_names_that_the_ca_would_refuse_as_redundant_are_told_before_it_is_asked(taken: YesNoUnknown, refused: bool) -> None:  # noqa: FBT001
    authority = replace(CA, redundant_names=taken)
    form = replace(GOOD, domains="*.shop.example www.shop.example")
    choices, errors = read_form(form, (authority,))
    assert (choices is None) == refused
    assert [error.field for error in errors] == (["domains"] if refused else [])
    assert (read_form_names(form, (authority,)).error is not None) == refused
    custom = replace(form, ca="custom", directory_url=CA.directory)
    assert (read_form_names(custom, (authority,)).error is not None) == refused
    assert read_form_names(replace(form, ca="gone"), (authority,)).error is None


def test_cas_that_refuse_redundant_names_are_known() -> None:
    listed = parse_catalog((ROOT / "static/data/cas.json").read_text())
    assert {ca.id for ca in listed if ca.redundant_names == "no"} == {"letsencrypt", "letsencrypt-staging"}
