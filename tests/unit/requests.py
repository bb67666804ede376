"""Certificate requests as people bring them, made by `cryptography`."""

import ipaddress

from asn1crypto import core, csr
from asn1crypto.keys import PublicKeyInfo
from asn1crypto.x509 import Extensions, GeneralNames, Name
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from app.acme.identifier import Identifier
from app.pki.csr import general_names
from app.pki.pem import to_pem
from tests.adapters import PrivateKey
from tests.unit.keys import native_key


def general(name: str) -> x509.GeneralName:
    """A name or an address for subjectAltName."""
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def request_for(
    *names: x509.GeneralName | str,
    key: PrivateKey | None = None,
    common_name: str = "",
    digest: hashes.SHA224 | hashes.SHA256 | None = None,
) -> x509.CertificateSigningRequest:
    """A request for `names`, signed by `key` (by default `native_key()`)."""
    subject = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)] if common_name else []
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(subject))
    if names:
        entries = [general(name) if isinstance(name, str) else name for name in names]
        builder = builder.add_extension(x509.SubjectAlternativeName(entries), critical=False)
    return builder.sign(key or native_key().private, digest or hashes.SHA256())


def request_with(*attributes: tuple[str, core.Asn1Value]) -> str:
    """A request in PEM whose attributes are `attributes` (OID and one value): what `cryptography` does not make. Not signed."""
    info = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": Name.build({}),
            "subject_pk_info": PublicKeyInfo.load(native_key().public_spki),
            "attributes": [_attribute(oid, value) for oid, value in attributes],
        }
    )
    parts = {"certification_request_info": info, "signature_algorithm": {"algorithm": "sha256_ecdsa"}, "signature": b"none"}
    return to_pem("CERTIFICATE REQUEST", csr.CertificationRequest(parts).dump())


def _attribute(oid: str, value: core.Asn1Value) -> csr.CRIAttribute:
    encoded = core.SetOf([value], spec=type(value)).dump()
    return csr.CRIAttribute.load(core.Sequence(contents=core.ObjectIdentifier(oid).dump() + encoded).dump())


def asked_names(*lists: tuple[str, ...]) -> Extensions:
    """The extensions of a request that asks for the names in `lists`, each list in a subjectAltName of its own."""
    entries = [GeneralNames.load(general_names(Identifier("dns", name) for name in names)) for names in lists]
    return Extensions([{"extn_id": "subject_alt_name", "critical": False, "extn_value": entry} for entry in entries])


def pem(request: x509.CertificateSigningRequest) -> str:
    """`request` in PEM."""
    return request.public_bytes(serialization.Encoding.PEM).decode("ascii")


def der(request: x509.CertificateSigningRequest) -> bytes:
    """`request` in DER."""
    return request.public_bytes(serialization.Encoding.DER)
