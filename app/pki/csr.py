"""Builds certificate requests (PKCS#10, RFC 2986) for ACME (RFC 8555 §7.4).

All names are in subjectAltName; the subject is empty, because a common name is optional, limited to 64 characters and
deprecated. No other extension is requested. `app.pki.certification_request` reads requests that were made elsewhere.
"""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Final

from asn1crypto.algos import DSASignature
from asn1crypto.csr import CertificationRequest, CertificationRequestInfo
from asn1crypto.keys import PublicKeyInfo
from asn1crypto.parser import emit
from asn1crypto.x509 import Extensions, GeneralNames, Name

from app.acme.identifier import Identifier
from app.encoding.key_types import KEY_TYPES
from app.ports import KeyHandle, KeySpec

CONTEXT: Final = 2  # the class of a tag that has its meaning from where it stands (X.690 §8.1.2.2)
PRIMITIVE: Final = 0
DNS_NAME: Final = 2  # the tags of GeneralName (RFC 5280 §4.2.1.6)
IP_ADDRESS: Final = 7


async def build_csr(key: KeyHandle, identifiers: Sequence[Identifier]) -> bytes:
    """A DER certificate request for `identifiers`, in their order, signed by `key`."""
    info = CertificationRequestInfo(
        {
            "version": "v1",
            "subject": Name.build({}),
            "subject_pk_info": PublicKeyInfo.load(key.public_spki),
            "attributes": [{"type": "extension_request", "values": [_extensions(identifiers)]}],
        }
    )
    signature = await key.sign(info.dump())
    request = CertificationRequest(
        {
            "certification_request_info": info,
            "signature_algorithm": {"algorithm": KEY_TYPES[key.spec].signature},
            "signature": x509_signature(key.spec, signature),
        }
    )
    encoded: bytes = request.dump()
    return encoded


def _extensions(identifiers: Sequence[Identifier]) -> Extensions:
    """The extensions to request, read from their DER: of what it has made itself, asn1crypto encodes each level thrice."""
    names = GeneralNames(contents=b"".join(map(general_name, identifiers)))
    return Extensions.load(Extensions([{"extn_id": "subject_alt_name", "critical": False, "extn_value": names}]).dump())


def general_name(identifier: Identifier) -> bytes:
    """`identifier` as an entry of subjectAltName in DER; an address is its 4 or 16 bytes (RFC 5280 §4.2.1.6).

    Not by asn1crypto's classes, which would try to encode a name as IDNA 2003, and take ten times as long for a hundred.
    """
    is_ip = identifier.type == "ip"
    contents = ip_address(identifier.value).packed if is_ip else identifier.value.encode("ascii")
    encoded: bytes = emit(CONTEXT, PRIMITIVE, IP_ADDRESS if is_ip else DNS_NAME, contents)
    return encoded


def x509_signature(spec: KeySpec, signature: bytes) -> bytes:
    """A signature of a `KeyHandle` for X.509: JWS has an ECDSA signature as r‖s, X.509 as a DER sequence (RFC 3279 §2.2.3)."""
    if KEY_TYPES[spec].curve is None:
        return signature
    encoded: bytes = DSASignature.from_p1363(signature).dump()
    return encoded
