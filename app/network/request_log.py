"""The request log: every request of this visit and its outcome, in order, as sent over the network.

It is between the gate and the network, so a request that the gate blocks never gets here: the log notes only its origin and
the reason. What looks like a private key in a response, or is one that this page knows, is removed before anybody can read the
response here, so neither the panel nor a file can show it. The search takes as long as the rest of the log together, so
responses are searched when somebody wants to read them: most people never open the panel.

It exists in memory only. It names accounts and domains, so it is not saved: nobody who uses this browser later must find it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from app.dns.lookup.sent_question import question_in
from app.encoding.decodings import GAP, TooDeepError
from app.errors import NetworkError
from app.network.redaction import lines_of, redact, redact_headers, redact_text, whole_of
from app.network.secret_scanner import SecretScanner
from app.ports import Clock, Http, Request, Response

MAX_ENTRIES: Final = 600  # an order of 100 names makes 230, and 200 more at the practice CA
MAX_QUESTIONS: Final = 200
"""DNS questions that are stored beside them. A person who waits for a record makes more, and they push out no other request."""

MAX_BYTES: Final = 8 << 20  # of all bodies together, without those that were not searched yet
MAX_BODY: Final = 64 << 10  # bytes that are stored of one body
MAX_SEARCHED: Final = MAX_BODY + (16 << 10)
"""Bytes of a response that are searched for private keys: a key that crosses the end of the stored part is seen whole."""

OWN_LAYERS: Final = 2
"""How many times Keystay itself may have encoded what is in a request: a JWS within a JWS."""

MAX_WORK: Final = 16 * MAX_SEARCHED
"""Bytes of readings of one response, which may be hostile. A certificate chain of this length has half of them; a response with
more is not stored."""

MAX_UNSEARCHED: Final = 1 << 20
"""Bytes of all responses that may wait for their search: they must not hold up whoever opens the panel. The lists of the page
have a tenth of them, an order of 100 names a third."""


@dataclass(frozen=True)
class Entry:
    """One request. Times are in Unix seconds.

    `ended` is None while it is in progress. After that there is a `response`, of whose body only the start is stored if it is
    long; `size` is its true size in bytes. Or there is a `failure`: the browser’s own text on why no response could be read, or
    the DOM's name for it. `redacted` is whether a private key was removed from the response, and `leaked` whether one was found
    in the request, which left with it: the gate blocks those, so this shows a fault of the gate.
    """

    number: int
    started: float
    request: Request
    ended: float | None = None
    response: Response | None = None
    size: int = 0
    failure: str = ""
    redacted: bool = False
    leaked: bool = False

    @property
    def cut(self) -> bool:
        """Whether the end of the response's body is missing."""
        return self.size > (MAX_BODY if self.redacted else self._stored)

    @property
    def weight(self) -> int:
        """Bytes that are stored of both bodies."""
        return len(self.request.body) + self._stored

    @property
    def _stored(self) -> int:
        return len(self.response.body) if self.response else 0


@dataclass(frozen=True)
class BlockedRequest:
    """A request that the gate blocked. `origin` is where it would have gone, or "" where that must not be shown.

    `reason` is the code of the `GateError`.
    """

    number: int
    started: float
    origin: str
    reason: str


class RequestLog:
    """`Http` by `inner` that logs what passes through it, but no private key: `secrets` finds those."""

    def __init__(self, inner: Http, clock: Clock, secrets: SecretScanner | None = None) -> None:
        self._inner = inner
        self._clock = clock
        self._secrets = secrets or SecretScanner()
        self._entries: dict[int, Entry | BlockedRequest] = {}
        self._unsearched: dict[int, Response] = {}  # by the number of the entry, which is without it until then
        self._waiting = 0  # bytes of their bodies
        self._questions: dict[int, None] = {}
        self._count = 0
        self._weight = 0
        self.changed: Callable[[Entry | BlockedRequest], None] = lambda _: None
        """Called with each entry that is new or has changed, perhaps without its response, which is in `entries`.

        It must be quick and raise nothing: a request waits for it.
        """

    @property
    def entries(self) -> tuple[Entry | BlockedRequest, ...]:
        """What is stored, in order."""
        unsearched, self._unsearched, self._waiting = self._unsearched, {}, 0
        for number, response in unsearched.items():
            if isinstance(entry := self._entries.get(number), Entry):
                shown, redacted = self._shown_response(response)
                self._put(replace(entry, response=shown, redacted=redacted))
        return tuple(self._entries.values())

    @property
    def dropped(self) -> int:
        """How many of the oldest were dropped."""
        return self._count - len(self._entries)

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        self._count += 1
        shown = self._shown_request(request)
        entry = Entry(self._count, self._clock.now(), shown, leaked=shown is not request)
        if question_in(request.url):
            self._questions[entry.number] = None
        self._store(entry)
        try:
            response = await self._inner.send(request)
        except NetworkError as error:
            self._end(entry, failure=error.detail or "NetworkError")
            raise
        except BaseException:  # the page cancelled it
            self._end(entry, failure="AbortError")
            raise
        self._end(entry, response)
        return response

    def add_blocked(self, origin: str, reason: str) -> None:
        """Add an entry for a request to `origin` that the gate blocked."""
        self._count += 1
        self._store(BlockedRequest(self._count, self._clock.now(), origin, reason))

    def _end(self, entry: Entry, response: Response | None = None, *, failure: str = "") -> None:
        if entry.number not in self._entries:  # it was dropped because so many came after it
            return
        size = len(response.body) if response else 0
        stored, redacted = None, False
        if response and self._waiting + size > MAX_UNSEARCHED:
            stored, redacted = self._shown_response(response)
        elif response:
            self._unsearched[entry.number] = response
            self._waiting += size
        failure = redact_text(failure, self._finds) if failure else ""
        ended = replace(entry, ended=self._clock.now(), response=stored, size=size, failure=failure, redacted=redacted)
        self._store(ended)

    def _shown_request(self, request: Request) -> Request:
        """What is stored of `request`: itself where nothing was removed from it."""
        if not self._finds(whole_of(request)):
            return request
        url, headers = redact_text(request.url, self._finds), redact_headers(request.headers, self._finds)
        body = redact(request.body, self._finds)
        if (url, headers, body) == (request.url, request.headers, request.body):
            return request
        return replace(request, url=url, headers=headers, body=body)

    def _shown_response(self, response: Response) -> tuple[Response, bool]:
        """What is stored of `response`, and whether a private key was removed from that."""
        start = response.body[:MAX_SEARCHED]
        if not self._finds(GAP.join((start, lines_of(response.headers)))):  # the usual case needs one search
            return response if len(start) <= MAX_BODY else replace(response, body=start[:MAX_BODY]), False
        headers = redact_headers(response.headers, self._finds)
        shown = replace(response, headers=headers, body=redact(start, self._finds)[:MAX_BODY])
        return shown, shown != replace(response, body=start[:MAX_BODY])

    def _finds(self, data: bytes) -> bool:
        """Whether `data` must not be shown because it contains a private key, or may contain one."""
        try:
            return self._secrets.found_in(data, OWN_LAYERS, MAX_WORK)
        except TooDeepError:
            return True

    def _store(self, entry: Entry | BlockedRequest) -> None:
        self._put(entry)
        self.changed(entry)

    def _put(self, entry: Entry | BlockedRequest) -> None:
        self._weight += _weight(entry) - _weight(self._entries.get(entry.number))
        self._entries[entry.number] = entry
        while len(self._questions) > MAX_QUESTIONS or (self._questions and self._weight > MAX_BYTES):
            self._drop(next(iter(self._questions)))
        while len(self._entries) - len(self._questions) > MAX_ENTRIES or self._weight > MAX_BYTES:
            self._drop(next(number for number in self._entries if number not in self._questions))

    def _drop(self, number: int) -> None:
        self._questions.pop(number, None)
        if response := self._unsearched.pop(number, None):
            self._waiting -= len(response.body)
        self._weight -= _weight(self._entries.pop(number, None))


def _weight(entry: Entry | BlockedRequest | None) -> int:
    return entry.weight if isinstance(entry, Entry) else 0
