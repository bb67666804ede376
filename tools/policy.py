"""The HTTP headers of the site: the Content-Security-Policy and other security headers, types and caching.

The build puts the policy into the page itself, `tools/dist.py` into the settings for other servers, and `tools/serve.py`
sends it. They agree because they all ask here.
"""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from app.acme.urls import origin_of
from app.ca.catalog import CertificateAuthority
from app.dns.resolvers import Resolver
from app.dns.services.catalog import ServiceEntry

MIME_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".pem": "application/x-pem-file",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".zip": "application/zip",
}
"""Suffix → type, for all that a site holds. Browsers refuse modules and WebAssembly of another type."""

PAGE = "index.html"
"""The file of the page, and of the same page in another language in a folder of its own."""

FOREVER = "public, max-age=31536000, immutable"
ALWAYS_ASK = "no-cache"
HASHED_FOLDER = re.compile(r"(^|/)[0-9a-f]{12}/")


UNUSED_FEATURES = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "compute-pressure"),
    *("display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid"),
    *("identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts", "magnetometer", "microphone", "midi"),
    *("otp-credentials", "payment", "picture-in-picture", "publickey-credentials-create", "publickey-credentials-get"),
    *("screen-wake-lock", "serial", "storage-access", "sync-xhr", "usb", "window-management", "xr-spatial-tracking"),
)
"""All that Permissions-Policy can take from a page and that this one never asks for.

What stays: writing to the clipboard (the copy buttons), the local network (a CA may stand in it), and Bluetooth, whose name
browsers without it, such as Chromium on Linux, answer with a warning at every start.
"""


def is_page(path: str) -> bool:
    """Return whether a site's file is the page in some language. Visitors open it by its folder."""
    return PurePosixPath(path).name == PAGE


def cache_control(path: str) -> str:
    """Return the Cache-Control of a site's file by its path: what lies in a folder named by its content never changes."""
    return FOREVER if HASHED_FOLDER.search(path) else ALWAYS_ASK


def mime_type(path: str) -> str:
    """Return the Content-Type of a site's file by its path."""
    return MIME_TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")


def content_security_policy(
    authorities: Iterable[CertificateAuthority], resolvers: Iterable[Resolver], services: Iterable[ServiceEntry] = ()
) -> str:
    """Return the policy for the page's <meta> element, which lets it talk to those of `authorities` that it has a way to.

    And to the `resolvers`; the page's gate waits for a person's permission before it asks one. And to DNS `services`, to which
    nothing is sent before a person gives a token.

    Nothing is allowed but what is named. `wasm-unsafe-eval` lets WebAssembly compile and does not allow eval; `data:`
    images are the arrows and ticks of Pico's form fields, which are part of its stylesheet. Forms are handled in the page
    and never sent.
    """
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "img-src 'self' data:",
            " ".join(["connect-src", "'self'", *_origins(authorities, resolvers, services)]),
            "form-action 'none'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


def security_headers(
    authorities: Iterable[CertificateAuthority], resolvers: Iterable[Resolver], services: Iterable[ServiceEntry] = ()
) -> dict[str, str]:
    """Return the headers that a server should send with every file of a site with these lists.

    `frame-ancestors` is here because a <meta> element cannot carry it. There is no Cross-Origin-Embedder-Policy: the page
    embeds nothing, and it would refuse the `no-cors` request that tells a CA without CORS from one that cannot be reached.
    """
    return {
        "Content-Security-Policy": f"{content_security_policy(authorities, resolvers, services)}; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",  # for browsers without frame-ancestors
    }


def _origins(
    authorities: Iterable[CertificateAuthority], resolvers: Iterable[Resolver], services: Iterable[ServiceEntry]
) -> list[str]:
    """Return the origins that the page may talk to besides its own, each once."""
    asked = [origin for resolver in resolvers for origin in (resolver.origin, origin_of(resolver.purge))]
    return [
        origin
        for origin in dict.fromkeys([*(ca.origin for ca in authorities), *asked, *(service.origin for service in services)])
        if origin
    ]
