"""An answer of a resolver as the request log shows it: for people who know DNS, in the form of zone files (RFC 1035 §5)."""

import sys
from typing import Final

MAX_SHOWN: Final = 4096
"""Bytes of an answer that is taken apart. Real ones have a few hundred; a page must not stand still for a longer one."""

_HEADER: Final = 12  # bytes (RFC 1035 §4.1.1)
_RCODES: Final = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}


def rcode_in(message: bytes) -> str:
    """How the answer `message` says that it went, such as "NXDOMAIN"; "" where it is no answer."""
    if len(message) < _HEADER or not message[2] & 0x80:
        return ""
    code = message[3] & 0x0F
    return _RCODES.get(code, f"RCODE{code}")


def answers_in(message: bytes) -> int:
    """How many records the answer `message` says that it brings."""
    return int.from_bytes(message[6:8])


def text_of(message: bytes) -> str:
    """The answer `message` in lines, or "" where it cannot be read, or the library for it has not been loaded in this visit.

    Loading it only to show something that nobody needs in order to go on would not be worth the wait.
    """
    if "dns.message" not in sys.modules or len(message) > MAX_SHOWN:
        return ""
    import dns.message  # only now: it is there once a question has been asked

    try:
        return dns.message.from_wire(message).to_text()
    except Exception:
        return ""
