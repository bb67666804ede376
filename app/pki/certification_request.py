"""A certificate request (PKCS#10, RFC 2986) that a person made elsewhere, and whose private key this page never sees."""

from dataclasses import dataclass
from typing import Any, Final, get_args

from asn1crypto.algos import DSASignature

from app.errors import FieldError
from app.pki.pem_text import PemBlock, from_base64, pem_blocks, tidied
from app.pki.private_key import spec_of
from app.pki.private_key_detection import looks_like_private_key
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

FIELD: Final = "csr"

_LABELS: Final = ("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")
_EXTENSION_REQUESTS: Final = ("1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14")
"""The attributes that hold the extensions that are asked for: that of PKCS#9 (RFC 2985 §5.4.2), and Microsoft's own."""


@dataclass(frozen=True)
class RequestedName:
    """One name that a request asks for, as it stands there.

    `place` is "CN" for the common name, else the kind of its entry in subjectAltName ("DNS", "IP", "email", …). `contents`
    are the bytes of the entry; those of a common name are its text in UTF-8.
    """

    place: str
    contents: bytes


@dataclass(frozen=True)
class Signature:
    """A request's signature over `data`: r‖s for ECDSA, else as it stands there."""

    digest: HashName
    value: bytes
    data: bytes


@dataclass(frozen=True)
class CertificateRequest:
    """A request whose form and kind of key a CA would take; whether its names are good is not checked here.

    `must_staple` tells that it asks for a certificate that counts only with an OCSP answer beside it (RFC 7633).
    """

    der: bytes
    requested: tuple[RequestedName, ...]
    spec: KeySpec
    public_spki: bytes
    signature: Signature
    must_staple: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names as one would list them, each once: the common name, and the others as `alternative_names` writes them."""
        return tuple(dict.fromkeys(map(_listed, self.requested)))


def _listed(name: RequestedName) -> str:
    return name.contents.decode().lower() if name.place == "CN" else alternative_name(name.place, name.contents)


def read_request(text: str) -> CertificateRequest:
    """Read a request from PEM in any form that people have, or from the base64 of its DER. Raises `FieldError` for `csr`."""
    plain = tidied(text)
    blocks = pem_blocks(plain)
    if looks_like_private_key(plain):
        raise _wrong("This holds a private key. Paste the request only: the key stays with you.")
    requests = [block for block in blocks if block.label in _LABELS]
    if len(requests) > 1:
        raise _wrong(f"These are {len(requests)} requests. Paste one only: each one is an order of its own.")
    if blocks and not requests:
        raise _wrong(f"This is a {blocks[0].label.lower()}. A request starts with -----BEGIN CERTIFICATE REQUEST-----.")
    if requests and not requests[0].ended:
        raise _wrong(f"The end of the request is missing: the line -----END {requests[0].label}-----. Was it copied whole?")
    return parse_request(_der(requests[0] if requests else PemBlock("", plain)))


def _der(block: PemBlock) -> bytes:
    try:
        der = block.der() if block.label else from_base64(block.body)
    except ValueError:
        der = b""
    if not der.startswith(b"\x30"):  # a DER sequence
        raise _wrong("This is no certificate request. It starts with -----BEGIN CERTIFICATE REQUEST-----.")
    return der


def parse_request(der: bytes) -> CertificateRequest:
    """Read a request from DER. Raises `FieldError` for `csr`."""
    try:
        request = CertificationRequest.load(der, strict=True)
        info, algorithm = request["info"], request["algorithm"]
        signed, hashed = algorithm.signature_algo, _hash_of(algorithm)
        spec = spec_of(info["public_key"], "public_key")
        extensions = _requested(info)
        names = _names(info, extensions)
        signed_by = _raw_signature(request["signature"].native, spec)
    except FieldError:
        raise
    except Exception as error:  # damaged input leads asn1crypto to many kinds of error
        raise _wrong("This certificate request is damaged, or of a kind that Keystay cannot read.") from error
    if spec is None:
        raise _wrong("Its key is of a kind that CAs do not take. They take EC P-256, P-384 and RSA 2048, 3072 and 4096.")
    digest = next((name for name in get_args(HashName) if name == hashed), None)
    if signed == "rsassa_pss":
        raise _wrong("It is signed with RSA-PSS, which CAs do not take. Make it again with PKCS#1 v1.5 padding and SHA-256.")
    if digest is None or signed != ("ecdsa" if spec.startswith("ec-") else "rsassa_pkcs1v15"):
        raise _wrong(f"It is signed with {hashed} and {signed}, which CAs do not take. Make it again with SHA-256.")
    if not names:
        raise _wrong("It asks for no name. The names must stand in its subjectAltName.")
    signature = Signature(digest, signed_by, info.dump())
    must_staple = any(extension_values(each, TLS_FEATURE) for each in extensions)
    return CertificateRequest(der, names, spec, info["public_key"].dump(), signature, must_staple)


def _hash_of(algorithm: Any) -> str:
    """The digest of a signature, or what the whole of it is called where it names none (Ed25519)."""
    try:
        return str(algorithm.hash_algo)
    except ValueError:
        return str(algorithm["algorithm"].native)


def _raw_signature(signature: bytes, spec: KeySpec | None) -> bytes:
    """A signature as `Verifier` takes it; b"" for one that has no such form."""
    if spec is None or not spec.startswith("ec-"):
        return signature
    width = int(spec.removeprefix("ec-p")) // 8  # bytes
    try:
        parts = DSASignature.load(signature, strict=True)
        return b"".join(parts[part].native.to_bytes(width) for part in ("r", "s"))
    except (ValueError, OverflowError, TypeError):
        return b""


def request_key(der: bytes) -> bytes:
    """The public key (DER SubjectPublicKeyInfo) of a request that `parse_request` took before."""
    spki: bytes = CertificationRequest.load(der)["info"]["public_key"].dump()
    return spki


async def check_signature(verifier: Verifier, request: CertificateRequest) -> None:
    """Raise `FieldError` for `csr` where the request is not signed by its own key: a CA would refuse it (RFC 2986 §4.2)."""
    signature = request.signature
    good = await verifier.verify(request.public_spki, request.spec, signature.digest, signature.value, signature.data)
    if not good:
        raise _wrong("Its signature does not fit: the request was altered after it was made, or copied badly. Make it again.")


def _names(info: Any, requested: list[Extensions]) -> tuple[RequestedName, ...]:
    """The names that are asked for: the common name, which CAs add to the others, and those of subjectAltName.

    An empty common name is none.
    """
    common = [name.strip() for name in texts(distinguished_name(info["subject"]), COMMON_NAME)]
    lists = dict.fromkeys(value for extensions in requested for value in extension_values(extensions, SUBJECT_ALT_NAME))
    if len(lists) > 1:
        raise _wrong("Its names stand in more than one subjectAltName, and CAs read one. Make it again with all names in one.")
    names = [RequestedName("CN", name.encode("utf-8", "replace")) for name in common if name]
    return (*names, *(RequestedName(kind, contents) for value in lists for kind, contents in general_names(value)))


def _requested(info: Any) -> list[Extensions]:
    """The extensions that are asked for. What other attributes hold is nobody's business here, and is not read."""
    attributes = [attribute for attribute in info["attributes"] if attribute["type"].dotted in _EXTENSION_REQUESTS]
    return [value.parse(Extensions) for attribute in attributes for value in attribute["values"]]


def _wrong(message: str) -> FieldError:
    return FieldError(FIELD, message)
