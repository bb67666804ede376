"""The certificate of tls-alpn-01, which a server presents on port 443 for the protocol acme-tls/1 (RFC 8737 §3)."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from asn1crypto.core import OctetString
from asn1crypto.keys import PublicKeyInfo
from asn1crypto.x509 import Certificate, Extension, GeneralNames, Name, TbsCertificate

from app.acme.identifier import Identifier
from app.encoding.key_types import KEY_TYPES
from app.pki.csr import general_names, x509_signature
from app.pki.formats.file import File
from app.pki.pem import to_pem
from app.ports import KeyHandle

ACME_IDENTIFIER: Final = "1.3.6.1.5.5.7.1.31"  # id-pe-acmeIdentifier (RFC 8737 §6.1)

_BACKDATED: Final = timedelta(days=1)  # clocks differ
_VALID_FOR: Final = timedelta(days=30)  # longer than any CA keeps an order open


async def validation_certificate(key: KeyHandle, identifier: Identifier, proof: str, now: datetime) -> bytes:
    """A DER certificate for `identifier` alone, signed by its own `key`, with the digest of the key authorization `proof`.

    Its serial number is made from the digest, so it differs from order to order. `now` is in UTC.
    """
    digest = hashlib.sha256(proof.encode("ascii")).digest()
    algorithm = {"algorithm": KEY_TYPES[key.spec].signature}
    name = Name.build({"common_name": "tls-alpn-01"})
    body = TbsCertificate(
        {
            "version": "v3",
            "serial_number": int.from_bytes(digest[:15], "big"),
            "signature": algorithm,
            "issuer": name,
            "validity": {"not_before": {"utc_time": now - _BACKDATED}, "not_after": {"utc_time": now + _VALID_FOR}},
            "subject": name,
            "subject_public_key_info": PublicKeyInfo.load(key.public_spki),
            "extensions": [_alternative_name(identifier), _acme_identifier(digest)],
        }
    )
    signature = x509_signature(key.spec, await key.sign(body.dump()))
    certificate = Certificate({"tbs_certificate": body, "signature_algorithm": algorithm, "signature_value": signature})
    encoded: bytes = certificate.dump()
    return encoded


def validation_file(server_name: str, certificate: bytes, pkcs8: bytes) -> File:
    """Certificate and key in one PEM file, which servers accept for both, named after the SNI that a client sends."""
    text = to_pem("CERTIFICATE", certificate) + to_pem("PRIVATE KEY", pkcs8)
    return File(f"{server_name}.pem", "application/x-pem-file", text.encode("ascii"))


def _alternative_name(identifier: Identifier) -> dict[str, object]:
    return {"extn_id": "subject_alt_name", "critical": False, "extn_value": GeneralNames.load(general_names([identifier]))}


def _acme_identifier(digest: bytes) -> Extension:
    """Critical, so that nothing accepts the certificate as an ordinary one (§3)."""
    return Extension({"extn_id": ACME_IDENTIFIER, "critical": True, "extn_value": OctetString(digest).dump()})
