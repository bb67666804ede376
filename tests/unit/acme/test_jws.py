"""JSON Web Signatures, judged by the examples of the RFCs and by `cryptography`."""

import hashlib
import json
from typing import Any

import pytest

from app.acme.jws import key_authorization, sign_request, thumbprint
from app.encoding.base64url import b64url, b64url_decode
from app.encoding.key_types import KEY_TYPES
from app.errors import ProtocolError
from app.ports import KeySpec
from tests.unit.keys import SPECS, assert_signed, native_key

# RFC 7638 §3.1: the key and its thumbprint
RFC7638_JWK = {
    "kty": "RSA",
    "n": (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMst"
        "n64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajr"
        "n1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    ),
    "e": "AQAB",
    "alg": "RS256",
    "kid": "2011-04-29",
}
RFC7638_THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"

URL = "https://ca.example/acme/new-order"
ACCOUNT = "https://ca.example/acme/acct/1"


async def signed(spec: KeySpec = "ec-p256", payload: dict[str, Any] | None = None, account: str | None = ACCOUNT) -> Any:
    """A request as a CA reads it: the body parsed, `protected` decoded beside it as `header`."""
    body = await sign_request(native_key(spec), payload, url=URL, nonce="bm9uY2U", account_url=account)
    request = json.loads(body)
    return {**request, "header": json.loads(b64url_decode(request["protected"]))}


def test_thumbprint_of_rfc_7638_ignores_members_that_are_not_required() -> None:
    assert thumbprint(RFC7638_JWK) == RFC7638_THUMBPRINT


@pytest.mark.parametrize("spec", ["ec-p256", "ec-p384"])
def test_thumbprint_of_an_ec_key_hashes_its_members_in_lexicographic_order_without_spaces(spec: KeySpec) -> None:
    jwk = native_key(spec).public_jwk
    canonical = f'{{"crv":"{jwk["crv"]}","kty":"EC","x":"{jwk["x"]}","y":"{jwk["y"]}"}}'
    assert thumbprint(jwk) == b64url(hashlib.sha256(canonical.encode()).digest())


def test_key_authorization_is_token_dot_thumbprint() -> None:
    token = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0"  # noqa: S105 – the token of RFC 8555 §8.3
    assert key_authorization(token, thumbprint(RFC7638_JWK)) == f"{token}.{RFC7638_THUMBPRINT}"


@pytest.mark.parametrize("token", ["", "../x", "a b", "é", "YQ=="])
def test_key_authorization_of_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(ProtocolError):
        key_authorization(token, RFC7638_THUMBPRINT)


@pytest.mark.parametrize("spec", SPECS)
async def test_signature_of_every_kind_of_key_verifies(spec: KeySpec) -> None:
    request = await signed(spec, {"termsOfServiceAgreed": True})
    data = f"{request['protected']}.{request['payload']}".encode("ascii")
    assert_signed(spec, native_key(spec).public_spki, data, b64url_decode(request["signature"]))


@pytest.mark.parametrize(
    ("spec", "algorithm"),
    [("ec-p256", "ES256"), ("ec-p384", "ES384"), ("rsa-2048", "RS256"), ("rsa-3072", "RS256"), ("rsa-4096", "RS256")],
)
def test_every_kind_of_key_has_its_algorithm(spec: KeySpec, algorithm: str) -> None:
    assert KEY_TYPES[spec].jws_algorithm == algorithm


async def test_request_is_flattened_json_with_exactly_three_members() -> None:
    body = await sign_request(native_key(), {}, url=URL, nonce="bm9uY2U", account_url=ACCOUNT)
    assert set(json.loads(body)) == {"protected", "payload", "signature"}  # RFC 8555 §6.2


async def test_request_of_a_known_account_names_it_by_kid_alone() -> None:
    header = (await signed())["header"]
    assert header == {"alg": "ES256", "kid": ACCOUNT, "nonce": "bm9uY2U", "url": URL}


async def test_request_of_a_new_account_carries_the_public_key_alone() -> None:
    header = (await signed(account=None))["header"]
    assert header == {"alg": "ES256", "jwk": dict(native_key().public_jwk), "nonce": "bm9uY2U", "url": URL}


async def test_url_is_signed_exactly_as_the_ca_wrote_it() -> None:
    url = "https://CA.example:443/acme//order?id=%7e1"
    body = await sign_request(native_key(), {}, url=url, nonce="n", account_url=ACCOUNT)
    assert json.loads(b64url_decode(json.loads(body)["protected"]))["url"] == url


async def test_post_as_get_has_the_empty_string_as_payload() -> None:
    assert (await signed(payload=None))["payload"] == ""


async def test_answer_to_a_challenge_has_the_empty_object_as_payload() -> None:
    assert b64url_decode((await signed(payload={}))["payload"]) == b"{}"


async def test_payload_comes_through_as_json() -> None:
    payload = {"identifiers": [{"type": "dns", "value": "shop.example"}], "contact": ["mailto:bücher@shop.example"]}
    assert json.loads(b64url_decode((await signed(payload=payload))["payload"])) == payload
