"""Decodes bytes by everything that may have encoded them: base64, base64url, hex, decimal, percent-encoding, JSON, UTF-16.

Decoding is generous: text is decoded wherever it could be encoded, and random text decodes, too. A search in the readings
needs a pattern that does not occur by chance.
"""

import binascii
import re
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import unquote_to_bytes

MAX_WORK: Final = 4 << 20
"""Bytes of all readings of one input. The longest request that Keystay sends has 47 KB, and 350 KB of readings; four layers
of base64 in 64 KB have one MB."""

MIN_ENCODED: Final = 40
"""Characters of an encoding that could still contain a whole private key: the shortest in DER, of P-256, takes 52 in base64.
A run of 40 such characters among random bytes has a chance of 10^-23."""

GAP: Final = bytes(8)
"""Stands between things that were decoded at once. No encoding contains it, and nothing that is searched for goes across it."""

_TEXT_BYTES: Final = b"\t\n\r" + bytes(range(0x20, 0x7F))
_DIGITS: Final = string.digits.encode()
_HEX_DIGITS: Final = string.hexdigits.encode()
_BASE64_BYTES: Final = string.ascii_letters.encode() + _DIGITS + b"+/-_"
_SPACES: Final = string.whitespace.encode()
_IDEOGRAPH: Final = (bytes(range(0xE2, 0xE8)), *[bytes(range(0x80, 0xC0))] * 2)  # UTF-8 of Chinese and the like

Layers = int | Callable[[], int]
"""A number of layers, or what finds it out: that is only asked where it decides."""


class _Shape:
    """Tells quickly where a pattern cannot match: translating bytes and finding a run takes a tenth of the time.

    What it is in has, once the bytes of `ignored` are left out, one byte out of each of `kinds` in turn, `times` times. No byte
    is in two different kinds.
    """

    def __init__(self, kinds: Sequence[bytes], times: int, ignored: bytes = b"") -> None:
        numbers = [kinds.index(kind) + 1 for kind in kinds]
        table = bytearray(256)
        for number, kind in zip(numbers, kinds, strict=True):
            for byte in kind:
                table[byte] = number
        self._table = bytes(table)
        self._run = bytes(numbers) * times
        self._ignored = ignored

    def is_in(self, data: bytes) -> bool:
        """Whether there is such a run in `data`."""
        return self._run in data.translate(self._table, self._ignored)


class _Pattern(_Shape):
    """A pattern that is only tried where its shape is."""

    def __init__(self, pattern: bytes, kinds: Sequence[bytes], times: int, ignored: bytes = b"") -> None:
        super().__init__(kinds, times, ignored)
        self._pattern = re.compile(pattern)

    def found_in(self, data: bytes) -> list[bytes]:
        """All that matches, in order."""
        return self._pattern.findall(data) if self.is_in(data) else []


class _Runs(_Shape):
    """Runs of at least `length` bytes of one `kind`: what a pattern would find, but without trying each place for itself."""

    def __init__(self, kind: bytes, length: int) -> None:
        super().__init__([kind], length)
        self._length = length

    def found_in(self, data: bytes) -> list[bytes]:
        """All such runs, each to its end, in order."""
        marks = data.translate(self._table)
        found, end = list[bytes](), 0
        while (start := marks.find(self._run, end)) >= 0:
            end = marks.find(0, start + self._length)
            end = len(data) if end < 0 else end
            found.append(data[start:end])
        return found


# No pattern here reads a character more than a fixed number of times, so hostile text takes no more time than other text.
_TEXT: Final = _Runs(_TEXT_BYTES, 11)
_WIDE: Final = re.compile(rb"\x00[\t\n\r -~](?:\x00{1,3}[\t\n\r -~]){9,}")
_PAIRS: Final = _Pattern(rb"(?:[\xe2-\xe7][\x80-\xbf]{2}){8,}", _IDEOGRAPH, 8)
_ESCAPE: Final = re.compile(rb"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([^\x00]))")
_CONTROL: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_LINES: Final = _Pattern(
    rb"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/=_-]++(?:(?:\s|:|\\[nrt])++[A-Za-z0-9+/=_-]++)++",
    [_BASE64_BYTES + b"=", _SPACES + b":\\"],
    1,
)
_BREAK: Final = re.compile(rb"\\[nrt]")
_HEX: Final = _Runs(_HEX_DIGITS, 16)
_HEX_LIST: Final = _Pattern(
    rb"(?:(?:0x)?[0-9A-Fa-f]{2}[\s,:;]{1,3}){16,}(?:0x)?[0-9A-Fa-f]{2}", [_HEX_DIGITS], 34, _SPACES + b",:;x"
)
_HEX_ITEM: Final = re.compile(rb"([0-9A-Fa-f]{2})(?![0-9A-Fa-fx])")
_LIST: Final = _Pattern(rb"(?:[0-9]{1,3}\s{0,2},\s{0,2}){16,}[0-9]{1,3}", [_DIGITS], 17, _SPACES + b",")
_DECIMAL: Final = _Pattern(rb"[0-9]{39,1300}", [_DIGITS], 39)
_NUMERAL: Final = _Shape([_HEX_DIGITS], 16, _SPACES + b",:;x")
"""What the four patterns before this have in common. Most texts have none, and one look instead of four shows that."""

_BASE64: Final = _Runs(_BASE64_BYTES, 11)
_ZEROS: Final = b"A" * 12  # base64 of a gap, from whichever character it is read
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_ENCODED: Final = re.compile(rb"[A-Za-z0-9+/_-]{%d,}|(?:%%[0-9A-Fa-f]{2}){%d,}" % (MIN_ENCODED, MIN_ENCODED // 3))


class TooDeepError(Exception):
    """There is more encoding than can be searched. The caller must not pass the input on."""


def readings(data: bytes, max_layers: int, max_work: int = MAX_WORK, own_layers: Layers = 0) -> Iterator[bytes]:
    """`data`, and everything that it may encode, layer by layer until nothing is left to decode.

    Each reading is one layer: all that was decoded from the one before, with `GAP` between. A request has dozens of words that
    may encode something, and each would be searched for as many patterns.

    Raises `TooDeepError` where it still looks encoded after `max_layers` and `own_layers` more, or has more than `max_work`
    bytes of readings.
    """
    decoder, work, layer = _Decoder(), 0, 0
    while data:
        work += len(data)
        if work > max_work:
            raise TooDeepError
        yield data
        if layer >= max_layers and layer == max_layers + _number(own_layers) and _ENCODED.search(data):
            raise TooDeepError
        data = GAP.join(decoder.decoded(data))
        layer += 1


def _number(layers: Layers) -> int:
    return layers if isinstance(layers, int) else layers()


class _Decoder:
    """Decodes layer after layer, and nothing twice."""

    def __init__(self) -> None:
        self._texts: set[bytes] = set()
        self._words: set[bytes] = set()

    def decoded(self, data: bytes) -> list[bytes]:
        """What may be encoded in `data`, one layer down."""
        found = list(_wide(data))
        if not data.isascii():
            found += _pairs(_PAIRS.found_in(data))
        if texts := _TEXT.found_in(data):
            text = GAP.join(texts)
            if b"%" in text or b"\\" in text:
                found += self._escaped(texts)
            found += self._runs(text)
        return found

    def _escaped(self, texts: Iterable[bytes]) -> Iterator[bytes]:
        """Text with percent-encoding, or with the escapes of JSON and programs."""
        for text in _new(texts, self._texts):
            if b"%" in text:
                yield unquote_to_bytes(text)
                yield unquote_to_bytes(text.replace(b"+", b" "))  # as forms are sent
            if b"\\" in text:
                yield _ESCAPE.sub(_unescape, text)

    def _runs(self, text: bytes) -> list[bytes]:
        """The base64 and the numbers in `text`, also where they are broken into lines."""
        whole = text
        if lines := _LINES.found_in(text):
            joined = GAP.join(lines)
            joined = _BREAK.sub(b"", joined) if b"\\" in joined else joined
            whole = GAP.join([text, joined.translate(None, _SPACES + b":")])
        has_numbers = _NUMERAL.is_in(whole)
        found = list(_listed(text)) if has_numbers else []
        if runs := _new(_BASE64.found_in(whole), self._words):
            found += _base64(runs)
            if has_numbers:
                found += _numbers(GAP.join(runs))
        return found


def _new(found: Iterable[bytes], seen: set[bytes]) -> list[bytes]:
    """What of `found` was not `seen`, which it is now."""
    new = [item for item in dict.fromkeys(found) if item not in seen]
    seen.update(new)
    return new


def _wide(data: bytes) -> Iterator[bytes]:
    """UTF-16 and UTF-32: little-endian text has its first character before its first zero."""
    for wide in _WIDE.finditer(data):
        yield data[max(wide.start() - 1, 0) : wide.end()].replace(b"\0", b"")


def _pairs(found: Iterable[bytes]) -> Iterator[bytes]:
    """UTF-16 that was decoded with the wrong byte order or as UTF-8: two ASCII characters look like a Chinese one."""
    for pairs in found:
        text = pairs.decode("utf-8", "ignore")
        yield text.encode("utf-16-be")
        yield text.encode("utf-16-le")


def _unescape(found: re.Match[bytes]) -> bytes:
    code, byte, character = found.groups()
    if code is None:
        return bytes.fromhex(byte.decode()) if byte else _CONTROL.get(character, character)
    number = int(code, 16)
    return bytes([number]) if number < 256 else chr(number).encode("utf-8", "surrogatepass")


def _listed(text: bytes) -> Iterator[bytes]:
    """Bytes one by one, as programs print them."""
    for run in _HEX_LIST.found_in(text):
        yield binascii.unhexlify(b"".join(_HEX_ITEM.findall(run)))
    for run in _LIST.found_in(text):
        yield bytes(min(int(item), 255) for item in run.split(b","))


def _base64(runs: Iterable[bytes]) -> Iterator[bytes]:
    """All `runs` at once, decoded from each of four characters, because others may precede them."""
    characters = _ZEROS.join(runs).translate(_URL_SAFE)
    for start in range(4):
        part = characters[start:]
        part = part[:-1] if len(part) % 4 == 1 else part
        yield binascii.a2b_base64(part + b"=" * (-len(part) % 4))


def _numbers(runs: bytes) -> Iterator[bytes]:
    """The hexadecimal and the decimal ones."""
    for run in _HEX.found_in(runs):
        for start in (0, 1):  # another digit may precede them
            whole = (len(run) - start) // 2 * 2
            yield binascii.unhexlify(run[start : start + whole])
    for run in _DECIMAL.found_in(runs):
        number = int(run)
        yield number.to_bytes((number.bit_length() + 7) // 8, "big")
