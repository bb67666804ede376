"""What of a person's own has left the browser: read from the requests, so that the page says no more than is true."""

from collections.abc import Iterable, Iterator

from app.acme.decoded_jws import DecodedJws
from app.network.request_log import BlockedRequest, Entry
from app.text.request_log_diagram import CROSSINGS, Crossing
from app.ui.request_log.index import RequestIndex, signed_of

_MEMBERS: dict[str, tuple[Crossing, ...]] = {
    "identifiers": ("names",),
    "csr": ("names", "public-keys"),
    "contact": ("contacts",),
    "oldKey": ("public-keys",),
    "certificate": ("certificates",),
}
"""What the members of a payload are (RFC 8555 §7)."""


class Crossings:
    """Collects what left over the whole visit; each request is read once."""

    def __init__(self, index: RequestIndex) -> None:
        self._index = index
        self._last = 0
        self._found: set[Crossing] = set()

    def read(self, entries: Iterable[Entry | BlockedRequest]) -> tuple[Crossing, ...]:
        """What is in all requests so far, `entries` included, in the order of `CROSSINGS`."""
        for entry in entries:
            if entry.number > self._last:
                self._last = entry.number
                if isinstance(entry, Entry):
                    self._found.update(self._crossings(entry))
        return tuple(crossing for crossing in CROSSINGS if crossing in self._found)

    def _crossings(self, entry: Entry) -> Iterator[Crossing]:
        signed = signed_of(entry)
        if signed:
            yield from _signed_crossings(signed)
        elif self._index.service(entry) and not entry.request.no_cors:
            yield from ("names", "tokens", *(("records",) if entry.request.body else ()))
        elif entry.request.body:  # to the practice CA's record server: a name and what is published for it
            yield from ("names", "records")
        elif self._index.kind(entry) in ("dnsQuestion", "dnsPurge"):
            yield "names"
        elif self._index.kind(entry) == "renewalInfo":  # the URL names the certificate (RFC 9773 §4.1)
            yield "certificate-numbers"


def _signed_crossings(signed: DecodedJws) -> Iterator[Crossing]:
    yield "signatures"
    if signed.algorithm == "HS256":  # an external account binding (RFC 8555 §7.3.4)
        yield "customer-ids"
    if signed.thumbprint:
        yield "public-keys"
    for member in signed.payload or ():
        yield from _MEMBERS.get(member, ())
    if signed.inner:
        yield from _signed_crossings(signed.inner)
