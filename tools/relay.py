"""The relay: reaches a CA for a page whose browser may not, because the CA sends no CORS headers or has a test certificate.

`/relay/HOST[:PORT]/PATH?QUERY` is forwarded to `https://HOST[:PORT]/PATH?QUERY`. It is harmless to keys: it sees what the CA
sees, and cannot alter a request, because payload, nonce and URL are under the client's signature. It is no open proxy: only
hosts on its list, ACME's methods and headers, bounded bodies; no cookies, no redirects, no log.
"""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import DefaultCookiePolicy

import httpx
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from tools.open_endpoint import ISOLATION, OpenEndpoint, RefusedError, preflight, read_body

PREFIX = b"/relay/"
METHODS = ("GET", "HEAD", "POST")
REQUEST_HEADERS = ("content-type", "accept")
RESPONSE_HEADERS = ("content-type", "location", "link", "replay-nonce", "retry-after", "cache-control")
LARGEST_REQUEST = 128 * 1024  # bytes; a finalize request for 100 names with an RSA key has some 10 KiB
LARGEST_RESPONSE = 4 * 1024 * 1024  # bytes
TIMEOUT = 30.0  # seconds
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
        client, url = self._target(request)
        body = await read_body(request, LARGEST_REQUEST)
        if body and request.method != "POST":
            raise RefusedError(400, "Only POST may have a body.")
        headers = {name: request.headers[name] for name in REQUEST_HEADERS if name in request.headers}
        return await _forward(client, client.build_request(request.method, url, headers=headers, content=body))

    def _target(self, request: Request) -> tuple[httpx.AsyncClient, httpx.URL]:
        # The raw path: decoding would turn %2F into a slash, and the CA compares the address with the signed one.
        raw_path: bytes = request.scope["raw_path"]
        authority, slash, path = raw_path.removeprefix(PREFIX).partition(b"/")
        # Looked up as it stands, so no other spelling, user name or port can pass.
        client = self._clients.get(authority.decode("latin-1"))
        if not raw_path.startswith(PREFIX) or client is None:
            raise RefusedError(403, "This relay does not forward to that host.")
        if not slash or not _is_plain(path):
            raise RefusedError(400, "The path is not in its plain form.")
        query = request.scope["query_string"]
        target = slash + path + (b"?" + query if query else b"")
        return client, httpx.URL(f"https://{authority.decode('ascii')}").copy_with(raw_path=target)


async def _forward(client: httpx.AsyncClient, request: httpx.Request) -> Response:
    try:
        async with _sent(client, request) as answer:
            response = Response(await _read_answer(answer), answer.status_code, ISOLATION)
            _copy_headers(answer.headers, response.headers)
            return response
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise RefusedError(502, f"The relay got no answer from {request.url.netloc.decode()}: {reason}") from error


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
        if len(body) > LARGEST_RESPONSE:
            raise RefusedError(502, f"The CA's answer is longer than {LARGEST_RESPONSE} bytes.")
    return bytes(body)


def _copy_headers(source: httpx.Headers, target: MutableHeaders) -> None:
    for name, value in source.multi_items():  # Link may come several times
        if name.lower() in RESPONSE_HEADERS:
            target.append(name, value)


def _client(context: ssl.SSLContext) -> httpx.AsyncClient:
    client = httpx.AsyncClient(
        verify=context,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        timeout=TIMEOUT,
        follow_redirects=False,
        trust_env=False,  # no proxy between: the list of hosts is the whole truth
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


def _is_plain(path: bytes) -> bool:
    """Whether no server could read another path out of it: no dot segments, backslashes or control characters."""
    lowered = path.lower().replace(b"%2e", b".")
    if any(segment in (b".", b"..") for segment in lowered.replace(b"%2f", b"/").split(b"/")):
        return False
    return all(0x20 < byte < 0x7F and byte != 0x5C for byte in path) and b"%5c" not in lowered and b"%00" not in lowered
