"""The one gate that every request of the page passes. It fails closed: what it cannot judge is not sent."""

import re
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import unquote, urlsplit

from app.acme.decoded_jws import read_signed
from app.acme.urls import origin_of
from app.ca.catalog import CertificateAuthority
from app.errors import GateError
from app.network.secret_scanner import SecretScanner
from app.ports import Http, Request, Response

MAX_URL: Final = 8 << 10  # bytes
MAX_BODY: Final = 64 << 10
"""A finalize with 100 names of 253 characters is 26 KB of DER, in base64url twice 47 KB; an RSA-4096 key and its two signatures
add 4 KB. A newOrder of 100 names is less."""

_PLAIN: Final = re.compile(r"[!-\[\]-~]+")  # printable ASCII but “\”: browsers alter other characters before they send
_TYPES: Final = {"ca": "application/jose+json", "records": "application/json"}


class Gate:
    """`Http` that sends by `inner` only what `authorities` and the page's own files need, and never a private key.

    `secrets` finds what looks like one, and those that it knows.

    `page` is the page's own address. CAs that this page has no way to are not reached. Relays and record servers have absolute
    URLs here (`CertificateAuthority.relative_to`). `held` is told of each request that is held back: its origin, "" for one that this page
    does not work with, and why.
    """

    def __init__(
        self, inner: Http, secrets: SecretScanner, page: str, held: Callable[[str, str], None] = lambda *_: None
    ) -> None:
        self._inner = inner
        self._secrets = secrets
        self._page = origin_of(page)
        self._authorities: tuple[CertificateAuthority, ...] = ()
        self._held = held

    def open_to(self, authorities: Iterable[CertificateAuthority]) -> None:
        """Let requests to `authorities` pass from now on, and to no others."""
        self._authorities = tuple(authorities)

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`. Raises `GateError` where nothing was sent."""
        try:
            self._check(request)
        except GateError as error:
            self._held(self._origin(request.url), error.reason)
            raise
        return await self._inner.send(request)

    def _check(self, request: Request) -> None:
        try:
            self._judge(request)
        except GateError:
            raise
        except Exception as error:  # a check that fails has not passed; its words might hold the secret
            raise GateError("the check itself failed") from error

    def _origin(self, url: str) -> str:
        """What may be told of an address that was held back: the secret may stand anywhere but in a name that is known."""
        try:
            return origin_of(url) if self._kind(url) else ""
        except ValueError:
            return ""

    def _judge(self, request: Request) -> None:
        if request.method not in ("GET", "HEAD", "POST"):
            raise GateError("the method is none that ACME has")
        if request.no_cors and request.method != "GET":
            raise GateError("a request whose answer nobody reads must not say anything")
        if len(request.url.encode()) > MAX_URL or len(request.body) > MAX_BODY:
            raise GateError("the request is larger than any that Keystay makes")
        kind = self._kind(request.url)
        if not kind or (kind == "page" and request.method != "GET"):
            raise GateError("it would have gone to an address that this page does not work with")
        wanted = {"content-type": _TYPES.get(kind, "")} if request.method == "POST" else {}
        if {name.lower(): value for name, value in request.headers.items()} != wanted:
            raise GateError("the request has a header that Keystay does not use")
        parts = (request.url.encode(), repr(dict(request.headers)).encode())
        if any(map(self._secrets.found_in, parts)) or self._secrets.found_in(request.body, _own_layers(request.body)):
            raise GateError("private key material was in it")

    def _kind(self, url: str) -> str:
        """Whose address `url` is: "ca", "records", "page", or "" for nobody's."""
        parts = urlsplit(url)
        if parts.username is not None or not _PLAIN.fullmatch(url) or "/.." in unquote(parts.path):
            return ""
        for authority in self._authorities:
            if authority.records and url.startswith(authority.records):
                return "records"
            if authority.reachability != "none" and authority.ca_url_of(url):
                return "ca"
        return "page" if origin_of(url) == self._page else ""


def _own_layers(body: bytes) -> int:
    """How often Keystay itself has encoded what is in `body`: once in a JWS, twice where another JWS is in its payload."""
    signed = read_signed(body)
    return 0 if signed is None else 2 if signed.inner else 1
