"""Reads what this page sends to resolvers, without the library for DNS messages: gate and request log do not wait for it.

Only that is read: one question without compression, and perhaps an OPT record (RFC 1035 §4.1, RFC 6891 §6.1, RFC 8484 §4.1).
"""

import re
from dataclasses import dataclass
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
_COUNTS: Final = (b"\0\1\0\0\0\0\0\0", b"\0\1\0\0\0\0\0\1")  # one question; and one OPT record
_CLASS: Final = b"\0\1"  # IN
_OPT: Final = b"\0\0\x29"  # the root, and the type
_OPT_LENGTH: Final = 11
_MAX_LABEL: Final = 63  # what is more than that is a pointer (RFC 1035 §4.1.4)
_CAPITAL: Final = re.compile(rb"[A-Z]")
_ESCAPED: Final = b'"().;\\@$'
_NAME: Final = re.compile(r"[a-z0-9_*-]{1,63}(\.[a-z0-9_-]{1,63})*")


@dataclass(frozen=True)
class SentQuestion:
    """A question as it is sent: the `labels` of the name as they are, without capitals, and what they are as a `question`."""

    labels: tuple[bytes, ...]
    question: Question


def question_in(url: str) -> SentQuestion | None:
    """The question in the `url` of a request to a resolver, or None where it is not `…?dns=` and one question of this page."""
    value = re.fullmatch(r"[^?]*\?dns=([A-Za-z0-9_-]+)", url)
    if value is None or len(value[1]) > 2 * MAX_MESSAGE:
        return None
    try:
        return _read(b64url_decode(value[1]))
    except ProtocolError:
        return None


def forgotten_name(url: str) -> str:
    """The name in the `url` of a request that makes a resolver forget the TXT records there, or "" where it is none."""
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    if [name for name, _ in pairs] != ["domain", "type"] or pairs[1][1] != "TXT":
        return ""
    name = pairs[0][1]
    return name if len(name) <= MAX_NAME and _NAME.fullmatch(name) else ""


def _read(message: bytes) -> SentQuestion | None:
    if not MIN_MESSAGE <= len(message) <= MAX_MESSAGE or message[:2] != _ID:
        return None
    flags, counts = int.from_bytes(message[2:4]), message[4:_HEADER]
    labels = _labels(message)
    if flags & ~_FLAGS or counts not in _COUNTS or labels is None:
        return None
    rest = message[_HEADER + sum(len(label) + 1 for label in labels) + 1 :]
    type_ = CODES.get(int.from_bytes(rest[:2]))
    if type_ is None or rest[2:4] != _CLASS or not (_is_opt(rest[4:]) if counts == _COUNTS[1] else not rest[4:]):
        return None
    return SentQuestion(labels, Question(_text(labels), type_, checking=not flags & _CHECKING_OFF))


def _labels(message: bytes) -> tuple[bytes, ...] | None:
    """Those of the asked name; None where it does not end, or has capitals, in which more than a name could be sent."""
    labels, at = list[bytes](), _HEADER
    while at < len(message) and (length := message[at]):
        label = message[at + 1 : at + 1 + length]
        if length > _MAX_LABEL or len(label) < length or _CAPITAL.search(label):
            return None
        labels.append(label)
        at += 1 + length
    return tuple(labels) if at < len(message) and sum(map(len, labels)) + len(labels) < MAX_NAME + 2 else None


def _text(labels: tuple[bytes, ...]) -> str:
    """The name as people write it, odd bytes escaped (RFC 1035 §5.1): where an alias leads may be any bytes."""
    return ".".join("".join(map(_character, label)) for label in labels)


def _character(byte: int) -> str:
    if byte in _ESCAPED:
        return f"\\{byte:c}"
    return chr(byte) if 0x20 < byte < 0x7F else f"\\{byte:03}"


def _is_opt(rest: bytes) -> bool:
    """Whether `rest` is one OPT record and nothing else."""
    return rest.startswith(_OPT) and len(rest) >= _OPT_LENGTH and len(rest) == _OPT_LENGTH + int.from_bytes(rest[9:11])
