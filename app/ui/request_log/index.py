"""The ledger, read: what each request is for, and how the requests hang together."""

from collections.abc import Iterable
from typing import Final

from app.acme.decoded_jws import DecodedJws, read_signed
from app.acme.resource_kind import ResourceClassifier
from app.acme.response import AcmeResponse
from app.ca.catalog import CertificateAuthority
from app.network.request_log import BlockedRequest, Entry
from app.ui.request_log.kinds import RequestKind

_NOBODY: Final = 0


class RequestIndex:
    """Reads entries once, in order, and remembers which URLs and nonces they named. `authorities` are as the page has them."""

    def __init__(self, authorities: Iterable[CertificateAuthority]) -> None:
        self._authorities = tuple(authorities)
        self._atlas = ResourceClassifier()
        self._read: set[int] = set()
        self._sorts: dict[int, RequestKind] = {}
        self._given: dict[str, int] = {}
        self._used: dict[str, int] = {}

    def read(self, entries: Iterable[Entry | BlockedRequest]) -> None:
        """Take note of what is new in `entries`."""
        for entry in entries:
            if isinstance(entry, Entry) and entry.ended is not None and entry.number not in self._read:
                self._read.add(entry.number)
                self._learn(entry)

    def _learn(self, entry: Entry) -> None:
        signed = signed_of(entry)
        if signed:
            self._used[signed.nonce] = entry.number
        if entry.response:
            self._given[nonce_of(entry)] = entry.number
            self._atlas.learn(self.ca_url(entry), entry.response)

    def sort(self, entry: Entry | BlockedRequest) -> RequestKind:
        """What `entry` is for; once its answer has been read, that stays."""
        if entry.number not in self._read:
            return self._sort(entry)
        if entry.number not in self._sorts:
            self._sorts[entry.number] = self._sort(entry)
        return self._sorts[entry.number]

    def _sort(self, entry: Entry | BlockedRequest) -> RequestKind:
        if isinstance(entry, BlockedRequest):
            return "held"
        if entry.request.no_cors:
            return "probe"
        url = entry.request.url
        if any(authority.records and url.startswith(authority.records) for authority in self._authorities):
            return "records"
        if self.authority(entry) is None:
            return "list" if entry.request.method == "GET" else "other"
        return self._atlas.kind(entry.request.method, self.ca_url(entry), signed_of(entry), entry.response)

    def authority(self, entry: Entry) -> CertificateAuthority | None:
        """The CA that it went to."""
        url = entry.request.url
        return next((authority for authority in self._authorities if authority.ca_url_of(url)), None)

    def ca_url(self, entry: Entry) -> str:
        """The CA’s own URL of it, whichever way it went."""
        url, authority = entry.request.url, self.authority(entry)
        return (authority and authority.ca_url_of(url)) or url

    def giver(self, nonce: str) -> int:
        """The number of the entry whose answer brought `nonce`; 0 where that is not known."""
        return self._given.get(nonce, _NOBODY)

    def user(self, nonce: str) -> int:
        """The number of the entry that used `nonce`; 0 for none yet."""
        return self._used.get(nonce, _NOBODY)


def signed_of(entry: Entry) -> DecodedJws | None:
    """What was signed in the request, decoded; None for one without a signature."""
    return read_signed(entry.request.body) if entry.request.body else None


def nonce_of(entry: Entry) -> str:
    """The nonce that the answer brought, or ""."""
    return (entry.response and AcmeResponse(entry.request.url, entry.response, 0).nonce) or ""
