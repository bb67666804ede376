"""Public keys as DER SubjectPublicKeyInfo (RFC 5280 §4.1), and whether a private key is theirs."""

from typing import Any, Final

from asn1crypto.keys import PrivateKeyInfo, PublicKeyInfo

from app.acme.jws import b64url
from app.pki.ec_point import CURVES
from app.pki.private_key import spec_of
from app.ports import KeySpec

_EC: Final[dict[bytes, tuple[KeySpec, str, int]]] = {
    bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"): ("ec-p256", "P-256", CURVES["secp256r1"].width),
    bytes.fromhex("3076301006072a8648ce3d020106052b8104002203620004"): ("ec-p384", "P-384", CURVES["secp384r1"].width),
}
"""What stands before the point of a key on each curve (RFC 5480 §2): DER has one form for it. The last byte says that the point
is not compressed."""


def read_public_key(spki: bytes) -> tuple[KeySpec, dict[str, str]]:
    """The kind of the public key `spki`, and its JWK: required members only (RFC 7518 §6).

    Raises `ValueError` for a damaged one, and for a kind that CAs do not take.
    """
    for head, (spec, curve, width) in _EC.items():
        point = spki[len(head) :]
        if spki.startswith(head) and len(point) == 2 * width:
            return spec, {"kty": "EC", "crv": curve, "x": b64url(point[:width]), "y": b64url(point[width:])}
    return _read_rsa(spki)


def _read_rsa(spki: bytes) -> tuple[KeySpec, dict[str, str]]:
    try:
        info = PublicKeyInfo.load(spki, strict=True)
        numbers = info["public_key"].parsed
        jwk = {"kty": "RSA", "e": _number(numbers["public_exponent"]), "n": _number(numbers["modulus"])}
        spec = spec_of(info, "public_key")
    except Exception as error:  # damaged input leads asn1crypto to many kinds of error
        raise ValueError("This public key is damaged.") from error
    if spec is None:
        raise ValueError("This public key is of a kind that CAs do not take.")
    return spec, jwk


def is_pair(spki: bytes, pkcs8: bytes) -> bool:
    """Whether the public key that the private key `pkcs8` (DER, RFC 5958) names is `spki`.

    An EC key need not name one (RFC 5915 §3): then this is True, and only a key store can tell.
    """
    try:
        info = PrivateKeyInfo.load(pkcs8, strict=True)
        key = info["private_key"].parsed
        if info.algorithm == "rsa":
            numbers = {"e": _number(key["public_exponent"]), "n": _number(key["modulus"])}
            return read_public_key(spki)[1] == {"kty": "RSA", **numbers}
        point = key["public_key"].native
        return point is None or (len(point) > 1 and spki.endswith(point))
    except Exception:  # damaged input leads asn1crypto to many kinds of error
        return False


def _number(value: Any) -> str:
    number: int = value.native
    return b64url(number.to_bytes((number.bit_length() + 7) // 8))
