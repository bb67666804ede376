"""Certificate requests as people bring them, made by `cryptography`."""

import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

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


def pem(request: x509.CertificateSigningRequest) -> str:
    """`request` in PEM."""
    return request.public_bytes(serialization.Encoding.PEM).decode("ascii")


def der(request: x509.CertificateSigningRequest) -> bytes:
    """`request` in DER."""
    return request.public_bytes(serialization.Encoding.DER)
