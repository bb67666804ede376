"""Private keys as JWK."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from app.encoding.base64url import b64url, b64url_decode
from app.errors import InputError
from app.pki.jwk import read_key, to_jwk
from app.ports import KeySpec
from tests.unit.keys import SPECS, native_key
from tests.unit.says import says

FORM = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


@pytest.mark.parametrize("spec", SPECS)
def test_key_goes_out_as_jwk_and_comes_in_again(spec: KeySpec) -> None:
    key = native_key(spec)
    text = to_jwk(key.private.private_bytes(*FORM))
    jwk = json.loads(text)
    assert {name: jwk[name] for name in key.public_jwk} == key.public_jwk
    found, pkcs8 = read_key(f" {text}\n")
    assert found == spec
    private = serialization.load_der_private_key(pkcs8, None)
    assert private.private_bytes(*FORM) == key.private.private_bytes(*FORM)


def jwk_of(spec: KeySpec) -> dict[str, str]:
    jwk: dict[str, str] = json.loads(to_jwk(native_key(spec).private.private_bytes(*FORM)))
    return jwk


def padded(value: str) -> str:
    return value + "=" * (-len(value) % 4)


def with_zeros(value: str) -> str:
    return b64url(bytes(2) + b64url_decode(value))


@pytest.mark.parametrize("change", [padded, with_zeros, lambda value: value.replace("-", "+").replace("_", "/")])
@pytest.mark.parametrize("spec", ["ec-p256", "rsa-2048"])
def test_numbers_in_an_odd_form_are_read(spec: KeySpec, change: Callable[[str], str]) -> None:
    jwk = jwk_of(spec)
    odd = {name: change(value) if name not in ("kty", "crv") else value for name, value in jwk.items()}
    assert read_key(json.dumps(odd)) == read_key(json.dumps(jwk))


def test_short_d_is_read() -> None:
    """A private number with zero bytes in front, which some programs leave out."""
    key = ec.derive_private_key(0xBEEF, ec.SECP256R1())
    jwk = json.loads(to_jwk(key.private_bytes(*FORM)))
    _, pkcs8 = read_key(json.dumps({**jwk, "d": b64url(b"\xbe\xef")}))
    again = serialization.load_der_private_key(pkcs8, None)
    assert isinstance(again, ec.EllipticCurvePrivateKey)
    assert again.private_numbers() == key.private_numbers()
    assert json.loads(to_jwk(pkcs8)) == jwk


@pytest.mark.parametrize(
    "wrap",
    [
        lambda jwk: json.dumps({"keys": [jwk]}),
        lambda jwk: json.dumps([jwk]),
        lambda jwk: "\ufeff" + json.dumps(jwk, indent=2),
        lambda jwk: "".join(f"> {line}\r\n" for line in json.dumps(jwk, indent=2).splitlines()),
        lambda jwk: json.dumps({**jwk, "alg": "ES256", "use": "sig", "kid": "1", "key_ops": ["sign"], "ext": True}),
    ],
    ids=["set of keys", "list", "byte order mark", "quoted by a mail program", "with more members"],
)
def test_one_key_is_found_in_what_stands_around_it(wrap: Callable[[dict[str, str]], str]) -> None:
    jwk = jwk_of("ec-p256")
    assert read_key(wrap(jwk)) == read_key(json.dumps(jwk))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"d": None}, "This is a public key as JWK"),
        ({"y": None}, "This JWK is incomplete. These members are missing: y."),
        ({"crv": "P-521"}, r"another kind \(EC P-521\)"),
        ({"kty": "OKP", "crv": "Ed25519"}, r"another kind \(OKP Ed25519\)"),
        ({"kty": "oct"}, "another kind"),
        ({"ciphertext": "x"}, "locked with a password"),
        ({"x": "AQAB"}, "not a private key as JWK"),
        ({"keys": [{}, {}]}, "several private keys"),
    ],
)
def test_other_jwks_are_named_for_what_they_are(change: dict[str, object], words: str) -> None:
    jwk = {name: value for name, value in {**jwk_of("ec-p256"), **change}.items() if value is not None}
    with pytest.raises(InputError, check=says(words)):
        read_key(json.dumps(jwk))


def test_rsa_key_without_its_primes_is_named() -> None:
    jwk = {name: value for name, value in jwk_of("rsa-2048").items() if name in ("kty", "n", "e", "d")}
    with pytest.raises(InputError, check=says("missing: p, q")):
        read_key(json.dumps(jwk))


@given(st.text())
def test_any_text_gives_a_key_or_a_clear_message(text: str) -> None:
    with suppress(InputError):
        read_key(text)


VALUES = st.one_of(st.text(), st.integers(), st.none(), st.sampled_from(["RSA", "EC", "P-256", "AQAB"]))
MEMBERS = st.sampled_from(["kty", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi"])


@given(st.dictionaries(MEMBERS, VALUES))
def test_any_jwk_gives_a_key_or_a_clear_message(jwk: dict[str, object]) -> None:
    with pytest.raises(InputError, check=says(".")):
        read_key(json.dumps(jwk))
