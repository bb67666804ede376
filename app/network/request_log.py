"""The ledger: every request of this visit and what came of it, in order, as they went over the network.

It stands between the gate and the network, so what the gate holds back never gets here: of that it notes only where it would
have gone, and why not. What looks like a private key in an answer, or is one that this page knows, is taken out before the
answer is kept, so neither the panel nor a file can show it.

It lives in memory alone. It names accounts and domains, so it is not stored: whoever opens this browser later must not find it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from app.errors import NetworkError
from app.network.redaction import redact, redact_headers, redact_text
from app.network.secret_scanner import SecretScanner, TooDeepError
from app.ports import Clock, Http, Request, Response

MAX_ENTRIES: Final = 600  # an order of 100 names makes 230, and 200 more at the practice CA
MAX_BYTES: Final = 8 << 20  # of all bodies together
MAX_BODY: Final = 64 << 10  # bytes that are kept of one body
MAX_LOOK: Final = MAX_BODY + (16 << 10)
"""Bytes of an answer that are searched for private keys: one that ends behind the part that is kept is seen whole."""

OWN_LAYERS: Final = 2
"""How often what is in a request may have been encoded by Keystay itself: by a JWS within a JWS."""

MAX_WORK: Final = 16 * MAX_LOOK
"""Bytes of readings of one answer, which may be hostile. A chain of certificates of this length has half of them; an answer
with more is not kept."""


@dataclass(frozen=True)
class Entry:
    """One request. Times are in Unix seconds.

    `ended` is None while it is under way. Then there is a `response`, of whose body only the start is kept if it is long;
    `size` is its true size in bytes. Or there is a `failure`: why no answer could be read, in the browser’s words.
    `redacted` is whether a private key was taken out of the answer.
    """

    number: int
    started: float
    request: Request
    ended: float | None = None
    response: Response | None = None
    size: int = 0
    failure: str = ""
    redacted: bool = False

    @property
    def cut(self) -> bool:
        """Whether the end of the answer's body is missing."""
        return self.size > (MAX_BODY if self.redacted else self._answered)

    @property
    def weight(self) -> int:
        """Bytes of what is kept of both bodies."""
        return len(self.request.body) + self._answered

    @property
    def _answered(self) -> int:
        return len(self.response.body) if self.response else 0


@dataclass(frozen=True)
class BlockedRequest:
    """A request that the gate held back. `origin` is where it would have gone, or "" where that must not be told."""

    number: int
    started: float
    origin: str
    reason: str


class RequestLog:
    """`Http` by `inner`, that writes down what goes through it, but no private key: `secrets` finds those."""

    def __init__(self, inner: Http, clock: Clock, secrets: SecretScanner | None = None) -> None:
        self._inner = inner
        self._clock = clock
        self._secrets = secrets or SecretScanner()
        self._entries: dict[int, Entry | BlockedRequest] = {}
        self._count = 0
        self._weight = 0
        self.changed: Callable[[], None] = lambda: None
        """Called after each change; it must be quick and raise nothing, since a request waits for it."""

    @property
    def entries(self) -> tuple[Entry | BlockedRequest, ...]:
        """What is kept, in order."""
        return tuple(self._entries.values())

    @property
    def dropped(self) -> int:
        """How many of the oldest are not kept any more."""
        return self._count - len(self._entries)

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        self._count += 1
        entry = Entry(self._count, self._clock.now(), self._shown_request(request))
        self._keep(entry)
        try:
            response = await self._inner.send(request)
        except NetworkError as error:
            self._end(entry, failure=error.detail or "no answer")
            raise
        except BaseException:  # the page gave up on it
            self._end(entry, failure="it was broken off")
            raise
        self._end(entry, response)
        return response

    def hold(self, origin: str, reason: str) -> None:
        """Note that the gate held a request to `origin` back."""
        self._count += 1
        self._keep(BlockedRequest(self._count, self._clock.now(), origin, reason))

    def _end(self, entry: Entry, response: Response | None = None, *, failure: str = "") -> None:
        if entry.number not in self._entries:  # so much came meanwhile that it was dropped
            return
        kept = response and self._shown_response(response)
        size = len(response.body) if response else 0
        redacted = response is not None and kept != replace(response, body=response.body[:MAX_BODY])
        failure = redact_text(failure, self._finds)
        self._keep(replace(entry, ended=self._clock.now(), response=kept, size=size, failure=failure, redacted=redacted))

    def _shown_request(self, request: Request) -> Request:
        url, body = redact_text(request.url, self._finds), redact(request.body, self._finds)
        return replace(request, url=url, headers=redact_headers(request.headers, self._finds), body=body)

    def _shown_response(self, response: Response) -> Response:
        body = redact(response.body[:MAX_LOOK], self._finds)[:MAX_BODY]
        return replace(response, headers=redact_headers(response.headers, self._finds), body=body)

    def _finds(self, data: bytes) -> bool:
        """Whether `data` must not be shown, since there is a private key in it or may be."""
        try:
            return self._secrets.found_in(data, OWN_LAYERS, MAX_WORK)
        except TooDeepError:
            return True

    def _keep(self, entry: Entry | BlockedRequest) -> None:
        self._weight += _weight(entry) - _weight(self._entries.get(entry.number))
        self._entries[entry.number] = entry
        while len(self._entries) > MAX_ENTRIES or self._weight > MAX_BYTES:
            oldest = next(iter(self._entries))
            self._weight -= _weight(self._entries.pop(oldest))
        self.changed()


def _weight(entry: Entry | BlockedRequest | None) -> int:
    return entry.weight if isinstance(entry, Entry) else 0
