"""External account binding: a CA's customer and the new ACME account are the same person (RFC 8555 §7.3.4)."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.acme.jws import b64url


@dataclass(frozen=True)
class ExternalAccount:
    """What the CA's website gave the person: the key's id, and the HMAC key as bytes, which no text of this object shows."""

    kid: str
    key: bytes = field(repr=False)


def bind(account_jwk: Mapping[str, str], url: str, external: ExternalAccount) -> dict[str, str]:
    """The `externalAccountBinding` of a newAccount request to `url` for the account key `account_jwk`.

    A JWS of its own: HS256, the CA's key id, the outer URL and no nonce; its payload is the public key.
    """
    protected = _encode({"alg": "HS256", "kid": external.kid, "url": url})
    payload = _encode(account_jwk)
    mac = hmac.digest(external.key, f"{protected}.{payload}".encode("ascii"), "sha256")
    return {"protected": protected, "payload": payload, "signature": b64url(mac)}


def _encode(value: Mapping[str, str]) -> str:
    return b64url(json.dumps(dict(value), separators=(",", ":")).encode("utf-8"))
