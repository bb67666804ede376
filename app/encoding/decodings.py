"""Decodes bytes by everything that may have encoded them: base64, base64url, hex, decimal, percent-encoding, JSON, UTF-16.

Decoding is generous: text is decoded wherever it could be encoded, and random text decodes, too. A search in the readings
needs a pattern that does not occur by chance.
"""

import binascii
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

MAX_WORK: Final = 4 << 20
"""Bytes of all readings of one input. The longest request that Keystay sends has 47 KB, and 350 KB of readings; four layers
of base64 in 64 KB have one MB."""

MIN_ENCODED: Final = 40
"""Characters of an encoding that could still contain a whole private key: the shortest in DER, of P-256, takes 52 in base64.
A run of 40 such characters among random bytes has a chance of 10^-23."""

# No pattern here reads a character more than a fixed number of times, so hostile text takes no more time than other text.
_TEXT: Final = re.compile(rb"[\t\n\r -~]{11,}")
_WIDE: Final = re.compile(rb"\x00[\t\n\r -~](?:\x00{1,3}[\t\n\r -~]){9,}")
_PAIRS: Final = re.compile(rb"(?:[\xe2-\xe7][\x80-\xbf]{2}){8,}")
_ESCAPE: Final = re.compile(rb"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([^\x00]))")
_CONTROL: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_LINES: Final = re.compile(rb"[A-Za-z0-9+/=_-]+(?:(?:\s|:|\\[nrt])+[A-Za-z0-9+/=_-]+)*")
_BREAK: Final = re.compile(rb"\s|:|\\[nrt]")
_HEX: Final = re.compile(rb"[0-9A-Fa-f]{16,}")
_HEX_LIST: Final = re.compile(rb"(?:(?:0x)?[0-9A-Fa-f]{2}[\s,:;]{1,3}){16,}(?:0x)?[0-9A-Fa-f]{2}")
_HEX_ITEM: Final = re.compile(rb"([0-9A-Fa-f]{2})(?![0-9A-Fa-fx])")
_LIST: Final = re.compile(rb"(?:[0-9]{1,3}\s{0,2},\s{0,2}){16,}[0-9]{1,3}")
_DECIMAL: Final = re.compile(rb"[0-9]{39,1300}")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{11,}")
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_ENCODED: Final = re.compile(rb"[A-Za-z0-9+/_-]{%d,}|(?:%%[0-9A-Fa-f]{2}){%d,}" % (MIN_ENCODED, MIN_ENCODED // 3))


class TooDeepError(Exception):
    """There is more encoding than can be searched. The caller must not pass the input on."""


def readings(data: bytes, max_layers: int, max_work: int = MAX_WORK) -> Iterator[bytes]:
    """`data`, and everything that it may encode, layer by layer until nothing is left to decode.

    Raises `TooDeepError` where it still looks encoded after `max_layers` layers, or has more than `max_work` bytes of readings.
    """
    level, seen, work, layer = {data}, set[bytes](), 0, 0
    while level:
        work += sum(map(len, level))
        if work > max_work:
            raise TooDeepError
        yield from level
        if layer == max_layers and any(map(_ENCODED.search, level)):
            raise TooDeepError
        seen |= level
        level = {inner for outer in level for inner in _decoded(outer)} - seen
        layer += 1


def _decoded(data: bytes) -> Iterator[bytes]:
    """What may be encoded in `data`, one layer down."""
    for wide in _WIDE.finditer(data):  # little-endian text has its first character before its first zero
        yield data[max(wide.start() - 1, 0) : wide.end()].replace(b"\0", b"")
    for pairs in () if data.isascii() else _PAIRS.findall(data):
        yield from _from_pairs(pairs.decode("utf-8", "ignore"))
    for text in _TEXT.findall(data):
        if b"%" in text:
            yield unquote_to_bytes(text)
            yield unquote_to_bytes(text.replace(b"+", b" "))  # as forms are sent
        if b"\\" in text:
            yield _ESCAPE.sub(_unescape, text)
        yield from _runs(text)
        for lines in _LINES.findall(text):
            joined = _BREAK.sub(b"", lines)
            if len(joined) < len(lines):
                yield from _runs(joined)


def _from_pairs(text: str) -> Iterator[bytes]:
    """UTF-16 that was decoded with the wrong byte order or as UTF-8: two ASCII characters look like a Chinese one."""
    yield text.encode("utf-16-be")
    yield text.encode("utf-16-le")


def _unescape(found: re.Match[bytes]) -> bytes:
    code, byte, character = found.groups()
    if code is None:
        return bytes.fromhex(byte.decode()) if byte else _CONTROL.get(character, character)
    number = int(code, 16)
    return bytes([number]) if number < 256 else chr(number).encode("utf-8", "surrogatepass")


def _runs(text: bytes) -> Iterator[bytes]:
    """The numbers and the base64 in `text`."""
    for run in _HEX.findall(text):
        for start in (0, 1):
            whole = (len(run) - start) // 2 * 2
            yield bytes.fromhex(run[start : start + whole].decode())
    if b"," in text:
        yield from _lists(text)
    for run in _DECIMAL.findall(text):
        number = int(run)
        yield number.to_bytes((number.bit_length() + 7) // 8, "big")
    for run in _BASE64.findall(text):
        yield from _base64(run.translate(_URL_SAFE))


def _lists(text: bytes) -> Iterator[bytes]:
    """Bytes one by one, as programs print them."""
    for run in _HEX_LIST.findall(text):
        yield bytes.fromhex(b"".join(_HEX_ITEM.findall(run)).decode())
    for run in _LIST.findall(text):
        yield bytes(min(int(item), 255) for item in run.split(b","))


def _base64(run: bytes) -> Iterator[bytes]:
    """`run` decoded from each of its first four characters, because others may precede it."""
    for start in range(4):
        part = run[start:]
        part = part[:-1] if len(part) % 4 == 1 else part
        yield binascii.a2b_base64(part + b"=" * (-len(part) % 4))
