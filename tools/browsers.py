"""Request headers of real browsers, for `tools/verify.py`: a host must not recognise the check by its headers.

What cannot be copied here is all below HTTP (TLS, HTTP/2) and the address that the request comes from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from tools.policy import is_page

ENCODINGS: Final = ("gzip, deflate, br, zstd", "br", "gzip", "identity")
"""Accept-Encoding: all that Chrome takes, and each of the copies that a host may keep."""

_DOCUMENT: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_IMAGE: Final = "image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8"
_CHROME: Final = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"


@dataclass(frozen=True)
class Browser:
    """One browser: its name for people, and what it says of itself in every request."""

    name: str
    headers: Mapping[str, str] = field(hash=False)

    def request_headers(self, name: str, encoding: str) -> dict[str, str]:
        """The headers with which it asks for the file `name` of the page, in `encoding` (W3C Fetch Metadata)."""
        return {**self.headers, **_destination_headers(name), "Accept-Encoding": encoding}


def _destination_headers(name: str) -> dict[str, str]:
    """What the file is wanted for. There is no Referer: the page's policy sends none."""
    if is_page(name):
        visit = {"Upgrade-Insecure-Requests": "1", "Sec-Fetch-User": "?1"}
        return {"Accept": _DOCUMENT, **visit, **_fetch("none", "navigate", "document")}
    match PurePosixPath(name).suffix:
        case ".css":
            return {"Accept": "text/css,*/*;q=0.1", **_fetch("same-origin", "no-cors", "style")}
        case ".svg":
            return {"Accept": _IMAGE, **_fetch("same-origin", "no-cors", "image")}
        case ".js" | ".mjs":
            return {"Accept": "*/*", **_fetch("same-origin", "cors", "script")}
        case _:
            return {"Accept": "*/*", **_fetch("same-origin", "cors", "empty")}


def _fetch(site: str, mode: str, destination: str) -> dict[str, str]:
    return {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination}


def _browser(name: str, user_agent: str, language: str) -> Browser:
    return Browser(name, {"User-Agent": f"Mozilla/5.0 {user_agent}", "Accept-Language": language})


def _chromium(name: str, user_agent: str, language: str, platform: str) -> Browser:
    """A browser made of Chromium: it also sends User-Agent Client Hints."""
    plain = _browser(name, user_agent, language)
    hints = {
        "sec-ch-ua": '"Chromium";v="142", "Not_A Brand";v="99"',
        "sec-ch-ua-mobile": "?1" if platform == "Android" else "?0",
        "sec-ch-ua-platform": f'"{platform}"',
    }
    return Browser(name, {**hints, **plain.headers})


BROWSERS: Final = (
    _chromium("Chrome on Windows", f"(Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36", "en-US,en;q=0.9", "Windows"),
    _browser("Firefox on Linux", "(X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "de,en-US;q=0.7,en;q=0.3"),
    _browser(
        "Safari on macOS",
        "(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
        "en-GB,en;q=0.9",
    ),
    _chromium(
        "Edge on Windows",
        f"(Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36 Edg/142.0.0.0",
        "fr-FR,fr;q=0.9,en;q=0.8",
        "Windows",
    ),
    _chromium("Chrome on Android", f"(Linux; Android 10; K) {_CHROME} Mobile Safari/537.36", "es-ES,es;q=0.9", "Android"),
    _browser(
        "Safari on iOS",
        "(iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 "
        "Safari/604.1",
        "ja-JP,ja;q=0.9",
    ),
)
