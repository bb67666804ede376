"""Builds certificate requests (PKCS#10, RFC 2986) for ACME (RFC 8555 §7.4).

All names are in subjectAltName; the subject is empty, because a common name is optional, limited to 64 characters and
deprecated. No other extension is requested. `app.pki.certification_request` reads requests that were made elsewhere.

The request is put together from the DER of its parts. asn1crypto's classes for it encode every part again for each level
around it, and read names as IDNA 2003.
"""

from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import Final

from asn1crypto.algos import DSASignature, SignedDigestAlgorithm
from asn1crypto.core import Integer, ObjectIdentifier, OctetBitString, OctetString
from asn1crypto.parser import emit

from app.acme.identifier import Identifier
from app.encoding.key_types import KEY_TYPES
from app.ports import KeyHandle, KeySpec

EXTENSION_REQUEST: Final = "1.2.840.113549.1.9.14"  # RFC 2985 §5.4.2
ALTERNATIVE_NAME: Final = "2.5.29.17"  # RFC 5280 §4.2.1.6
DNS_NAME: Final = 2  # the tags of a GeneralName (RFC 5280 §4.2.1.6)
IP_ADDRESS: Final = 7

# The classes and methods of tags, and two tags (X.690 §8.1.2, §8.9, §8.11)
_UNIVERSAL: Final = 0
_CONTEXT: Final = 2
_PRIMITIVE: Final = 0
_CONSTRUCTED: Final = 1
_SEQUENCE: Final = 16
_SET: Final = 17


async def build_csr(key: KeyHandle, identifiers: Sequence[Identifier]) -> bytes:
    """A DER certificate request for `identifiers`, in their order, signed by `key`."""
    subject, version = _sequence(), Integer(0).dump()
    attributes = _encoded(_CONTEXT, _CONSTRUCTED, 0, _requested(_alternative_names(identifiers)))
    info = _sequence(version, subject, key.public_spki, attributes)
    signature = x509_signature(key.spec, await key.sign(info))
    algorithm = SignedDigestAlgorithm({"algorithm": KEY_TYPES[key.spec].signature}).dump()
    return _sequence(info, algorithm, OctetBitString(signature).dump())


def _requested(extension: bytes) -> bytes:
    """The attribute that requests an extension (RFC 2985 §5.4.2)."""
    return _sequence(ObjectIdentifier(EXTENSION_REQUEST).dump(), _encoded(_UNIVERSAL, _CONSTRUCTED, _SET, _sequence(extension)))


def _alternative_names(identifiers: Sequence[Identifier]) -> bytes:
    """The extension with all names, which is not critical."""
    return _sequence(ObjectIdentifier(ALTERNATIVE_NAME).dump(), OctetString(general_names(identifiers)).dump())


def general_names(identifiers: Iterable[Identifier]) -> bytes:
    """`identifiers` as the content of a subjectAltName, in DER; an address is its 4 or 16 bytes (RFC 5280 §4.2.1.6)."""
    return _sequence(*map(_general_name, identifiers))


def _general_name(identifier: Identifier) -> bytes:
    if identifier.type == "ip":
        return _encoded(_CONTEXT, _PRIMITIVE, IP_ADDRESS, ip_address(identifier.value).packed)
    return _encoded(_CONTEXT, _PRIMITIVE, DNS_NAME, identifier.value.encode("ascii"))


def _sequence(*parts: bytes) -> bytes:
    return _encoded(_UNIVERSAL, _CONSTRUCTED, _SEQUENCE, b"".join(parts))


def _encoded(class_: int, method: int, tag: int, contents: bytes) -> bytes:
    encoded: bytes = emit(class_, method, tag, contents)
    return encoded


def x509_signature(spec: KeySpec, signature: bytes) -> bytes:
    """A signature of a `KeyHandle` for X.509: JWS has an ECDSA signature as r‖s, X.509 as a DER sequence (RFC 3279 §2.2.3)."""
    if KEY_TYPES[spec].curve is None:
        return signature
    encoded: bytes = DSASignature.from_p1363(signature).dump()
    return encoded
