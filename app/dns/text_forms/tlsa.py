"""The TLSA record of a key, which lets mail servers know the certificate from DNS (DANE; RFC 6698, RFC 7671, RFC 7672)."""

import hashlib
from collections.abc import Iterable
from typing import Final

from app.acme.identifier import Identifier
from app.dns.text_forms.record_sets import absolute

PORT: Final = 25
"""Where mail servers take mail from each other: nobody else asks for TLSA records as much as they do (RFC 7672 §1.3)."""


def tlsa_lines(public_spki: bytes, identifiers: Iterable[Identifier]) -> str:
    """One line of a zone file for each host name in `identifiers`: the record of the key `public_spki` at the mail port.

    `public_spki` is the DER SubjectPublicKeyInfo. "3 1 1" is the SHA-256 of that, for a certificate of the server itself
    whoever issued it (DANE-EE, SPKI, SHA2-256: RFC 7671 §5.1), so the record stays the same as long as the key does. A
    wildcard names no host, and an address has no such record: both are left out.
    """
    digest = hashlib.sha256(public_spki).hexdigest()
    hosts = (one.value for one in identifiers if one.type == "dns" and not one.is_wildcard)
    return "\n".join(f"_{PORT}._tcp.{absolute(host)} IN TLSA 3 1 1 {digest}" for host in dict.fromkeys(hosts))
