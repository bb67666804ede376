"""An endpoint for programs and for pages on this computer, closed to other websites.

The local server's relay and practice endpoints are of this kind: Host and Origin checks, CORS, bounded bodies, and refusals
that a person can read. A browser says which page a request comes from (`Origin`, Fetch standard; `Sec-Fetch-Site`, Fetch
Metadata), and no page can change that. A request with neither comes from a program, or is a GET of an older browser: it is
served, and no page on another origin may read the answer. `Host` exposes a page whose own name was pointed at this computer
(DNS rebinding).
"""

import re
from abc import ABC, abstractmethod
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

EXPOSED_HEADERS = "Location, Link, Replay-Nonce, Retry-After, Cache-Control, Content-Type"

# What comes from another server must never run as part of the page, which has the same origin.
ISOLATION = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}

# Names that a browser never asks a DNS server for, in the one spelling that browsers send.
_LOOPBACK = r"(?:(?:[a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])"
_HOST = re.compile(rf"{_LOOPBACK}(?::([1-9][0-9]{{0,4}}))?")
_ORIGIN = re.compile(rf"https?://{_LOOPBACK}(?::[1-9][0-9]{{0,4}})?")
_OWN_SITES: Final[tuple[list[str], ...]] = ([], ["same-origin"], ["none"])
"""Sec-Fetch-Site of a request without Origin: a program, the page itself, or a person who typed the address."""


class RefusedError(Exception):
    """A request that is not carried out, or an answer that is not passed on: an HTTP status and a sentence."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class OpenEndpoint(ABC):
    """An ASGI application: `answer` does the work, this decides who may ask and turns refusals into RFC 7807 documents."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        request, cors = Request(scope, receive), dict[str, str]()
        try:
            check_host(scope)
            cors = cors_headers(request.headers)
            response = await self.answer(request)
        except RefusedError as refusal:
            response = _problem(refusal)
        response.headers.update({"Vary": "Origin", **cors})
        await response(scope, receive, send)

    @abstractmethod
    async def answer(self, request: Request) -> Response:
        """Carry out `request`, or raise `RefusedError`."""


class LocalHostOnly:
    """An ASGI application around `app` that passes on what was asked of this computer by one of its own names."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        try:
            check_host(scope)
        except RefusedError as refusal:
            await _problem(refusal)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def check_host(scope: Scope) -> None:
    """Raise `RefusedError` unless the request's one Host is a loopback name with the port that it came in by."""
    port = scope["server"][1] or 80
    hosts = Headers(scope=scope).getlist("host")
    if len(hosts) != 1:
        raise RefusedError(400, "The request must have one Host header.")
    found = _HOST.fullmatch(hosts[0])
    if not found or int(found[1] or 80) != port:
        raise RefusedError(403, f"This server answers to http://localhost:{port} only, and to this computer's other own names.")


def cors_headers(headers: Headers) -> dict[str, str]:
    """The headers by which the page that asks may read the answer. Raises `RefusedError` for other websites.

    Every page on a loopback name may ask, whatever its port: a copy of the page beside `make run` uses its practice CA.
    """
    exposed = {"Access-Control-Expose-Headers": EXPOSED_HEADERS}
    origins, sites = headers.getlist("origin"), headers.getlist("sec-fetch-site")
    if len(origins) == 1 and _ORIGIN.fullmatch(origins[0]):
        return {"Access-Control-Allow-Origin": origins[0], **exposed}
    if not origins and sites in _OWN_SITES:
        return exposed
    raise RefusedError(403, "This server does not accept requests from other websites.")


def preflight(methods: tuple[str, ...]) -> Response:
    """The answer to a browser's question whether a page may send `methods` with a Content-Type (Fetch standard, CORS)."""
    headers = {
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=204, headers=headers)


async def read_body(request: Request, limit: int) -> bytes:
    """The request's whole body. Raises `RefusedError` when it is longer than `limit` bytes, compressed, or ends early."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise RefusedError(415, "The request must not be compressed.")
    declared = request.headers.get("content-length", "0")
    if not re.fullmatch("[0-9]{1,20}", declared):
        raise RefusedError(400, "The Content-Length of the request is not a number.")
    if int(declared) > limit:
        raise RefusedError(413, f"The request is longer than {limit} bytes.")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise RefusedError(413, f"The request is longer than {limit} bytes.")
    except ClientDisconnect as error:
        raise RefusedError(400, "The request ended early.") from error
    return bytes(body)


def _problem(refusal: RefusedError) -> Response:
    content = {"type": "about:blank", "title": "Refused here", "status": refusal.status, "detail": str(refusal)}
    return JSONResponse(content, refusal.status, ISOLATION, "application/problem+json")
