"""Reads `ORIGINS=` of `make dist`: the origins of pages on other hosts that a hosted relay serves."""

import argparse
import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

_LABEL: Final = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_ORIGIN: Final = re.compile(r"https://(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::([1-9][0-9]{0,4}))?")
HTTPS_PORT: Final = 443
_LOCAL: Final = re.compile(r"http://localhost(:[1-9][0-9]{0,4})?")


def read_origins(text: str) -> tuple[str, ...]:
    """Read https origins that are separated by spaces or commas, for argparse; each once, in their order.

    Each must stand as a browser sends it (RFC 6454 §6.2, the URL standard's serialization of hosts), because a server compares
    it with that letter by letter. Raises `ArgumentTypeError` with a sentence on the first that does not.
    """
    origins = tuple(dict.fromkeys(word for word in re.split(r"[\s,]+", text) if word))
    for origin in origins:
        if not is_origin(origin):
            raise argparse.ArgumentTypeError(f"{origin!r} is not the origin of a page. {_advice(origin)}")
    return origins


def is_origin(text: str) -> bool:
    """Whether `text` is the https origin of a page or a server, as a browser writes it."""
    found = _ORIGIN.fullmatch(text)
    return found is not None and _is_host(found[1]) and (found[2] is None or _is_port(int(found[2])))


def is_reachable_origin(text: str) -> bool:
    """Whether a page may connect to the origin `text`: https, or http where that stays on this computer."""
    return is_origin(text) or _LOCAL.fullmatch(text) is not None


def _is_port(number: int) -> bool:
    """Whether a browser would write this port after https://HOST."""
    return number < 65536 and number != HTTPS_PORT


def _is_host(host: str) -> bool:
    """Whether a browser would write the host so: a name in lower case and ASCII, or an IP address in its shortest form."""
    is_address = host.startswith("[") or host.rpartition(".")[2].isdecimal()
    if not is_address:
        return len(host) < 254 and bool(_NAME.fullmatch(host))
    try:
        return str(ipaddress.ip_address(host.strip("[]"))) == host.strip("[]")
    except ValueError:
        return False


def _advice(text: str) -> str:
    """What to write instead, where that can be told."""
    try:
        parts = urlsplit(text if "//" in text else f"https://{text}")
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port not in (None, HTTPS_PORT) else ""
    except ValueError:  # UnicodeError is one
        host = port = ""
    likely = f"https://{host}{port}"
    if "." in host and is_origin(likely):
        return f"Did you mean {likely}?"
    return "Write https:// and the page's host, with a port if it has one, and nothing after it: https://keystay.example"
