"""URLs that a CA names: which of them are its own, and which may become a link.

Everything that is requested from a CA is at the origin of its directory. RFC 8555 does not require this, but every CA of the
list does it, the page's policy allows no other origin, and a CA must not get a signed request for someone else's URL.
"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlsplit

import idna

from app.errors import AddressError

MAX_ADDRESS: Final = 2048  # characters; those of real CAs have about a hundred
MAX_PORT: Final = 65535
MAX_KEPT: Final = 500
"""URLs of which the origin is remembered: each request is compared with the directory of every CA."""

_HOST: Final = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")  # characters that no parser decodes or drops
_UNQUOTED: Final = "%!#$&'()*+,/:;=?@[]~"  # what stays unquoted after the host, beside letters, digits and -._


@lru_cache(maxsize=MAX_KEPT)
def origin_of(url: str) -> str:
    """Scheme, host and port of `url`, as the policy names them: lower case, without https’s default port; "" for a path."""
    parts = urlsplit(url)
    if not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc.lower()}".removesuffix(":443" if parts.scheme == "https" else "")


def is_plain(url: str) -> bool:
    """Whether `url` is printable ASCII without backslashes, which browsers read as “/”; other characters they alter."""
    return url.isascii() and url.isprintable() and url != "" and " " not in url and "\\" not in url


def https_host(url: str) -> str:
    """The host (and port) of an https URL, or "" for any other text."""
    try:
        parts = urlsplit(url)
        return parts.netloc if parts.scheme == "https" and parts.hostname else ""
    except ValueError:
        return ""


def check_same_origin(url: str, base: str) -> None:
    """Refuse a `url` of a CA that is not at the origin of `base`, an https URL of that CA.

    Raises `AddressError`, with the URL, shortened, as its detail.
    """
    detail = url[:200]
    if len(url) > MAX_ADDRESS:
        raise AddressError("url-too-long", detail=detail, length=len(url))
    if not https_host(url):
        raise AddressError("url-not-https", detail=detail)
    if not is_plain(url):
        raise AddressError("url-with-odd-characters", detail=detail)
    if "@" in urlsplit(url).netloc:
        raise AddressError("url-with-user-name", detail=detail)
    if origin_of(url) != origin_of(base):
        raise AddressError("url-of-another-origin", detail=detail, origin=origin_of(base))


def safe_link(text: str | None) -> str:
    """The https URL `text` in plain ASCII, safe as a link and as its text; "" for anything else.

    A host in another script is written in its ASCII form (xn--…), so that no letter can be mistaken for another.
    """
    if not text or len(text) > MAX_ADDRESS or not https_host(text):
        return ""
    authority, rest = https_host(text), text.partition("//")[2]
    host, port = _host_and_port(authority)
    try:
        plain = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
        path = quote(rest.removeprefix(authority), safe=_UNQUOTED)
    except (idna.IDNAError, UnicodeError):
        return ""
    as_written = rest.startswith(authority) and "\\" not in rest  # parsers drop line breaks, and read “\” as “/”
    if not (as_written and _HOST.fullmatch(plain) and re.match(r"[/?#]|\Z", path)):
        return ""
    link = f"https://{plain.lower()}{port}{path}"
    return link if len(link) <= MAX_ADDRESS else ""


def _host_and_port(authority: str) -> tuple[str, str]:
    """Both as written, the port with its colon; an invalid port stays with the host."""
    found = re.search(r":[0-9]{1,5}\Z", authority)
    if not found or int(found[0][1:]) > MAX_PORT:
        return authority, ""
    return authority[: found.start()], found[0]
