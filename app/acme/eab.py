"""External account binding: it ties a new ACME account to an existing customer account of the CA (RFC 8555 §7.3.4)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.encoding.base64url import b64url, b64url_json


@dataclass(frozen=True)
class ExternalAccount:
    """The credentials from the CA's website: the key's id, and the HMAC key as bytes, which the `repr` leaves out."""

    kid: str
    key: bytes = field(repr=False)


def bind(account_jwk: Mapping[str, str], url: str, external: ExternalAccount) -> dict[str, str]:
    """The `externalAccountBinding` of a newAccount request to `url` for the account key `account_jwk`.

    A separate JWS: HS256, the CA's key id, the outer URL and no nonce; its payload is the public key.
    """
    protected = b64url_json({"alg": "HS256", "kid": external.kid, "url": url})
    payload = b64url_json(account_jwk)
    mac = hmac.digest(external.key, f"{protected}.{payload}".encode("ascii"), "sha256")
    return {"protected": protected, "payload": payload, "signature": b64url(mac)}
