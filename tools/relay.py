"""The relay: reaches a CA for a page whose browser may not, because the CA sends no CORS headers or has a test certificate.

`/relay/HOST[:PORT]/PATH?QUERY` is forwarded to `https://HOST[:PORT]/PATH?QUERY`. It is harmless to keys: it sees what the CA
sees, and cannot alter a request, because payload, nonce and URL are under the client's signature. It is no open proxy: only
hosts on its list, ACME's methods, headers and content types, bounded bodies; no cookies, no redirects, no log; and no other
website may use it (tools/open_endpoint.py). What it cannot read it answers with 400, what it cannot read of a CA with 502.

An answer of another type than ACME's (RFC 8555 §7.4.2, §9.1), such as a front server's error page, is passed on as plain text:
the page shows the CA's own words, and no browser takes them for anything else.
"""

import ssl
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import DefaultCookiePolicy
from importlib.util import find_spec

import httpx
from starlette.requests import Request
from starlette.responses import Response

from tools.open_endpoint import ISOLATION, OpenEndpoint, RefusedError, preflight, read_body

PREFIX = b"/relay/"
METHODS = ("GET", "HEAD", "POST")
CONTENT_TYPE = "application/jose+json"  # RFC 8555 §6.2: of every request that has a body
ANSWER_TYPES = (
    *("application/json", "application/problem+json"),
    *("application/pem-certificate-chain", "application/pkix-cert", "application/pkcs7-mime"),
)
PLAIN_TEXT = "text/plain; charset=utf-8"
ANSWER_ENCODINGS = ("identity", "gzip", "deflate")  # the relay asks for the first, and undoes the others
RESPONSE_HEADERS = (b"location", b"link", b"replay-nonce", b"retry-after", b"cache-control")
MAX_REQUEST = 128 * 1024  # bytes; a finalize request for 100 names with an RSA key has some 10 KiB
MAX_RESPONSE = 4 * 1024 * 1024  # bytes
TIMEOUT = 30.0  # seconds
MAX_IDLE = 60.0  # seconds for which a connection to a CA is kept; polls of an order are up to half a minute apart
ABSENT = [name for name in ("sniffio", "trio") if name not in sys.modules and find_spec(name) is None]
sys.modules.update(dict.fromkeys(ABSENT))  # type: ignore[arg-type]  # httpcore looks for them on the disk in each request
USER_AGENT = "Keystay-relay/1"  # Pebble ≥ 2.10 refuses requests without one


class Relay(OpenEndpoint):
    """An ASGI application that forwards to the hosts in `targets`, to nothing else.

    `targets` gives for each `host` or `host:port`, in lower case, the TLS settings by which its certificate is verified.
    """

    def __init__(self, targets: Mapping[str, ssl.SSLContext]) -> None:
        self._clients = {authority: _client(context) for authority, context in targets.items()}

    async def aclose(self) -> None:
        """Close the connections to the CAs."""
        for client in self._clients.values():
            await client.aclose()

    async def answer(self, request: Request) -> Response:
        """Forward one request."""
        if request.method == "OPTIONS":
            return preflight(METHODS)
        if request.method not in METHODS:
            raise RefusedError(405, f"The relay forwards {', '.join(METHODS)} only.")
        client, origin, target = self._target(request)
        headers = _request_headers(request)
        body = await read_body(request, MAX_REQUEST)
        if body and request.method != "POST":
            raise RefusedError(400, "Only POST may have a body.")
        # httpx would tidy up an address, so the target is given apart.
        outgoing = client.build_request(request.method, origin, headers=headers, content=body, extensions={"target": target})
        return await _forward(client, outgoing)

    def _target(self, request: Request) -> tuple[httpx.AsyncClient, str, bytes]:
        """The client for the CA that is asked for, the CA's origin, and the path and query there."""
        # The raw path: decoding would turn %2F into a slash, and the CA compares the address with the signed one.
        raw_path: bytes = request.scope["raw_path"]
        authority, slash, path = raw_path.removeprefix(PREFIX).partition(b"/")
        # Looked up unchanged, so no other spelling, user name or port can pass.
        host = authority.decode("latin-1")
        client = self._clients.get(host)
        if not raw_path.startswith(PREFIX) or client is None:
            raise RefusedError(403, "This relay does not forward to that host.")
        query = request.scope["query_string"]
        target = slash + path + (b"?" + query if query else b"")
        if not slash or not _is_visible(target) or not _is_plain(path):
            raise RefusedError(400, "The path is not in normal form.")
        return client, f"https://{host}", target


def _request_headers(request: Request) -> dict[str, str]:
    """The headers to send on. Raises `RefusedError` where they are none of an ACME request (RFC 8555 §6.2)."""
    accept = request.headers.get("accept", "*/*")
    if not accept.isascii():
        raise RefusedError(400, "The Accept header cannot be read.")
    if request.method != "POST":
        return {"Accept": accept}
    if request.headers.getlist("content-type") != [CONTENT_TYPE]:
        raise RefusedError(415, f"The relay forwards {CONTENT_TYPE} only.")
    return {"Accept": accept, "Content-Type": CONTENT_TYPE}


async def _forward(client: httpx.AsyncClient, request: httpx.Request) -> Response:
    host = request.url.netloc.decode()
    try:
        async with _sent(client, request) as answer:
            _check_readable(answer, host)
            response = Response(await _read_answer(answer), answer.status_code, ISOLATION)
            response.headers["Content-Type"] = _safe_type(answer.headers.get("content-type", ""))
            response.raw_headers += _passed_on(answer.headers)
            return response
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise RefusedError(502, f"The relay got no answer from {host}: {reason}") from error


def _passed_on(headers: httpx.Headers) -> list[tuple[bytes, bytes]]:
    """Those headers that ACME needs, as bytes, because a CA may write them in any encoding; Link may come several times."""
    lowered = ((name.lower(), value) for name, value in headers.raw)
    return [(name, value) for name, value in lowered if name in RESPONSE_HEADERS]


def _check_readable(answer: httpx.Response, host: str) -> None:
    """Raise `RefusedError` for an answer that HTTP/1.1 gives no meaning (RFC 9110 §15), or whose body cannot be read."""
    if not 200 <= answer.status_code < 600:
        raise RefusedError(502, f"{host} answered with the invalid status {answer.status_code}.")
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ANSWER_ENCODINGS:
        raise RefusedError(502, f"{host} answered in an encoding that the relay did not ask for.")


def _safe_type(content_type: str) -> str:
    """The type to pass an answer on with: ACME's own as it came, every other one as plain text."""
    essence = content_type.partition(";")[0].strip().lower()
    return content_type if essence in ANSWER_TYPES and content_type.isascii() else PLAIN_TEXT


@asynccontextmanager
async def _sent(client: httpx.AsyncClient, request: httpx.Request) -> AsyncIterator[httpx.Response]:
    answer = await client.send(request, stream=True)
    try:
        yield answer
    finally:
        await answer.aclose()


async def _read_answer(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > MAX_RESPONSE:
            raise RefusedError(502, f"The CA's answer is longer than {MAX_RESPONSE} bytes.")
    return bytes(body)


def _client(context: ssl.SSLContext) -> httpx.AsyncClient:
    client = httpx.AsyncClient(
        verify=context,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        timeout=TIMEOUT,
        limits=httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=MAX_IDLE),
        follow_redirects=False,
        trust_env=False,  # no proxy between: the list of hosts is the whole truth
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


def _is_visible(target: bytes) -> bool:
    """Whether it has visible ASCII characters only, as every request target (RFC 9112 §3.2)."""
    return all(0x20 < byte < 0x7F for byte in target)


def _is_plain(path: bytes) -> bool:
    """Whether no server could read another path out of it: no dot segments, backslashes or NUL."""
    lowered = path.lower().replace(b"%2e", b".")
    if any(segment in (b".", b"..") for segment in lowered.replace(b"%2f", b"/").split(b"/")):
        return False
    return not any(odd in lowered for odd in (b"\\", b"%5c", b"%00"))
