"""Knows the private key material of this session without keeping it, and finds it again in what is about to be sent.

Only bytes that Python has seen can be found, and only those can leak through Python: a key handle that was never taken out
is out of its reach. Of each secret the fingerprints of every window of 16 bytes are kept: `hash` as a quick filter, confirmed
by a SHA-256 with a salt of this session. A shorter secret has one window, itself; below 8 bytes chance would find it
everywhere, so it is not looked for.
"""

import binascii
import hashlib
import os
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

from asn1crypto.keys import PrivateKeyInfo

WINDOW: Final = 16
SHORTEST: Final = 8
MOST_DEPTH: Final = 12
"""Wrappings in one another. Ours are two, but what a CA's random addresses decode to may look wrapped again by chance. With
one of 100,000 addresses a request then has more than six (measured); each one more is some hundred times rarer."""

MOST_WORK: Final = 8 << 20  # bytes that are looked through for one request

_RSA_PARTS: Final = ("private_exponent", "prime1", "prime2", "exponent1", "exponent2", "coefficient")
_WRAPS: Final = re.compile(rb"\s|:|\\[nrt]")
_ESCAPE: Final = re.compile(rb"\\u00([0-9A-Fa-f]{2})|\\/")
_HEX: Final = re.compile(rb"[0-9A-Fa-f]{16,}")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{11,}")
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_DECIMAL: Final = re.compile(rb"[0-9]{39,1300}")


class TooDeepError(Exception):
    """There is more wrapping than can be looked through. Whoever asked must not send."""


class Secrets:
    """The fingerprints of all secrets of this session."""

    def __init__(self) -> None:
        self._salt = os.urandom(16)
        self._quick: dict[int, set[int]] = {}
        self._sure: set[bytes] = set()

    def note_pkcs8(self, der: bytes) -> None:
        """Note the private numbers of a key (DER PKCS#8, RFC 5958), not its public ones. Raises what asn1crypto raises."""
        info = PrivateKeyInfo.load(der)
        key = info["private_key"].parsed
        names = _RSA_PARTS if info.algorithm == "rsa" else ("private_key",)
        for number in (key[name].native for name in names):
            self.note(number.to_bytes((number.bit_length() + 7) // 8, "big"))

    def note(self, secret: bytes) -> None:
        """Note a secret as it is, like an HMAC key."""
        width = min(WINDOW, len(secret))
        if width < SHORTEST:
            return
        for window in _windows(secret, width):
            self._quick.setdefault(width, set()).add(hash(window))
            self._sure.add(self._digest(window))

    def found_in(self, data: bytes) -> bool:
        """Whether `data` holds a window of a secret: raw, or wrapped in any way of `_unwrapped`, up to `MOST_DEPTH` deep.

        Costs nothing while no secret is noted. Raises `TooDeepError`.
        """
        level, seen, work = {data} if self._quick else set(), set[bytes](), 0
        for _ in range(MOST_DEPTH):
            work += sum(map(len, level))
            if work > MOST_WORK:
                raise TooDeepError
            if any(map(self._holds, level)):
                return True
            seen |= level
            level = {inner for outer in level for inner in _unwrapped(outer)} - seen
        if level:
            raise TooDeepError
        return False

    def _holds(self, data: bytes) -> bool:
        return any(
            hash(window) in known and self._digest(window) in self._sure
            for width, known in self._quick.items()
            for window in _windows(data, width)
        )

    def _digest(self, window: bytes) -> bytes:
        return hashlib.sha256(self._salt + window).digest()


def _windows(data: bytes, width: int) -> Iterator[bytes]:
    return (data[n : n + width] for n in range(len(data) - width + 1))


def _unwrapped(data: bytes) -> Iterator[bytes]:
    """What may stand in `data`: percent-encoding, JSON's escapes, lines, hex, base64 of both alphabets, decimal numbers."""
    if b"%" in data:
        yield unquote_to_bytes(data)
    if b"\\" in data:
        yield _ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()) if found[1] else b"/", data)
    yield _WRAPS.sub(b"", data)
    for run in _HEX.findall(data):
        for start in (0, 1):
            whole = (len(run) - start) // 2 * 2
            yield bytes.fromhex(run[start : start + whole].decode())
    for run in _BASE64.findall(data):
        yield from _base64(run.translate(_URL_SAFE))
    for run in _DECIMAL.findall(data):
        number = int(run)
        yield number.to_bytes((number.bit_length() + 7) // 8, "big")


def _base64(run: bytes) -> Iterator[bytes]:
    """`run` read from each of its first four characters."""
    for start in range(4):
        part = run[start:]
        part = part[:-1] if len(part) % 4 == 1 else part
        yield binascii.a2b_base64(part + b"=" * (-len(part) % 4))
