"""Recognises a private key from any source by its form: PEM labels, DER structures, JWK members, the marks of other formats.

A form is recognised by its beginning, so a truncated key is recognised, too. Every rule needs about 50 bits that random bytes,
public keys, requests and certificates do not have.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.encoding.decodings import GAP, TooDeepError, readings

MAX_LAYERS: Final = 4
"""Nested encodings that people and programs use: base64 of PEM in a JSON string in a URL."""

MAX_TEXT: Final = 64 << 10

MAX_NESTED: Final = 4  # nested objects within a JWK; it needs two, for further primes (RFC 7518 §6.3.2.7)

# All in lower case. Names and addresses on the Internet have neither white space nor underscores in them.
_LABEL: Final = re.compile(
    rb"-{4,}[\s+_]{0,4}(?:begin|end)[a-z0-9\s+_]{0,40}private[\s+_]{0,4}key"
    rb"|\b(?:begin|end)[\s\xa0\xc2]{1,4}(?:(?:any|dsa|ec|encrypted|openssh|pgp|rsa|ssh2|tss2)[\s\xa0\xc2]{1,4}){0,3}"
    rb"private[\s\xa0\xc2]{1,4}key"
    rb"|private[\s+_]{1,4}key[\s+_]{0,4}(?:block)?[\s+_]{0,4}-{2,}"
    rb"|private-lines:|private-key-format:|privateexponent\s*[:=]"
    rb"|private_?key[\"']?\s*[:=]\s*[\"']?[a-z0-9+/_-]{43}"
)
_MARKS: Final = (b"openssh-key-v1\0", b"putty-user-key-file-", b"dek-info:", b"<inverseq>")
_DUMP: Final = re.compile(rb"\bpriv:\s{0,20}(?:[0-9a-f]{2}:\s{0,20}){8}")

# Password-based encryption (PKCS#5), and PKCS#12: ACME has no use for either.
_PASSWORD_OID: Final = re.compile(rb"\x2a\x86\x48\x86\xf7\x0d\x01[\x05\x0c]")

_VERSIONED: Final = re.compile(rb"\x30(?:([\x0a-\x7f])|\x81(.)|\x82(..))\x02\x01[\x00\x01](?=[\x02\x04\x30])", re.DOTALL)
_NUMBERS: Final = re.compile(rb"\x02(?:[\x41-\x7f]|\x81.|\x82[\x01-\x10].)\x00[\x80-\xff]", re.DOTALL)
_ALGORITHM: Final = re.compile(rb"\x30(?:([\x03-\x7f])|\x81(.)|\x82(..))(?=\x06)", re.DOTALL)
_AFTER_EXPONENT: Final = re.compile(rb"\x02\x03\x01\x00\x01\x02[\x81\x82]")
_SEC1_SIZES: Final = range(14, 73)  # bytes, from secp112r1 to P-521 and beyond

_BRACES: Final = re.compile(rb"[{}]|" + GAP)
_INNERMOST: Final = re.compile(rb"\{[^{}]*\}")
_NAMES: Final = rb"(?:d|k|p|q|dp|dq|qi|priv)"
_TYPE: Final = re.compile(rb"[\"']kty\\*[\"']\s*:")
_MEMBER: Final = re.compile(rb"[\"']" + _NAMES + rb"\\*[\"']\s*:\s*\\*[\"'][A-Za-z0-9+/_=-]{16}")
_PLAIN_TYPE: Final = re.compile(rb"(?<![\w\"'\\-])kty\s*[:=]")
_PLAIN_MEMBER: Final = re.compile(rb"(?<![\w\"'\\-])" + _NAMES + rb"\s*[:=]\s*[\"']?[A-Za-z0-9+/_-]{16}")


def looks_like_private_key(text: str) -> bool:
    """Whether a text that was typed or pasted contains a private key, however encoded, or is encoded too deeply to tell.

    Of a long text the first `MAX_TEXT` characters are checked: no request is longer.
    """
    try:
        return any(map(is_private_key, readings(text[:MAX_TEXT].encode("utf-8", "surrogatepass"), MAX_LAYERS)))
    except TooDeepError:
        return True


def is_private_key(data: bytes) -> bool:
    """Whether `data`, or one of what it has with `GAP` between, contains a private key with no encoding around it."""
    lower = data.lower()
    if b"priv" in lower and (_LABEL.search(lower) or _DUMP.search(lower)):
        return True
    for mark in _MARKS:  # no any(…): to make its generator takes longer than to look, and each request has dozens of readings
        if mark in lower:
            return True
    return (b"kty" in data and _is_jwk(data)) or _is_der(data)


def _is_jwk(data: bytes) -> bool:
    """A private member (RFC 7518 §6) in an object with a `kty`, also as YAML or in a query."""
    pairs = ((_TYPE, _MEMBER), (_PLAIN_TYPE, _PLAIN_MEMBER))
    return any(type_.search(part) and member.search(part) for part in _objects(data) for type_, member in pairs)


def _objects(data: bytes) -> Iterator[bytes]:
    """The members of each JSON object that may be a JWK, without those of the objects in it."""
    for _ in range(MAX_NESTED):
        yield from (part for part in _BRACES.split(data) if b"kty" in part)
        data = _INNERMOST.sub(b"", data)


def _is_der(data: bytes) -> bool:
    if _PASSWORD_OID.search(data) or _AFTER_EXPONENT.search(data):
        return True
    return any(_is_key_structure(data, found) for found in _VERSIONED.finditer(data))


def _is_key_structure(data: bytes, found: re.Match[bytes]) -> bool:
    """Whether the SEQUENCE that begins with a version is a private key."""
    at = found.end()
    match data[at]:
        case 0x02:  # PKCS#1 (RFC 8017 §A.1.2), or DSA as OpenSSL writes it
            return bool(_NUMBERS.match(data, at))
        case 0x04:  # SEC 1 (RFC 5915)
            return _is_sec1(data, at, found.end(found.lastindex or 0) + _length(found))
    algorithm = _ALGORITHM.match(data, at)  # PKCS#8 (RFC 5958 §2), where the key follows; a request has a name there
    end = algorithm and algorithm.end() + _length(algorithm)
    return end is not None and data[end : end + 1] == b"\x04"


def _is_sec1(data: bytes, at: int, end: int) -> bool:
    """The private number must be the last of the SEQUENCE that ends at `end`, or [0] or [1] must follow, or be cut off."""
    size = data[at + 1] if at + 1 < len(data) else 0
    after = at + 2 + size
    if size not in _SEC1_SIZES or after > end:
        return False
    return after == end or data[after : after + 1] in (b"", b"\xa0", b"\xa1") or GAP in data[at : after + len(GAP)]


def _length(found: re.Match[bytes]) -> int:
    """The length in a DER header (X.690 §8.1.3), the first group that matched."""
    return int.from_bytes(found[found.lastindex or 0])
