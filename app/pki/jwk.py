"""Private keys as JWK (RFC 7517, RFC 7518 §6), from and to PKCS#8."""

import json
from typing import Any, Final

from asn1crypto.keys import ECPrivateKey, PrivateKeyInfo, RSAPrivateKey

from app.acme.jws import b64url
from app.encoding.strict_json import parse_json
from app.errors import FieldError
from app.pki.ec_point import CURVES, expanded
from app.pki.pem import to_pem
from app.pki.pem_text import from_base64, tidied
from app.pki.private_key import TAKEN, read_private_key
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
_CURVES: Final = {"P-256": "secp256r1", "P-384": "secp384r1"}
_MEMBERS: Final = {"RSA": tuple(_RSA), "EC": ("crv", "x", "y", "d")}


def to_jwk(pkcs8: bytes) -> str:
    """The private key `pkcs8` (DER, EC P-256 or P-384 with its public key, or RSA) as the text of a JWK."""
    info = PrivateKeyInfo.load(pkcs8)
    key = info["private_key"].parsed
    if info.algorithm == "rsa":
        return json.dumps({"kty": "RSA", **{name: _number(key[part].native) for name, part in _RSA.items()}})
    name = next(name for name, curve in _CURVES.items() if curve == info.curve[1])
    width = CURVES[info.curve[1]].width
    point = expanded(info.curve[1], key["public_key"].native)[1:]  # after the mark for an uncompressed point
    x, y = b64url(point[:width]), b64url(point[width:])
    return json.dumps({"kty": "EC", "crv": name, "x": x, "y": y, "d": _number(key["private_key"].native, width)})


def read_key(text: str, field: str) -> tuple[KeySpec, bytes]:
    """The kind of the private key in `text`, a JWK or PEM, and its DER PKCS#8. Raises `FieldError` for `field`."""
    plain = tidied(text).strip()
    if "-----BEGIN" in plain or not plain.startswith(("{", "[")):
        return read_private_key(text, field)
    try:
        jwk = _only_key(parse_json(plain.encode("utf-8", "replace"), "key"))
        pkcs8 = _from_jwk(jwk)
    except FieldError as error:
        raise FieldError(field, str(error)) from None
    except Exception as error:  # damaged input leads to many kinds of error
        message = "This is no private key as JWK: RSA, or EC on P-256 or P-384, with all its members."
        raise FieldError(field, message) from error
    return read_private_key(to_pem("PRIVATE KEY", pkcs8), field)


def _only_key(value: Any) -> dict[str, Any]:
    """The one JWK in `value`: itself, or in a set of keys (RFC 7517 §5). Raises `FieldError` and others."""
    keys = value if isinstance(value, list) else value.get("keys", [value])
    if len(keys) > 1:
        raise _wrong("There are several keys here. Paste one only.")
    jwk: dict[str, Any] = keys[0]
    return jwk


def _from_jwk(jwk: dict[str, Any]) -> bytes:
    """Raises `FieldError` for a JWK of another kind, and others for a damaged one."""
    if "ciphertext" in jwk:
        raise _wrong("This key is locked with a password (JWE). Unlock it first.")
    kind, curve = jwk["kty"], jwk.get("crv")
    if kind not in _MEMBERS or (kind == "EC" and curve not in _CURVES):
        named = " ".join(str(part)[:20] for part in (kind, curve) if part)
        raise _wrong(f"This is a key of another kind ({named}). {TAKEN}")
    missing = [name for name in _MEMBERS[kind] if name not in jwk]
    if "d" in missing:
        raise _wrong("This is a public key as JWK: it has no “d”. The private key has.")
    if missing:
        raise _wrong(f"This JWK is not whole: it has no {', '.join(f'“{name}”' for name in missing)}.")
    key, algorithm = (_rsa(jwk), "rsa") if kind == "RSA" else (_ec(jwk, _CURVES[str(curve)]), "ec")
    der: bytes = PrivateKeyInfo.wrap(key, algorithm).dump()
    return der


def _rsa(jwk: dict[str, Any]) -> RSAPrivateKey:
    numbers = {part: int.from_bytes(from_base64(jwk[name])) for name, part in _RSA.items()}
    return RSAPrivateKey({"version": "two-prime", **numbers})


def _ec(jwk: dict[str, Any], curve: str) -> ECPrivateKey:
    """The numbers are what counts: some programs leave zero bytes out in front, though RFC 7518 §6.2.1.2 forbids it."""
    width = CURVES[curve].width
    x, y, d = (int.from_bytes(from_base64(jwk[name])) for name in ("x", "y", "d"))
    point = expanded(curve, b"\x04" + x.to_bytes(width) + y.to_bytes(width))
    parameters = {"version": "ecPrivkeyVer1", "private_key": d, "public_key": point, "parameters": ("named", curve)}
    key = ECPrivateKey(parameters)
    key["private_key"].set_encoded_width(width)
    return key


def _number(value: int, width: int | None = None) -> str:
    return b64url(value.to_bytes(width or (value.bit_length() + 7) // 8))


def _wrong(message: str) -> FieldError:
    return FieldError("", message)
