"""The gate that every request of the page passes. It fails closed: a request that it cannot check is not sent.

Where a request may go, and what it may contain there, is one entry in `DESTINATIONS` for each kind of destination.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from app.acme.decoded_jws import read_signed
from app.acme.urls import is_plain, origin_of
from app.ca.catalog import CertificateAuthority
from app.dns.lookup.sent_question import forgotten_name, question_in
from app.dns.resolvers import Resolver
from app.dns.services.service import TOKEN_MARK
from app.errors import GateError
from app.network.redaction import whole_of
from app.network.secret_scanner import SecretScanner
from app.ports import Http, Request, Response

if TYPE_CHECKING:
    from app.dns.services.catalog import ServiceEntry

MAX_URL: Final = 8 << 10  # bytes
MAX_BODY: Final = 64 << 10
"""A finalize with 100 names of 253 characters is 26 KB of DER, in base64url twice 47 KB; an RSA-4096 key and its two signatures
add 4 KB. A newOrder of 100 names is less."""


@dataclass(frozen=True)
class Site:
    """What this page works with: its own origin, the CAs to which the gate is open, resolvers and DNS services that it knows.

    Of the `resolvers`, those that a person has `allowed` may be asked.
    """

    page: str
    authorities: tuple[CertificateAuthority, ...] = ()
    resolvers: tuple[Resolver, ...] = ()
    services: tuple[ServiceEntry, ...] = ()
    allowed: frozenset[Resolver] = frozenset()

    # Every request is compared with every CA, so what they are compared by is found out once.

    @cached_property
    def direct_origins(self) -> frozenset[str]:
        """The origins of the CAs that are reached directly."""
        return frozenset(origin_of(ca.directory) for ca in self.authorities if ca.reachability == "direct")

    @cached_property
    def relayed(self) -> tuple[CertificateAuthority, ...]:
        """The CAs that are reached through a relay."""
        return tuple(ca for ca in self.authorities if ca.reachability == "relay")

    @cached_property
    def record_servers(self) -> tuple[str, ...]:
        """Where records of the practice CA are published."""
        return tuple(ca.records for ca in self.authorities if ca.records)


@dataclass(frozen=True)
class Destination:
    """A kind of destination: `includes` tells which URLs belong to it, `methods` and `content_type` what may be sent there.

    `content_type` is that of a POST or PATCH, or "" where it has none; other methods have none. `headers` are all others that
    a request has, in lower case, and must have. `no_cors` are the methods of requests whose response cannot be read, which have
    no header. `check` raises `GateError` where a request breaks a rule of this
    destination. `url_layers` is how many times Keystay itself encodes what is in the URL.
    """

    includes: Callable[[str, Site], bool]
    methods: tuple[str, ...]
    content_type: str = ""
    no_cors: tuple[str, ...] = ("GET",)
    check: Callable[[Request, Site], None] = lambda *_: None
    headers: Callable[[str, Site], Mapping[str, str]] = lambda *_: {}
    url_layers: int = 0


def _is_resolver(url: str, site: Site) -> bool:
    return any(url.partition("?")[0] == resolver.url for resolver in site.resolvers)


def _is_purge(url: str, site: Site) -> bool:
    return any(resolver.purge and url.partition("?")[0] == resolver.purge for resolver in site.resolvers)


def _check_question(request: Request, site: Site) -> None:
    """Only a well-formed question, and only to whom a person has allowed to ask."""
    if not any(request.url.partition("?")[0] == resolver.url for resolver in site.allowed):
        raise GateError("gate-resolver-not-allowed")
    if question_in(request.url) is None:
        raise GateError("gate-no-dns-question")


def _check_purge(request: Request, site: Site) -> None:
    """Only a name, and only to whom a person has allowed to ask about names."""
    if not any(request.url.partition("?")[0] == resolver.purge for resolver in site.allowed):
        raise GateError("gate-resolver-not-allowed")
    if request.body or not request.no_cors or not forgotten_name(request.url):
        raise GateError("gate-no-dns-question")


def _service_at(url: str, site: Site) -> ServiceEntry | None:
    return next((service for service in site.services if service.owns(url)), None)


def _is_service(url: str, site: Site) -> bool:
    return _service_at(url, site) is not None


def _token_header(url: str, site: Site) -> Mapping[str, str]:
    """The one header that stands for the token: below this gate and the log, the service's own token takes its place."""
    service = _service_at(url, site)
    return {service.protocol.header.lower(): service.protocol.prefix + TOKEN_MARK} if service else {}


def _check_service(request: Request, site: Site) -> None:
    """Only reading records and writing TXT records, whatever else the token would allow."""
    service = _service_at(request.url, site)
    if service is None or not service.allows(request):
        raise GateError("gate-no-dns-write")


def _is_record_server(url: str, site: Site) -> bool:
    return url.startswith(site.record_servers)


def _is_relay(url: str, site: Site) -> bool:
    return any(ca.ca_url_of(url) for ca in site.relayed)


def _is_ca(url: str, site: Site) -> bool:
    return origin_of(url) in site.direct_origins


def _is_page(url: str, site: Site) -> bool:
    return origin_of(url) == site.page


_ACME_METHODS: Final = ("GET", "HEAD", "POST")
_METHODS: Final = (*_ACME_METHODS, "PATCH")
_JSON: Final = "application/json"
_JOSE: Final = "application/jose+json"  # RFC 8555 §6.2

DESTINATIONS: Final = (
    Destination(_is_resolver, ("GET",), no_cors=(), check=_check_question, url_layers=1),  # RFC 8484 §4.1
    Destination(_is_purge, ("POST",), no_cors=("POST",), check=_check_purge),
    Destination(_is_service, ("GET", "PATCH"), _JSON, check=_check_service, headers=_token_header),
    Destination(_is_record_server, _ACME_METHODS, _JSON),
    Destination(_is_relay, _ACME_METHODS, _JOSE),
    Destination(_is_ca, _ACME_METHODS, _JOSE),
    Destination(_is_page, ("GET",)),  # the page's own files
)
"""All of them. The first that includes a URL counts: resolver, relay and record server may be on the page's own host."""


class Gate:
    """`Http` that sends by `inner` only what CAs, allowed resolvers and the page's own files need, and never a private key.

    `secrets` finds what looks like one, and those that it knows.

    `page` is the page's own URL. CAs that this page cannot reach stay out. Relays, record servers and resolvers have absolute
    URLs here (`CertificateAuthority.relative_to`, `Resolver.relative_to`). `held` is called for each blocked request: with its
    origin, "" for one that this page does not work with, and the code of the `GateError`.
    """

    def __init__(
        self, inner: Http, secrets: SecretScanner, page: str, held: Callable[[str, str], None] = lambda *_: None
    ) -> None:
        self._inner = inner
        self._secrets = secrets
        self._site = Site(origin_of(page))
        self._held = held

    def open_to(
        self,
        authorities: Iterable[CertificateAuthority],
        resolvers: Iterable[Resolver] = (),
        services: Iterable[ServiceEntry] = (),
    ) -> None:
        """Let requests to `authorities` and `services` pass from now on, and to no others.

        `resolvers` are those that the site may ask; nothing goes to them until `allow`.
        """
        self._site = Site(self._site.page, tuple(authorities), tuple(resolvers), tuple(services))

    def allow(self, resolvers: Iterable[Resolver]) -> None:
        """Let questions to those of the site's resolvers pass that are among `resolvers`, and to no others, from now on.

        A person's permission says which; called with none, it is taken back.
        """
        allowed = frozenset(resolvers)
        self._site = replace(self._site, allowed=allowed.intersection(self._site.resolvers))

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`. Raises `GateError` where nothing was sent."""
        try:
            self._check(request)
        except GateError as error:
            self._held(self._known_origin(request.url), error.reason)
            raise
        return await self._inner.send(request)

    def _check(self, request: Request) -> None:
        try:
            self._check_all(request)
        except GateError:
            raise
        except Exception as error:  # a check that fails has not passed; its text might contain the secret
            raise GateError("gate-check-failed") from error

    def _known_origin(self, url: str) -> str:
        """The origin of a blocked request where it may be shown: the secret may be anywhere but in a known name."""
        try:
            return origin_of(url) if self._destination(url) else ""
        except ValueError:
            return ""

    def _check_all(self, request: Request) -> None:
        if request.method not in _METHODS:
            raise GateError("gate-method")
        if len(request.url.encode()) > MAX_URL or len(request.body) > MAX_BODY:
            raise GateError("gate-too-large")
        destination = self._destination(request.url)
        if destination is None or request.method not in destination.methods:
            raise GateError("gate-unknown-destination")
        if request.no_cors and request.method not in destination.no_cors:
            raise GateError("gate-no-cors-with-content")
        if {name.lower(): value for name, value in request.headers.items()} != self._headers(request, destination):
            raise GateError("gate-unknown-header")
        if self._has_secret(request, destination):
            raise GateError("gate-private-key")
        destination.check(request, self._site)

    def _headers(self, request: Request, destination: Destination) -> dict[str, str]:
        """The headers that `request` may have, and must have."""
        has_type = request.method in ("POST", "PATCH") and destination.content_type
        own = {} if request.no_cors else dict(destination.headers(request.url, self._site))
        return own | ({"content-type": destination.content_type} if has_type else {})

    def _has_secret(self, request: Request, destination: Destination) -> bool:
        return self._secrets.found_in(whole_of(request), lambda: max(destination.url_layers, _own_layers(request.body))) or any(
            self._secrets.found_in(name) for name in _asked_name(request.url) if name
        )

    def _destination(self, url: str) -> Destination | None:
        """The entry of `DESTINATIONS` to which `url` belongs, or None."""
        parts = urlsplit(url)
        if parts.username is not None or not is_plain(url) or "/.." in unquote(parts.path):
            return None
        return next((destination for destination in DESTINATIONS if destination.includes(url, self._site)), None)


def _own_layers(body: bytes) -> int:
    """How many times Keystay itself has encoded what is in `body`: once in a JWS, twice with another JWS in its payload."""
    signed = read_signed(body)
    return 0 if signed is None else 2 if signed.inner else 1


def _asked_name(url: str) -> tuple[bytes, ...]:
    """The name that is asked for by `url`, if any: as it is, and without the dots that would part a key into labels."""
    if "?" not in url:
        return ()
    sent = question_in(url)
    labels = sent.labels if sent else forgotten_name(url).encode().split(b".")
    return (b".".join(labels), b"".join(labels))
