"""Reading a certificate chain, and checking it before it is offered (RFC 5280)."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from asn1crypto.x509 import Certificate as Asn1Certificate
from asn1crypto.x509 import GeneralName

from app.acme.identifier import Identifier, ip_text
from app.acme.jws import b64url
from app.errors import CertificateError
from app.pki.pem import read_certificates, to_pem


@dataclass(frozen=True)
class Certificate:
    """What a person wants to know of one certificate. Times are UTC; `serial` and `fingerprint` (SHA-256) upper-case hex."""

    names: tuple[str, ...]
    issuer: str
    not_before: datetime
    not_after: datetime
    serial: str
    fingerprint: str
    public_spki: bytes


@dataclass(frozen=True)
class Chain:
    """A checked chain: the certificate, and the PEM text of it and of the intermediates behind it.

    `top` names who issued the last of them: the root that whoever trusts this chain must know.
    """

    certificate: Certificate
    cert_pem: str
    chain_pem: str
    top: str

    @property
    def fullchain_pem(self) -> str:
        """The certificate and its intermediates, leaf first, as most servers want them."""
        return self.cert_pem + self.chain_pem


def read_chain(pem: str) -> Chain:
    """Read a PEM chain whose first certificate is the leaf. Raises `CertificateError`; checks only that it can be read."""
    ders = read_certificates(pem)
    blocks = [to_pem("CERTIFICATE", der) for der in ders]
    with _reading():
        return Chain(_describe(_parse(ders[0])), blocks[0], "".join(blocks[1:]), _issuer(_parse(ders[-1])))


def renewal_id(pem: str) -> str:
    """What ARI calls the first certificate of a PEM chain (RFC 9773 §4.1), or "" for one that does not name its issuer's key.

    That is its authority key identifier and the content bytes of its serial number, a leading zero kept, each in base64url.
    Raises `CertificateError`.
    """
    der = read_certificates(pem)[0]
    with _reading():
        certificate = _parse(der)
        identifier = certificate.authority_key_identifier_value
        issuer_key = identifier["key_identifier"].native if identifier else None
        if not issuer_key:
            return ""
        return f"{b64url(issuer_key)}.{b64url(certificate['tbs_certificate']['serial_number'].contents)}"


def check_chain(pem: str, identifiers: Sequence[Identifier], public_spki: bytes, now: datetime) -> Chain:
    """Check that `pem` is what was ordered, and read it.

    The leaf carries exactly the ordered names and our public key (DER SubjectPublicKeyInfo), is valid at `now`, and each
    certificate was issued in the name of the next one. Signatures up to a trusted root are not checked here: that is what
    browsers do when the certificate is used. Raises `CertificateError`.
    """
    chain = read_chain(pem)
    leaf = chain.certificate
    ordered = {identifier.value for identifier in identifiers}
    if set(leaf.names) != ordered:
        raise CertificateError("The certificate is for other names than were ordered.", detail=", ".join(leaf.names))
    if leaf.public_spki != public_spki:
        raise CertificateError("The certificate belongs to another key than the one made here.")
    if not leaf.not_before <= now < leaf.not_after:
        raise CertificateError(
            "The certificate is not valid now. Is this computer’s clock right?",
            detail=f"valid from {leaf.not_before:%Y-%m-%d %H:%M} to {leaf.not_after:%Y-%m-%d %H:%M} UTC",
        )
    with _reading():
        certificates = [_parse(der) for der in read_certificates(pem)]
        broken = any(lower.issuer != upper.subject for lower, upper in pairwise(certificates))
        for_a_ca = certificates[0].ca
    if broken:
        raise CertificateError("The certificates of the chain do not follow one another.")
    if for_a_ca:
        raise CertificateError("The certificate is one that CAs use to sign others, and no server should have such a one.")
    return chain


@contextmanager
def _reading() -> Iterator[None]:
    """What goes wrong within comes from a damaged certificate: that leads asn1crypto to AttributeError, IndexError and more."""
    try:
        yield
    except CertificateError:
        raise
    except Exception as error:
        raise CertificateError("A certificate that the CA sent cannot be read.", detail=str(error)[:500]) from error


def _parse(der: bytes) -> Asn1Certificate:
    """Parse fully, so that nothing damaged is found later than here."""
    certificate = Asn1Certificate.load(der, strict=True)
    _ = certificate.native
    return certificate


def _describe(certificate: Asn1Certificate) -> Certificate:
    der: bytes = certificate.dump()
    return Certificate(
        names=_names(certificate),
        issuer=_issuer(certificate),
        not_before=certificate.not_valid_before,
        not_after=certificate.not_valid_after,
        serial=f"{certificate.serial_number:X}",
        fingerprint=hashlib.sha256(der).hexdigest().upper(),
        public_spki=certificate.public_key.dump(),
    )


def _issuer(certificate: Asn1Certificate) -> str:
    """The issuer's organisation and common name, as far as there are any: "Let's Encrypt, R12"."""
    parts = certificate.issuer.native
    known = (parts.get("organization_name"), parts.get("common_name"))
    return ", ".join(str(part) for part in known if part) or str(certificate.issuer.human_friendly)


def _names(certificate: Asn1Certificate) -> tuple[str, ...]:
    """The subjectAltName's DNS names in lower-case ASCII, exactly as they stand in the certificate, and its IP addresses.

    Anything else in it comes as "KIND:HEX", so that it equals no name; so does an address that is written as a DNS name.
    """
    return tuple(_name(entry) for entry in certificate.subject_alt_name_value or ())


def _name(entry: GeneralName) -> str:
    contents: bytes = entry.chosen.contents
    other = f"{entry.name}:{contents.hex()}"
    if entry.name == "ip_address":
        return ip_text(contents) or other
    if entry.name != "dns_name":
        return other
    name = contents.decode("ascii", "replace").lower()
    return other if ip_text(name) else name
