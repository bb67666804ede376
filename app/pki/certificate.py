"""Reads a certificate chain, and checks it before it is offered (RFC 5280)."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any, Final

from asn1crypto.core import OctetString
from asn1crypto.x509 import AuthorityKeyIdentifier, BasicConstraints

from app.acme.identifier import Identifier
from app.encoding.base64url import b64url
from app.errors import CertificateError, ValidityError
from app.pki.pem import read_certificates, read_first_certificate, to_pem
from app.pki.x509 import (
    AUTHORITY_KEY_IDENTIFIER,
    BASIC_CONSTRAINTS,
    COMMON_NAME,
    ORGANIZATION,
    SUBJECT_ALT_NAME,
    SUBJECT_KEY_IDENTIFIER,
    DistinguishedName,
    X509Certificate,
    alternative_names,
    distinguished_name,
    extension_values,
    same_name,
    texts,
    validity_of,
)

MAX_CACHED_CHAINS: Final = 16
"""Chains that stay parsed: those of the open order, and of the records in a list."""
MAX_CACHED_CERTIFICATES: Final = 16
"""Certificates that stay parsed: a chain is checked when it comes, and read right after that to be shown."""


@dataclass(frozen=True)
class Validity:
    """From when until when a certificate is valid (RFC 5280 §4.1.2.5), in UTC."""

    not_before: datetime
    not_after: datetime


@dataclass(frozen=True)
class Certificate:
    """What a person wants to know about one certificate. Times are UTC; `serial` and `fingerprint` (SHA-256) upper-case hex.

    `names` are as `app.pki.x509.alternative_names` writes them.
    """

    names: tuple[str, ...]
    issuer: str
    not_before: datetime
    not_after: datetime
    serial: str
    fingerprint: str
    public_spki: bytes

    @property
    def validity(self) -> Validity:
        """From when until when it is valid."""
        return Validity(self.not_before, self.not_after)


@dataclass(frozen=True)
class Chain:
    """A chain: the certificate, its PEM text, and that of the intermediates after it.

    `top` is the issuer of the last one: the root that a client must trust.
    """

    certificate: Certificate
    cert_pem: str
    chain_pem: str
    top: str

    @property
    def fullchain_pem(self) -> str:
        """The certificate and its intermediates, leaf first, as most servers expect them."""
        return self.cert_pem + self.chain_pem


@lru_cache(MAX_CACHED_CHAINS)
def read_chain(pem: str) -> Chain:
    """Read a PEM chain whose first certificate is the leaf; one that was read lately is not parsed again.

    Raises `CertificateError`; checks only that the chain can be read.
    """
    ders = read_certificates(pem)
    with _reading():
        return _chain(_parse(ders[0]), ders[1:], _parse(ders[-1]))


def read_validity(pem: str) -> Validity:
    """From when until when the first certificate of a PEM chain is valid, for a long list: far less work than `read_chain`.

    Raises `CertificateError`. Damage to anything else that is in the chain is not noticed.
    """
    der = read_first_certificate(pem)
    with _reading():
        return Validity(*map(_utc, validity_of(der)))


def read_leaf(ders: Sequence[bytes]) -> tuple[Certificate, bytes]:
    """The server certificate among `ders`, and its DER: the first that signs no others, or else the first.

    Raises `CertificateError` where none can be read.
    """
    readable, unreadable = _parse_each(tuple(ders))
    if not readable:
        raise unreadable or CertificateError("no-certificate")
    with _reading():
        issuers = [one for one in readable if one.is_ca() or any(other.issued_by(one) for other in readable)]
        leaf = next((one for one in readable if one not in issuers), readable[0])
        return _describe(leaf), leaf.der


def renewal_id(pem: str) -> str:
    """The ARI identifier of the first certificate of a PEM chain (RFC 9773 §4.1), or "" without an authority key identifier.

    It has the authority key identifier and the content bytes of the serial number, with a leading zero, each in base64url.
    Raises `CertificateError`.
    """
    der = read_certificates(pem)[0]
    with _reading():
        fields = _fields(der)
        serial: bytes = fields["serial_number"].contents
        issuer_key_id = _issuer_key_id(fields)
    return f"{b64url(issuer_key_id)}.{b64url(serial)}" if issuer_key_id else ""


def check_chain(pem: str, identifiers: Sequence[Identifier], public_spki: bytes, now: datetime) -> Chain:
    """Find the ordered certificate in `pem`, check it, and put its chain in order.

    The leaf is the certificate with our public key (DER SubjectPublicKeyInfo). It must have all the ordered names, not be a
    CA's own certificate, and be valid at `now`. It may have more names: some CAs add them, and the page shows them. Its issuer
    follows, then that one's issuer, and so on, each once: CAs have sent them in the wrong order, twice, or with others among
    them. Signatures up to a trusted root are not checked here: browsers do that when the certificate is used. Raises
    `CertificateError`, or `ValidityError` where only the time is wrong.
    """
    ders = tuple(dict.fromkeys(read_certificates(pem)))
    ordered = {identifier.value for identifier in identifiers}
    readable, unreadable = _parse_each(ders)
    ours = [certificate for certificate in readable if certificate.public_spki == public_spki]
    if not ours:
        raise unreadable or CertificateError("certificate-of-another-key")
    with _reading():
        leaf = max(ours, key=lambda certificate: ordered.issubset(certificate.names))  # the first of those that have them
        path = _path_from(leaf, readable)
        chain = _chain(leaf, [certificate.der for certificate in path[1:]], path[-1])
        is_ca = leaf.is_ca()
    missing = ordered.difference(chain.certificate.names)
    if missing:
        names = ", ".join(chain.certificate.names)
        raise CertificateError("certificate-for-other-names", detail=names, missing=sorted(missing))
    if is_ca:
        raise CertificateError("certificate-of-a-ca")
    # A leaf alone is accepted: some CAs have no intermediates. A leaf with others, none of which issued it, is not: a server
    # with these files fails for every client that does not fetch intermediates by itself, and no one would know why. A gap
    # further up does no harm, because a chain may end before its root: what is above the gap is left out.
    if len(ders) > 1 and not chain.chain_pem:
        raise CertificateError("chain-without-issuer")
    if not chain.certificate.not_before <= now < chain.certificate.not_after:
        raise ValidityError(now, chain.certificate.not_before, chain.certificate.not_after)
    return chain


@dataclass(frozen=True)
class ParsedCertificate:
    """The parts that identify a certificate and its issuer. `fields` is the TBSCertificate, whose parts are read on demand."""

    der: bytes
    fields: Any
    public_spki: bytes
    subject: DistinguishedName
    issuer: DistinguishedName
    key_id: bytes
    issuer_key_id: bytes

    @cached_property
    def names(self) -> tuple[str, ...]:
        """See `Certificate.names`."""
        value = _extension(self.fields, SUBJECT_ALT_NAME)
        return alternative_names(value) if value else ()

    def is_ca(self) -> bool:
        """Whether it may sign others (RFC 5280 §4.2.1.9)."""
        value = _extension(self.fields, BASIC_CONSTRAINTS)
        return bool(value and BasicConstraints.load(value)["ca"].native)

    def issued_by(self, other: "ParsedCertificate") -> bool:
        """Whether `other` has the name of the issuer of this one."""
        return same_name(self.issuer, other.subject)


def parse_certificate(der: bytes) -> ParsedCertificate:
    """Take one DER certificate apart. Raises `CertificateError`."""
    with _reading():
        return _parse(der)


@contextmanager
def _reading() -> Iterator[None]:
    """Turn any error within into a `CertificateError`: damage leads asn1crypto to AttributeError, IndexError and more."""
    try:
        yield
    except CertificateError:
        raise
    except Exception as error:
        raise CertificateError("certificate-unreadable", detail=str(error)[:500]) from error


def _parse_each(ders: Sequence[bytes]) -> tuple[list[ParsedCertificate], CertificateError | None]:
    """The certificates that can be read, in their order, and the error of the first that cannot."""
    readable: list[ParsedCertificate] = []
    unreadable = None
    for der in ders:
        try:
            with _reading():
                readable.append(_parse(der))
        except CertificateError as error:
            unreadable = unreadable or error
    return readable, unreadable


def _fields(der: bytes) -> Any:
    return X509Certificate.load(der, strict=True)["tbs"]


@lru_cache(MAX_CACHED_CERTIFICATES)
def _parse(der: bytes) -> ParsedCertificate:
    fields = _fields(der)
    return ParsedCertificate(
        der=der,
        fields=fields,
        public_spki=fields["public_key"].dump(),
        subject=distinguished_name(fields["subject"]),
        issuer=distinguished_name(fields["issuer"]),
        key_id=_key_id(fields, SUBJECT_KEY_IDENTIFIER, OctetString.load),
        issuer_key_id=_issuer_key_id(fields),
    )


def _extension(fields: Any, oid: str) -> bytes | None:
    """The DER value of an extension, or None. A repeated extension is an error: no client accepts one (RFC 5280 §4.2)."""
    values = extension_values(fields["extensions"], oid)
    if len(values) > 1:
        raise ValueError(f"{len(values)} extensions {oid}")
    return values[0] if values else None


def _issuer_key_id(fields: Any) -> bytes:
    return _key_id(fields, AUTHORITY_KEY_IDENTIFIER, lambda value: AuthorityKeyIdentifier.load(value)["key_identifier"])


def _key_id(fields: Any, oid: str, read: Callable[[bytes], Any]) -> bytes:
    """A key identifier in an extension, or b"": these are hints (RFC 5280 §4.2.1.1), so damage to them is ignored."""
    try:
        value = _extension(fields, oid)
        return (value and read(value).native) or b""
    except Exception:
        return b""


def _path_from(leaf: ParsedCertificate, certificates: Sequence[ParsedCertificate]) -> list[ParsedCertificate]:
    """The certification path: `leaf`, its issuer, the issuer of that one, and so on, as far as `certificates` lead.

    Several may have an issuer's name, such as cross-signed ones: then the one with the named key counts, then the first. A root
    ends the path.
    """
    path = [leaf]
    while path[-1] is leaf or not path[-1].issued_by(path[-1]):
        lower = path[-1]
        issuers = [upper for upper in certificates if lower.issued_by(upper) and upper not in path]
        if not issuers:
            break
        path.append(max(issuers, key=lambda upper: bool(upper.key_id) and upper.key_id == lower.issuer_key_id))
    return path


def _chain(leaf: ParsedCertificate, others: Sequence[bytes], last: ParsedCertificate) -> Chain:
    """The chain of `leaf` and the DER certificates `others`, the last of which is `last`."""
    chain_pem = "".join(to_pem("CERTIFICATE", der) for der in others)
    return Chain(_describe(leaf), to_pem("CERTIFICATE", leaf.der), chain_pem, short_name(last.issuer))


def describe(certificate: ParsedCertificate) -> Certificate:
    """What a person wants to know about a certificate. Raises `CertificateError`."""
    with _reading():
        return _describe(certificate)


def _describe(certificate: ParsedCertificate) -> Certificate:
    fields = certificate.fields
    return Certificate(
        names=certificate.names,
        issuer=short_name(certificate.issuer),
        not_before=_utc(fields["validity"]["not_before"].native),
        not_after=_utc(fields["validity"]["not_after"].native),
        serial=f"{fields['serial_number'].native:X}",
        fingerprint=hashlib.sha256(certificate.der).hexdigest().upper(),
        public_spki=certificate.public_spki,
    )


def _utc(moment: Any) -> datetime:
    """A time in UTC: asn1crypto also gives one without a time zone, or in the year 0, which `datetime` does not have."""
    if not isinstance(moment, datetime):
        raise TypeError(type(moment))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def short_name(name: DistinguishedName) -> str:
    """The organisation and common name, as far as present: "Let's Encrypt, R12"; else all attributes."""
    return ", ".join(texts(name, ORGANIZATION, COMMON_NAME) or [text for relative in name for _, text in relative if text])
