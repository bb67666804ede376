"""The directory, by the example of RFC 8555 §7.1.1."""

import json
from typing import Any

import pytest

from app.acme.directory import Directory
from app.errors import ProtocolError
from tests.unit.says import says

EXAMPLE: dict[str, Any] = {
    "newNonce": "https://example.com/acme/new-nonce",
    "newAccount": "https://example.com/acme/new-account",
    "newOrder": "https://example.com/acme/new-order",
    "newAuthz": "https://example.com/acme/new-authz",
    "revokeCert": "https://example.com/acme/revoke-cert",
    "keyChange": "https://example.com/acme/key-change",
    "meta": {
        "termsOfService": "https://example.com/acme/terms/2017-5-30",
        "website": "https://www.example.com/",
        "caaIdentities": ["example.com"],
        "externalAccountRequired": False,
    },
}


def parse(directory: object) -> Directory:
    return Directory.parse(json.dumps(directory).encode())


def test_example_of_rfc_8555_is_read() -> None:
    directory = parse(EXAMPLE)
    assert directory.new_nonce == "https://example.com/acme/new-nonce"
    assert directory.new_account == "https://example.com/acme/new-account"
    assert directory.new_order == "https://example.com/acme/new-order"
    assert directory.terms_of_service == "https://example.com/acme/terms/2017-5-30"
    assert directory.external_account_required is False
    assert directory.profiles == {}
    assert directory.caa_identities == ("example.com",)


def test_meta_may_be_missing() -> None:
    directory = parse({name: value for name, value in EXAMPLE.items() if name != "meta"})
    assert directory.terms_of_service is None
    assert directory.external_account_required is False


def test_profiles_and_external_accounts_are_read() -> None:
    directory = parse({**EXAMPLE, "meta": {"profiles": {"classic": "the usual one"}, "externalAccountRequired": True}})
    assert directory.profiles == {"classic": "the usual one"}
    assert directory.external_account_required is True


@pytest.mark.parametrize("member", ["newNonce", "newAccount", "newOrder"])
def test_directory_without_what_every_order_needs_is_refused(member: str) -> None:
    with pytest.raises(ProtocolError, check=says(f"“directory” has no member “{member}”")):
        parse({name: value for name, value in EXAMPLE.items() if name != member})


@pytest.mark.parametrize("directory", [[], "https://example.com", {**EXAMPLE, "newNonce": 1}, {**EXAMPLE, "newOrder": ["x"]}])
def test_directory_of_wrong_types_is_refused(directory: object) -> None:
    with pytest.raises(ProtocolError):
        parse(directory)


def test_login_page_in_place_of_a_directory_is_refused_with_its_start_as_detail() -> None:
    with pytest.raises(ProtocolError, check=says("not JSON")) as caught:
        Directory.parse(b"<html>Please log in</html>")
    assert "Please log in" in caught.value.detail


@pytest.mark.parametrize("member", ["meta", "revokeCert", "keyChange", "renewalInfo", "newAuthz", "unheard-of"])
@pytest.mark.parametrize("odd", ["", 5, [], ["x"], {}, {"a": 1}, True, None])
def test_member_that_one_can_do_without_may_be_odd(member: str, odd: object) -> None:
    directory = parse({**EXAMPLE, member: odd})
    assert directory.new_order == EXAMPLE["newOrder"]


@pytest.mark.parametrize("member", ["termsOfService", "website", "caaIdentities", "profiles", "accountHashPrefix"])
@pytest.mark.parametrize("odd", ["", 5, [], [5], {}, {"a": {}}, True, None])
def test_odd_member_of_meta_does_not_hide_the_others(member: str, odd: object) -> None:
    directory = parse({**EXAMPLE, "meta": {**EXAMPLE["meta"], "externalAccountRequired": True, member: odd}})
    assert directory.external_account_required
    assert member == "termsOfService" or directory.terms_of_service == EXAMPLE["meta"]["termsOfService"]


@pytest.mark.parametrize(
    ("written", "required"), [("true", True), ("TRUE", True), ("false", False), ("", False), (1, True), (0, False), ([], False)]
)
def test_flag_may_be_written_as_a_text_or_a_number(written: object, required: bool) -> None:  # noqa: FBT001
    assert parse({**EXAMPLE, "meta": {"externalAccountRequired": written}}).external_account_required is required


@pytest.mark.parametrize(
    ("written", "profiles"),
    [
        ({"classic": "the usual one", "short": 6, "odd": None}, {"classic": "the usual one", "short": "6", "odd": ""}),
        ({"classic": {"description": "the usual one"}}, {"classic": "the usual one"}),
        (["classic", "short", 5], {"classic": "", "short": ""}),
        ("classic", {"classic": ""}),
        (7, {}),
    ],
)
def test_profiles_keep_their_names_whatever_is_said_of_them(written: object, profiles: dict[str, str]) -> None:
    assert parse({**EXAMPLE, "meta": {"profiles": written}}).profiles == profiles
