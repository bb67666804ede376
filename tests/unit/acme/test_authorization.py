"""Authorizations, by the examples of RFC 8555 §7.1.4."""

from typing import Any

import pytest

from app.acme.authorization import Authorization
from app.acme.identifier import Identifier
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError
from tests.unit.says import says

URL = "https://example.com/acme/authz/PAniVnsZcis"
HTTP: dict[str, Any] = {
    "type": "http-01",
    "url": "https://example.com/c/1",
    "status": "pending",
    "token": "DGyRejmCefe7v4NfDGDKfA",
}
DNS: dict[str, Any] = {
    "type": "dns-01",
    "url": "https://example.com/c/2",
    "status": "pending",
    "token": "DGyRejmCefe7v4NfDGDKfA",
}
PENDING: dict[str, Any] = {
    "status": "pending",
    "expires": "2018-03-03T14:09:30Z",
    "identifier": {"type": "dns", "value": "www.example.org"},
    "challenges": [HTTP, DNS],
}


def parse(**changes: Any) -> Authorization:
    return Authorization.parse(URL, JsonObject({**PENDING, **changes}, "authorization"))


def test_example_of_rfc_8555_is_read() -> None:
    authorization = parse()
    assert (authorization.url, authorization.status) == (URL, "pending")
    assert authorization.identifier == Identifier("dns", "www.example.org")
    assert [challenge.type for challenge in authorization.challenges] == ["http-01", "dns-01"]


def test_wildcard_flag_gives_the_name_its_star_back() -> None:
    assert parse(wildcard=True).identifier.value == "*.www.example.org"
    assert parse(wildcard=False).identifier.value == "www.example.org"


def test_star_that_a_ca_left_on_is_not_doubled() -> None:
    identifier = {"type": "dns", "value": "*.www.example.org"}
    assert parse(identifier=identifier, wildcard=True).identifier.value == "*.www.example.org"


def test_challenge_is_found_by_its_type() -> None:
    challenge = parse().challenge("dns-01")
    assert challenge is not None
    assert challenge.url == "https://example.com/c/2"
    assert parse(challenges=[HTTP]).challenge("dns-01") is None


def test_unknown_types_and_challenges_without_a_token_are_no_hindrance() -> None:
    strange = {"type": "carrier-pigeon-01", "token": 5}
    later_draft = {**DNS, "type": "dns-persist-01", "issuerDomainNames": {"a": "b"}}
    authorization = parse(challenges=[strange, later_draft, DNS])
    assert authorization.challenge("dns-01") is not None
    assert authorization.challenge("carrier-pigeon-01") is None
    assert authorization.offered == ("carrier-pigeon-01", "dns-persist-01", "dns-01")


def test_error_of_a_challenge_is_read() -> None:
    error = {"type": "urn:ietf:params:acme:error:dns", "detail": "no TXT record"}
    challenge = parse(challenges=[{**DNS, "status": "processing", "error": error}]).challenge("dns-01")
    assert challenge is not None
    assert challenge.error is not None
    assert (challenge.error.type, challenge.error.detail) == ("dns", "no TXT record")


@pytest.mark.parametrize(
    "changes",
    [{"identifier": None}, {"identifier": {"type": "dns"}}, {"identifier": "shop.example"}, {"status": None}, {"status": 5}],
)
def test_authorization_with_parts_missing_or_wrong_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        parse(**changes)


ODD = [{}, 5, "x", None, [], {"type": 5}, {"type": "http-01"}, {"type": "http-01", "url": 5, "status": "x"}]


@pytest.mark.parametrize("odd", ODD)
def test_odd_challenge_does_not_hinder_the_others(odd: object) -> None:
    assert parse(challenges=[odd, DNS, odd]).challenge("dns-01") is not None


def test_challenge_that_is_offered_in_a_form_that_cannot_be_read_is_not_said_to_be_missing() -> None:
    authorization = parse(challenges=[{**DNS, "type": "http-01", "url": None}, DNS])
    with pytest.raises(ProtocolError, check=says("url")):
        authorization.challenge("http-01")


@pytest.mark.parametrize(("wildcard", "name"), [(True, "*."), ("true", "*."), ("false", ""), ("yes", ""), ([], ""), (None, "")])
def test_wildcard_may_be_written_as_a_text(wildcard: object, name: str) -> None:
    assert parse(wildcard=wildcard).identifier.value.startswith("*.") == bool(name)


@pytest.mark.parametrize("error", [{}, "", None, []])
def test_empty_error_of_a_challenge_is_none(error: object) -> None:
    challenge = parse(challenges=[{**DNS, "error": error}]).challenge("dns-01")
    assert challenge is not None
    assert challenge.error is None


def test_text_for_an_error_of_a_challenge_keeps_its_words() -> None:
    challenge = parse(challenges=[{**DNS, "error": "no TXT record"}]).challenge("dns-01")
    assert challenge is not None
    assert challenge.error is not None
    assert challenge.error.full_detail == "no TXT record"
