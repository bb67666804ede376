"""Indexes the request log: what each request is for, and which response its nonce came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from app.acme.decoded_jws import DecodedJws, read_signed
from app.acme.resource_kind import ResourceClassifier
from app.acme.response import AcmeResponse
from app.ca.catalog import CertificateAuthority
from app.dns import providers, resolvers
from app.dns.resolvers import Resolver
from app.dns.services import catalog as services
from app.install import targets
from app.network.request_log import BlockedRequest, Entry

if TYPE_CHECKING:
    from app.dns.services.catalog import ServiceEntry
    from app.text.request_log_kinds import RequestKind

_OWN_LISTS: Final[Mapping[str, RequestKind]] = {
    providers.LIST_NAME: "providers",
    resolvers.LIST_NAME: "resolvers",
    targets.LIST_NAME: "targets",
    services.LIST_NAME: "services",
}


class RequestIndex:
    """Reads entries once, in order, and remembers the URLs and nonces in them.

    `authorities`, `resolvers` and `services` are as the page reaches them.
    """

    def __init__(
        self,
        authorities: Iterable[CertificateAuthority],
        resolvers: Iterable[Resolver] = (),
        services: Iterable[ServiceEntry] = (),
    ) -> None:
        self._authorities = tuple(authorities)
        self._resolvers = tuple(resolvers)
        self._services = tuple(services)
        self._classifier = ResourceClassifier()
        self._read: set[int] = set()
        self._authority_of: dict[int, CertificateAuthority | None] = {}
        self._kinds: dict[int, RequestKind] = {}
        self._nonce_sources: dict[str, int] = {}
        self._nonce_users: dict[str, int] = {}

    def read(self, entries: Iterable[Entry | BlockedRequest]) -> None:
        """Take note of what is new in `entries`."""
        for entry in entries:
            if isinstance(entry, Entry) and entry.ended is not None and entry.number not in self._read:
                self._read.add(entry.number)
                self._learn(entry)

    def _learn(self, entry: Entry) -> None:
        signed = signed_of(entry)
        if signed:
            self._nonce_users[signed.nonce] = entry.number
        if entry.response:
            self._nonce_sources[nonce_of(entry)] = entry.number
            self._classifier.learn(self.ca_url(entry), entry.response)

    def kind(self, entry: Entry | BlockedRequest) -> RequestKind:
        """What `entry` is for; once its response has been read, this does not change any more."""
        if entry.number not in self._read:
            return self._kind(entry)
        if entry.number not in self._kinds:
            self._kinds[entry.number] = self._kind(entry)
        return self._kinds[entry.number]

    def _kind(self, entry: Entry | BlockedRequest) -> RequestKind:
        if isinstance(entry, BlockedRequest):
            return "held"
        if self.resolver(entry):
            return "dnsPurge" if entry.request.no_cors else "dnsQuestion"
        if entry.request.no_cors:
            return "probe"
        if self.service(entry):
            return "dnsRead" if entry.request.method == "GET" else "dnsWrite"
        if self._is_for_records(entry):
            return "records"
        if self.authority(entry) is None:
            return self._own_kind(entry)
        return self._classifier.kind(entry.request.method, self.ca_url(entry), signed_of(entry), entry.response)

    def _own_kind(self, entry: Entry) -> RequestKind:
        """What a request to the page's own host is for."""
        if not self.is_own_file(entry):
            return "other"
        return _OWN_LISTS.get(entry.request.url.rpartition("/")[2], "list")

    def is_own_file(self, entry: Entry) -> bool:
        """Whether it only fetched a file of this page, from where the page itself came: nobody else learned anything by it."""
        if entry.request.method != "GET" or entry.request.no_cors or self.resolver(entry) or self.service(entry):
            return False
        return self.authority(entry) is None and not self._is_for_records(entry)

    def is_for_directory(self, entry: Entry) -> bool:
        """Whether it asks a CA of the list for its directory, whatever the answer was."""
        authority = self.authority(entry)
        return authority is not None and entry.request.method == "GET" and self.ca_url(entry) == authority.directory

    def _is_for_records(self, entry: Entry) -> bool:
        url = entry.request.url
        return any(authority.records and url.startswith(authority.records) for authority in self._authorities)

    def resolver(self, entry: Entry) -> Resolver | None:
        """The resolver that was asked something, or to forget something."""
        url = entry.request.url.partition("?")[0]
        return next((resolver for resolver in self._resolvers if url in (resolver.url, resolver.purge)), None)

    def service(self, entry: Entry) -> ServiceEntry | None:
        """The DNS service that it went to."""
        return next((service for service in self._services if service.owns(entry.request.url)), None)

    def authority(self, entry: Entry) -> CertificateAuthority | None:
        """The CA that it went to."""
        if entry.number not in self._authority_of:
            url = entry.request.url
            found = next((authority for authority in self._authorities if authority.ca_url_of(url)), None)
            self._authority_of[entry.number] = found
        return self._authority_of[entry.number]

    def ca_url(self, entry: Entry) -> str:
        """The CA’s own URL of it, whether it went directly or through a relay."""
        url, authority = entry.request.url, self.authority(entry)
        return (authority and authority.ca_url_of(url)) or url

    def nonce_source(self, nonce: str) -> int | None:
        """The number of the entry whose response brought `nonce`; None where that is not known."""
        return self._nonce_sources.get(nonce)

    def nonce_user(self, nonce: str) -> int | None:
        """The number of the entry that used `nonce`; None for none yet."""
        return self._nonce_users.get(nonce)


def signed_of(entry: Entry) -> DecodedJws | None:
    """What was signed in the request, decoded; None for one without a signature."""
    return read_signed(entry.request.body) if entry.request.body else None


def nonce_of(entry: Entry) -> str:
    """The nonce that the response brought, or ""."""
    return (entry.response and AcmeResponse(entry.request.url, entry.response, 0).nonce) or ""
