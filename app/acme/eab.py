"""External account binding: a CA's customer and the new ACME account are the same person (RFC 8555 §7.3.4)."""

import base64
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.acme.jws import b64url
from app.errors import InputError

_HEX: Final = re.compile(rb"[0-9A-Fa-f]+")
_KEY_SIZES: Final = (32, 48, 64)  # bytes, of the HMACs of JWS (RFC 7518 §3.2)


@dataclass(frozen=True)
class ExternalAccount:
    """What the CA's website gave the person: the key's id, and the HMAC key as bytes, which no text of this object shows."""

    kid: str
    key: bytes = field(repr=False)


def read_external_account(kid: str, key: str) -> ExternalAccount | None:
    """The credentials in two fields of a form, or None where both are empty. Raises `InputError` for one of the fields."""
    if not kid.strip() and not key.strip():
        return None
    if not kid.strip():
        raise InputError("eab-kid", "The key ID is missing. The CA shows it beside the HMAC key.")
    return ExternalAccount(kid.strip(), read_hmac_key(key))


def read_hmac_key(text: str) -> bytes:
    """The HMAC key of `text`: base64 or base64url, padded or not, or Google's form, base64 around base64url.

    Raises `InputError` for `eab-key`, without a word of the text: it is a secret.
    """
    key = _decode("".join(text.split()))
    if key is None:
        raise InputError(
            "eab-key", "This is no HMAC key. It is one long word of letters, digits and - _ + / as the CA’s website shows it."
        )
    inner = _decode(key.decode("latin-1")) if key.isascii() and not _HEX.fullmatch(key) else None
    # A key that reads as base64 by chance is as good as impossible, at the lengths that real keys have.
    return inner if inner is not None and len(inner) in _KEY_SIZES and not inner.isascii() else key


def _decode(text: str) -> bytes | None:
    """The bytes of base64 in any dress, or None where it is none."""
    bare = text.rstrip("=").replace("+", "-").replace("/", "_")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", bare) or len(bare) % 4 == 1:
        return None
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


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
