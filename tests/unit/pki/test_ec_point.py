"""The public point of an EC private key, against `cryptography`."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pki.ec_point import public_point

CURVES = {"secp256r1": ec.SECP256R1(), "secp384r1": ec.SECP384R1()}
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@settings(max_examples=20)
@given(st.sampled_from(sorted(CURVES)), st.integers(1, ORDER_OF_P256 - 1))
def test_another_program_finds_the_same_point(curve: str, number: int) -> None:
    public = ec.derive_private_key(number, CURVES[curve]).public_key()
    assert public_point(curve, number) == public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@pytest.mark.parametrize("number", [0, -1, ORDER_OF_P256, 1 << 256])
def test_what_is_no_private_number_has_no_point(number: int) -> None:
    with pytest.raises(ValueError, match="not a private number"):
        public_point("secp256r1", number)
