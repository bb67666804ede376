"""The client of resolvers: what leaves, how many at once, and what counts as no answer."""

import asyncio
from typing import get_args
from urllib.parse import parse_qs, urlsplit

import dns.message
import pytest

from app.dns.lookup import client as module
from app.dns.lookup.client import MAX_AT_ONCE, MAX_UNREACHABLE, ResolverClient
from app.dns.lookup.question import Answer, NoAnswer, Question, RecordType
from app.encoding.base64url import b64url_decode
from app.errors import AddressError, GateError, NetworkError, OversizeError, PackageError
from app.network.gate import Gate
from app.network.secret_scanner import SecretScanner
from app.ports import Request, Response
from tests.adapters import InstalledPackages
from tests.unit.dns.scripted_resolvers import ONE, THREE, TWO, ScriptedResolvers, bogus, txt

QUESTION = Question("_acme-challenge.shop.example", "TXT")
TABLE = {(QUESTION.name, "TXT"): txt("abc")}


def many(count: int) -> list[Question]:
    return [Question(f"n{number}.shop.example", "TXT") for number in range(count)]


class Recording:
    """`Http` that counts what is under way, and answers by `resolvers` once the others had their turn."""

    def __init__(self, resolvers: ScriptedResolvers) -> None:
        self.resolvers = resolvers
        self.requests: list[Request] = []
        self.under_way = 0
        self.most_at_once = 0

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        self.requests.append(request)
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            await asyncio.sleep(0.001)
            return await self.resolvers.send(request)
        finally:
            self.under_way -= 1


class Silent:
    """`Http` that never answers."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        self.requests.append(request)
        await asyncio.sleep(60)
        raise AssertionError("somebody waited")


# ---- What leaves ----


async def test_a_question_is_a_get_without_headers() -> None:
    http = Recording(ScriptedResolvers(TABLE))
    answer = await ResolverClient(http, InstalledPackages(), (ONE,)).ask(ONE, QUESTION)
    assert isinstance(answer, Answer)
    assert answer.texts == ("abc",)
    (request,) = http.requests
    assert (request.method, request.headers, request.body, request.no_cors) == ("GET", {}, b"", False)
    url, query = request.url.split("?")
    assert url == ONE.url
    assert "=" not in query.removeprefix("dns=")  # RFC 8484 §4.1.1: no padding
    asked = dns.message.from_wire(b64url_decode(query.removeprefix("dns=")))
    assert str(asked.question[0]) == f"{QUESTION.name}. IN TXT"


async def test_all_resolvers_are_asked() -> None:
    resolvers = ScriptedResolvers(TABLE, other={"two": {(QUESTION.name, "TXT"): txt("other")}, "three": {}})
    replies = await resolvers.client().ask_all(QUESTION)
    assert {id_: reply.texts for id_, reply in replies.items() if isinstance(reply, Answer)} == {
        "one": ("abc",),
        "two": ("other",),
        "three": ("abc",),
    }


async def test_the_same_question_is_asked_once() -> None:
    resolvers = ScriptedResolvers(TABLE)
    replies = await resolvers.client().ask_each([QUESTION, Question("shop.example", "CAA"), QUESTION])
    assert list(replies) == [QUESTION, Question("shop.example", "CAA")]
    assert resolvers.questions(TWO) == [QUESTION, Question("shop.example", "CAA")]


async def test_with_checking_off_a_broken_signature_shows_what_it_hides() -> None:
    client = ScriptedResolvers({(QUESTION.name, "TXT"): bogus('"abc"', text="bad signature")}).client()
    checked = await client.ask(ONE, QUESTION)
    unchecked = await client.ask(ONE, Question(QUESTION.name, "TXT", checking=False))
    assert isinstance(checked, Answer)
    assert isinstance(unchecked, Answer)
    assert (checked.rcode, checked.says_bogus, checked.extended[0].text) == ("SERVFAIL", True, "bad signature")
    assert unchecked.texts == ("abc",)


async def test_a_resolver_is_told_to_forget_without_reading_what_it_says() -> None:
    http = Recording(ScriptedResolvers())
    assert await ResolverClient(http, InstalledPackages(), (ONE,)).purge(ONE, QUESTION)
    (request,) = http.requests
    assert (request.method, request.headers, request.body, request.no_cors) == ("POST", {}, b"", True)
    assert request.url.startswith(f"{ONE.purge}?")
    assert parse_qs(urlsplit(request.url).query) == {"domain": [QUESTION.name], "type": ["TXT"]}


async def test_a_request_to_forget_may_fail() -> None:
    class Away(Silent):
        async def send(self, request: Request) -> Response:
            raise NetworkError(request.url)

    assert not await ResolverClient(Away(), InstalledPackages(), (ONE,)).purge(ONE, QUESTION)


# ---- Bounds ----


async def test_one_resolver_is_not_asked_everything_at_once() -> None:
    http = Recording(ScriptedResolvers())
    await ResolverClient(http, InstalledPackages(), (ONE, TWO)).ask_each(many(40))
    assert len(http.requests) == 80
    assert http.most_at_once == 2 * MAX_AT_ONCE


async def test_two_calls_share_the_bound() -> None:
    http = Recording(ScriptedResolvers())
    client = ResolverClient(http, InstalledPackages(), (ONE,))
    await asyncio.gather(client.ask_each(many(10)), client.ask_each(many(10)))
    assert http.most_at_once == MAX_AT_ONCE


async def test_after_enough_questions_nobody_is_asked_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_QUESTIONS", 5)
    resolvers = ScriptedResolvers(TABLE, resolvers=(ONE,))
    client = resolvers.client()
    replies = await client.ask_each(many(8))
    assert sum(isinstance(reply["one"], Answer) for reply in replies.values()) == 5
    assert await client.ask(ONE, QUESTION) == NoAnswer(QUESTION, "skipped")
    assert len(resolvers.asked) == 5


@pytest.mark.parametrize("name", [".".join(["abcdefg"] * 40), "a..example", f"{'a' * 64}.example"])
async def test_what_cannot_be_a_name_is_not_asked(name: str) -> None:
    resolvers = ScriptedResolvers(TABLE)
    client = resolvers.client()
    question = Question(name, "TXT")
    assert await client.ask(ONE, question) == NoAnswer(question, "skipped")
    assert not await client.purge(ONE, question)
    assert (resolvers.asked, resolvers.purged) == ([], [])


async def test_what_is_asked_passes_the_gate() -> None:
    resolvers = ScriptedResolvers(TABLE, resolvers=(ONE,))
    gate = Gate(resolvers, SecretScanner(), "https://page.example/")
    gate.open_to((), (ONE,))
    gate.allow((ONE,))
    client = ResolverClient(gate, InstalledPackages(), (ONE,))
    names = (
        "",
        "a\\.b\\000.example",
        "example",
        "Shop.example",
        "*.shop.example",
        "_acme-challenge.xn--bcher-kva.example",
        ".".join(["a" * 49] * 5),
    )
    questions = [
        Question(name, type_, checking) for name in names for type_ in get_args(RecordType) for checking in (True, False)
    ]
    replies = await client.ask_each(questions)
    assert all(isinstance(reply["one"], Answer) for reply in replies.values())
    assert await client.purge(ONE, QUESTION)


async def test_a_silent_resolver_holds_nobody_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SECONDS", 0.01)
    http = Silent()
    client = ResolverClient(http, InstalledPackages(), (ONE,))
    replies = await client.ask_each(many(30))
    assert {reply["one"].reason for reply in replies.values() if isinstance(reply["one"], NoAnswer)} == {"unreachable"}
    assert len(replies) == 30
    # Those under way when the first two came to nothing, and one that took the place of the first.
    assert MAX_AT_ONCE <= len(http.requests) <= MAX_AT_ONCE + 1
    assert not await client.purge(ONE, QUESTION)


async def test_a_resolver_that_cannot_be_reached_is_asked_little_and_takes_no_other() -> None:
    resolvers = ScriptedResolvers(TABLE, other={"two": NetworkError(TWO.url, detail="Failed to fetch")})
    client = resolvers.client()
    replies = await client.ask_each([QUESTION, *many(40)])
    assert all(reply["two"] == NoAnswer(asked, "unreachable", "Failed to fetch") for asked, reply in replies.items())
    assert all(isinstance(reply["one"], Answer) for reply in replies.values())
    assert MAX_UNREACHABLE <= len(resolvers.questions(TWO)) <= MAX_AT_ONCE
    resolvers.other.clear()  # the next look tries again
    assert isinstance((await client.ask_all(QUESTION))["two"], Answer)


# ---- What is no answer ----


@pytest.mark.parametrize(
    ("came", "reason", "detail"),
    [
        (NetworkError(ONE.url, detail="Failed to fetch"), "unreachable", "Failed to fetch"),
        (AddressError("redirect-response", detail="https://login.example/"), "unreadable", "https://login.example/"),
        (OversizeError("response-too-long", url=ONE.url, limit=5), "unreadable", ""),
        (Response(429, {}, b""), "refused", "HTTP 429"),
        (Response(500, {"content-type": "application/dns-message"}, b"x"), "refused", "HTTP 500"),
        (Response(200, {"content-type": "text/html; charset=utf-8"}, b"<p>Log in"), "unreadable", "text/html"),
        (Response(200, {}, b"<p>Log in to this network"), "unreadable", "no response"),
        (Response(200, {"content-type": "application/dns-message"}, b"x" * 70000), "unreadable", "70000 bytes"),
        (Response(200, {}, b""), "unreadable", "0 bytes"),
    ],
)
async def test_what_is_no_answer_says_why(came: Response | Exception, reason: str, detail: str) -> None:
    replies = await ScriptedResolvers(TABLE, other={"one": came}).client().ask_all(QUESTION)
    assert replies["one"] == NoAnswer(QUESTION, reason, detail)  # type: ignore[arg-type]
    assert isinstance(replies["three"], Answer)


async def test_a_type_with_a_parameter_or_none_is_read() -> None:
    resolvers = ScriptedResolvers(TABLE)

    class Other(Silent):
        async def send(self, request: Request) -> Response:
            came = await resolvers.send(request)
            return Response(
                200, {"content-type": "Application/DNS-Message; x=y"} if THREE.url in request.url else {}, came.body
            )

    replies = await ResolverClient(Other(), InstalledPackages(), (ONE, THREE)).ask_all(QUESTION)
    assert all(isinstance(reply, Answer) for reply in replies.values())


# ---- What is raised ----


async def test_what_the_gate_blocks_is_no_fault_of_a_resolver() -> None:
    resolvers = ScriptedResolvers(TABLE, other={"two": GateError("gate-unknown-destination")})
    with pytest.raises(GateError):
        await resolvers.client().ask_each(many(40))
    asked = len(resolvers.asked)
    await asyncio.sleep(0.01)
    assert len(resolvers.asked) == asked  # nobody goes on behind one's back


async def test_without_the_package_nobody_is_asked() -> None:
    class Missing:
        async def load(self, *names: str) -> None:
            raise PackageError(names[0])

    resolvers = ScriptedResolvers(TABLE)
    with pytest.raises(PackageError):
        await ResolverClient(resolvers, Missing(), (ONE,)).ask_all(QUESTION)
    assert not resolvers.asked
