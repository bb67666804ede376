"""A certificate request (PKCS#10, RFC 2986) that a person made elsewhere, and whose private key this page never sees."""

import base64
import re
from dataclasses import dataclass
from typing import Any, Final

from app.acme.identifier import ip_text
from app.errors import InputError
from app.pki.key_forms import looks_like_private_key
from app.pki.private_key import spec_of
from app.pki.x509 import (
    COMMON_NAME,
    SUBJECT_ALT_NAME,
    CertificationRequest,
    Extensions,
    alternative_names,
    distinguished_name,
    extension_values,
    texts,
)
from app.ports import KeySpec

FIELD: Final = "csr"

_BLOCK: Final = re.compile(r"-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----((?:(?!-----).)*)-----END", re.DOTALL)
_EXTENSION_REQUESTS: Final = ("1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14")
"""The attributes that hold the extensions that are asked for: that of PKCS#9 (RFC 2985 §5.4.2), and Microsoft's own."""

_HASHES: Final = ("sha256", "sha384", "sha512")


@dataclass(frozen=True)
class OwnRequest:
    """A request that a CA would take: its DER, its names in lower-case ASCII as they stand in it, its key."""

    der: bytes
    names: tuple[str, ...]
    spec: KeySpec
    public_spki: bytes


def read_request(text: str) -> OwnRequest:
    """Read a request from PEM, or from the base64 of its DER.

    Whether it is signed by its own key is left to the CA, which checks that anyway; its kind of signature, its key and its
    names are checked here. Raises `InputError` for `csr`.
    """
    if looks_like_private_key(text):
        raise _wrong("This holds a private key. Paste the request only: the key stays with you.")
    if "-----BEGIN CERTIFICATE-----" in text:
        raise _wrong("This is a certificate. A request starts with -----BEGIN CERTIFICATE REQUEST-----.")
    block = _BLOCK.search(text)
    try:
        der = base64.b64decode("".join((block[1] if block else text).split()), validate=True)
    except ValueError:
        der = b""
    if not der.startswith(b"\x30"):  # a DER sequence
        raise _wrong("This is no certificate request. It starts with -----BEGIN CERTIFICATE REQUEST-----.")
    return parse_request(der)


def parse_request(der: bytes) -> OwnRequest:
    """Read a request from DER. Raises `InputError` for `csr`."""
    try:
        request = CertificationRequest.load(der, strict=True)
        info, algorithm = request["info"], request["algorithm"]
        signed, hashed = algorithm.signature_algo, algorithm.hash_algo
        key = info["public_key"]
        spec, names = spec_of(key, "public_key"), _names(info)
    except InputError:
        raise
    except Exception as error:  # damaged input leads asn1crypto to many kinds of error
        raise _wrong("This certificate request is damaged, or of a kind that Keystay cannot read.") from error
    if spec is None:
        raise _wrong("Its key is of a kind that CAs do not take. They take EC P-256, P-384 and RSA 2048, 3072 and 4096.")
    if hashed not in _HASHES or signed != ("ecdsa" if spec.startswith("ec-") else "rsassa_pkcs1v15"):
        raise _wrong(f"It is signed with {hashed} and {signed}, which CAs do not take. Make it again with SHA-256.")
    if not names:
        raise _wrong("It asks for no name. The names must stand in its subjectAltName.")
    return OwnRequest(der, names, spec, key.dump())


def request_key(der: bytes) -> bytes:
    """The public key (DER SubjectPublicKeyInfo) of a request that `parse_request` took before."""
    spki: bytes = CertificationRequest.load(der)["info"]["public_key"].dump()
    return spki


def _names(info: Any) -> tuple[str, ...]:
    """The names that are asked for, each once: the common name, which CAs add to the others, and those of subjectAltName."""
    common = [name.lower() for name in texts(distinguished_name(info["subject"]), COMMON_NAME)]
    lists = [value for extensions in _requested(info) for value in extension_values(extensions, SUBJECT_ALT_NAME)]
    if len(lists) > 1:
        raise _wrong("Its names stand in more than one subjectAltName, and CAs read one. Make it again with all names in one.")
    names = [name for value in lists for name in alternative_names(value)]
    odd = [name for name in names if ":" in name and not ip_text(name)]
    if any(name.startswith("DNS:") for name in odd):
        raise _wrong("One of its DNS names is no host name. Put an IP address there as such, another script as xn--….")
    if odd:
        raise _wrong("It asks for more than host names and IP addresses. CAs for web servers refuse that.")
    return tuple(dict.fromkeys([*common, *names]))


def _requested(info: Any) -> list[Extensions]:
    """The extensions that are asked for. What other attributes hold is nobody's business here, and is not read."""
    attributes = [attribute for attribute in info["attributes"] if attribute["type"].dotted in _EXTENSION_REQUESTS]
    return [value.parse(Extensions) for attribute in attributes for value in attribute["values"]]


def _wrong(message: str) -> InputError:
    return InputError(FIELD, message)
