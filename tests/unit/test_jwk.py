"""Private keys as JWK."""

import json
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputError
from app.pki.jwk import read_key, to_jwk
from app.ports import KeySpec
from tests.unit.keys import SPECS, native_key

FORM = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


@pytest.mark.parametrize("spec", SPECS)
def test_key_goes_out_as_jwk_and_comes_in_again(spec: KeySpec) -> None:
    key = native_key(spec)
    text = to_jwk(key.private.private_bytes(*FORM))
    jwk = json.loads(text)
    assert {name: jwk[name] for name in key.public_jwk} == key.public_jwk
    found, pkcs8 = read_key(f" {text}\n", "import-key")
    assert found == spec
    private = serialization.load_der_private_key(pkcs8, None)
    assert private.private_bytes(*FORM) == key.private.private_bytes(*FORM)


@given(st.text())
def test_any_text_gives_a_key_or_a_clear_message(text: str) -> None:
    with suppress(InputError):
        read_key(text, "import-key")


VALUES = st.one_of(st.text(), st.integers(), st.none(), st.sampled_from(["RSA", "EC", "P-256", "AQAB"]))
MEMBERS = st.sampled_from(["kty", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi"])


@given(st.dictionaries(MEMBERS, VALUES))
def test_any_jwk_gives_a_key_or_a_clear_message(jwk: dict[str, object]) -> None:
    with pytest.raises(InputError) as caught:
        read_key(json.dumps(jwk), "import-key")
    assert caught.value.field == "import-key"
