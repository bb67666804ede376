"""Public keys as DER SubjectPublicKeyInfo (RFC 5280 §4.1), and whether a private key is theirs."""

from typing import Any

from asn1crypto.keys import PrivateKeyInfo, PublicKeyInfo

from app.acme.jws import b64url
from app.pki.private_key import spec_of
from app.ports import KeySpec


def read_public_key(spki: bytes) -> tuple[KeySpec, dict[str, str]]:
    """The kind of the public key `spki`, and its JWK: required members only (RFC 7518 §6).

    Raises `ValueError` for a damaged one, and for a kind that CAs do not take.
    """
    try:
        info = PublicKeyInfo.load(spki, strict=True)
        spec, jwk = spec_of(info, "public_key"), _jwk(info)
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
        public, private = PublicKeyInfo.load(spki, strict=True), PrivateKeyInfo.load(pkcs8, strict=True)
        key = private["private_key"].parsed
        if private.algorithm == "rsa":
            named = public["public_key"].parsed
            return all(bool(named[part].native == key[part].native) for part in ("modulus", "public_exponent"))
        point = key["public_key"].native
        return point is None or bool(point == public["public_key"].native)
    except Exception:  # damaged input leads asn1crypto to many kinds of error
        return False


def _jwk(info: PublicKeyInfo) -> dict[str, str]:
    if info.algorithm == "rsa":
        numbers = info["public_key"].parsed
        return {"kty": "RSA", "e": _number(numbers["public_exponent"]), "n": _number(numbers["modulus"])}
    point: bytes = info["public_key"].native[1:]  # after the mark of an uncompressed point
    width = len(point) // 2
    curve = {64: "P-256", 96: "P-384"}[len(point)]
    return {"kty": "EC", "crv": curve, "x": b64url(point[:width]), "y": b64url(point[width:])}


def _number(value: Any) -> str:
    number: int = value.native
    return b64url(number.to_bytes((number.bit_length() + 7) // 8))
