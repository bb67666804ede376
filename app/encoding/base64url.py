"""base64url without padding, the encoding of bytes in JOSE and ACME (RFC 4648 §5, RFC 7515 §2)."""

import base64
import json
from collections.abc import Mapping
from typing import Final

from app.errors import ProtocolError

_COMPACT: Final = json.JSONEncoder(separators=(",", ":"))


def b64url(data: bytes) -> str:
    """`data` in base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def b64url_json(value: Mapping[str, object]) -> str:
    """A JSON object as a JWS carries it (RFC 7515 §3)."""
    return b64url(_COMPACT.encode(dict(value)).encode("utf-8"))


def b64url_number(value: int, width: int | None = None) -> str:
    """An unsigned `value` as a JWK has it: big-endian, in `width` bytes or as few as it needs (RFC 7518 §2, §6)."""
    return b64url(value.to_bytes(width or (value.bit_length() + 7) // 8))


def b64url_decode(text: str) -> bytes:
    """The bytes of unpadded base64url `text`. Raises `ProtocolError` on padding, white space or a foreign character."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise ProtocolError("not-base64url", detail=text[:200]) from error
    # The round trip refuses what Python accepts: "+" and "/", the sender's own padding, stray last bits.
    if b64url(data) != text:
        raise ProtocolError("not-base64url", detail=text[:200])
    return data
