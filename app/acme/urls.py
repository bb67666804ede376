"""Addresses that a CA names: which of them are its own, and which may become a link.

Everything that is asked of a CA stands at the origin of its directory. RFC 8555 does not say so, but every CA of the list does
it, the page's policy allows no other place, and a signed request for a stranger's address is nothing that a CA should get.
"""

import re
from typing import Final
from urllib.parse import quote, urlsplit

import idna

from app.errors import AddressError

MAX_ADDRESS: Final = 2048  # characters; those of real CAs have about a hundred
MAX_PORT: Final = 65535

_PLAIN: Final = re.compile(r"[!-\[\]-~]+")  # printable ASCII but “\”, which browsers read as “/”
_HOST: Final = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")  # what no parser decodes or leaves out
_KEPT: Final = "%!#$&'()*+,/:;=?@[]~"  # what stands for itself after the host, beside letters, digits and -._


def origin_of(url: str) -> str:
    """Scheme, host and port of `url`, as the policy names them: lower case, without https’s own port; "" for a path."""
    parts = urlsplit(url)
    if not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc.lower()}".removesuffix(":443" if parts.scheme == "https" else "")


def https_host(url: str) -> str:
    """The host (and port) of an https URL, or "" where it is none."""
    try:
        parts = urlsplit(url)
        return parts.netloc if parts.scheme == "https" and parts.hostname else ""
    except ValueError:
        return ""


def check_same_origin(url: str, home: str) -> None:
    """Refuse a `url` of a CA that is not at the origin of `home`, an https URL of that CA.

    Raises `AddressError`, with the address, shortened, as its detail.
    """
    fault = _fault(url, home)
    if fault:
        raise AddressError(f"The CA named an address {fault}.", detail=url[:200])


def _fault(url: str, home: str) -> str:
    """What is wrong with `url`, to stand behind "an address", or ""."""
    if len(url) > MAX_ADDRESS:
        return f"of {len(url):,} characters"
    if not https_host(url):
        return "that is not https"
    if not _PLAIN.fullmatch(url):
        return "with characters that no address has"
    if "@" in urlsplit(url).netloc:
        return "with a user name in it"
    return "" if origin_of(url) == origin_of(home) else f"that is not its own: everything of this CA is at {origin_of(home)}"


def safe_link(text: str | None) -> str:
    """The https address `text` in plain ASCII, as it may become a link and be read beside it; "" for anything else.

    A host in another script is written in its ASCII form (xn--…), so that no letter passes for another one.
    """
    if not text or len(text) > MAX_ADDRESS or not https_host(text):
        return ""
    authority, rest = https_host(text), text.partition("//")[2]
    host, port = _host_and_port(authority)
    try:
        plain = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
        path = quote(rest.removeprefix(authority), safe=_KEPT)
    except (idna.IDNAError, UnicodeError):
        return ""
    as_written = rest.startswith(authority) and "\\" not in rest  # parsers leave line breaks out, and read “\” as “/”
    if not (as_written and _HOST.fullmatch(plain) and re.match(r"[/?#]|\Z", path)):
        return ""
    link = f"https://{plain.lower()}{port}{path}"
    return link if len(link) <= MAX_ADDRESS else ""


def _host_and_port(authority: str) -> tuple[str, str]:
    """Both as written, the port with its colon; one that is no port stays with the host."""
    found = re.search(r":[0-9]{1,5}\Z", authority)
    if not found or int(found[0][1:]) > MAX_PORT:
        return authority, ""
    return authority[: found.start()], found[0]
