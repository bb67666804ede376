"""Reads a certificate request (PKCS#10, RFC 2986) that was made elsewhere, so that this page never sees its private key."""

from dataclasses import dataclass
from typing import Any, Final, get_args

from asn1crypto.algos import DSASignature

from app.encoding.key_types import KEY_TYPE_NAMES, KEY_TYPES
from app.errors import InputError
from app.pki.pem_text import PemBlock, from_base64, normalized, pem_blocks
from app.pki.private_key_detection import looks_like_private_key
from app.pki.public_key import spec_of
from app.pki.x509 import (
    COMMON_NAME,
    SUBJECT_ALT_NAME,
    TLS_FEATURE,
    CertificationRequest,
    Extensions,
    alternative_name,
    distinguished_name,
    extension_values,
    general_names,
    texts,
)
from app.ports import HashName, KeySpec, Verifier

_LABELS: Final = ("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")
_EXTENSION_REQUESTS: Final = ("1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14")
"""The attributes with the requested extensions: that of PKCS#9 (RFC 2985 §5.4.2), and Microsoft's own."""


@dataclass(frozen=True)
class RequestedName:
    """One requested name, as it stands in the request.

    `place` is "CN" for the common name, else the kind of its entry in subjectAltName ("DNS", "IP", "email", …). `contents`
    are the bytes of the entry; those of a common name are its text in UTF-8.
    """

    place: str
    contents: bytes


@dataclass(frozen=True)
class Signature:
    """A request's signature over `data`: r‖s for ECDSA, otherwise unchanged."""

    digest: HashName
    value: bytes
    data: bytes


@dataclass(frozen=True)
class CertificateRequest:
    """A request whose form and kind of key a CA would accept; its names are not checked here.

    `must_staple` means that it asks for a certificate that is valid only together with an OCSP response (RFC 7633).
    """

    der: bytes
    requested: tuple[RequestedName, ...]
    spec: KeySpec
    public_spki: bytes
    signature: Signature
    must_staple: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names, each once: the common name, and the others as `alternative_names` writes them."""
        return tuple(dict.fromkeys(map(_listed, self.requested)))


def _listed(name: RequestedName) -> str:
    return name.contents.decode().lower() if name.place == "CN" else alternative_name(name.place, name.contents)


def read_request(text: str) -> CertificateRequest:
    """Read a request from PEM in any form that people have, or from the base64 of its DER. Raises `InputError`."""
    plain = normalized(text)
    blocks = pem_blocks(plain)
    if looks_like_private_key(plain):
        raise InputError("request-with-private-key")
    requests = [block for block in blocks if block.label in _LABELS]
    if len(requests) > 1:
        raise InputError("several-requests", count=len(requests))
    if blocks and not requests:
        raise InputError("not-a-request-but", label=blocks[0].label)
    if requests and not requests[0].ended:
        raise InputError("request-end-missing", label=requests[0].label)
    return parse_request(_der(requests[0] if requests else PemBlock("", plain)))


def _der(block: PemBlock) -> bytes:
    try:
        der = block.der() if block.label else from_base64(block.body)
    except ValueError:
        der = b""
    if not der.startswith(b"\x30"):  # a DER sequence
        raise InputError("not-a-request")
    return der


def parse_request(der: bytes) -> CertificateRequest:
    """Read a request from DER. Raises `InputError`."""
    try:
        request = CertificationRequest.load(der, strict=True)
        info, algorithm = request["info"], request["algorithm"]
        signed, hashed = algorithm.signature_algo, _hash_of(algorithm)
        spec = spec_of(info["public_key"], "public_key")
        extensions = _requested(info)
        names = _names(info, extensions)
        signed_by = raw_signature(request["signature"].native, spec)
    except InputError:
        raise
    except Exception as error:  # damaged input leads asn1crypto to many kinds of error
        raise InputError("request-damaged") from error
    if spec is None:
        raise InputError("request-with-unsupported-key", accepted=KEY_TYPE_NAMES)
    digest = next((name for name in get_args(HashName) if name == hashed), None)
    if signed == "rsassa_pss":
        raise InputError("request-signed-with-pss")
    if digest is None or signed != ("ecdsa" if KEY_TYPES[spec].curve else "rsassa_pkcs1v15"):
        raise InputError("request-signed-otherwise", digest=hashed, algorithm=signed)
    if not names:
        raise InputError("request-without-names")
    signature = Signature(digest, signed_by, info.dump())
    must_staple = any(extension_values(each, TLS_FEATURE) for each in extensions)
    return CertificateRequest(der, names, spec, info["public_key"].dump(), signature, must_staple)


def _hash_of(algorithm: Any) -> str:
    """The digest of a signature, or the algorithm itself where that names none (Ed25519)."""
    try:
        return str(algorithm.hash_algo)
    except ValueError:
        return str(algorithm["algorithm"].native)


def raw_signature(signature: bytes, spec: KeySpec | None) -> bytes:
    """A signature in the form that `Verifier` expects; b"" for one that has no such form."""
    curve = KEY_TYPES[spec].curve if spec else None
    if curve is None:
        return signature
    try:
        parts = DSASignature.load(signature, strict=True)
        return b"".join(parts[part].native.to_bytes(curve.width) for part in ("r", "s"))
    except (ValueError, OverflowError, TypeError):
        return b""


def request_key(der: bytes) -> bytes:
    """The public key (DER SubjectPublicKeyInfo) of a request that `parse_request` has accepted before."""
    spki: bytes = CertificationRequest.load(der)["info"]["public_key"].dump()
    return spki


async def check_signature(verifier: Verifier, request: CertificateRequest) -> None:
    """Raise `InputError` where the request is not signed by its own key: a CA would refuse it (RFC 2986 §4.2)."""
    signature = request.signature
    if not await verifier.verify(request.public_spki, request.spec, signature.digest, signature.value, signature.data):
        raise InputError("request-signature-invalid")


def _names(info: Any, requested: list[Extensions]) -> tuple[RequestedName, ...]:
    """The requested names: the common name, which CAs add to the others, and those of subjectAltName.

    An empty common name is ignored.
    """
    common = [name.strip() for name in texts(distinguished_name(info["subject"]), COMMON_NAME)]
    lists = dict.fromkeys(value for extensions in requested for value in extension_values(extensions, SUBJECT_ALT_NAME))
    if len(lists) > 1:
        raise InputError("request-with-several-name-lists")
    names = [RequestedName("CN", name.encode("utf-8", "replace")) for name in common if name]
    return (*names, *(RequestedName(kind, contents) for value in lists for kind, contents in general_names(value)))


def _requested(info: Any) -> list[Extensions]:
    """The requested extensions. Other attributes are not read."""
    attributes = [attribute for attribute in info["attributes"] if attribute["type"].dotted in _EXTENSION_REQUESTS]
    return [value.parse(Extensions) for attribute in attributes for value in attribute["values"]]
