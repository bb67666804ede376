"""Decodes a signed request, the way a CA does, so that people can look at it.

Nothing here raises: what cannot be read is None or "".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.acme.jws import thumbprint
from app.encoding.base64url import b64url_decode
from app.errors import ProtocolError

_MEMBERS: Final = ("protected", "payload", "signature")


@dataclass(frozen=True)
class DecodedJws:
    """A flattened JWS (RFC 7515 §7.2.2), decoded. `payload` is None for POST-as-GET (RFC 8555 §6.3), which has none.

    `inner` is the JWS within it: an external account binding (§7.3.4), or a key change signed by the new key (§7.3.5).
    """

    protected: Mapping[str, Any]
    payload: Mapping[str, Any] | None
    signature: bytes
    inner: "DecodedJws | None" = None

    @property
    def url(self) -> str:
        """The URL that was signed, or ""."""
        return self._text("url")

    @property
    def nonce(self) -> str:
        """The nonce, or "": an inner JWS has none."""
        return self._text("nonce")

    @property
    def account(self) -> str:
        """The account’s URL or the id of the HMAC key (`kid`), or "" where the public key itself is there instead."""
        return self._text("kid")

    @property
    def algorithm(self) -> str:
        """The name of the algorithm (RFC 7518 §3.1)."""
        return self._text("alg")

    @property
    def thumbprint(self) -> str:
        """The thumbprint of the public key in the header (RFC 7638), or ""."""
        jwk = self.protected.get("jwk")
        try:
            return thumbprint(jwk) if isinstance(jwk, dict) else ""
        except (KeyError, TypeError, ValueError):
            return ""

    def _text(self, name: str) -> str:
        value = self.protected.get(name)
        return value if isinstance(value, str) else ""


def read_signed(body: bytes) -> DecodedJws | None:
    """The JWS in `body`, or None where there is none."""
    return _read(read_object(body))


def read_object(data: bytes) -> Mapping[str, Any] | None:
    """The JSON object in `data` (UTF-8, RFC 8259 §8.1), or None where there is none."""
    try:
        value = json.loads(data.decode("utf-8-sig"))  # from bytes, json would guess codecs that browsers’ Python lacks
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _read(jws: object) -> DecodedJws | None:
    if not isinstance(jws, dict) or not all(isinstance(jws.get(member), str) for member in _MEMBERS):
        return None
    try:
        header, payload, signature = (b64url_decode(jws[member]) for member in _MEMBERS)
    except ProtocolError:
        return None
    protected, claims = read_object(header), read_object(payload)
    if protected is None or (payload and claims is None):
        return None
    inner = _read(claims) or _read(claims.get("externalAccountBinding")) if claims else None
    return DecodedJws(protected, claims, signature, inner)
