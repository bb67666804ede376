"""The password of the files that have one: made here, or one's own."""

import re
from collections.abc import Callable
from typing import Final

from app.errors import InputError

LETTERS: Final = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""What a generated password has: nothing that looks like something else when it is read from a screen (l and 1, O and 0)."""

GROUPS: Final = 4
GROUP: Final = 4  # letters; 16 letters out of 56 are 92 bits

MAX_PASSWORD: Final = 64
"""Characters of one's own: some programs cut off what is longer."""

_OTHER: Final = re.compile(r"[^\x20-\x7e]")


def generate_password(random: Callable[[int], bytes]) -> str:
    """A new password such as `k7Rm-x2Vd-9QfT-hw4C`; `random` gives so many random bytes (`app.ports.Cipher.random`)."""
    even = 256 - 256 % len(LETTERS)  # above, some letters would come more often than others
    letters = ""
    while len(letters) < GROUPS * GROUP:
        letters += "".join(LETTERS[byte % len(LETTERS)] for byte in random(GROUPS * GROUP) if byte < even)
    return "-".join(letters[start : start + GROUP] for start in range(0, GROUPS * GROUP, GROUP))


def check_password(text: str) -> str:
    """A password as it was typed or generated, if every program can read a file with it.

    Programs disagree about how letters beyond ASCII are written as bytes, about no password at all, and about spaces at its
    ends, which nobody sees. Raises `InputError`, which never repeats any of the text.
    """
    if not text:
        raise InputError("no-file-password")
    if _OTHER.search(text):
        raise InputError("file-password-not-ascii")
    if text != text.strip():
        raise InputError("file-password-with-spaces")
    if len(text) > MAX_PASSWORD:
        raise InputError("file-password-too-long", most=MAX_PASSWORD)
    return text
