"""Plumbing: signed requests to one CA, with nonces, lanes and bounded retries. It knows URLs and payloads, no workflow.

Why retries at all, and why these:

- *badNonce* is the protocol's own "say that again" (RFC 8555 §6.5): sign anew with the nonce of that very answer. Sixteen
  tries get through even a CA that rejects every second nonce; a CA that rejects all of them ends in its own message.
- *Reads* (the directory, newNonce, POST-as-GET) change nothing at the CA, so what was lost, damaged on its way or answered with
  a 5xx is asked for again, twice.
- *Not found* (404) about an order or what belongs to it. Let's Encrypt reads from copies of its database that lag behind for a
  second or two, so what it has just made may not be there yet. A CA that answers 404 has not acted, so posts are repeated,
  too. The same holds for `accountDoesNotExist` shortly after newAccount.
- Everything else is sent once. Whether the CA acted on a request whose answer was lost is for `app.flow` to find out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final, TypeVar

from app.acme.answer import Answer, DamagedError, check_whole
from app.acme.authority import Authority
from app.acme.directory import Directory
from app.acme.jws import sign_request
from app.acme.problem import Problem, ProblemError, UnavailableError, is_not_found, parse_problem
from app.acme.reach import new_nonce, read_directory
from app.errors import NetworkError, OversizeError, ProtocolError
from app.ports import Clock, Http, KeyHandle, Request

T = TypeVar("T")

LANES: Final = 8
"""How many signed requests are under way at once. Each needs a nonce of its own, so more lanes cost more nonces."""

NONCE_TRIES: Final = 16
READ_TRIES: Final = 3
READ_PAUSE: Final = 1.0  # seconds, doubled for the next try
MAX_LAG_TRIES: Final = 4
LAG_PAUSE: Final = 1.0  # seconds, doubled for the next try: seven in all
MAX_ACCOUNT_LAG: Final = 60.0  # seconds after newAccount within which the account may not be everywhere yet


class Client:
    """Sends requests to the CA `authority`, signed by `key`.

    `account_url` is None until the account is known; until then requests carry the public key itself (RFC 8555 §6.2).
    """

    def __init__(self, http: Http, clock: Clock, authority: Authority, key: KeyHandle, directory: Directory) -> None:
        self.directory = directory
        self.key = key
        self.clock = clock
        self.account_url: str | None = None
        self._http = http
        self._authority = authority
        self._registered: float | None = None
        self._nonces: list[str] = []
        self._lanes = asyncio.Semaphore(LANES)

    async def post(self, url: str, payload: Mapping[str, object], *, lagging: bool = False) -> Answer:
        """POST `payload` to the CA's `url`, once, or again where it is not found and the CA may be `lagging` behind itself.

        Raises `ProblemError`, `ProtocolError`, `NetworkError`.
        """
        async with self._lanes:
            answer = await self._until_found(url, lambda: self._post_signed(url, payload), lagging=lagging)
        if url == self.directory.new_account:
            self._registered = self.clock.now()
        return answer

    async def read(self, url: str, *, lagging: bool = False) -> Answer:
        """POST-as-GET (RFC 8555 §6.3): read what is at the CA's `url`, again where an answer is lost.

        `lagging` tells that the CA has made it lately and may not find it everywhere yet. Raises `ProblemError`,
        `ProtocolError`, `NetworkError`.
        """
        async with self._lanes:
            return await self._until_found(url, lambda: _again(self.clock, lambda: self._read(url)), lagging=lagging)

    async def _until_found(self, url: str, ask: Callable[[], Awaitable[Answer]], *, lagging: bool) -> Answer:
        """Ask, and ask again after a pause where the CA does not know yet what it has made."""
        for n in range(MAX_LAG_TRIES - 1):
            try:
                return await ask()
            except ProblemError as error:
                if not self._may_be_lag(url, error, lagging=lagging):
                    raise
            await self.clock.sleep(LAG_PAUSE * 2**n)
        return await ask()

    def _may_be_lag(self, url: str, error: ProblemError, *, lagging: bool) -> bool:
        if error.problem.type == "accountDoesNotExist":
            made = self._registered is not None and self.clock.now() - self._registered < MAX_ACCOUNT_LAG
            return made and url != self.directory.new_account
        return lagging and is_not_found(error)

    async def _read(self, url: str) -> Answer:
        answer = await self._post_signed(url, None)
        check_whole(answer.response)
        return answer

    async def _post_signed(self, url: str, payload: Mapping[str, object] | None) -> Answer:
        self._authority.route(url)  # before anything is signed for it
        nonce = self._nonces.pop() if self._nonces else await self._new_nonce()
        for _ in range(NONCE_TRIES):
            answer = await self._send(url, payload, nonce)
            problem = _problem_of(answer)
            if problem is None or problem.type != "badNonce":
                break
            nonce = answer.nonce or await self._new_nonce()
        return self._settle(answer, problem)

    async def _send(self, url: str, payload: Mapping[str, object] | None, nonce: str) -> Answer:
        body = await sign_request(self.key, payload, url=url, nonce=nonce, account_url=self.account_url)
        headers = {"Content-Type": "application/jose+json"}
        response = await self._http.send(Request("POST", self._authority.route(url), headers, body))
        return Answer(url, response, self.clock.now())

    def _settle(self, answer: Answer, problem: Problem | None) -> Answer:
        """Keep the nonce that every answer brings, errors too (RFC 8555 §6.5); raise what is a refusal."""
        if answer.nonce:
            self._nonces.append(answer.nonce)
        if problem:
            raise ProblemError(problem)
        return answer

    async def _new_nonce(self) -> str:
        return await _again(self.clock, self._ask_nonce)

    async def _ask_nonce(self) -> str:
        return await new_nonce(self._http, self.clock, self._authority, self.directory)


async def _again(clock: Clock, ask: Callable[[], Awaitable[T]]) -> T:
    """Ask, and ask again after a pause where no answer came, not all of it, or the CA stumbled."""
    for n in range(READ_TRIES - 1):
        try:
            return await ask()
        except (NetworkError, UnavailableError, DamagedError):
            await clock.sleep(READ_PAUSE * 2**n)
    return await ask()


async def connect(http: Http, clock: Clock, authority: Authority, key: KeyHandle) -> Client:
    """Read the CA's directory (RFC 8555 §7.1.1) and make a client for it.

    Raises `NetworkError` where the CA cannot be reached or does not let browsers in, `ProtocolError` where what answers is
    not an ACME server.
    """
    directory = await _again(clock, lambda: read_directory(http, authority))
    return Client(http, clock, authority, key, directory)


def _problem_of(answer: Answer) -> Problem | None:
    """The problem that an error answer carries, or None for a success. Raises `ProtocolError`.

    A 404 needs no reason to be one. Headers complete it: when to come back (RFC 8555 §6.6), and where changed terms can be
    read (§7.3.3).
    """
    if answer.response.status < 400:
        return None
    try:
        problem = parse_problem(answer.response)
    except ProtocolError as error:
        if answer.response.status != 404 or isinstance(error, OversizeError):
            raise
        problem = Problem("about:blank", error.detail or "HTTP status 404 (Not Found)", 404)
    terms = answer.links("terms-of-service")
    instance = problem.instance or (terms[0] if terms else None)
    return replace(problem, status=answer.response.status, instance=instance, retry_after=answer.retry_after)
