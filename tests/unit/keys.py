"""Keys for tests, made once a session (RSA 4096 takes seconds), and `cryptography` to verify their signatures."""

from functools import cache
from typing import Final, get_args

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from app.ports import KeySpec
from tests.adapters import NativeKey, PrivateKey

SPECS: Final[tuple[KeySpec, ...]] = get_args(KeySpec)

WIDTHS: Final[dict[KeySpec, int]] = {"ec-p256": 64, "ec-p384": 96, "rsa-2048": 256, "rsa-3072": 384, "rsa-4096": 512}
"""Bytes of a signature in JWS form (RFC 7518 §3.3, §3.4)."""


def native_key(spec: KeySpec = "ec-p256", n: int = 0) -> NativeKey:
    """The key number `n` of kind `spec`, the same one for the whole session."""
    return NativeKey(spec, _private(spec, n), extractable=True)


@cache
def _private(spec: KeySpec, _n: int) -> PrivateKey:
    if spec == "ec-p256":
        return ec.generate_private_key(ec.SECP256R1())
    if spec == "ec-p384":
        return ec.generate_private_key(ec.SECP384R1())
    return rsa.generate_private_key(65537, int(spec.removeprefix("rsa-")))


def assert_signed(spec: KeySpec, spki: bytes, data: bytes, signature: bytes) -> None:
    """`signature` (JWS form, RFC 7518 §3) over `data` was made by the key of kind `spec` with the public key `spki`."""
    assert len(signature) == WIDTHS[spec]
    public = serialization.load_der_public_key(spki)
    if isinstance(public, rsa.RSAPublicKey):
        assert public.key_size == int(spec.removeprefix("rsa-"))
        public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        return
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert public.key_size == int(spec.removeprefix("ec-p"))
    half = len(signature) // 2
    r, s = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
    digest = hashes.SHA384() if spec == "ec-p384" else hashes.SHA256()
    public.verify(encode_dss_signature(r, s), data, ec.ECDSA(digest))
