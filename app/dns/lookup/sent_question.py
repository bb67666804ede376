"""Reads what this page sends to resolvers, without the library for DNS messages: gate and request log do not wait for it.

Only that is read: one question without compression, and perhaps an OPT record (RFC 1035 §4.1, RFC 6891 §6.1, RFC 8484 §4.1).
"""

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from app.dns.lookup.question import Question, RecordType
from app.encoding.base64url import b64url_decode
from app.errors import ProtocolError

MIN_MESSAGE: Final = 17  # bytes: a header, the root, a type and a class
MAX_MESSAGE: Final = 400  # bytes: a name has at most 255
MAX_NAME: Final = 253  # characters, as people write it (RFC 1035 §3.1)

CODES: Final[dict[int, RecordType]] = {1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 16: "TXT", 28: "AAAA", 257: "CAA"}
"""The types of records that are asked for, by their numbers."""

_HEADER: Final = 12  # bytes
_ID: Final = b"\0\0"  # RFC 8484 §4.1: the same question is the same URL
_FLAGS: Final = 0x0100 | 0x0020 | 0x0010  # RD, AD, CD
_CHECKING_OFF: Final = 0x0010
_CLASS: Final = b"\0\x01"  # IN
_OPT: Final = b"\0\0\x29"  # the root, and the type
_OPT_LENGTH: Final = 11
_LABEL: Final = re.compile(rb"[!-\-/-@\[-~]{1,63}")  # ASCII without blanks, dots and capitals
_NAME: Final = re.compile(r"[a-z0-9_*-]{1,63}(\.[a-z0-9_-]{1,63})*")


def question_in(url: str) -> Question | None:
    """The question in the `url` of a request to a resolver, or None where it is not `…?dns=` and one question of this page."""
    value = re.fullmatch(r"[^?]*\?dns=([A-Za-z0-9_-]+)", url)
    if value is None or len(value[1]) > 2 * MAX_MESSAGE:
        return None
    try:
        return _question(b64url_decode(value[1]))
    except ProtocolError:
        return None


def forgotten_name(url: str) -> str:
    """The name in the `url` of a request that makes a resolver forget the TXT records there, or "" where it is none."""
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    if [name for name, _ in pairs] != ["domain", "type"] or pairs[1][1] != "TXT":
        return ""
    name = pairs[0][1]
    return name if len(name) <= MAX_NAME and _NAME.fullmatch(name) else ""


def _question(message: bytes) -> Question | None:
    if not MIN_MESSAGE <= len(message) <= MAX_MESSAGE:
        return None
    flags, counts = int.from_bytes(message[2:4]), message[4:_HEADER]
    has_options = counts == b"\0\x01\0\0\0\0\0\x01"
    if message[:2] != _ID or flags & ~_FLAGS or not (has_options or counts == b"\0\x01\0\0\0\0\0\0"):
        return None
    name, end = _name(message)
    type_ = CODES.get(int.from_bytes(message[end : end + 2]))
    rest = message[end + 4 :]
    if type_ is None or message[end + 2 : end + 4] != _CLASS or not (_is_opt(rest) if has_options else not rest):
        return None
    return None if name is None else Question(name, type_, checking=not flags & _CHECKING_OFF)


def _name(message: bytes) -> tuple[str | None, int]:
    """The asked name and where it ends; None where it is no name that this page would ask for."""
    labels, at = list[str](), _HEADER
    while at < len(message) and (length := message[at]):
        label = message[at + 1 : at + 1 + length]
        if len(label) < length or not _LABEL.fullmatch(label):
            return None, at
        labels.append(label.decode("ascii"))
        at += 1 + length
    name = ".".join(labels)
    return (name if len(name) <= MAX_NAME else None), at + 1


def _is_opt(rest: bytes) -> bool:
    """Whether `rest` is one OPT record and nothing else."""
    return rest.startswith(_OPT) and len(rest) >= _OPT_LENGTH and len(rest) == _OPT_LENGTH + int.from_bytes(rest[9:11])
