"""What `app.pki.viewer.reader` finds in certificate files."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.core import OctetBitString
from asn1crypto.x509 import ExtKeyUsageSyntax

from app.errors import CertificateError, InputError, KeystayError
from app.pki.certificate import Certificate, ParsedCertificate, describe, parse_certificate, short_name
from app.pki.viewer.public_half import PublicKey, read_spki
from app.pki.x509 import COMMON_NAME, EXTENDED_KEY_USAGE, X509Certificate, extension_values, same_name, texts

MAX_FILE: Final = 1 << 20
"""Bytes of all files together that are looked into; a PFX with a chain has 6,000."""

MAX_CERTIFICATES: Final = 50
MAX_KEYS: Final = 10
MAX_FAULTS: Final = 20

KeyForm = Literal["PKCS#8", "PKCS#1", "SEC 1", "handle"]
"""How a private key is written: "PRIVATE KEY", "RSA PRIVATE KEY" or "EC PRIVATE KEY" in PEM; or not at all, in a key store."""


@dataclass(frozen=True)
class FoundCertificate:
    """One certificate of a file, read as far as a person wants to know. Made by `read_certificate`.

    `purposes` are the OIDs of its extended key usage, or None without that extension (RFC 5280 §4.2.1.12). `algorithm` is that
    of its signature, by asn1crypto's name ("sha256_rsa"), or its OID. `signed` are the bytes that `signature` is about.
    """

    parsed: ParsedCertificate
    facts: Certificate
    key: PublicKey
    is_ca: bool
    purposes: tuple[str, ...] | None
    algorithm: str
    signed: bytes
    signature: bytes

    @property
    def sha1(self) -> str:
        """Its SHA-1 fingerprint as upper-case hex: Windows calls it the thumbprint."""
        return hashlib.sha1(self.parsed.der, usedforsecurity=False).hexdigest().upper()

    @property
    def subject(self) -> str:
        """Its subject in short; "" where the subject is empty."""
        return short_name(self.parsed.subject)

    @property
    def common_name(self) -> str:
        """Its common name, or ""."""
        return next(iter(texts(self.parsed.subject, COMMON_NAME)), "")

    @cached_property
    def is_self_issued(self) -> bool:
        """Whether it names itself as its issuer, as roots do (RFC 5280 §6.1)."""
        return same_name(self.parsed.issuer, self.parsed.subject)


@dataclass(frozen=True)
class FoundKey:
    """A private key of a file: only its public half is kept. `locked` tells that a password opened it."""

    public: PublicKey
    form: KeyForm
    locked: bool = False


@dataclass
class Contents:
    """What is in some files, in their order; filled while they are read.

    `requests` counts certificate requests. `faults` say what could not be read; the rest can be used.
    """

    certificates: list[FoundCertificate] = field(default_factory=list)
    keys: list[FoundKey] = field(default_factory=list)
    requests: int = 0
    faults: list[KeystayError] = field(default_factory=list)

    @property
    def needs_password(self) -> bool:
        """Whether something stayed closed, because the password is missing or wrong."""
        return any(fault.code in PASSWORD_FAULTS for fault in self.faults)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found that can be shown."""
        return not (self.certificates or self.keys or self.requests)

    def add_certificate(self, der: bytes) -> None:
        """Read a certificate and keep it. Raises `InputError` where it cannot be read, or where there are too many."""
        if len(self.certificates) >= MAX_CERTIFICATES:
            raise InputError("file-with-too-many-certificates", most=MAX_CERTIFICATES)
        try:
            self.certificates.append(read_certificate(der))
        except CertificateError as error:
            raise InputError("certificate-in-file-damaged") from error

    def add_key(self, key: FoundKey) -> None:
        """Keep a key. Raises `InputError` where there are too many."""
        if len(self.keys) >= MAX_KEYS:
            raise InputError("file-with-too-many-keys", most=MAX_KEYS)
        self.keys.append(key)

    def add_fault(self, fault: KeystayError) -> None:
        """Keep what is wrong, each sentence once, as far as anybody would read on."""
        known = {(one.code, str(one.values)) for one in self.faults}
        if len(self.faults) < MAX_FAULTS and (fault.code, str(fault.values)) not in known:
            self.faults.append(fault)


PASSWORD_FAULTS: Final = ("file-needs-password", "file-wrong-password", "key-needs-password", "key-wrong-password")
"""The codes of the errors that another password may mend."""


def read_certificate(der: bytes) -> FoundCertificate:
    """Read one DER certificate. Raises `CertificateError`."""
    parsed = parse_certificate(der)
    facts = describe(parsed)
    try:
        whole = X509Certificate.load(der, strict=True)
        return FoundCertificate(
            parsed=parsed,
            facts=facts,
            key=read_spki(parsed.public_spki),
            is_ca=parsed.is_ca(),
            purposes=_purposes(parsed.fields),
            algorithm=SignedDigestAlgorithm.load(whole["algorithm"].dump())["algorithm"].native,
            signed=whole["tbs"].dump(),
            signature=bytes(whole["signature"].cast(OctetBitString).native),
        )
    except Exception as error:  # damaged input leads asn1crypto to many kinds of error
        raise CertificateError("certificate-unreadable", detail=str(error)[:500]) from error


def _purposes(fields: Any) -> tuple[str, ...] | None:
    values = extension_values(fields["extensions"], EXTENDED_KEY_USAGE)
    return tuple(purpose.dotted for purpose in ExtKeyUsageSyntax.load(values[0], strict=True)) if values else None
