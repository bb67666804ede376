"""Builds certificate requests (PKCS#10, RFC 2986) for ACME (RFC 8555 §7.4).

All names are in subjectAltName; the subject is empty, because a common name is optional, limited to 64 characters and
deprecated. No other extension is requested. `app.pki.certification_request` reads requests that were made elsewhere.
"""

from collections.abc import Sequence
from ipaddress import ip_address

from asn1crypto.algos import DSASignature
from asn1crypto.csr import CertificationRequest, CertificationRequestInfo
from asn1crypto.keys import PublicKeyInfo
from asn1crypto.x509 import GeneralName, GeneralNames, IPAddress, Name

from app.acme.identifier import Identifier
from app.encoding.key_types import KEY_TYPES
from app.ports import KeyHandle, KeySpec


async def build_csr(key: KeyHandle, identifiers: Sequence[Identifier]) -> bytes:
    """A DER certificate request for `identifiers`, in their order, signed by `key`."""
    info = CertificationRequestInfo(
        {
            "version": "v1",
            "subject": Name.build({}),
            "subject_pk_info": PublicKeyInfo.load(key.public_spki),
            "attributes": [{"type": "extension_request", "values": [[_alternative_names(identifiers)]]}],
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


def _alternative_names(identifiers: Sequence[Identifier]) -> dict[str, object]:
    # Built from ASCII names as they are: asn1crypto's DNSName would try to encode them as IDNA 2003.
    names = GeneralNames([general_name(identifier) for identifier in identifiers])
    return {"extn_id": "subject_alt_name", "critical": False, "extn_value": names}


def general_name(identifier: Identifier) -> GeneralName:
    """`identifier` as an entry of subjectAltName; an address is its 4 or 16 bytes (RFC 5280 §4.2.1.6)."""
    if identifier.type == "ip":
        return GeneralName("ip_address", IPAddress(contents=ip_address(identifier.value).packed))
    return GeneralName("dns_name", identifier.value)


def x509_signature(spec: KeySpec, signature: bytes) -> bytes:
    """A signature of a `KeyHandle` for X.509: JWS has an ECDSA signature as r‖s, X.509 as a DER sequence (RFC 3279 §2.2.3)."""
    if KEY_TYPES[spec].curve is None:
        return signature
    encoded: bytes = DSASignature.from_p1363(signature).dump()
    return encoded
