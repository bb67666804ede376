"""Public keys as they can be compared, and the public half of a private key."""

from dataclasses import dataclass
from typing import Any, Final

from asn1crypto.keys import ECPointBitString, PrivateKeyInfo, PublicKeyAlgorithm, PublicKeyInfo, RSAPublicKey

from app.encoding.key_types import CURVES
from app.pki.ec_point import public_point
from app.pki.public_key import spec_of, uncompressed
from app.ports import KeySpec

_CURVE_NAMES: Final = {"secp521r1": "P-521"} | {name: curve.jose for name, curve in CURVES.items()}


@dataclass(frozen=True)
class PublicKey:
    """A public key.

    `kind` is how people write it: "RSA 2048", "EC P-256", "Ed25519". `bits` is the size of an RSA modulus, else 0. `spec` is
    None for a kind that CAs do not accept. `spki` (DER SubjectPublicKeyInfo) is in the one form that can be compared, b"" where
    a private key does not tell its public half.
    """

    kind: str
    bits: int
    spec: KeySpec | None
    spki: bytes


def read_spki(spki: bytes) -> PublicKey:
    """The public key in a certificate. Raises what asn1crypto raises."""
    info = PublicKeyInfo.load(spki, strict=True)
    spec = spec_of(info, "public_key")
    if info.algorithm == "rsa":
        key = info["public_key"].parsed
        return _rsa(key, spec)
    if info.algorithm == "ec":
        return _ec(info.curve, bytes(info["public_key"].native), spec)
    return PublicKey(_other(info), 0, None, spki)


def public_half(info: PrivateKeyInfo) -> PublicKey:
    """The public half of a private key, for EC worked out where the key does not contain it. Raises what asn1crypto raises."""
    spec = spec_of(info, "private_key")
    if info.algorithm == "rsa":
        return _rsa(info["private_key"].parsed, spec)
    if info.algorithm == "ec":
        key = info["private_key"].parsed
        curve, point = info.curve, key["public_key"].native or b""
        if not point and curve[1] in CURVES:
            point = public_point(curve[1], key["private_key"].native)
        return _ec(curve, bytes(point), spec)
    return PublicKey(_other(info), 0, None, b"")


def _rsa(key: Any, spec: KeySpec | None) -> PublicKey:
    """From an RSA key, private or public: both have these members."""
    modulus, exponent = key["modulus"].native, key["public_exponent"].native
    public = RSAPublicKey({"modulus": modulus, "public_exponent": exponent})
    bits = modulus.bit_length()
    return PublicKey(f"RSA {bits}", bits, spec, PublicKeyInfo.wrap(public, "rsa").dump())


def _ec(curve: tuple[str, Any], point: bytes, spec: KeySpec | None) -> PublicKey:
    form, name = curve
    if form != "named":
        return PublicKey("EC", 0, None, point)
    if point and name in CURVES:
        point = uncompressed(name, point)
    algorithm = PublicKeyAlgorithm({"algorithm": "ec", "parameters": ("named", name)})
    spki = PublicKeyInfo({"algorithm": algorithm, "public_key": ECPointBitString(point)}).dump() if point else b""
    return PublicKey(f"EC {_CURVE_NAMES.get(name, name)}", 0, spec, spki)


def _other(info: PrivateKeyInfo | PublicKeyInfo) -> str:
    name: str = info.algorithm
    return name.upper().replace("ED", "Ed")
