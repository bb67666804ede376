"""The ledger keeps what went over the network, in order, within bounds; and the probe tells silence from a hidden answer."""

import asyncio
import base64
import json
from dataclasses import replace

import pytest

from app.encoding.base64url import b64url
from app.encoding.decodings import MAX_WORK, Layers
from app.errors import GateError, NetworkError
from app.network.gate import Gate
from app.network.reachability import Probe
from app.network.redaction import MARK
from app.network.request_log import (
    MAX_BODY,
    MAX_BYTES,
    MAX_ENTRIES,
    MAX_QUESTIONS,
    MAX_UNSEARCHED,
    BlockedRequest,
    Entry,
    RequestLog,
)
from app.network.secret_scanner import SecretScanner
from app.ports import Request, Response
from tests.unit.chains import chain
from tests.unit.network.test_gate import CAS, GOOD, PAGE
from tests.unit.private_keys import ENCODINGS, key_files
from tests.unit.script import ScriptedHttp, answer
from tests.unit.scripted_ca import NoonClock

URL = "https://ca.example/new"
GET = Request("GET", URL)


def kept(request_log: RequestLog) -> list[Entry]:
    return [entry for entry in request_log.entries if isinstance(entry, Entry)]


async def test_requests_and_answers_are_written_down_in_order() -> None:
    clock, http = NoonClock(), ScriptedHttp({f"POST {URL}": answer({"status": "valid"}, nonce="abc"), f"GET {URL}": answer()})
    request_log = RequestLog(http, clock)
    assert await request_log.send(GOOD) == answer({"status": "valid"}, nonce="abc")
    await clock.sleep(5)
    await request_log.send(GET)
    first, second = kept(request_log)
    assert (first.number, first.request, first.response) == (1, GOOD, answer({"status": "valid"}, nonce="abc"))
    assert (second.number, second.request) == (2, GET)
    assert second.started - first.started == 5
    assert not request_log.dropped


async def test_a_request_stands_there_while_it_is_under_way_and_when_it_is_given_up() -> None:
    class Silent:
        async def send(self, _: Request) -> Response:
            await asyncio.Event().wait()
            raise AssertionError

    request_log = RequestLog(Silent(), NoonClock())
    task = asyncio.ensure_future(request_log.send(GET))
    await asyncio.sleep(0)
    assert [(entry.request, entry.ended) for entry in kept(request_log)] == [(GET, None)]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert [(bool(entry.ended), entry.failure) for entry in kept(request_log)] == [(True, "AbortError")]


async def test_a_lost_answer_is_written_down_with_the_browsers_words() -> None:
    request_log = RequestLog(ScriptedHttp({f"GET {URL}": NetworkError(URL, detail="Failed to fetch")}), NoonClock())
    with pytest.raises(NetworkError):
        await request_log.send(GET)
    assert [(entry.response, entry.failure) for entry in kept(request_log)] == [(None, "Failed to fetch")]


async def test_each_change_is_told() -> None:
    request_log, seen = RequestLog(ScriptedHttp({f"GET {URL}": answer()}), NoonClock()), list[bool]()
    request_log.changed = lambda entry: seen.append(isinstance(entry, Entry) and entry.ended is not None)
    await request_log.send(GET)
    assert seen == [False, True]


async def test_long_bodies_are_cut_and_their_size_is_said() -> None:
    long = Response(200, {}, b"a" * (MAX_BODY + 1))
    request_log = RequestLog(ScriptedHttp({f"GET {URL}": [long, replace(long, body=b"b")]}), NoonClock())
    assert await request_log.send(GET) == long
    await request_log.send(GET)
    cut, whole = kept(request_log)
    assert cut.response
    assert (len(cut.response.body), cut.size, cut.cut) == (MAX_BODY, MAX_BODY + 1, True)
    assert (whole.size, whole.cut) == (1, False)


@pytest.mark.parametrize(
    ("body", "most"), [(b"", MAX_ENTRIES), (b"a" * MAX_BODY, MAX_BYTES // MAX_BODY)], ids=["many", "large"]
)
async def test_the_oldest_give_way_and_are_counted(body: bytes, most: int) -> None:
    request_log = RequestLog(ScriptedHttp({f"GET {URL}": Response(200, {}, body)}), NoonClock())
    for _ in range(most + 3):
        await request_log.send(GET)
    assert [entry.number for entry in request_log.entries] == list(range(4, most + 4))
    assert request_log.dropped == 3


def dns_question(number: int) -> Request:
    message = bytes.fromhex("0000 0100 0001 0000 0000 0000") + b"\x06" + f"{number:06}".encode() + bytes.fromhex("00 0010 0001")
    return Request("GET", f"{URL}?dns={b64url(message)}")


@pytest.mark.parametrize(("body", "most"), [(b"", MAX_QUESTIONS), (b"a" * MAX_BODY, 8)], ids=["many", "large"])
async def test_dns_questions_push_out_no_other_request(body: bytes, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.network.request_log.MAX_BYTES", 8 * MAX_BODY)
    questions = [dns_question(number) for number in range(most + 7)]
    large = Response(200, {}, body)
    http = ScriptedHttp({f"GET {URL}": Response(200, {}, b"")} | {f"GET {question.url}": large for question in questions})
    request_log = RequestLog(http, NoonClock())
    for _ in range(MAX_ENTRIES):
        await request_log.send(GET)
    for question in questions:
        await request_log.send(question)
    assert [entry.request for entry in kept(request_log)] == [GET] * MAX_ENTRIES + questions[-most:]
    assert request_log.dropped == 7
    await request_log.send(GET)
    assert [entry.request for entry in kept(request_log)].count(GET) == MAX_ENTRIES


async def test_an_answer_to_a_request_that_gave_way_does_not_bring_it_back() -> None:
    class Slow(ScriptedHttp):
        async def send(self, request: Request) -> Response:
            if request == GOOD:
                await go.wait()
            return await super().send(request)

    go, request_log = asyncio.Event(), RequestLog(Slow({f"GET {URL}": answer(), f"POST {URL}": answer()}), NoonClock())
    task = asyncio.ensure_future(request_log.send(GOOD))
    await asyncio.sleep(0)
    for _ in range(MAX_ENTRIES):
        await request_log.send(GET)
    go.set()
    await task
    assert GOOD not in [entry.request for entry in kept(request_log)]
    assert len(request_log.entries) == MAX_ENTRIES


async def test_of_what_the_gate_held_back_only_the_place_and_the_reason_are_kept() -> None:
    request_log, secrets, key = RequestLog(ScriptedHttp({}), NoonClock()), SecretScanner(), b"a private key, in its full length"
    secrets.note(key)
    gate = Gate(request_log, secrets, PAGE, request_log.add_blocked)
    gate.open_to(CAS)
    with pytest.raises(GateError):
        await Probe(gate).send(replace(GOOD, url=f"https://ca.example/{key.hex()}", body=key))
    (held,) = request_log.entries
    assert isinstance(held, BlockedRequest)
    assert (held.origin, held.reason) == ("https://ca.example", "gate-private-key")


@pytest.mark.parametrize("length", [100, MAX_UNSEARCHED + 1])
async def test_nobody_is_shown_an_answer_before_it_was_searched(length: int) -> None:
    secrets, secret = SecretScanner(), b"a private key, in its full length"
    secrets.note(secret)
    body = json.dumps({"detail": secret.hex(), "more": "x" * length}).encode()
    request_log, told = RequestLog(ScriptedHttp({f"GET {URL}": Response(400, {}, body)}), NoonClock(), secrets), list[str]()
    request_log.changed = lambda entry: told.append(repr(entry))
    for _ in range(3):
        await request_log.send(GET)
    assert len(told) == 6
    assert secret.hex() not in "".join(told)
    assert [(entry.redacted, entry.size) for entry in kept(request_log)] == [(True, len(body))] * 3
    assert secret.hex() not in repr(request_log.entries)


async def test_answers_count_once_they_were_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    length = 4096
    monkeypatch.setattr("app.network.request_log.MAX_BYTES", 3 * length)
    request_log = RequestLog(ScriptedHttp({f"GET {URL}": Response(200, {}, b"a" * length)}), NoonClock())
    for _ in range(5):
        await request_log.send(GET)
    assert [entry.number for entry in request_log.entries] == [3, 4, 5]
    await request_log.send(GET)
    assert [entry.number for entry in request_log.entries] == [4, 5, 6]


class CountingScanner(SecretScanner):
    """Notes how many answers it has searched, and finds nothing in them."""

    answers = 0

    def found_in(self, data: bytes, own_layers: Layers = 0, max_work: int = MAX_WORK) -> bool:
        """See `SecretScanner.found_in`."""
        self.answers += data.startswith(b"aaa")
        return super().found_in(data[:1], own_layers, max_work)


async def test_answers_are_searched_when_somebody_reads_them_or_when_too_much_waits() -> None:
    scanner, third = CountingScanner(), b"a" * (MAX_UNSEARCHED // 3)
    request_log = RequestLog(ScriptedHttp({f"GET {URL}": Response(200, {}, third)}), NoonClock(), scanner)
    counts = []
    for _ in range(4):
        await request_log.send(GET)
        counts.append(scanner.answers)
    assert counts == [0, 0, 0, 1]
    assert len(request_log.entries) == scanner.answers == 4
    await request_log.send(GET)
    assert scanner.answers == 4  # there is room again


@pytest.mark.parametrize(
    ("second", "reachable"),
    [
        (Response(0, {}, b""), True),
        (NetworkError(URL), False),
        (GateError("no"), None),
    ],
)
async def test_after_a_lost_answer_a_second_request_looks_whether_anything_answers(
    *, second: Response | Exception, reachable: bool | None
) -> None:
    http = ScriptedHttp({f"POST {URL}": NetworkError(URL), f"GET {URL}": second})
    with pytest.raises(NetworkError) as lost:
        await Probe(http).send(GOOD)
    assert lost.value.reachable is reachable
    assert http.requests == [GOOD, Request("GET", URL, no_cors=True)]


@pytest.mark.parametrize("request_", [dns_question(1), Request("POST", URL, no_cors=True)])
async def test_after_a_dns_question_there_is_no_second_request(request_: Request) -> None:
    http = ScriptedHttp({f"{request_.method} {request_.url}": NetworkError(URL)})
    with pytest.raises(NetworkError) as lost:
        await Probe(http).send(request_)
    assert lost.value.reachable is None
    assert http.requests == [request_]


async def test_where_an_answer_came_nothing_more_is_sent() -> None:
    http = ScriptedHttp({f"POST {URL}": answer(status=500)})
    assert (await Probe(http).send(GOOD)).status == 500
    assert http.requests == [GOOD]


async def kept_of(response: Response | Exception, secrets: SecretScanner | None = None, request: Request = GET) -> Entry:
    """What is kept of a request that got this answer."""
    request_log = RequestLog(ScriptedHttp({f"{request.method} {request.url}": response}), NoonClock(), secrets)
    if isinstance(response, Exception):
        with pytest.raises(type(response)):
            await request_log.send(request)
    else:
        assert await request_log.send(request) == response  # whoever asked gets the answer as it is
    (entry,) = kept(request_log)
    return entry


@pytest.mark.parametrize(
    "label", [label for label in sorted(key_files()) if not label.startswith(("RSA 4096", "P-", "X", "Ed448"))]
)
async def test_no_private_key_of_an_answer_is_kept(label: str) -> None:
    key = key_files()[label]
    encoded = base64.b64encode(key).decode()
    text = key.decode() if key.isascii() else encoded
    bodies = [
        key,
        chain("shop.example").encode() + key,
        json.dumps({"type": "about:blank", "detail": f"I got {text}, why?", "status": 400}).encode(),
        json.dumps({"detail": encoded, text: [text]}).encode(),
        f"<html><p>{text}</p>".encode(),
        ENCODINGS["hex"](ENCODINGS["base64"](key)),
    ]
    for body in bodies:
        entry = await kept_of(Response(200, {"x-echo": text.replace("\n", " "), "link": encoded}, body))
        assert entry.redacted
        assert entry.response
        assert MARK.encode() in entry.response.body
        assert not SecretScanner().found_in(entry.response.body)
        assert not SecretScanner().found_in(repr(entry.response.headers).encode())
        assert not entry.cut


async def test_a_request_that_left_with_a_private_key_says_so() -> None:
    secrets, key = SecretScanner(), b"a private key, in its full length"
    secrets.note(key)
    body = json.dumps({"key": base64.b64encode(key).decode()}).encode()
    for request, leaked in ((GOOD, False), (replace(GOOD, body=body), True), (replace(GET, url=f"{URL}?{key.hex()}"), True)):
        entry = await kept_of(answer(), secrets, request)
        assert entry.leaked is leaked
        assert key.hex() not in entry.request.url


async def test_what_stands_around_a_key_is_kept() -> None:
    key, pem = key_files()["P-256 PKCS#8 PEM"].decode(), chain("shop.example")
    entry = await kept_of(Response(200, {"x-a": "b"}, (pem + key + pem).encode()))
    assert entry.response == Response(200, {"x-a": "b"}, f"{pem}{MARK}\n{pem}".encode())
    problem = {"type": "urn:x", "detail": f"Not {key_files()['P-256 JWK'].decode()}", "status": 400, "keys": [{"kty": "EC"}]}
    entry = await kept_of(Response(400, {}, json.dumps(problem).encode()))
    assert entry.response
    assert json.loads(entry.response.body) == {**problem, "detail": f"Not {MARK}"} or MARK in str(
        json.loads(entry.response.body)
    )
    assert json.loads(entry.response.body)["type"] == "urn:x"
    jwk = json.loads(key_files()["RSA 2048 JWK"])
    entry = await kept_of(Response(200, {}, json.dumps({"status": "valid", "key": jwk}).encode()))
    assert entry.response
    assert json.loads(entry.response.body) == {"status": "valid", "key": MARK}


async def test_a_secret_that_is_known_is_not_kept_either() -> None:
    secrets, secret = SecretScanner(), bytes(range(100, 132))
    secrets.note(secret)
    body = json.dumps({"detail": f"wrong key {base64.b64encode(secret).decode()}", "status": 403}).encode()
    entry = await kept_of(Response(403, {}, body), secrets)
    assert entry.response
    assert json.loads(entry.response.body) == {"detail": f"wrong key {MARK}", "status": 403}
    assert (await kept_of(Response(403, {}, body))).response == Response(403, {}, body)


async def test_a_key_at_the_edge_of_what_is_kept_is_not_kept() -> None:
    key = key_files()["RSA 2048 PKCS#8 PEM"]
    for before in (MAX_BODY - len(key) // 2, MAX_BODY - 3, MAX_BODY - len(key)):
        entry = await kept_of(Response(200, {}, b"\n" * before + key + b"\n" * MAX_BODY))
        assert entry.response
        assert not SecretScanner().found_in(entry.response.body)
        assert b"BEGIN" not in entry.response.body
        assert entry.cut


async def test_an_answer_that_is_encoded_without_end_is_not_kept() -> None:
    body = bytes(1000)
    for _ in range(9):
        body = base64.b64encode(body)
    entry = await kept_of(Response(200, {}, body))
    assert entry.response
    assert entry.response.body == MARK.encode()


async def test_an_answer_of_nested_keys_costs_no_more_than_its_size() -> None:
    calls = 0

    class Counting(SecretScanner):
        def found_in(self, data: bytes, own_layers: Layers = 0, max_work: int = 0) -> bool:
            """See `SecretScanner.found_in`."""
            nonlocal calls
            calls += len(data)
            return super().found_in(data, own_layers, max_work)

    body = b'{"kty":"EC","d":"0123456789abcdef","x":' * 300 + b"0" + b"}" * 300
    entry = await kept_of(Response(200, {}, body), Counting())
    assert entry.redacted
    assert calls < 20 * len(body)


async def test_a_failure_and_a_request_show_no_key() -> None:
    key = key_files()["P-256 traditional DER"].hex()
    entry = await kept_of(NetworkError(URL, detail=f"no way to {key}"))
    assert entry.failure == f"no way to {MARK}"
    entry = await kept_of(answer(), request=replace(GOOD, body=key.encode(), headers={"X-Key": key}))
    assert key not in repr(entry)


async def test_answers_without_a_key_are_kept_as_they_are() -> None:
    for body in (
        chain("shop.example").encode(),
        b"\xff\x00",
        b"{}",
        b'{"detail": "Keep your private key secret."}',
        bytes(MAX_BODY),
    ):
        entry = await kept_of(Response(200, {"replay-nonce": "abc"}, body))
        assert entry.response == Response(200, {"replay-nonce": "abc"}, body)
        assert not entry.redacted
