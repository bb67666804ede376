"""Plumbing: signed requests to one CA, with nonces, lanes and bounded retries. It knows URLs and payloads, no workflow.

Why retries at all, and why these:

- *badNonce* is the protocol's own "say that again" (RFC 8555 §6.5): sign anew with the nonce of that very answer. Sixteen
  tries get through even a CA that rejects every second nonce; a CA that rejects all of them ends in its own message.
- *Reads* (the directory, newNonce, POST-as-GET) change nothing at the CA, so what was lost, damaged on its way or answered with
  a 429 or a 5xx that gives no ACME reason is asked for again, twice (`app.acme.retry`).
- *After a key change* a CA may go on checking signatures by the old key for some seconds (Boulder keeps accounts for five).
  What it refuses so was not acted on, and is sent again until `new_key_until`.
- *Not found* (404) about an order or what belongs to it. Let's Encrypt reads from copies of its database that lag behind for a
  second or two, so what it has just made may not be there yet. A CA that answers 404 has not acted, so posts are repeated, too.
- Everything else is sent once. Whether the CA acted on a request whose answer was lost is for `app.workflow` to find out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from app.acme.directory import AcmeServer, Directory, read_directory
from app.acme.jws import sign_request
from app.acme.nonce import new_nonce
from app.acme.problem import Problem, ProblemError, is_not_found, parse_problem
from app.acme.response import AcmeResponse, check_whole
from app.acme.retry import read_again
from app.ports import Clock, Http, KeyHandle, Request

MAX_IN_FLIGHT: Final = 8
"""How many signed requests are under way at once. Each needs a nonce of its own, so more lanes cost more nonces."""

NONCE_TRIES: Final = 16
KEY_PAUSES: Final = (1.0, 2.0, 3.0, 4.0)  # seconds
_KEY_REFUSED: Final = ("malformed", "unauthorized")
"""What CAs say of a signature that they cannot verify. Boulder says the former, RFC 8555 §6.2 and §6.7 allow both."""
MAX_LAG_TRIES: Final = 4
LAG_PAUSE: Final = 1.0  # seconds, doubled for the next try: seven in all


class Client:
    """Sends requests to the CA `server`, signed by `key`.

    `account_url` is None until the account is known; until then requests carry the public key itself (RFC 8555 §6.2).
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
        self._lanes = asyncio.Semaphore(MAX_IN_FLIGHT)

    async def post(self, url: str, payload: Mapping[str, object], *, lagging: bool = False) -> AcmeResponse:
        """POST `payload` to the CA's `url`, once, or again where it is not found and the CA may be `lagging` behind itself.

        Raises `ProblemError`, `ProtocolError`, `NetworkError`.
        """
        async with self._lanes:
            return await self._until_found(lambda: self._post_accepted(url, payload), lagging=lagging)

    async def post_as_get(self, url: str, *, lagging: bool = False) -> AcmeResponse:
        """POST-as-GET (RFC 8555 §6.3): read what is at the CA's `url`, again where an answer is lost.

        `lagging` tells that the CA has made it lately and may not find it everywhere yet. Raises `ProblemError`,
        `ProtocolError`, `NetworkError`.
        """
        async with self._lanes:
            return await self._until_found(lambda: read_again(self.clock, lambda: self._read(url)), lagging=lagging)

    async def _until_found(self, ask: Callable[[], Awaitable[AcmeResponse]], *, lagging: bool) -> AcmeResponse:
        """Ask, and ask again after a pause where the CA does not find yet what it has made."""
        for n in range(MAX_LAG_TRIES - 1):
            try:
                return await ask()
            except ProblemError as error:
                if not (lagging and is_not_found(error)):
                    raise
            await self.clock.sleep(LAG_PAUSE * 2**n)
        return await ask()

    async def _read(self, url: str) -> AcmeResponse:
        answer = await self._post_accepted(url, None)
        check_whole(answer.response)
        return answer

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
        self._server.relay_url(url)  # before anything is signed for it
        nonce = self._nonces.pop() if self._nonces else await self._new_nonce()
        for _ in range(NONCE_TRIES):
            answer = await self._send(url, payload, nonce)
            problem = _problem_of(answer)
            if problem is None or problem.type != "badNonce":
                break
            nonce = answer.nonce or await self._new_nonce()
        return self._settle(answer, problem)

    async def _send(self, url: str, payload: Mapping[str, object] | None, nonce: str) -> AcmeResponse:
        body = await sign_request(self.key, payload, url=url, nonce=nonce, account_url=self.account_url)
        headers = {"Content-Type": "application/jose+json"}
        response = await self._http.send(Request("POST", self._server.relay_url(url), headers, body))
        return AcmeResponse(url, response, self.clock.now())

    def _settle(self, answer: AcmeResponse, problem: Problem | None) -> AcmeResponse:
        """Keep the nonce that every answer brings, errors too (RFC 8555 §6.5); raise what is a refusal."""
        if answer.nonce:
            self._nonces.append(answer.nonce)
        if problem:
            raise ProblemError(problem)
        return answer

    async def _new_nonce(self) -> str:
        return await read_again(self.clock, self._ask_nonce)

    async def _ask_nonce(self) -> str:
        return await new_nonce(self._http, self.clock, self._server, self.directory)


async def connect(http: Http, clock: Clock, server: AcmeServer, key: KeyHandle) -> Client:
    """Read the CA's directory (RFC 8555 §7.1.1) and make a client for it.

    Raises `NetworkError` where the CA cannot be reached or does not let browsers in, `ProtocolError` where what answers is
    not an ACME server.
    """
    directory = await read_again(clock, lambda: read_directory(http, clock, server))
    return Client(http, clock, server, key, directory)


def _problem_of(answer: AcmeResponse) -> Problem | None:
    """The problem that an error answer carries, or None for a success. Raises `ProtocolError`."""
    return parse_problem(answer) if answer.response.status >= 400 else None
