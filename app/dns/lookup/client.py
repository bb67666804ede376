"""Asks resolvers by DNS over HTTPS: GET, with no header of our own, so that no preflight is needed (RFC 8484 §4.1, §6)."""

import asyncio
import sys
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Final, TypeVar
from urllib.parse import urlencode

from app.dns.lookup.question import Answer, NoAnswer, Question, Reply
from app.dns.lookup.sent_question import forgotten_name, question_in
from app.dns.resolvers import Resolver
from app.encoding.base64url import b64url
from app.errors import NetworkError, ProtocolError
from app.ports import Http, Packages, Request, Response

MAX_AT_ONCE: Final = 6
"""Questions to one resolver that are under way at the same time."""

MAX_QUESTIONS: Final = 12_000
"""Questions of one client, which lasts as long as a visit, to all resolvers together. After that, nobody is asked any more."""

MAX_SECONDS: Final = 10.0
"""How long an answer is waited for. A resolver that a network blocks often does not refuse, but stays silent."""

MAX_UNREACHABLE: Final = 2
"""So many questions in a row that do not reach a resolver, and it is asked nothing more this time."""

MESSAGE: Final = "application/dns-message"  # RFC 8484 §6

_IN_PIECES: Final = ("dns.name", "dns.edns", "dns.message", "app.dns.lookup.messages")
"""What is imported for messages, one after the other, each with what it needs: all at once would hold the page up."""

_T = TypeVar("_T")


@dataclass
class _Reached:
    """How it went with one resolver in one call: `misses` questions in a row did not reach it, and the last one's `detail`."""

    misses: int = 0
    detail: str = ""

    def note(self, reply: Reply) -> None:
        if isinstance(reply, NoAnswer) and reply.reason == "unreachable":
            self.misses += 1
            self.detail = reply.detail
        else:
            self.misses = 0


class ResolverClient:
    """Asks `resolvers`. What cannot be asked or read is a `NoAnswer`: one resolver never takes the others.

    Only a `GateError` is raised: that is no resolver's fault, but the page's own.
    """

    def __init__(self, http: Http, packages: Packages, resolvers: tuple[Resolver, ...]) -> None:
        self._http = http
        self.packages = packages
        self.resolvers = resolvers
        self._slots = {resolver.id: asyncio.Semaphore(MAX_AT_ONCE) for resolver in resolvers}
        self._asked = 0

    async def ask(self, resolver: Resolver, question: Question) -> Reply:
        """Ask one resolver. Raises `PackageError` where the library for DNS messages does not come, and `GateError`."""
        return (await self._ask_one(resolver, (question,)))[question]

    async def ask_several(self, resolver: Resolver, questions: Iterable[Question]) -> Mapping[Question, Reply]:
        """Ask one resolver several questions, each once: question → what came. Raises and gives up as `ask_each`."""
        return await self._ask_one(resolver, tuple(dict.fromkeys(questions)))

    async def ask_all(self, question: Question) -> Mapping[str, Reply]:
        """Ask all resolvers side by side: id → what came. Raises as `ask`."""
        return (await self.ask_each((question,)))[question]

    async def ask_each(self, questions: Iterable[Question]) -> Mapping[Question, Mapping[str, Reply]]:
        """Ask all resolvers several questions, each once: question → id → what came. Raises as `ask`.

        A resolver that cannot be reached is asked little in vain: after `MAX_UNREACHABLE` of its questions in a row, all others
        of this call are "unreachable", too.
        """
        each = tuple(dict.fromkeys(questions))
        replies = await _together(self._ask_one(resolver, each) for resolver in self.resolvers)
        ids = [resolver.id for resolver in self.resolvers]
        return {question: {id_: came[question] for id_, came in zip(ids, replies, strict=True)} for question in each}

    async def purge(self, resolver: Resolver, question: Question) -> bool:
        """Make `resolver`, which has a `purge`, forget what it knows for `question`: whether the request left.

        What comes back is not read. Raises `GateError`.
        """
        url = f"{resolver.purge}?{urlencode({'domain': question.name, 'type': question.type})}"
        if not forgotten_name(url):
            return False
        try:
            async with asyncio.timeout(MAX_SECONDS):
                await self._http.send(Request("POST", url, no_cors=True))
        except (NetworkError, ProtocolError, TimeoutError):
            return False
        return True

    async def _ask_one(self, resolver: Resolver, questions: tuple[Question, ...]) -> dict[Question, Reply]:
        await self._load()
        reached = _Reached()
        replies = await _together(self._in_turn(resolver, question, reached) for question in questions)
        return dict(zip(questions, replies, strict=True))

    async def _load(self) -> None:
        await self.packages.load("dnspython")
        for module in _IN_PIECES:
            if module not in sys.modules:
                import_module(module)
                await asyncio.sleep(0)  # the page may do something else in between

    async def _in_turn(self, resolver: Resolver, question: Question, reached: _Reached) -> Reply:
        """Ask as soon as few enough questions to `resolver` are under way, unless it turned out that this is in vain."""
        async with self._slots[resolver.id]:
            if reached.misses >= MAX_UNREACHABLE:
                return NoAnswer(question, "unreachable", reached.detail)
            url = _url(resolver, question)
            if not url or self._asked >= MAX_QUESTIONS:
                return NoAnswer(question, "skipped")
            self._asked += 1
            reply = await self._send(Request("GET", url), question)
            reached.note(reply)
            return reply

    async def _send(self, request: Request, question: Question) -> Reply:
        try:
            async with asyncio.timeout(MAX_SECONDS):
                response = await self._http.send(request)
        except NetworkError as error:
            return NoAnswer(question, "unreachable", error.detail)
        except TimeoutError:
            return NoAnswer(question, "unreachable")
        except ProtocolError as error:  # a redirect, or far too long
            return NoAnswer(question, "unreadable", error.detail)
        return _read(response, question)


def _url(resolver: Resolver, question: Question) -> str:
    """Where to ask `question` (RFC 8484 §4.1.1), or "" where it has no name, or none that the gate lets pass.

    Not each name is this page's own: some are made of others, and aliases lead where strangers want.
    """
    from app.dns.lookup.messages import query_wire  # only now: it needs the package

    try:
        url = f"{resolver.url}?dns={b64url(query_wire(question))}"
    except ValueError:
        return ""
    return url if question_in(url) else ""


def _read(response: Response, question: Question) -> Answer | NoAnswer:
    from app.dns.lookup.messages import UnreadableAnswerError, read_answer  # only now: it needs the package

    if response.status != 200:
        return NoAnswer(question, "refused", f"HTTP {response.status}")
    type_ = response.headers.get("content-type", MESSAGE).partition(";")[0].strip().lower()
    if type_ != MESSAGE:  # such as the page on which a hotel wants its guests to log in
        return NoAnswer(question, "unreadable", type_[:100])
    try:
        return read_answer(question, response.body)
    except UnreadableAnswerError as error:
        return NoAnswer(question, "unreadable", str(error))


async def _together(works: Iterable[Awaitable[_T]]) -> list[_T]:
    """What each of `works` gives, side by side. Where one raises, the others are stopped: nobody waits for them."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        raise
