"""The CA's credentials (EAB, RFC 8555 §7.3.4), as people paste them into two fields of the form."""

import base64
import re
from typing import Final

from app.acme.eab import ExternalAccount
from app.errors import FieldError
from app.pki.private_key_detection import looks_like_private_key

_HEX: Final = re.compile(rb"[0-9A-Fa-f]+")
_KEY_SIZES: Final = (32, 48, 64)  # bytes, of the HMACs of JWS (RFC 7518 §3.2)
_MIN_KEY_BYTES: Final = 43  # characters of base64 that the smallest of them has
_KEY_ID: Final = re.compile(r"[!-~]{1,512}")  # RFC 8555 §7.3.4 says ASCII, and no more
_MIN_KEY: Final = 16  # characters; what is shorter may be part of an ID by chance


def read_external_account(kid: str, key: str) -> ExternalAccount | None:
    """The credentials in two fields of a form, or None where both are empty. Raises `FieldError` for one of the fields.

    The key ID is sent, so neither a private key nor the HMAC key passes for one.
    """
    id_ = _trimmed(kid)
    if not id_ and not key.strip():
        return None
    if not id_:
        raise FieldError("eab-kid", "key-id-missing")
    if looks_like_private_key(kid):
        raise FieldError("eab-kid", "private-key-as-key-id")
    if _is_hmac_key(id_, _trimmed(key)):
        raise FieldError("eab-kid", "hmac-key-as-key-id")
    if not _KEY_ID.fullmatch(id_):
        raise FieldError("eab-kid", "no-key-id")
    return ExternalAccount(id_, read_hmac_key(key))


def _trimmed(text: str) -> str:
    """What was pasted, without what copying adds: invisible characters, and white space and quotes around it."""
    visible = (char for char in text if char.isspace() or char.isprintable())
    return "".join(visible).strip().strip("\"'`,;").strip()


def _is_hmac_key(kid: str, key: str) -> bool:
    """Whether the HMAC key stands where the key ID belongs: in both fields, or in this one and the ID in the other."""
    if not key:
        return False
    if key in kid and len(key) >= _MIN_KEY:
        return True
    there = _decode(kid)
    if there is None:
        return False
    return there == _decode("".join(key.split())) or (len(there) in _KEY_SIZES and len(key) < _MIN_KEY_BYTES)


def read_hmac_key(text: str) -> bytes:
    """The HMAC key of `text`: base64 or base64url, padded or not, or Google's form, base64 around base64url.

    Raises `FieldError` for `eab-key`, without any part of the text, because it is a secret.
    """
    if looks_like_private_key(text):
        raise FieldError("eab-key", "private-key-as-hmac-key")
    key = _decode("".join(_trimmed(text).split()))
    if key is None:
        raise FieldError("eab-key", "no-hmac-key")
    inner = _decode(key.decode("latin-1")) if key.isascii() and not _HEX.fullmatch(key) else None
    # It is practically impossible that a key of a real length can be read as base64 by chance.
    return inner if inner is not None and len(inner) in _KEY_SIZES and not inner.isascii() else key


def _decode(text: str) -> bytes | None:
    """The bytes of base64 or base64url, padded or not; None where it is neither."""
    bare = text.rstrip("=").replace("+", "-").replace("/", "_")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", bare) or len(bare) % 4 == 1:
        return None
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
