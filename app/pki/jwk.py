"""Private keys as JWK (RFC 7517, RFC 7518 §6), from and to PKCS#8."""

import json
from typing import Any, Final

from asn1crypto.keys import ECPrivateKey, PrivateKeyInfo, RSAPrivateKey

from app.acme.fields import parse_json
from app.acme.jws import b64url, b64url_decode
from app.errors import InputError
from app.pki.pem import to_pem
from app.pki.private_key import read_private_key
from app.ports import KeySpec

# JWK's names for the numbers of an RSA key, and those of PKCS#1 (RFC 8017 §A.1.2).
_RSA: Final = {
    "n": "modulus",
    "e": "public_exponent",
    "d": "private_exponent",
    "p": "prime1",
    "q": "prime2",
    "dp": "exponent1",
    "dq": "exponent2",
    "qi": "coefficient",
}
_CURVES: Final = {"P-256": ("secp256r1", 32), "P-384": ("secp384r1", 48)}


def to_jwk(pkcs8: bytes) -> str:
    """The private key `pkcs8` (DER, EC P-256 or P-384 with its public key, or RSA) as the text of a JWK."""
    info = PrivateKeyInfo.load(pkcs8)
    key = info["private_key"].parsed
    if info.algorithm == "rsa":
        return json.dumps({"kty": "RSA", **{name: _number(key[part].native) for name, part in _RSA.items()}})
    name, width = next((name, width) for name, (curve, width) in _CURVES.items() if curve == info.curve[1])
    point = key["public_key"].native[1:]  # after the mark for an uncompressed point
    x, y = b64url(point[:width]), b64url(point[width:])
    return json.dumps({"kty": "EC", "crv": name, "x": x, "y": y, "d": _number(key["private_key"].native, width)})


def read_key(text: str, field: str) -> tuple[KeySpec, bytes]:
    """The kind of the private key in `text`, a JWK or PEM, and its DER PKCS#8. Raises `InputError` for `field`."""
    if not text.strip().startswith("{"):
        return read_private_key(text, field)
    try:
        pkcs8 = _from_jwk(parse_json(text.encode("utf-8"), "key"))
    except Exception as error:  # damaged input leads to many kinds of error
        message = "This is no private key as JWK: RSA, or EC on P-256 or P-384, with all its members."
        raise InputError(field, message) from error
    return read_private_key(to_pem("PRIVATE KEY", pkcs8), field)


def _from_jwk(jwk: dict[str, Any]) -> bytes:
    if jwk["kty"] == "RSA":
        numbers = {part: int.from_bytes(b64url_decode(jwk[name])) for name, part in _RSA.items()}
        key, algorithm = RSAPrivateKey({"version": "two-prime", **numbers}), "rsa"
    else:
        curve, width = _CURVES[jwk["crv"]]
        x, y, d = (b64url_decode(jwk[member]) for member in ("x", "y", "d"))
        if {len(x), len(y), len(d)} != {width}:
            raise ValueError(width)
        key, algorithm = _ec(curve, d, b"\x04" + x + y), "ec"
    der: bytes = PrivateKeyInfo.wrap(key, algorithm).dump()
    return der


def _ec(curve: str, d: bytes, point: bytes) -> ECPrivateKey:
    number = int.from_bytes(d)
    parameters = {"version": "ecPrivkeyVer1", "private_key": number, "public_key": point}
    key = ECPrivateKey({**parameters, "parameters": ("named", curve)})
    key["private_key"].set_encoded_width(len(d))
    return key


def _number(value: int, width: int | None = None) -> str:
    return b64url(value.to_bytes(width or (value.bit_length() + 7) // 8))
