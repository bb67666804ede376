"""The form, read into choices, with everything that must be mended."""

from dataclasses import replace
from typing import Any

import pytest

from app.acme.identifier import Identifier
from app.flow.issuance import Choices
from app.ui.form import Form, read_form
from tests.unit.records import CA

GOOD = Form(
    domains="shop.example *.shop.example", ca="test", directory_url="", challenge="dns-01", key_type="ec-p256", agree_tos=True
)


def fields(form: Form) -> list[str]:
    """The fields that must be mended."""
    choices, errors = read_form(form, (CA,))
    assert choices is None
    assert all(str(error) for error in errors)
    return [error.field for error in errors]


def test_good_form_becomes_choices() -> None:
    names = (Identifier("dns", "shop.example"), Identifier("dns", "*.shop.example"))
    assert read_form(GOOD, (CA,)) == (Choices(names, "test", CA.directory, "dns-01", "ec-p256", terms_agreed=True), ())


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
        ({"domains": "shop.example", "challenge": "tls-alpn-01"}, "challenge"),
        ({"key_type": "dsa-1024"}, "key-type"),
        ({"agree_tos": False}, "agree-tos"),
    ],
)
def test_bad_field_is_named(change: dict[str, Any], field: str) -> None:
    assert fields(replace(GOOD, **change)) == [field]


def test_all_that_must_be_mended_is_said_in_the_order_of_the_form() -> None:
    assert fields(Form("", "", "", "", "", agree_tos=False)) == ["domains", "ca", "challenge", "key-type", "agree-tos"]
