"""JSON Web Signatures as ACME wants them (RFC 8555 §6.2; RFC 7515, 7517, 7518, 7638).

Flattened JSON, one signature, protected header only: ACME uses no other part of JOSE.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Final

from app.encoding.base64url import b64url, b64url_json
from app.encoding.key_types import KEY_TYPES, PUBLIC_MEMBERS
from app.errors import ProtocolError
from app.ports import KeyHandle

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,255}")  # it is the name of a file, too


def thumbprint(jwk: Mapping[str, str]) -> str:
    """The SHA-256 thumbprint of a public JWK in base64url (RFC 7638 §3)."""
    members = {name: jwk[name] for name in PUBLIC_MEMBERS[jwk["kty"]]}
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return b64url(hashlib.sha256(canonical.encode("ascii")).digest())


def key_authorization(token: str, key: str) -> str:
    """The key authorization, which proves that the account responds to a challenge (RFC 8555 §8.1).

    `key` is the thumbprint of the account's key.

    Raises `ProtocolError` for a token that is not base64url (§8.3, §8.4): it becomes part of a path and of a record.
    """
    if not _TOKEN.fullmatch(token):
        raise ProtocolError("token-not-base64url", detail=token[:200])
    return f"{token}.{key}"


async def sign_request(
    key: KeyHandle, payload: Mapping[str, object] | None, *, url: str, nonce: str, account_url: str | None
) -> bytes:
    """The body of one signed ACME request as UTF-8 JSON (RFC 8555 §6.2).

    `payload` None is POST-as-GET: the empty string, not an empty object (§6.3). `account_url` becomes `kid`; with
    None, the public key is there as `jwk` instead, as newAccount requires. `url` must be exactly as the CA wrote it.
    """
    signer: dict[str, object] = {"kid": account_url} if account_url else {"jwk": dict(key.public_jwk)}
    protected = b64url_json({"alg": KEY_TYPES[key.spec].jws_algorithm, **signer, "nonce": nonce, "url": url})
    body = "" if payload is None else b64url_json(payload)
    signature = await key.sign(f"{protected}.{body}".encode("ascii"))
    return json.dumps({"protected": protected, "payload": body, "signature": b64url(signature)}).encode("ascii")


async def sign_key_change(key: KeyHandle, payload: Mapping[str, object], *, url: str) -> dict[str, str]:
    """The JWS inside a key change, by the new `key`: with its `jwk`, the outer `url`, and no nonce (RFC 8555 §7.3.5)."""
    protected = b64url_json({"alg": KEY_TYPES[key.spec].jws_algorithm, "jwk": dict(key.public_jwk), "url": url})
    body = b64url_json(payload)
    signature = await key.sign(f"{protected}.{body}".encode("ascii"))
    return {"protected": protected, "payload": body, "signature": b64url(signature)}
