"""Signed requests to one CA, with nonces, a limit on concurrency, and bounded retries. It knows no workflow.

Why it repeats requests, and which:

- *badNonce* is the protocol's own request to repeat (RFC 8555 §6.5): sign again with the nonce of that very response. Sixteen
  tries succeed even with a CA that rejects every second nonce; with a CA that rejects all of them, its own error is raised.
- *Reads* (the directory, newNonce, POST-as-GET) change nothing at the CA. A response that was lost, damaged on its way, or is a
  429 or a 5xx without an ACME error type is therefore requested again, twice (`read_again`).
- *After a key change* a CA may check signatures by the old key for some seconds (Boulder caches accounts for five). A request
  that it refuses for this reason had no effect, so it is sent again until `new_key_until`.
- *Not found* (404) for an order or what belongs to it. Let's Encrypt reads from replicas of its database that lag behind for a
  second or two, so what it has just created may be missing there. A CA that responds with 404 has done nothing, so POSTs are
  repeated, too.
- Everything else is sent once. Whether the CA acted on a request whose response was lost is for `app.issuance.workflow` to find
  out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final, TypeVar

from app.acme.directory import AcmeServer, Directory, read_directory
from app.acme.jws import sign_request
from app.acme.nonce import new_nonce
from app.acme.problem import Problem, ProblemError, UnavailableError, is_not_found, parse_problem
from app.acme.response import AcmeResponse, DamagedError, InvalidNonceError
from app.errors import KeystayError, NetworkError
from app.ports import Clock, Http, KeyHandle, Request

T = TypeVar("T")

MAX_IN_FLIGHT: Final = 8
"""How many signed requests are sent at once. Each needs its own nonce, so a higher limit costs more nonces."""

READ_TRIES: Final = 3
READ_PAUSE: Final = 1.0  # seconds, doubled for each further try
MAX_READ_PAUSE: Final = 30.0
"""Seconds of a Retry-After that are waited without telling anyone. A longer one ends in an error that says so."""

NONCE_TRIES: Final = 16
KEY_PAUSES: Final = (1.0, 2.0, 3.0, 4.0)  # seconds
_KEY_REFUSED: Final = ("malformed", "unauthorized")
"""The error types for a signature that cannot be verified. Boulder uses the former; RFC 8555 §6.2 and §6.7 allow both."""
MAX_LAG_TRIES: Final = 4
LAG_PAUSE: Final = 1.0  # seconds, doubled for each further try: seven in all


class Client:
    """Sends requests to the CA `server`, signed by `key`.

    `account_url` is None until the account is known; until then requests contain the public key itself (RFC 8555 §6.2).
    """

    def __init__(self, http: Http, clock: Clock, server: AcmeServer, key: KeyHandle, directory: Directory) -> None:
        self.directory = directory
        self.key = key
        self.clock = clock
        self.account_url: str | None = None
        self.new_key_until = 0.0
        """Until when the CA may not know yet that the account has this key, in Unix seconds."""
        self._http = http
        self._server = server
        self._nonces: list[str] = []
        self._expected = 1
        self._in_flight = asyncio.Semaphore(MAX_IN_FLIGHT)

    async def post(self, url: str, payload: Mapping[str, object], *, lagging: bool = False) -> AcmeResponse:
        """POST `payload` to the CA's `url` once, or again on a 404 where the CA's databases may be `lagging`.

        Raises `ProblemError`, `ProtocolError`, `NetworkError`.
        """
        async with self._in_flight:
            return await self._until_found(lambda: self._post_accepted(url, payload), lagging=lagging)

    async def post_as_get(self, url: str, *, lagging: bool = False) -> AcmeResponse:
        """POST-as-GET (RFC 8555 §6.3): read the resource at the CA's `url`, again where a response is lost.

        `lagging` means that the CA has created it recently and may not find it on all its servers yet. Raises `ProblemError`,
        `ProtocolError`, `NetworkError`.
        """
        async with self._in_flight:
            return await self._until_found(lambda: read_again(self.clock, lambda: self._read(url)), lagging=lagging)

    def expect(self, count: int) -> None:
        """Soon, `count` requests will be sent at once: when a nonce must be fetched, fetch those for them together with it.

        One of these that cannot be fetched costs nothing: the request that lacks it fetches another.
        """
        self._expected = min(count, MAX_IN_FLIGHT)

    async def _until_found(self, send: Callable[[], Awaitable[AcmeResponse]], *, lagging: bool) -> AcmeResponse:
        """Send, and send again after a pause while the CA does not find what it has created."""
        for n in range(MAX_LAG_TRIES - 1):
            try:
                return await send()
            except ProblemError as error:
                if not (lagging and is_not_found(error)):
                    raise
            await self.clock.sleep(LAG_PAUSE * 2**n)
        return await send()

    async def _read(self, url: str) -> AcmeResponse:
        response = await self._post_accepted(url, None)
        response.check_whole()
        return response

    async def _post_accepted(self, url: str, payload: Mapping[str, object] | None) -> AcmeResponse:
        for pause in KEY_PAUSES:
            try:
                return await self._post_signed(url, payload)
            except ProblemError as error:
                if error.problem.type not in _KEY_REFUSED or self.clock.now() >= self.new_key_until:
                    raise
            await self.clock.sleep(pause)
        return await self._post_signed(url, payload)

    async def _post_signed(self, url: str, payload: Mapping[str, object] | None) -> AcmeResponse:
        target = self._server.relay_url(url)  # before anything is signed for it
        nonce = await self._nonce()
        for _ in range(NONCE_TRIES):
            response = await self._send(url, target, payload, nonce)
            problem = _problem_of(response)
            if problem is None or problem.type != "badNonce":
                break
            nonce = response.nonce or await self._new_nonce()
        return self._accept(response, problem)

    async def _send(self, url: str, target: str, payload: Mapping[str, object] | None, nonce: str) -> AcmeResponse:
        """Send to `target`, which is the CA's `url` or that of its relay."""
        body = await sign_request(self.key, payload, url=url, nonce=nonce, account_url=self.account_url)
        response = await self._http.send(Request("POST", target, {"Content-Type": "application/jose+json"}, body))
        return AcmeResponse(url, response, self.clock.now())

    def _accept(self, response: AcmeResponse, problem: Problem | None) -> AcmeResponse:
        """Store the nonce that every response carries, errors too (RFC 8555 §6.5); raise the `problem` if there is one."""
        if nonce := response.nonce:
            self._nonces.append(nonce)
        if problem:
            raise ProblemError(problem)
        return response

    async def _nonce(self) -> str:
        """The nonce for one request: one that is here, or a new one."""
        if self._nonces:
            return self._nonces.pop()
        more, self._expected = self._expected - 1, 1
        nonce = asyncio.ensure_future(self._new_nonce())
        await asyncio.gather(nonce, *(self._fetch_ahead() for _ in range(more)))
        return nonce.result()

    async def _fetch_ahead(self) -> None:
        with suppress(KeystayError):
            self._nonces.append(await self._fetch_nonce())

    async def _new_nonce(self) -> str:
        return await read_again(self.clock, self._fetch_nonce)

    async def _fetch_nonce(self) -> str:
        return await new_nonce(self._http, self.clock, self._server, self.directory)


async def connect(http: Http, clock: Clock, server: AcmeServer, key: KeyHandle) -> Client:
    """Read the CA's directory (RFC 8555 §7.1.1) and make a client for it.

    Raises `NetworkError` where the CA cannot be reached or sends no CORS headers, `ProtocolError` where the response is not
    that of an ACME server.
    """
    return Client(http, clock, server, key, await find_directory(http, clock, server))


async def find_directory(http: Http, clock: Clock, server: AcmeServer) -> Directory:
    """Read the CA's directory, again where no whole response came. Raises what `connect` raises."""
    return await read_again(clock, lambda: read_directory(http, clock, server))


async def read_again(clock: Clock, read: Callable[[], Awaitable[T]]) -> T:
    """Run `read`, which changes nothing at the CA, again after a pause where no whole response came or the CA was unavailable.

    The pause is the CA's Retry-After, up to `MAX_READ_PAUSE`; where that is longer, `read` is not repeated. Raises the error of
    the last try.
    """
    for n in range(READ_TRIES - 1):
        pause = READ_PAUSE * 2**n
        try:
            return await read()
        except UnavailableError as error:
            pause = max(pause, error.retry_after or 0)
            if pause > MAX_READ_PAUSE:
                raise
        except (NetworkError, DamagedError, InvalidNonceError):
            pass
        await clock.sleep(pause)
    return await read()


def _problem_of(response: AcmeResponse) -> Problem | None:
    """The problem of an error response, or None for a success. Raises `ProtocolError`."""
    return parse_problem(response) if response.status >= 400 else None
