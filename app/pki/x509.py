"""X.509 structures (RFC 5280 §4, RFC 2986 §4), decoded only as far as needed.

asn1crypto has classes for all of them, but these decode every field that they know: a dNSName by IDNA 2003, which refuses many
current names (`straße`, `βόλος`, emoji), and extensions that this page does not use. The classes below leave each value as
bytes, so that a certificate can be read as soon as the few fields can that this page needs.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar, Final, TypeAlias

from asn1crypto import core
from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.keys import PublicKeyInfo
from asn1crypto.parser import parse
from asn1crypto.x509 import Validity

from app.acme.identifier import ip_text

TLS_FEATURE: Final = "1.3.6.1.5.5.7.1.24"
SUBJECT_ALT_NAME: Final = "2.5.29.17"
BASIC_CONSTRAINTS: Final = "2.5.29.19"
SUBJECT_KEY_IDENTIFIER: Final = "2.5.29.14"
AUTHORITY_KEY_IDENTIFIER: Final = "2.5.29.35"
EXTENDED_KEY_USAGE: Final = "2.5.29.37"
COMMON_NAME: Final = "2.5.4.3"
ORGANIZATION: Final = "2.5.4.10"

_HOST: Final = re.compile(r"[a-z0-9*_.-]+")
_ENCODINGS: Final = {12: "utf-8", 28: "utf-32-be", 30: "utf-16-be"}
"""By tag: UTF8String, UniversalString, BMPString. CAs write Latin-1 into all others, TeletexString (T61String) included."""

DistinguishedName: TypeAlias = tuple[tuple[tuple[str, str], ...], ...]
"""The relative names of a distinguished name, each a few pairs of an attribute's OID and its text."""


class _Attribute(core.Sequence):
    _fields: ClassVar = [("type", core.ObjectIdentifier), ("value", core.Any)]


class _RelativeName(core.SetOf):
    _child_spec = _Attribute


class _Name(core.SequenceOf):
    _child_spec = _RelativeName


class _Extension(core.Sequence):
    _fields: ClassVar = [
        ("id", core.ObjectIdentifier),
        ("critical", core.Boolean, {"default": False}),
        ("value", core.OctetString),
    ]


class Extensions(core.SequenceOf):
    """RFC 5280 §4.1.2.9; see `extension_values`."""

    _child_spec = _Extension


class _TbsCertificate(core.Sequence):
    _fields: ClassVar = [
        ("version", core.Integer, {"explicit": 0, "default": 0}),
        ("serial_number", core.Integer),
        ("signature", core.Sequence),
        ("issuer", _Name),
        ("validity", Validity),
        ("subject", _Name),
        ("public_key", core.Sequence),
        ("issuer_unique_id", core.OctetString, {"implicit": 1, "optional": True}),
        ("subject_unique_id", core.OctetString, {"implicit": 2, "optional": True}),
        ("extensions", Extensions, {"explicit": 3, "optional": True}),
    ]


class X509Certificate(core.Sequence):
    """RFC 5280 §4.1."""

    _fields: ClassVar = [("tbs", _TbsCertificate), ("algorithm", core.Sequence), ("signature", core.BitString)]


_CONTEXT: Final = 2  # the class of a tag (X.690 §8.1.2)
_TIMES: Final = {core.UTCTime.tag: core.UTCTime, core.GeneralizedTime.tag: core.GeneralizedTime}


def validity_of(certificate: bytes) -> tuple[Any, Any]:
    """The two times between which a DER `certificate` is valid (RFC 5280 §4.1.2.5), as asn1crypto reads them.

    Nothing else is decoded: for a list of hundreds, to walk to that field is enough. Raises `ValueError`, and whatever else
    damage leads to.
    """
    *_, signed = next(_parts(certificate))
    *_, fields = next(_parts(signed))
    (first, *_), _, _, fourth, fifth = islice(_parts(fields), 5)
    *_, validity = fifth if first == _CONTEXT else fourth  # a certificate of version 1 does not say so
    start, end = (_TIMES[tag](contents=content).native for _, tag, content in _parts(validity))
    return start, end


def _parts(der: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The values that stand in `der`: the class and number of the tag of each, and its content."""
    while der:
        tag_class, _, tag, header, content, trailer = parse(der)
        yield tag_class, tag, content
        der = der[len(header) + len(content) + len(trailer) :]


class _Values(core.SetOf):
    _child_spec = core.Any


class _RequestAttribute(core.Sequence):
    _fields: ClassVar = [("type", core.ObjectIdentifier), ("values", _Values)]


class _RequestAttributes(core.SetOf):
    _child_spec = _RequestAttribute


class _RequestInfo(core.Sequence):
    _fields: ClassVar = [
        ("version", core.Integer),
        ("subject", _Name),
        ("public_key", PublicKeyInfo),
        ("attributes", _RequestAttributes, {"implicit": 0, "optional": True}),
    ]


class CertificationRequest(core.Sequence):
    """RFC 2986 §4.2."""

    _fields: ClassVar = [("info", _RequestInfo), ("algorithm", SignedDigestAlgorithm), ("signature", core.OctetBitString)]


class _GeneralName(core.Choice):
    """RFC 5280 §4.2.1.6, with OpenSSL's names for the kinds; [4] is explicit there, but is not decoded here."""

    _alternatives: ClassVar = [
        ("otherName", core.Sequence, {"implicit": 0}),
        ("email", core.OctetString, {"implicit": 1}),
        ("DNS", core.OctetString, {"implicit": 2}),
        ("x400", core.Sequence, {"implicit": 3}),
        ("dirName", core.Sequence, {"implicit": 4}),
        ("ediPartyName", core.Sequence, {"implicit": 5}),
        ("URI", core.OctetString, {"implicit": 6}),
        ("IP", core.OctetString, {"implicit": 7}),
        ("RID", core.OctetString, {"implicit": 8}),
    ]


class _GeneralNames(core.SequenceOf):
    _child_spec = _GeneralName


def extension_values(extensions: Any, oid: str) -> list[bytes]:
    """The DER values of the extension `oid` among `Extensions`; none where these are left out."""
    return [bytes(entry["value"]) for entry in extensions if entry["id"].dotted == oid]


def alternative_names(der: bytes) -> tuple[str, ...]:
    """The entries of a subjectAltName (DER), each as one word in printable ASCII.

    DNS names are in lower case, otherwise unchanged; IP addresses in the form of `ip_text`. Anything else is KIND:TEXT or
    KIND:HEX, so that it equals no name; so is an address or a sentence in a dNSName.
    """
    return tuple(alternative_name(kind, contents) for kind, contents in general_names(der))


def general_names(der: bytes) -> tuple[tuple[str, bytes], ...]:
    """The entries of a subjectAltName (DER): kind and contents."""
    return tuple((entry.name, entry.chosen.contents) for entry in _GeneralNames.load(der, strict=True))


def alternative_name(kind: str, contents: bytes) -> str:
    """One entry of `general_names` as `alternative_names` writes it."""
    text = contents.decode("latin-1")
    if kind == "IP" and ip_text(contents):
        return ip_text(contents)
    if kind == "DNS" and _HOST.fullmatch(text.lower()) and not ip_text(text):
        return text.lower()
    plain = kind in ("email", "URI", "DNS") and text.isascii() and text.isprintable() and " " not in text
    return f"{kind}:{text if plain else contents.hex()}"


def distinguished_name(name: Any) -> DistinguishedName:
    """An issuer or subject as text, whatever its string types."""
    return tuple(tuple((entry["type"].dotted, _text(entry["value"])) for entry in relative) for relative in name)


def texts(name: DistinguishedName, *oids: str) -> tuple[str, ...]:
    """The texts of the attributes `oids` of `name`, in the order of `oids`; there may be several of a kind, or none."""
    pairs = [pair for relative in name for pair in relative]
    return tuple(text for oid in oids for type_, text in pairs if type_ == oid and text)


def same_name(one: DistinguishedName, other: DistinguishedName) -> bool:
    """Whether two distinguished names match, ignoring case, repeated spaces and string types (RFC 5280 §7.1)."""
    return _canonical(one) == _canonical(other)


def _canonical(name: DistinguishedName) -> list[set[tuple[str, str]]]:
    return [{(oid, " ".join(text.casefold().split())) for oid, text in relative} for relative in name]


def _text(value: Any) -> str:
    try:
        string = value.parsed
    except ValueError:  # not the tag of a string type
        return ""
    contents: bytes = string.contents
    return contents.decode(_ENCODINGS.get(string.tag, "latin-1"), "replace")
