"""The kinds of key that CAs accept, one entry each with everything that differs between them.

A new kind needs its name in `app.ports.KeySpec` and one entry in `KEY_TYPES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.ports import HashName, KeySpec


@dataclass(frozen=True)
class Curve:
    """The curve y² = x³ − 3x + `b` modulo `p`, a prime with p ≡ 3 (mod 4) (SP 800-186 §3.2.1).

    `jose` is its name in a JWK (RFC 7518 §6.2.1.1) and in WebCrypto, `asn1` the one that asn1crypto uses. `width` is the number
    of bytes of a coordinate. `spki_prefix` is what precedes the coordinates in a SubjectPublicKeyInfo with an uncompressed
    point (RFC 5480 §2): DER has one form for it.
    """

    jose: str
    asn1: str
    width: int
    p: int
    b: int
    spki_prefix: bytes


@dataclass(frozen=True)
class KeyType:
    """One kind of key.

    `name` is how people write it. `jws_algorithm` is what it signs ACME requests with (RFC 7518 §3.1), `signature` what
    asn1crypto calls its signatures in requests and certificates, both with the digest `digest`. `bits` is the size of the
    curve's field or of the RSA modulus. RSA keys have no `curve`.
    """

    spec: KeySpec
    name: str
    jws_algorithm: str
    signature: str
    digest: HashName
    bits: int
    curve: Curve | None = None


P256: Final = Curve(
    jose="P-256",
    asn1="secp256r1",
    width=32,
    p=2**256 - 2**224 + 2**192 + 2**96 - 1,
    b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    spki_prefix=bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"),
)
P384: Final = Curve(
    jose="P-384",
    asn1="secp384r1",
    width=48,
    p=2**384 - 2**128 - 2**96 + 2**32 - 1,
    b=0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    spki_prefix=bytes.fromhex("3076301006072a8648ce3d020106052b8104002203620004"),
)

KEY_TYPES: Final[Mapping[KeySpec, KeyType]] = {
    key_type.spec: key_type
    for key_type in (
        KeyType("ec-p256", "EC P-256", "ES256", "sha256_ecdsa", "sha256", 256, P256),
        KeyType("ec-p384", "EC P-384", "ES384", "sha384_ecdsa", "sha384", 384, P384),
        KeyType("rsa-2048", "RSA 2048", "RS256", "sha256_rsa", "sha256", 2048),
        KeyType("rsa-3072", "RSA 3072", "RS256", "sha256_rsa", "sha256", 3072),
        KeyType("rsa-4096", "RSA 4096", "RS256", "sha256_rsa", "sha256", 4096),
    )
}
"""All kinds of key, in the order in which they are shown."""

KEY_TYPE_NAMES: Final = tuple(key_type.name for key_type in KEY_TYPES.values())

CURVES: Final[Mapping[str, Curve]] = {key.curve.asn1: key.curve for key in KEY_TYPES.values() if key.curve}
"""The curves by asn1crypto's names."""

PUBLIC_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}
"""The members that a public JWK must have, by its `kty`, in the order of a thumbprint (RFC 7638 §3.2)."""


def spec_on(curve: str) -> KeySpec | None:
    """The kind of an EC key on `curve`, by asn1crypto's name, or None for a curve that CAs do not accept."""
    return next((key.spec for key in KEY_TYPES.values() if key.curve and key.curve.asn1 == curve), None)


def spec_of_rsa(bits: int) -> KeySpec | None:
    """The kind of an RSA key whose modulus has `bits`, or None for a size that CAs do not accept."""
    return next((key.spec for key in KEY_TYPES.values() if key.curve is None and key.bits == bits), None)
