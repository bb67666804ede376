"""PEM: base64 between two lines (RFC 7468), in the strict form that ACME requires (RFC 8555 §9.1)."""

import base64
import re
from typing import Final

from app.errors import CertificateError

MAX_PEM: Final = 256 << 10
"""Characters of a chain. A leaf with 100 of the longest names is 36 KB, an intermediate 2."""

MAX_CERTIFICATES: Final = 20

# No part of it can match in two ways, so a hostile text is refused as fast as a good one is read.
_BLOCK = re.compile(r"-----BEGIN ([^-]+)-----\s([A-Za-z0-9+/=\s]+)-----END \1-----")
_LABEL = re.compile(r"-----BEGIN ([^-\r\n]*)")


def to_pem(label: str, der: bytes) -> str:
    """`der` as one PEM block with `label`, 64 characters a line, ending in a line feed."""
    text = base64.b64encode(der).decode("ascii")
    lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def read_certificates(text: str) -> tuple[bytes, ...]:
    """The DER certificates of a PEM chain, in its order.

    Refuses the whole text with `CertificateError` where a block is not a CERTIFICATE, or is damaged, or where there is none: a
    private key or anything else that a CA sends must not be passed on (RFC 8555 §7.4.2).
    """
    if len(text) > MAX_PEM:
        raise CertificateError("chain-too-long", length=len(text), most=MAX_PEM)
    if any(label != "CERTIFICATE" for label in _LABEL.findall(text)):
        raise CertificateError("chain-with-other-blocks")
    blocks = _BLOCK.findall(text)
    if not blocks or len(blocks) != text.count("-----BEGIN"):
        raise CertificateError("chain-not-pem", detail=text[:500])
    if len(blocks) > MAX_CERTIFICATES:
        raise CertificateError("chain-of-too-many", count=len(blocks), most=MAX_CERTIFICATES)
    return tuple(_der(body) for _, body in blocks)


def read_first_certificate(text: str) -> bytes:
    """The first DER certificate of a PEM chain, for a long list of them. Whatever stands behind it is not looked at.

    Raises `CertificateError` where it is damaged, or no certificate.
    """
    block = _BLOCK.search(text, 0, MAX_PEM)
    if not block or block[1] != "CERTIFICATE":
        raise CertificateError("chain-not-pem", detail=text[:500])
    return _der(block[2])


def _der(body: str) -> bytes:
    """What stands in base64 between the lines of a block."""
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except ValueError as error:
        raise CertificateError("chain-damaged", detail=str(error)) from error
