"""A certificate request (PKCS#10, RFC 2986) that a person made elsewhere, and whose private key this page never sees."""

import base64
import ipaddress
import re
from dataclasses import dataclass
from typing import Any, Final

from asn1crypto.csr import CertificationRequest
from asn1crypto.x509 import GeneralName

from app.errors import InputError
from app.pki.key_forms import looks_like_private_key
from app.pki.private_key import spec_of
from app.ports import KeySpec

FIELD: Final = "csr"

_BLOCK: Final = re.compile(r"-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----((?:(?!-----).)*)-----END", re.DOTALL)
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
        _ = request.native  # parse all of it now
        info = request["certification_request_info"]
        algorithm = request["signature_algorithm"]
        signed, hashed = algorithm.signature_algo, algorithm.hash_algo
        key = info["subject_pk_info"]
        spec, names = spec_of(key, "public_key"), _names(request)
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


def _names(request: CertificationRequest) -> tuple[str, ...]:
    """The names that are asked for, each once: of subjectAltName, and the common name, which CAs add to them."""
    info = request["certification_request_info"]
    names = [str(value).lower() for value in _common_names(info["subject"].native)]
    for attribute in info["attributes"]:
        if attribute["type"].native == "extension_request":
            names += [_name(entry) for extension in attribute["values"][0] for entry in _alternatives(extension)]
    return tuple(dict.fromkeys(names))


def _common_names(subject: dict[str, object]) -> list[object]:
    value = subject.get("common_name", [])
    return value if isinstance(value, list) else [value]


def _alternatives(extension: Any) -> list[GeneralName]:
    native = extension["extn_id"].native
    return list(extension["extn_value"].parsed) if native == "subject_alt_name" else []


def _name(entry: GeneralName) -> str:
    """One entry as the names box writes it."""
    contents: bytes = entry.chosen.contents
    if entry.name == "dns_name":
        return contents.decode("ascii").lower()
    if entry.name == "ip_address" and len(contents) in (4, 16):
        return str(ipaddress.ip_address(contents))
    raise _wrong("It asks for more than host names and IP addresses. CAs for web servers refuse that.")


def _wrong(message: str) -> InputError:
    return InputError(FIELD, message)
