"""An endpoint that any page may call: CORS, bounded bodies, and refusals that a person can read.

The local server's relay and practice endpoints are of this kind. Nothing they do depends on who asks, and there are no
cookies, so every origin is allowed.
"""

from abc import ABC, abstractmethod

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

EXPOSED_HEADERS = "Location, Link, Replay-Nonce, Retry-After, Cache-Control, Content-Type"

# What comes from another server must never run as part of the page, which has the same origin.
ISOLATION = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}


class RefusedError(Exception):
    """A request that is not carried out, or an answer that is not passed on: an HTTP status and a sentence."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class OpenEndpoint(ABC):
    """An ASGI application: `answer` does the work, this adds CORS and turns refusals into RFC 7807 documents."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        try:
            response = await self.answer(Request(scope, receive))
        except RefusedError as refusal:
            response = _problem(refusal)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
        await response(scope, receive, send)

    @abstractmethod
    async def answer(self, request: Request) -> Response:
        """Carry out `request`, or raise `RefusedError`."""


def preflight(methods: tuple[str, ...]) -> Response:
    """The answer to a browser's question whether a page may send `methods` with a Content-Type (Fetch standard, CORS)."""
    headers = {
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=204, headers=headers)


async def read_body(request: Request, limit: int) -> bytes:
    """The request's whole body. Raises `RefusedError` as soon as it is longer than `limit` bytes, or ends early."""
    declared = request.headers.get("content-length", "0")
    if int(declared) > limit:  # the server lets only digits through
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
