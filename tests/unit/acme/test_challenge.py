"""What must be published for a challenge (RFC 8555 §8.3, §8.4)."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acme.challenge import Challenge, ChallengeContext, DnsRecord, WebFile, publication, txt_strings
from app.acme.identifier import Identifier
from app.errors import ProtocolError
from tests.unit.acme.test_jws import RFC7638_JWK, RFC7638_THUMBPRINT
from tests.unit.keys import native_key
from tests.unit.says import says

TOKEN = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0"  # noqa: S105 – the token of RFC 8555 §8.3


PROVER = ChallengeContext(RFC7638_JWK, "https://ca.example/account/1")


def challenge(kind: str, token: str = TOKEN) -> Challenge:
    return Challenge(kind, "https://ca.example/c/1", "pending", token)


def test_http_01_is_a_file_under_well_known_with_the_key_authorization() -> None:
    assert publication(challenge("http-01"), Identifier("dns", "example.org"), PROVER) == WebFile(
        f"http://example.org/.well-known/acme-challenge/{TOKEN}", f"{TOKEN}.{RFC7638_THUMBPRINT}"
    )


def test_address_of_ipv6_stands_in_brackets() -> None:
    file = publication(challenge("http-01"), Identifier("ip", "2001:db8::1"), PROVER)
    assert isinstance(file, WebFile)
    assert file.url == f"http://[2001:db8::1]/.well-known/acme-challenge/{TOKEN}"


def test_dns_01_is_a_txt_record_with_the_digest_of_the_key_authorization() -> None:
    digest = hashlib.sha256(f"{TOKEN}.{RFC7638_THUMBPRINT}".encode()).digest()
    value = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    record = publication(challenge("dns-01"), Identifier("dns", "www.example.org"), PROVER)
    assert record == DnsRecord("_acme-challenge.www.example.org", (value,))
    assert len(value) == 43


def test_dns_01_of_a_wildcard_stands_at_the_name_below_the_star() -> None:
    record = publication(challenge("dns-01"), Identifier("dns", "*.example.org"), ChallengeContext(native_key().public_jwk, ""))
    assert isinstance(record, DnsRecord)
    assert record.name == "_acme-challenge.example.org"


@pytest.mark.parametrize("kind", ["dns-01", "http-01", "dns-account-01"])
@pytest.mark.parametrize("token", ["", "../../index.html", "a/b", "a b", "a.b", "a+b", "YQ==", "é", "١٢٣", "a\n", "<b>"])
def test_token_that_is_not_base64url_is_refused(kind: str, token: str) -> None:
    with pytest.raises(ProtocolError, check=says("base64url")):
        publication(challenge(kind, token), Identifier("dns", "example.org"), PROVER)


@pytest.mark.parametrize("token", ["-a_", "0", "A9"])
def test_every_base64url_token_is_taken(token: str) -> None:
    file = publication(challenge("http-01", token), Identifier("dns", "example.org"), PROVER)
    assert isinstance(file, WebFile)
    assert file.body.startswith(f"{token}.")


def test_dns_account_01_has_a_label_of_the_account() -> None:
    # The example of draft-ietf-acme-dns-account-label §3.1.
    prover = ChallengeContext(RFC7638_JWK, "https://example.com/acme/acct/ExampleAccount")
    record = publication(challenge("dns-account-01"), Identifier("dns", "*.example.org"), prover)
    plain = publication(challenge("dns-01"), Identifier("dns", "example.org"), prover)
    assert isinstance(record, DnsRecord)
    assert isinstance(plain, DnsRecord)
    assert record.name == "_ujmmovf2vn55tgye._acme-challenge.example.org"
    assert record.values == plain.values


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=900))
def test_strings_of_a_record_are_short_and_join_to_its_value(value: str) -> None:
    strings = txt_strings(value)
    assert "".join(strings) == value
    assert all(0 < len(part) <= 255 for part in strings)
    assert len(strings) == -(-len(value) // 255)


def test_other_kinds_are_not_known() -> None:
    with pytest.raises(ProtocolError, check=says("carrier-pigeon-01")):
        publication(challenge("carrier-pigeon-01"), Identifier("dns", "example.org"), PROVER)
