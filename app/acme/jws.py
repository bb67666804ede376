"""JSON Web Signatures as ACME wants them (RFC 8555 §6.2; RFC 7515, 7517, 7518, 7638).

Flattened JSON, one signature, protected header only. ACME needs no more of JOSE than this page.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Final

from app.errors import ProtocolError
from app.ports import KeyHandle, KeySpec

ALGORITHMS: Final[Mapping[KeySpec, str]] = {
    "ec-p256": "ES256",
    "ec-p384": "ES384",
    "rsa-2048": "RS256",
    "rsa-3072": "RS256",
    "rsa-4096": "RS256",
}
"""The JWS algorithm that each kind of key signs with (RFC 7518 §3.1)."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,255}")  # it also is the name of a file

_THUMBPRINT_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}


def b64url(data: bytes) -> str:
    """`data` in base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def b64url_decode(text: str) -> bytes:
    """The bytes of unpadded base64url `text`. Raises `ProtocolError` on padding, white space or a foreign character."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise ProtocolError("Text that should be base64url is not.", detail=text[:200]) from error
    # The round trip refuses what Python lets pass: "+" and "/", padding of the sender's own, loose last bits.
    if b64url(data) != text:
        raise ProtocolError("Text that should be base64url is not.", detail=text[:200])
    return data


def thumbprint(jwk: Mapping[str, str]) -> str:
    """The SHA-256 thumbprint of a public JWK in base64url (RFC 7638 §3)."""
    members = {name: jwk[name] for name in _THUMBPRINT_MEMBERS[jwk["kty"]]}
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return b64url(hashlib.sha256(canonical.encode("ascii")).digest())


def key_authorization(token: str, jwk: Mapping[str, str]) -> str:
    """What proves that the account answers a challenge: `token.thumbprint` (RFC 8555 §8.1).

    Raises `ProtocolError` for a token that is not base64url (§8.3, §8.4): it becomes part of a path and of a record.
    """
    if not _TOKEN.fullmatch(token):
        raise ProtocolError("The CA's challenge has a token that is not base64url, or too long.", detail=token[:200])
    return f"{token}.{thumbprint(jwk)}"


async def sign_request(
    key: KeyHandle, payload: Mapping[str, object] | None, *, url: str, nonce: str, account_url: str | None
) -> bytes:
    """The body of one signed ACME request as UTF-8 JSON (RFC 8555 §6.2).

    `payload` None is POST-as-GET: the empty string, not an empty object (§6.3). `account_url` becomes `kid`; None puts
    the public key there as `jwk` instead, as newAccount wants. `url` must be the exact string that the CA gave.
    """
    signer: dict[str, object] = {"kid": account_url} if account_url else {"jwk": dict(key.public_jwk)}
    protected = _encode({"alg": ALGORITHMS[key.spec], **signer, "nonce": nonce, "url": url})
    body = "" if payload is None else _encode(payload)
    signature = await key.sign(f"{protected}.{body}".encode("ascii"))
    return json.dumps({"protected": protected, "payload": body, "signature": b64url(signature)}).encode("ascii")


async def sign_key_change(key: KeyHandle, payload: Mapping[str, object], *, url: str) -> dict[str, str]:
    """The JWS inside a key change, by the new `key`: with its `jwk`, the outer `url`, and no nonce (RFC 8555 §7.3.5)."""
    protected = _encode({"alg": ALGORITHMS[key.spec], "jwk": dict(key.public_jwk), "url": url})
    body = _encode(payload)
    signature = await key.sign(f"{protected}.{body}".encode("ascii"))
    return {"protected": protected, "payload": body, "signature": b64url(signature)}


def _encode(value: Mapping[str, object]) -> str:
    return b64url(json.dumps(value, separators=(",", ":")).encode("utf-8"))
