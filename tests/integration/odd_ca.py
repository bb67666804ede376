"""A CA that keeps what it was asked and answers as none should, and what a hostile page would ask a relay for.

The cases hold for every relay: the one of `make run` and the settings for other servers.
"""

import json
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

OTHER_HOSTS: Final = (
    "evil.example",
    "localhost",
    "localhost:1",
    "user@{ca}",
    "{ca}@evil.example",
    "{ca}%2Fevil.example",
    "{ca}%00",
    "{ca}.evil.example",
    "{ca}\\",
    "localhost%3A{port}",
    "LOCALHOST:{port}",
    "127.0.0.1:{port}",
    "[::1]:{port}",
    "https:",
    "",
)
"""Hosts that are not on the list, though some look like the one that is; {ca} and {port} are its own."""

ODD_PATHS: Final = ("/../x", "/a/./b", "/a/..", "/%2e%2e/x", "/a/.%2E/x", "/a%2f..%2fb", "/a\\b", "/a%5Cb", "/a%00b", "")
"""Paths that two servers could read in two ways."""

PLAIN_TARGETS: Final = ("/", "/dir", "/a%2Fb/c", "/x?y=%20z&q=/../", "/acme/acct/1?", "/%7Ea~b")
"""What must go out exactly as it was signed."""

OTHER_METHODS: Final = ("PUT", "DELETE", "PATCH", "CONNECT", "TRACE", "PROPFIND")

PRIVATE_HEADERS: Final = {
    "Authorization": "Basic eDp5",
    "Cookie": "a=b",
    "Origin": "http://localhost:{port}",
    "Referer": "http://localhost:{port}/#domains=secret.example",
    "Sec-Fetch-Site": "same-origin",
    "User-Agent": "a browser",
    "X-Forwarded-For": "192.0.2.1",
}
"""What the page's browser may send and no CA needs; {port} is the page's own."""

OTHER_WEBSITES: Final = (
    *({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://evil.example:{port}"}),
    *({"Origin": "http://localhost.evil.example:{port}"}, {"Origin": "http://localhost:{port}.evil.example"}),
    *({"Origin": "http://evillocalhost:{port}"}, {"Origin": "http://user@localhost:{port}"}),
    *(
        {"Origin": "http://localhost:{port}/"},
        {"Origin": "localhost:{port}"},
        {"Origin": "*"},
        {"Origin": "ftp://localhost:{port}"},
    ),
    *({"Origin": "HTTP://localhost:{port}"}, {"Origin": "http://LOCALHOST:{port}"}, {"Origin": "http://localhost:{port}%00"}),
    *({"Origin": "http://localhost:{port} https://evil.example"}, {"Origin": "https://evil.example http://localhost:{port}"}),
    *({"Origin": "http://localhost:{port}, https://evil.example"}, {"Origin": "https://evil.example https://evil.example"}),
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    *({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "Same-Origin"}),
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
)
"""Headers by which a browser says that another website asks, or that could be taken for the page's own."""

NO_WEBSITE: Final[tuple[dict[str, str], ...]] = (
    {},
    {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"},
    {"Sec-Fetch-Site": "same-origin"},
)
"""Headers of a program or of a browser without Fetch Metadata, of a person who typed the address, of the page itself by GET."""

JOSE: Final = {"Content-Type": "application/jose+json"}
OTHER_TYPES: Final = (
    *("", "text/plain", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
    *("application/jose+json, text/plain", "application/jose", "text/plain; application/jose+json"),
)
"""Content types that no ACME request has (RFC 8555 §6.2)."""

ACME_TYPES: Final = ("application/json; charset=utf-8", "application/problem+json", "application/pem-certificate-chain")
FOREIGN_TYPES: Final = ("text/html", "application/xhtml+xml", "image/svg+xml", "text/javascript", "application/jsonp", "x", "")
"""Types that a server in front of a CA may give its own pages, and what could be taken for one of ACME's."""


class OddCA:
    """A CA on https://localhost:PORT that keeps what it was asked, and answers as none should."""

    def __init__(self, port: int, ca_file: Path) -> None:
        self.port = port
        self.authority = f"localhost:{port}"
        self.ca_file = ca_file
        self.asked: list[Request] = []
        routes = [Route("/odd/{kind}", self.odd), Route("/{rest:path}", self.echo, methods=["GET", "HEAD", "POST", "PUT"])]
        self.app = Starlette(routes=routes)

    async def echo(self, request: Request) -> Response:
        """What came, as JSON. A request that a relay breaks off is none: it raises here, maybe during a later test."""
        body = await request.body()
        self.asked.append(request)
        seen = {"method": request.method, "path": request.scope["raw_path"].decode(), "headers": dict(request.headers)}
        seen |= {"query": request.scope["query_string"].decode(), "length": len(body)}
        headers = [("Replay-Nonce", "n0"), ("Link", "<a>;rel=index"), ("Link", "<b>;rel=next"), ("X-Other", "1")]
        response = Response(json.dumps(seen), media_type="application/json")
        for name, value in headers:
            response.headers.append(name, value)
        return response

    async def odd(self, request: Request) -> Response:
        """A redirect, a cookie, or a body of so many bytes."""
        self.asked.append(request)
        match request.path_params["kind"]:
            case "redirect":
                return Response(status_code=302, headers={"Location": "https://evil.example/"})
            case "cookie":
                return Response(headers={"Set-Cookie": "session=1; Path=/"})
            case "refusal":
                return Response(b"{}", 403, {"Replay-Nonce": "n1"}, "application/problem+json")
            case "type":
                given = unquote(request.url.query)
                return Response(b"<p>words</p>", 503, {"Content-Type": given} if given else None)
            case size:
                return Response(b"x" * int(size))
