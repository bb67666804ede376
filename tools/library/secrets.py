"""`secrets` in a page: random bytes and text. The original imports `random` for what chooses among things."""

import os
from typing import Final

DEFAULT_ENTROPY: Final = 32  # bytes


def token_bytes(nbytes: int | None = None) -> bytes:
    """Random bytes from the browser's own generator."""
    return os.urandom(DEFAULT_ENTROPY if nbytes is None else nbytes)


def token_hex(nbytes: int | None = None) -> str:
    """The same in hexadecimal, two digits for each byte."""
    return token_bytes(nbytes).hex()
