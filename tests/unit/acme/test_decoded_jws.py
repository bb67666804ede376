"""A signed request read back: what was signed is what is shown, and nothing that comes makes it stumble."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acme.decoded_jws import read_object, read_signed
from app.acme.eab import ExternalAccount, bind
from app.acme.jws import sign_key_change, sign_request, thumbprint
from app.encoding.base64url import b64url
from app.ports import KeySpec
from tests.unit.keys import SPECS, WIDTHS, native_key

URL = "https://ca.example/new"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda it: st.lists(it) | st.dictionaries(st.text(), it)
)


@pytest.mark.parametrize("spec", SPECS)
async def test_what_was_signed_is_read_back(spec: KeySpec) -> None:
    key = native_key(spec)
    signed = read_signed(await sign_request(key, {"a": 1}, url=URL, nonce="abc", account_url=None))
    assert signed
    assert (signed.url, signed.nonce, signed.account, signed.payload) == (URL, "abc", "", {"a": 1})
    assert (signed.thumbprint, len(signed.signature)) == (thumbprint(key.public_jwk), WIDTHS[spec])
    assert signed.inner is None


async def test_an_empty_payload_says_nothing_and_an_empty_object_says_something() -> None:
    payloads: tuple[dict[str, object] | None, ...] = (None, {})
    for payload in payloads:
        signed = read_signed(await sign_request(native_key(), payload, url=URL, nonce="abc", account_url=f"{URL}/1"))
        assert signed
        assert signed.payload == payload
        assert (signed.account, signed.thumbprint) == (f"{URL}/1", "")


async def test_a_binding_and_a_key_change_are_taken_apart_too() -> None:
    key, new = native_key(), native_key(n=1)
    binding = bind(key.public_jwk, URL, ExternalAccount("kid-1", bytes(32)))
    outer = await sign_request(key, {"externalAccountBinding": binding}, url=URL, nonce="abc", account_url=None)
    change = await sign_key_change(new, {"account": "1"}, url=URL)
    bound, changed = (
        read_signed(body) for body in (outer, await sign_request(key, change, url=URL, nonce="def", account_url="1"))
    )
    assert bound
    assert bound.inner
    assert (bound.inner.algorithm, bound.inner.account, bound.inner.nonce) == ("HS256", "kid-1", "")
    assert bound.inner.payload == dict(key.public_jwk)
    assert changed
    assert changed.inner
    assert changed.inner.payload == {"account": "1"}
    assert changed.inner.thumbprint == thumbprint(new.public_jwk)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_what_is_no_signed_request_is_none(body: bytes) -> None:
    assert read_signed(body) is None
    assert isinstance(read_object(body), dict | None)


@given(JSON, JSON, st.binary())
def test_a_strange_header_or_payload_raises_nothing(header: object, payload: object, signature: bytes) -> None:
    parts = [b64url(json.dumps(value).encode()) for value in (header, payload)]
    body = {"protected": parts[0], "payload": parts[1], "signature": b64url(signature)}
    signed = read_signed(json.dumps(body).encode())
    assert (signed is None) == (not isinstance(header, dict) or not isinstance(payload, dict))


@given(st.dictionaries(st.sampled_from(["alg", "kid", "nonce", "url", "jwk"]), JSON | st.just({"kty": "EC"})))
def test_members_of_a_wrong_type_count_as_missing(header: dict[str, object]) -> None:
    body = {"protected": b64url(json.dumps(header).encode()), "payload": "", "signature": ""}
    signed = read_signed(json.dumps(body).encode())
    assert signed
    assert all(isinstance(text, str) for text in (signed.url, signed.nonce, signed.account, signed.algorithm))
    assert signed.thumbprint == ""


def test_only_utf_8_is_read() -> None:
    """From zero bytes, with which a DNS message begins, `json` concludes UTF-32, for which Pyodide has no codec."""
    for codec in ("utf-16-be", "utf-16-le", "utf-32-be", "utf-32-le"):
        assert read_object('{"a": 1}'.encode(codec)) is None
    assert read_object(bytes(12)) is None
    assert read_object('{"a": 1}'.encode("utf-8-sig")) == {"a": 1}


@pytest.mark.parametrize("depth", [900, 100_000])
def test_endless_nesting_is_no_object(depth: int) -> None:
    read_object(b'{"a":' * depth + b"1" + b"}" * depth)
    assert read_object(b"[" * depth) is None
