"""The one table of the kinds of key: complete, and true by what `cryptography` makes."""

from typing import get_args

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.encoding.key_types import KEY_TYPES, spec_of_rsa, spec_on
from app.ports import KeySpec
from tests.unit.keys import SPECS, native_key


def test_every_kind_has_one_entry_under_its_own_name() -> None:
    assert list(KEY_TYPES) == list(get_args(KeySpec)) == [key_type.spec for key_type in KEY_TYPES.values()]


@pytest.mark.parametrize("spec", SPECS)
def test_an_entry_says_what_such_a_key_is(spec: KeySpec) -> None:
    key_type, key = KEY_TYPES[spec], native_key(spec)
    assert key.private.key_size == key_type.bits
    if key_type.curve is None:
        assert spec_of_rsa(key_type.bits) == spec
        return
    assert isinstance(key.private, ec.EllipticCurvePrivateKey)
    assert key.private.curve.name == key_type.curve.asn1
    assert spec_on(key_type.curve.asn1) == spec
    assert key.public_jwk["crv"] == key_type.curve.jose
    assert key.public_spki.startswith(key_type.curve.spki_prefix)
    assert len(key.public_spki) == len(key_type.curve.spki_prefix) + 2 * key_type.curve.width


def test_other_curves_and_sizes_are_none() -> None:
    assert spec_on("secp521r1") is None
    assert spec_of_rsa(1024) is None
