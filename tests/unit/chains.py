"""Certificate chains for tests, made by `cryptography`: what a CA would send, and what it should not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import NameOID

from tests.unit.keys import native_key

Extension: TypeAlias = tuple[x509.ExtensionType, bool]
"""An extension, and whether it is critical."""

NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

_ROOT_KEY: Final = ec.generate_private_key(ec.SECP256R1())
_INTERMEDIATE_KEY: Final = ec.generate_private_key(ec.SECP256R1())


def _name(common_name: str) -> x509.Name:
    organization = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test CA")
    return x509.Name([organization, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _certificate(
    subject: x509.Name,
    issuer: str | x509.Name,
    spki: bytes,
    *,
    since: datetime = NOW - timedelta(days=1),
    until: datetime = NOW + timedelta(days=89),
    names: Sequence[x509.GeneralName] = (),
    signer: ec.EllipticCurvePrivateKey = _INTERMEDIATE_KEY,
    authority: bool = False,
    extensions: Sequence[Extension] = (),
) -> str:
    public = cast("CertificatePublicKeyTypes", serialization.load_der_public_key(spki))
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(_name(issuer) if isinstance(issuer, str) else issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=True)
    if authority:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    certificate = builder.sign(signer, hashes.SHA256())
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def leaf(
    *names: str,
    spki: bytes | None = None,
    since: datetime = NOW - timedelta(days=1),
    until: datetime = NOW + timedelta(days=89),
    others: Sequence[x509.GeneralName] = (),
    authority: bool = False,
    issuer: str | x509.Name = "Intermediate",
    extensions: Sequence[Extension] = (),
) -> str:
    """The PEM certificate of `names` for the public key `spki` (by default `native_key()`), issued by `intermediate()`.

    `others` are further entries of its subjectAltName; with `authority` it may sign others.
    """
    entries = [*(x509.DNSName(name) for name in names), *others]
    key = spki or native_key().public_spki
    parts: dict[str, Any] = {"since": since, "until": until, "names": entries, "authority": authority, "extensions": extensions}
    return _certificate(x509.Name([]), issuer, key, **parts)


def intermediate(
    subject: str | x509.Name = "Intermediate",
    issuer: str = "Root",
    extensions: Sequence[Extension] = (),
    spki: bytes | None = None,
) -> str:
    """The PEM certificate of the CA's intermediate, issued by `root()`; with `spki` it has another key than that of `leaf`."""
    name = _name(subject) if isinstance(subject, str) else subject
    return _certificate(name, issuer, spki or _spki(_INTERMEDIATE_KEY), signer=_ROOT_KEY, extensions=extensions)


def root() -> str:
    """The PEM certificate of the CA's root."""
    return _certificate(_name("Root"), "Root", _spki(_ROOT_KEY), signer=_ROOT_KEY)


def chain(*names: str, spki: bytes | None = None) -> str:
    """What a CA sends for `names`: the leaf, then the intermediate."""
    return leaf(*names, spki=spki) + intermediate()


def _spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key.public_key().public_bytes(*form)
