"""Triple DES in CBC mode by pyDes, a little at a time: browsers offer none, and in Python it is slow.

It is here only for files of systems that read nothing newer.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

from app.errors import PassphraseError
from app.ports import Packages

PACKAGE: Final = "pydes"
BLOCK: Final = 8  # bytes
SLICE: Final = 16 * BLOCK
"""Bytes that are done without a pause: some 20 ms in a browser, where a block takes more than one."""


async def encrypt(packages: Packages, plain: bytes, key: bytes, iv: bytes) -> bytes:
    """Encrypt `plain` with the padding of PKCS#7 (RFC 5652 §6.3). `key` has 24 bytes, `iv` 8. Raises `PackageError`."""
    missing = BLOCK - len(plain) % BLOCK
    cipher = await _cipher(packages, key, iv)
    slices = _slices(plain + bytes([missing]) * missing)
    return await _in_slices(cipher.encrypt, slices, lambda _, encrypted: cipher.setIV(encrypted[-BLOCK:]))


async def decrypt(packages: Packages, encrypted: bytes, key: bytes, iv: bytes) -> bytes:
    """Decrypt what `encrypt` returned. Raises `PassphraseError` where the padding is none, and `PackageError`."""
    if not encrypted or len(encrypted) % BLOCK:
        raise PassphraseError
    cipher = await _cipher(packages, key, iv)
    padded = await _in_slices(cipher.decrypt, _slices(encrypted), lambda given, _: cipher.setIV(given[-BLOCK:]))
    padding = padded[-1]
    if not 1 <= padding <= BLOCK or padded[-padding:] != bytes([padding]) * padding:
        raise PassphraseError
    return padded[:-padding]


async def _cipher(packages: Packages, key: bytes, iv: bytes) -> Any:
    await packages.load(PACKAGE)
    import pyDes  # only now: it is loaded on demand

    return pyDes.triple_des(key, pyDes.CBC, iv)


async def _in_slices(work: Callable[[bytes], bytes], slices: Sequence[bytes], go_on: Callable[[bytes, bytes], None]) -> bytes:
    """The results of `work` on `slices`. After each, `go_on` gets it and its result, and the page has a moment for others."""
    done = []
    for part in slices:
        done.append(work(part))
        go_on(part, done[-1])
        await asyncio.sleep(0)
    return b"".join(done)


def _slices(data: bytes) -> list[bytes]:
    return [data[start : start + SLICE] for start in range(0, len(data), SLICE)]
