"""Recognises the private key material of this session, without storing it, in what is about to be sent.

What looks like a private key is found by its form (`app.pki.private_key_detection`), whether or not this page has seen it
before. Key material without a form, such as a bare number or an HMAC key, is found where Python has seen it as bytes: a key
that was never exported from its handle cannot leak through Python. Of each such secret the fingerprints of every window of 16
bytes are stored: `hash` as a quick filter, confirmed by a SHA-256 with a salt of this session. A shorter secret has one window,
itself; below 8 bytes it would be found everywhere by chance, so it is not searched for.
"""

import hashlib
import os
from collections.abc import Iterator
from typing import Final

from asn1crypto.keys import PrivateKeyInfo

from app.encoding.decodings import MAX_WORK, Layers, readings
from app.pki.private_key_detection import MAX_LAYERS, is_private_key

WINDOW: Final = 16
MIN_LENGTH: Final = 8
MAX_CLEAN: Final = 1000
"""Texts of which the scanner remembers that they are clean."""

_RSA_PARTS: Final = ("private_exponent", "prime1", "prime2", "exponent1", "exponent2", "coefficient")


class SecretScanner:
    """The fingerprints of all secrets of this session."""

    def __init__(self) -> None:
        self._salt = os.urandom(16)
        self._clean: dict[bytes, None] = {}  # digests of what holds none of the secrets so far, oldest first
        self._hashes: dict[int, set[int]] = {}
        self._digests: set[bytes] = set()

    def note_pkcs8(self, der: bytes) -> None:
        """Note the private numbers of a key (DER PKCS#8, RFC 5958), not the public ones. Raises what asn1crypto raises."""
        info = PrivateKeyInfo.load(der)
        key = info["private_key"].parsed
        names = _RSA_PARTS if info.algorithm == "rsa" else ("private_key",)
        for number in (key[name].native for name in names):
            self.note(number.to_bytes((number.bit_length() + 7) // 8, "big"))

    def note_key(self, der: bytes) -> None:
        """As `note_pkcs8`, for a key from outside: of one that it cannot take apart, all bytes are noted. Never raises."""
        try:
            self.note_pkcs8(der)
        except Exception:  # another kind of key leads asn1crypto to many kinds of error
            self.note(der)

    def note(self, secret: bytes) -> None:
        """Note a secret as it is, like an HMAC key."""
        width = min(WINDOW, len(secret))
        if width < MIN_LENGTH:
            return
        self._clean.clear()
        for window in _windows(secret, width):
            self._hashes.setdefault(width, set()).add(hash(window))
            self._digests.add(self._digest(window))

    def found_in(self, data: bytes, own_layers: Layers = 0, max_work: int = MAX_WORK) -> bool:
        """Whether `data` contains what looks like a private key, or a window of a secret, in any of its `readings`.

        `own_layers` is how many times Keystay itself has encoded what is in it. Raises `TooDeepError` where it still looks
        encoded below these and `MAX_LAYERS` more, or has more than `max_work` bytes of readings.

        The gate and the log look at the same bytes, and most headers come again and again: what was searched to its end and is
        clean is not searched twice.
        """
        digest = self._digest(data)
        if digest in self._clean:
            return False
        for reading in readings(data, MAX_LAYERS, max_work, own_layers):
            if is_private_key(reading) or self._holds(reading):
                return True
        self._clean[digest] = None
        if len(self._clean) > MAX_CLEAN:
            del self._clean[next(iter(self._clean))]
        return False

    def _holds(self, data: bytes) -> bool:
        return any(self._holds_of(width, known, data) for width, known in self._hashes.items())

    def _holds_of(self, width: int, known: set[int], data: bytes) -> bool:
        if known.isdisjoint(map(hash, _windows(data, width))):
            return False
        return any(hash(window) in known and self._digest(window) in self._digests for window in _windows(data, width))

    def _digest(self, window: bytes) -> bytes:
        return hashlib.sha256(self._salt + window).digest()


def _windows(data: bytes, width: int) -> Iterator[bytes]:
    """All windows of `data`, made without a step of Python for each: a request has thousands."""
    starts = range(len(data) - width + 1)
    return map(data.__getitem__, map(slice, starts, range(width, width + len(starts))))
