"""Public keys as DER SubjectPublicKeyInfo (RFC 5280 §4.1), their kinds and points, and whether a private key belongs to one."""

from typing import Any, Literal

from asn1crypto.keys import PrivateKeyInfo, PublicKeyInfo

from app.encoding.base64url import b64url, b64url_number
from app.encoding.key_types import CURVES, KEY_TYPES, spec_of_rsa, spec_on
from app.ports import KeySpec


def spec_of(info: PrivateKeyInfo | PublicKeyInfo, part: Literal["private_key", "public_key"]) -> KeySpec | None:
    """The kind of a key, or None for one that CAs do not accept; `part` is where `info` has the key itself."""
    if info.algorithm == "ec":
        form, curve = info.curve
        return spec_on(curve) if form == "named" else None
    if info.algorithm == "rsa":
        return spec_of_rsa(info[part].parsed["modulus"].native.bit_length())
    return None


def read_public_key(spki: bytes) -> tuple[KeySpec, dict[str, str]]:
    """The kind of the public key `spki`, and its JWK: required members only (RFC 7518 §6).

    Raises `ValueError` for a damaged one, and for a kind that CAs do not accept.
    """
    for key_type in KEY_TYPES.values():
        curve = key_type.curve
        if curve and spki.startswith(curve.spki_prefix):
            point, width = spki[len(curve.spki_prefix) :], curve.width
            if len(point) == 2 * width:
                return key_type.spec, {"kty": "EC", "crv": curve.jose, "x": b64url(point[:width]), "y": b64url(point[width:])}
    return _read_rsa(spki)


def _read_rsa(spki: bytes) -> tuple[KeySpec, dict[str, str]]:
    try:
        info = PublicKeyInfo.load(spki, strict=True)
        jwk = _rsa_jwk(info["public_key"].parsed)
        spec = spec_of(info, "public_key")
    except Exception as error:  # damaged input leads asn1crypto to many kinds of error
        raise ValueError("damaged public key") from error
    if spec is None:
        raise ValueError("unsupported public key")
    return spec, jwk


def uncompressed(curve: str, point: bytes) -> bytes:
    """`point` of `curve` (asn1crypto's name) in uncompressed form: 0x04, x, y (SEC 1 §2.3.3, §2.3.4).

    Raises `ValueError` for what is not a point of that curve.
    """
    parameters = CURVES[curve]
    p, width = parameters.p, parameters.width
    x = int.from_bytes(point[1 : 1 + width])
    square = (x**3 - 3 * x + parameters.b) % p
    if point[:1] in (b"\x02", b"\x03") and len(point) == 1 + width:
        root = pow(square, (p + 1) // 4, p)
        y = root if root % 2 == point[0] % 2 else p - root
    elif point[:1] == b"\x04" and len(point) == 1 + 2 * width:
        y = int.from_bytes(point[1 + width :])
    else:
        raise ValueError("unknown form of point")
    if x >= p or y >= p or y * y % p != square:
        raise ValueError("not on the curve")
    return b"\x04" + x.to_bytes(width) + y.to_bytes(width)


def is_pair(spki: bytes, pkcs8: bytes) -> bool:
    """Whether `spki` is the public key that the private key `pkcs8` (DER, RFC 5958) contains.

    An EC key need not contain one (RFC 5915 §3): then this is True, and only a key store can tell.
    """
    try:
        info = PrivateKeyInfo.load(pkcs8, strict=True)
        key = info["private_key"].parsed
        if info.algorithm == "rsa":
            return read_public_key(spki)[1] == _rsa_jwk(key)
        point = key["public_key"].native
        return point is None or (len(point) > 1 and spki.endswith(point))
    except Exception:  # damaged input leads asn1crypto to many kinds of error
        return False


def _rsa_jwk(key: Any) -> dict[str, str]:
    """The public JWK of an RSA `key`, private or public (RFC 7518 §6.3.1)."""
    return {"kty": "RSA", "e": b64url_number(key["public_exponent"].native), "n": b64url_number(key["modulus"].native)}
