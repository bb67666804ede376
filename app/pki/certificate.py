"""Reading a certificate chain, and checking it before it is offered (RFC 5280)."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto.core import OctetString
from asn1crypto.x509 import AuthorityKeyIdentifier, BasicConstraints

from app.acme.identifier import Identifier
from app.acme.jws import b64url
from app.errors import CertificateError, ValidityError
from app.pki.pem import read_certificates, to_pem
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
)


@dataclass(frozen=True)
class Certificate:
    """What a person wants to know of one certificate. Times are UTC; `serial` and `fingerprint` (SHA-256) upper-case hex.

    `names` are as `app.pki.x509.alternative_names` writes them.
    """

    names: tuple[str, ...]
    issuer: str
    not_before: datetime
    not_after: datetime
    serial: str
    fingerprint: str
    public_spki: bytes


@dataclass(frozen=True)
class Chain:
    """A chain: the certificate, and the PEM text of it and of the intermediates behind it.

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
    with _reading():
        return _chain(_parse(ders[0]), ders[1:], _parse(ders[-1]))


def read_leaf(ders: Sequence[bytes]) -> tuple[Certificate, bytes]:
    """The certificate among `ders` that is for a server, and its DER: the first that signs no others, or else the first.

    Raises `CertificateError` where none can be read.
    """
    readable, unreadable = _parse_each(tuple(ders))
    if not readable:
        raise unreadable or CertificateError("There is no certificate here.")
    with _reading():
        issuers = [one for one in readable if one.is_for_a_ca() or any(other.issued_by(one) for other in readable)]
        leaf = next((one for one in readable if one not in issuers), readable[0])
        return _describe(leaf), leaf.der


def renewal_id(pem: str) -> str:
    """What ARI calls the first certificate of a PEM chain (RFC 9773 §4.1), or "" for one that does not name its issuer's key.

    That is its authority key identifier and the content bytes of its serial number, a leading zero kept, each in base64url.
    Raises `CertificateError`.
    """
    with _reading():
        certificate = _parse(read_certificates(pem)[0])
        serial: bytes = certificate.fields["serial_number"].contents
    return f"{b64url(certificate.issuer_key_id)}.{b64url(serial)}" if certificate.issuer_key_id else ""


def check_chain(pem: str, identifiers: Sequence[Identifier], public_spki: bytes, now: datetime) -> Chain:
    """Find in `pem` what was ordered, check it, and put its chain in order.

    The leaf is the certificate with our public key (DER SubjectPublicKeyInfo). It has all the ordered names, is no CA's own,
    and is valid at `now`. It may have more names: some CAs add them, and a person is told (`app.ui.steps.certificate`). Behind it
    comes its issuer, then that one's issuer, and so on, each once: CAs have sent them in the wrong order, twice, or with
    others among them. Signatures up to a trusted root are not checked here: that is what browsers do when the certificate is
    used. Raises `CertificateError`, or `ValidityError` where nothing but the time is wrong.
    """
    ders = tuple(dict.fromkeys(read_certificates(pem)))
    ordered = {identifier.value for identifier in identifiers}
    readable, unreadable = _parse_each(ders)
    ours = [certificate for certificate in readable if certificate.public_spki == public_spki]
    if not ours:
        raise unreadable or CertificateError("The certificate belongs to another key than the one made here.")
    with _reading():
        leaf = max(ours, key=lambda certificate: ordered.issubset(certificate.names()))  # the first of those that have them
        path = _path_from(leaf, readable)
        chain = _chain(leaf, [certificate.der for certificate in path[1:]], path[-1])
        for_a_ca = leaf.is_for_a_ca()
    missing = ordered.difference(chain.certificate.names)
    if missing:
        names = f"Missing: {', '.join(sorted(missing))}. In the certificate: {', '.join(chain.certificate.names)}"
        raise CertificateError("The certificate is for other names than were ordered.", detail=names)
    if for_a_ca:
        raise CertificateError("The certificate is one that CAs use to sign others, and no server should have such a one.")
    # A leaf alone is accepted: some CAs have no intermediates. A leaf with others, none of which issued it, is not: a server
    # with these files fails for every client that does not fetch intermediates by itself, and nobody would know why. Further
    # up a gap does no harm, since a chain may end before its root: what is above it is left out as any foreign certificate.
    if len(ders) > 1 and not chain.chain_pem:
        raise CertificateError("The certificates of the chain do not follow one another.")
    if not chain.certificate.not_before <= now < chain.certificate.not_after:
        raise ValidityError(now, chain.certificate.not_before, chain.certificate.not_after)
    return chain


@dataclass(frozen=True)
class _Parsed:
    """What tells certificates apart and leads from one to its issuer. `fields` is the TBSCertificate, read when asked for."""

    der: bytes
    fields: Any
    public_spki: bytes
    subject: DistinguishedName
    issuer: DistinguishedName
    key_id: bytes
    issuer_key_id: bytes

    def names(self) -> tuple[str, ...]:
        """See `Certificate.names`."""
        value = _extension(self.fields, SUBJECT_ALT_NAME)
        return alternative_names(value) if value else ()

    def is_for_a_ca(self) -> bool:
        """Whether it may sign others (RFC 5280 §4.2.1.9)."""
        value = _extension(self.fields, BASIC_CONSTRAINTS)
        return bool(value and BasicConstraints.load(value)["ca"].native)

    def issued_by(self, other: "_Parsed") -> bool:
        """Whether `other` has the name of the issuer of this one."""
        return same_name(self.issuer, other.subject)


@contextmanager
def _reading() -> Iterator[None]:
    """What goes wrong within comes from a damaged certificate: that leads asn1crypto to AttributeError, IndexError and more."""
    try:
        yield
    except CertificateError:
        raise
    except Exception as error:
        raise CertificateError("A certificate that the CA sent cannot be read.", detail=str(error)[:500]) from error


def _parse_each(ders: Sequence[bytes]) -> tuple[list[_Parsed], CertificateError | None]:
    """The certificates that can be read, in their order, and why the first of all others cannot."""
    readable: list[_Parsed] = []
    unreadable = None
    for der in ders:
        try:
            with _reading():
                readable.append(_parse(der))
        except CertificateError as error:
            unreadable = unreadable or error
    return readable, unreadable


def _parse(der: bytes) -> _Parsed:
    fields = X509Certificate.load(der, strict=True)["tbs"]
    return _Parsed(
        der=der,
        fields=fields,
        public_spki=fields["public_key"].dump(),
        subject=distinguished_name(fields["subject"]),
        issuer=distinguished_name(fields["issuer"]),
        key_id=_key_id(fields, SUBJECT_KEY_IDENTIFIER, OctetString.load),
        issuer_key_id=_key_id(fields, AUTHORITY_KEY_IDENTIFIER, _authority_key),
    )


def _extension(fields: Any, oid: str) -> bytes | None:
    """The DER value of an extension, or None. Twice the same is damage: nobody reads such a certificate (RFC 5280 §4.2)."""
    values = extension_values(fields["extensions"], oid)
    if len(values) > 1:
        raise ValueError(f"{len(values)} extensions {oid}")
    return values[0] if values else None


def _authority_key(value: bytes) -> Any:
    return AuthorityKeyIdentifier.load(value)["key_identifier"]


def _key_id(fields: Any, oid: str, read: Callable[[bytes], Any]) -> bytes:
    """What an extension calls a key, or b"": these are hints (RFC 5280 §4.2.1.1), and damage to them costs nothing."""
    try:
        value = _extension(fields, oid)
        return (value and read(value).native) or b""
    except Exception:
        return b""


def _path_from(leaf: _Parsed, certificates: Sequence[_Parsed]) -> list[_Parsed]:
    """The certification path: `leaf`, its issuer, the issuer of that one, and so on, as far as `certificates` lead.

    Several may have an issuer's name, as cross-signed ones have: then the one whose key is named counts, then the first. A root
    is the end.
    """
    path = [leaf]
    while path[-1] is leaf or not path[-1].issued_by(path[-1]):
        lower = path[-1]
        issuers = [upper for upper in certificates if lower.issued_by(upper) and upper not in path]
        if not issuers:
            break
        path.append(max(issuers, key=lambda upper: bool(upper.key_id) and upper.key_id == lower.issuer_key_id))
    return path


def _chain(leaf: _Parsed, others: Sequence[bytes], last: _Parsed) -> Chain:
    """The chain of `leaf` and the DER certificates `others`, the last of which is `last`."""
    chain_pem = "".join(to_pem("CERTIFICATE", der) for der in others)
    return Chain(_describe(leaf), to_pem("CERTIFICATE", leaf.der), chain_pem, _in_short(last.issuer))


def _describe(certificate: _Parsed) -> Certificate:
    fields = certificate.fields
    return Certificate(
        names=certificate.names(),
        issuer=_in_short(certificate.issuer),
        not_before=_utc(fields["validity"]["not_before"].native),
        not_after=_utc(fields["validity"]["not_after"].native),
        serial=f"{fields['serial_number'].native:X}",
        fingerprint=hashlib.sha256(certificate.der).hexdigest().upper(),
        public_spki=certificate.public_spki,
    )


def _utc(moment: Any) -> datetime:
    """A time as `Certificate` has it: asn1crypto takes it without a time zone, too, or in the year 0, which no calendar has."""
    if not isinstance(moment, datetime):
        raise TypeError(type(moment))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _in_short(name: DistinguishedName) -> str:
    """The organisation and common name, as far as there are any: "Let's Encrypt, R12"; else all that there is."""
    return ", ".join(texts(name, ORGANIZATION, COMMON_NAME) or [text for relative in name for _, text in relative if text])
