"""The record that stays, by the drafts' own examples, and what is refused from a CA."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acme.challenge import Challenge, ChallengeContext, DnsRecord, publication
from app.acme.dns_persist import account_hash
from app.acme.identifier import Identifier
from app.encoding.strict_json import JsonObject
from app.errors import ProtocolError
from tests.unit.acme.test_jws import RFC7638_JWK, RFC7638_THUMBPRINT
from tests.unit.says import says

ACCOUNT = "https://ca.example/acct/123"
DRAFT_01: Mapping[str, Any] = {"issuer-domain-names": ["authority.example"], "accounturi": ACCOUNT}
DRAFT_02: Mapping[str, Any] = {"issuerDomainNames": ["authority.example"]}


def challenge(members: Mapping[str, Any]) -> Challenge:
    return Challenge.parse(JsonObject({"type": "dns-persist-01", "url": "u", "status": "pending", **members}, "challenge"))


def value(
    members: Mapping[str, Any], name: str = "example.com", *, until: int | None = None, wildcard: bool = False, prefix: str = ""
) -> str:
    """The one value of the record for `name`."""
    prover = ChallengeContext(RFC7638_JWK, ACCOUNT, prefix, until)
    record = publication(challenge(members), Identifier("dns", name), prover, wildcard=wildcard)
    assert isinstance(record, DnsRecord)
    assert record.name == f"_validation-persist.{name.removeprefix('*.')}"
    (only,) = record.values
    return only


def test_draft_01_names_the_account() -> None:
    assert value(DRAFT_01) == f"authority.example; accounturi={ACCOUNT}"


def test_account_url_stands_in_where_the_challenge_names_none() -> None:
    assert value({"issuer-domain-names": ["authority.example"]}) == f"authority.example; accounturi={ACCOUNT}"


def test_wildcard_has_its_policy_and_so_has_the_name_beside_it() -> None:
    assert value(DRAFT_01, "*.example.com").endswith("; policy=wildcard")
    assert value(DRAFT_01, "example.com", wildcard=True) == value(DRAFT_01, "*.example.com")


def test_end_is_in_unix_seconds() -> None:
    text = value(DRAFT_01, "*.example.com", until=1_893_542_399)
    assert text == f"authority.example; accounturi={ACCOUNT}; policy=wildcard; persistUntil=1893542399"


def test_draft_02_hashes_the_account_as_in_its_section_10_2() -> None:
    prefix, thumbprint = "https://ca.example/account-hash/", "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    expected = f"{prefix}sha-256/5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw"
    assert account_hash(prefix, "example.com", thumbprint, ACCOUNT) == expected


def test_draft_02_hides_the_account_and_leaves_the_star_out_of_the_hash() -> None:
    prefix = "https://ca.example/account-hash/"
    uri = account_hash(prefix, "example.com", RFC7638_THUMBPRINT, ACCOUNT)
    assert value(DRAFT_02, "*.example.com", prefix=prefix) == f"authority.example; accounturi={uri}; policy=wildcard"


def test_draft_02_has_policy_and_end_as_draft_01_has() -> None:
    prefix = "https://ca.example/account-hash/"
    uri = account_hash(prefix, "example.com", RFC7638_THUMBPRINT, ACCOUNT)
    assert value(DRAFT_02, prefix=prefix) == f"authority.example; accounturi={uri}"
    single, both = (value(DRAFT_02, until=1_893_542_399, prefix=prefix, wildcard=wildcard) for wildcard in (False, True))
    assert single == f"authority.example; accounturi={uri}; persistUntil=1893542399"
    assert both == f"authority.example; accounturi={uri}; policy=wildcard; persistUntil=1893542399"


def test_ca_that_speaks_both_is_spoken_to_in_draft_01() -> None:
    assert value({**DRAFT_02, **DRAFT_01}) == f"authority.example; accounturi={ACCOUNT}"


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({}, id="nobody named"),
        pytest.param({"issuer-domain-names": []}, id="none"),
        pytest.param({"issuer-domain-names": [f"ca{n}.example" for n in range(11)]}, id="too many"),
        pytest.param({"issuer-domain-names": ["CA.example"]}, id="upper case"),
        pytest.param({"issuer-domain-names": ["ca.example."]}, id="trailing dot"),
        pytest.param({"issuer-domain-names": ["ca.example; policy=wildcard"]}, id="more than a name"),
        pytest.param({"issuer-domain-names": "ca.example"}, id="no list"),
        pytest.param({**DRAFT_01, "accounturi": "https://ca.example/1; policy=wildcard"}, id="more than an address"),
        pytest.param({**DRAFT_01, "accounturi": "https://ca.example/a b"}, id="a space"),
        pytest.param(DRAFT_02, id="draft-02 without a prefix"),
    ],
)
def test_challenge_that_would_give_a_bad_record_is_refused(members: Mapping[str, Any]) -> None:
    with pytest.raises(ProtocolError, check=says("dns-persist-01")):
        value(members)


@given(st.text(), st.text(), st.text())
def test_any_text_from_a_ca_gives_a_record_of_the_form_of_rfc_8659_or_is_refused(issuer: str, uri: str, prefix: str) -> None:
    for members in (
        {"issuer-domain-names": [issuer], "accounturi": uri},
        {"issuerDomainNames": [issuer]},
        {"issuer-domain-names": ["ca.example"], "accounturi": uri},
    ):
        try:
            text = value(members, prefix=prefix)
        except ProtocolError:
            continue
        assert re.fullmatch(r"[a-z0-9.-]+; accounturi=[!-:<-~]+", text)
