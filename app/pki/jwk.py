"""Private keys as JWK (RFC 7517, RFC 7518 §6), from and to PKCS#8."""

import json
from typing import Any, Final

from asn1crypto.keys import ECPrivateKey, PrivateKeyInfo, RSAPrivateKey

from app.encoding.base64url import b64url, b64url_number
from app.encoding.key_types import CURVES, Curve
from app.encoding.strict_json import parse_json
from app.errors import InputError
from app.pki.pem import to_pem
from app.pki.pem_text import from_base64, normalized
from app.pki.private_key import read_private_key, unsupported
from app.pki.public_key import uncompressed
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
_CURVES: Final = {curve.jose: curve for curve in CURVES.values()}
_MEMBERS: Final = {"RSA": tuple(_RSA), "EC": ("crv", "x", "y", "d")}


def to_jwk(pkcs8: bytes) -> str:
    """The private key `pkcs8` (DER, EC P-256 or P-384 with its public key, or RSA) as the text of a JWK."""
    info = PrivateKeyInfo.load(pkcs8)
    key = info["private_key"].parsed
    if info.algorithm == "rsa":
        return json.dumps({"kty": "RSA", **{name: b64url_number(key[part].native) for name, part in _RSA.items()}})
    curve = CURVES[info.curve[1]]
    point = uncompressed(curve.asn1, key["public_key"].native)[1:]  # without the byte that says that it is uncompressed
    x, y = b64url(point[: curve.width]), b64url(point[curve.width :])
    d = b64url_number(key["private_key"].native, curve.width)
    return json.dumps({"kty": "EC", "crv": curve.jose, "x": x, "y": y, "d": d})


def read_key(text: str) -> tuple[KeySpec, bytes]:
    """The kind of the private key in `text`, a JWK or PEM, and its DER PKCS#8. Raises `InputError`."""
    plain = normalized(text).strip()
    if "-----BEGIN" in plain or not plain.startswith(("{", "[")):
        return read_private_key(text)
    try:
        jwk = _only_key(parse_json(plain.encode("utf-8", "replace"), "key"))
        pkcs8 = _from_jwk(jwk)
    except InputError:
        raise
    except Exception as error:  # damaged input leads to many kinds of error
        raise InputError("jwk-damaged") from error
    return read_private_key(to_pem("PRIVATE KEY", pkcs8))


def _only_key(value: Any) -> dict[str, Any]:
    """The one JWK in `value`: itself, or in a JWK Set (RFC 7517 §5). Raises `InputError` and others."""
    keys = value if isinstance(value, list) else value.get("keys", [value])
    if len(keys) > 1:
        raise InputError("several-keys")
    jwk: dict[str, Any] = keys[0]
    return jwk


def _from_jwk(jwk: dict[str, Any]) -> bytes:
    """Raises `InputError` for a JWK of another kind, and others for a damaged one."""
    if "ciphertext" in jwk:
        raise InputError("jwk-encrypted")
    kind, curve = jwk["kty"], jwk.get("crv")
    if kind not in _MEMBERS or (kind == "EC" and curve not in _CURVES):
        raise unsupported(" ".join(str(part)[:20] for part in (kind, curve) if part))
    missing = [name for name in _MEMBERS[kind] if name not in jwk]
    if "d" in missing:
        raise InputError("jwk-public")
    if missing:
        raise InputError("jwk-incomplete", members=missing)
    key, algorithm = (_rsa(jwk), "rsa") if kind == "RSA" else (_ec(jwk, _CURVES[str(curve)]), "ec")
    der: bytes = PrivateKeyInfo.wrap(key, algorithm).dump()
    return der


def _rsa(jwk: dict[str, Any]) -> RSAPrivateKey:
    numbers = {part: int.from_bytes(from_base64(jwk[name])) for name, part in _RSA.items()}
    return RSAPrivateKey({"version": "two-prime", **numbers})


def _ec(jwk: dict[str, Any], curve: Curve) -> ECPrivateKey:
    """Reads the numbers whatever their width: some programs omit leading zero bytes, though RFC 7518 §6.2.1.2 forbids it."""
    x, y, d = (int.from_bytes(from_base64(jwk[name])) for name in ("x", "y", "d"))
    point = uncompressed(curve.asn1, b"\x04" + x.to_bytes(curve.width) + y.to_bytes(curve.width))
    parameters = {"version": "ecPrivkeyVer1", "private_key": d, "public_key": point, "parameters": ("named", curve.asn1)}
    key = ECPrivateKey(parameters)
    key["private_key"].set_encoded_width(curve.width)
    return key
