"""Lenient PEM, as people have it: copied from mails, configuration files and editors, and often not as RFC 7468 defines it.

What a CA sends is read strictly, by `app.pki.pem`. What a person pastes is read here.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

_DASH: Final = "[-\u2010-\u2015\u2212]"  # what word processors make of hyphens
_BOUNDARY: Final = re.compile(f"{_DASH}{{1,8}} ?(BEGIN|END) ([A-Z0-9][A-Z0-9 .#]{{0,60}}?) ?{_DASH}{{1,8}}")
_ESCAPED_BREAK: Final = re.compile(r"(?:\\r)?\\n|\\r")
_MAIL_QUOTE: Final = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_INVISIBLE: Final = re.compile("[\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2064\u00ad\x00]")
_HEADER: Final = re.compile(r"^[A-Za-z][A-Za-z0-9-]*:.*(?:\n[ \t].*)*\n?", re.MULTILINE)
_NOT_BASE64: Final = re.compile(r"[\s,\"']")


@dataclass(frozen=True)
class PemBlock:
    """The text between two lines with `label`: `body`, with headers if there are any (RFC 1421 §4.6).

    `ended` is False where the END line is missing; the body then reaches to the next BEGIN line, or to the end of the text.
    """

    label: str
    body: str
    ended: bool = True

    @property
    def is_encrypted(self) -> bool:
        """Whether its label or its headers say that it is encrypted."""
        return "ENCRYPTED" in self.label or "ENCRYPTED" in self.body

    def der(self) -> bytes:
        """The bytes of the body. Raises `ValueError` where it is not base64."""
        return from_base64(_HEADER.sub("", self.body))


def decode_text(data: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 as Windows writes it, with or without a byte order mark. Never raises."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    start = data[:64]
    if len(start) > 3 and start[1::2].count(0) == len(start) // 2:
        return data.decode("utf-16-le", "replace")
    if len(start) > 3 and start[::2].count(0) == (len(start) + 1) // 2:
        return data.decode("utf-16-be", "replace")
    return data.decode("utf-8", "replace")


def normalized(text: str) -> str:
    r"""`text` without what mails, JSON and editors add: leading quote marks, `\n` as two characters, invisible characters."""
    plain = _INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    if "\n" not in plain.strip() or "\\n" in plain:
        plain = _ESCAPED_BREAK.sub("\n", plain)
    return _MAIL_QUOTE.sub("", plain)


def pem_blocks(text: str) -> tuple[PemBlock, ...]:
    """All blocks of a `normalized` text, in their order; text around them is ignored."""
    found = list(_BOUNDARY.finditer(text))
    blocks = []
    for begin, end in zip_longest(found, found[1:]):
        if begin[1] != "BEGIN":
            continue
        ended = end is not None and end[1] == "END"
        blocks.append(PemBlock(begin[2], text[begin.end() : end.start() if end else len(text)], ended))
    return tuple(blocks)


def from_base64(text: str) -> bytes:
    """The bytes of base64 `text` in either alphabet, with or without padding and white space. Raises `ValueError`."""
    plain = _NOT_BASE64.sub("", text).rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
