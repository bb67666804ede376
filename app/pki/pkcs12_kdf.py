"""The key derivation of PKCS#12 (RFC 7292 appendix B), for writing and for reading PFX files.

It makes the key of the message authentication code (MAC) of every PFX file, and the key and the initialization vector of the
older ciphers (3DES). Newer ciphers use PBES2 with PBKDF2 instead (RFC 8018 §6.2).
"""

import hashlib
from typing import Final

KEY: Final = 1
INITIALIZATION_VECTOR: Final = 2
MAC_KEY: Final = 3
"""What the derived bytes are for (RFC 7292 §B.3)."""


def derive(digest: str, password: str | None, salt: bytes, purpose: int, iterations: int, length: int) -> bytes:
    """`length` bytes for `purpose` (`KEY`, `INITIALIZATION_VECTOR` or `MAC_KEY`) from `password`.

    `password` None is no password at all, which some programs use for an empty one. `digest` is a name that `hashlib.new`
    knows ("sha1", "sha256", …); `iterations` ≥ 1. One iteration costs one digest for each block of output, so whoever reads
    files of others must bound them. Raises `ValueError` for an unknown digest.
    """
    size, block = hashlib.new(digest).digest_size, hashlib.new(digest).block_size
    make = getattr(hashlib, digest)  # twice as fast as `hashlib.new`
    diversifier = bytes([purpose]) * block
    data = bytearray(_repeated(salt, block) + _repeated(password_bytes(password), block))
    derived = b""
    while True:
        part: bytes = make(diversifier + data).digest()
        for _ in range(iterations - 1):
            part = make(part).digest()
        derived += part
        if len(derived) >= length:
            return derived[:length]
        _add_to_each_block(data, (part * (block // size + 1))[:block])


def password_bytes(password: str | None) -> bytes:
    """A password as PKCS#12 derives keys from it: big-endian UTF-16 and two zero bytes (RFC 7292 §B.1); nothing for None."""
    return b"" if password is None else password.encode("utf-16-be", "surrogatepass") + b"\x00\x00"


def _repeated(text: bytes, block: int) -> bytes:
    """`text` again and again, up to the next multiple of `block`; nothing for nothing."""
    length = -(-len(text) // block) * block
    return (text * (length // len(text) + 1))[:length] if text else b""


def _add_to_each_block(data: bytearray, addend: bytes) -> None:
    """Each block of `data` becomes itself plus `addend` plus one, without the carry out of it (RFC 7292 §B.2, step 6c)."""
    block, modulus = len(addend), 1 << 8 * len(addend)
    for start in range(0, len(data), block):
        total = int.from_bytes(data[start : start + block]) + int.from_bytes(addend) + 1
        data[start : start + block] = (total % modulus).to_bytes(block)
