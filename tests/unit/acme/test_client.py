"""Nonces, lanes and bounded retries against a scripted CA. Each answer cites the section that allows it."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from app.acme.client import MAX_IN_FLIGHT, NONCE_TRIES, READ_TRIES, Client, connect
from app.acme.directory import NoDirectoryError
from app.acme.problem import ProblemError, UnavailableError
from app.acme.response import DamagedError
from app.ca.catalog import CertificateAuthority
from app.errors import NetworkError, ProtocolError
from app.ports import Response
from tests.adapters import FastClock
from tests.unit.keys import assert_signed, native_key
from tests.unit.says import says
from tests.unit.script import Scripted, ScriptedHttp, answer, html, read_post, refusal

DIRECTORY = {
    "newNonce": "https://ca.example/nonce",
    "newAccount": "https://ca.example/account",
    "newOrder": "https://ca.example/order",
}
CA = CertificateAuthority(id="test", name="Test CA", directory="https://ca.example/dir")
ACCOUNT = "https://ca.example/account/1"
THING = "https://ca.example/thing"
LOST = NetworkError(THING, detail="connection reset")

GET_DIRECTORY = "GET https://ca.example/dir"
NEW_NONCE = "HEAD https://ca.example/nonce"
POST_THING = f"POST {THING}"


def script(thing: Scripted | Sequence[Scripted], **other: Scripted | Sequence[Scripted]) -> ScriptedHttp:
    """A CA whose `THING` answers with `thing`; `nonce` and `directory` replace its usual answers."""
    return ScriptedHttp(
        {
            GET_DIRECTORY: other.get("directory", answer(DIRECTORY)),
            NEW_NONCE: other.get("nonce", answer(nonce="first")),  # RFC 8555 §7.2
            POST_THING: thing,
        }
    )


async def connected(http: ScriptedHttp, authority: CertificateAuthority = CA) -> Client:
    client = await connect(http, FastClock(), authority, native_key())
    client.account_url = ACCOUNT
    return client


def nonces(http: ScriptedHttp) -> list[str]:
    """The nonces of the signed requests, in order."""
    return [read_post(request).protected["nonce"] for request in http.requests if request.method == "POST"]


def slept(client: Client) -> list[float]:
    assert isinstance(client.clock, FastClock)
    return client.clock.slept


# ---- requests ----


async def test_request_is_signed_for_the_cas_url_with_the_account() -> None:
    http = script(answer({}, nonce="second"))
    await (await connected(http)).post(THING, {"a": 1})
    post = read_post(http.sent(POST_THING)[0])
    assert post.protected == {"alg": "ES256", "kid": ACCOUNT, "nonce": "first", "url": THING}
    assert post.payload == {"a": 1}
    assert_signed("ec-p256", native_key().public_spki, post.signed, post.signature)


async def test_request_without_an_account_carries_the_key() -> None:
    http = script(answer({}, nonce="second"))
    client = await connected(http)
    client.account_url = None
    await client.post(THING, {})
    protected = read_post(http.sent(POST_THING)[0]).protected
    assert protected["jwk"] == native_key().public_jwk
    assert "kid" not in protected


async def test_read_is_post_as_get() -> None:
    http = script(answer({}, nonce="second"))
    await (await connected(http)).post_as_get(THING)
    assert read_post(http.sent(POST_THING)[0]).payload is None  # RFC 8555 §6.3


async def test_content_type_is_the_only_header_that_is_ever_set() -> None:
    http = script([refusal("badNonce", nonce="again"), answer({}, nonce="second")])
    await (await connected(http)).post(THING, {})
    assert {request.method: dict(request.headers) for request in http.requests} == {
        "GET": {},
        "HEAD": {},
        "POST": {"Content-Type": "application/jose+json"},  # RFC 8555 §6.2
    }


async def test_relay_is_called_and_the_cas_own_url_signed() -> None:
    relay = "https://relay.example/to/"
    http = ScriptedHttp(
        {
            f"GET {relay}ca.example/dir": answer(DIRECTORY),
            f"HEAD {relay}ca.example/nonce": answer(nonce="first"),
            f"POST {relay}ca.example/thing": answer({"order": 1}, nonce="second", location="/order/1"),
        }
    )
    authority = CertificateAuthority(id="test", name="Test CA", directory=CA.directory, relay=relay)
    got = await (await connected(http, authority)).post(THING, {})
    assert read_post(http.requests[-1]).protected["url"] == THING
    assert got.location == "https://ca.example/order/1"  # relative to the CA, not to the relay


async def test_address_that_is_not_https_is_never_asked() -> None:
    http = script(answer({}, nonce="second"))
    client = await connected(http)
    with pytest.raises(ProtocolError, check=says("not https")):
        await client.post("http://ca.example/thing", {})
    assert http.sent("POST http://ca.example/thing") == []


# ---- nonces (RFC 8555 §6.5) ----


async def test_nonce_of_each_answer_is_used_for_the_next_request() -> None:
    http = script([answer({}, nonce="second"), answer({}, nonce="third"), answer({}, nonce="fourth")])
    client = await connected(http)
    for _ in range(3):
        await client.post(THING, {})
    assert nonces(http) == ["first", "second", "third"]
    assert len(http.sent(NEW_NONCE)) == 1


async def test_nonce_of_a_refusal_is_kept_too() -> None:
    http = script([refusal("malformed", nonce="second"), answer({}, nonce="third")])
    client = await connected(http)
    with pytest.raises(ProblemError):
        await client.post(THING, {})
    await client.post(THING, {})
    assert nonces(http) == ["first", "second"]


async def test_answer_without_a_nonce_makes_the_next_request_ask_for_one() -> None:
    http = script([answer({}), answer({}, nonce="x")], nonce=[answer(nonce="first"), answer(nonce="second")])
    client = await connected(http)
    await client.post(THING, {})
    await client.post(THING, {})
    assert nonces(http) == ["first", "second"]


async def test_nonce_that_is_not_base64url_is_ignored() -> None:
    http = script(
        [answer({}, nonce="not a nonce!"), answer({}, nonce="x")], nonce=[answer(nonce="first"), answer(nonce="second")]
    )
    client = await connected(http)
    await client.post(THING, {})
    await client.post(THING, {})
    assert nonces(http) == ["first", "second"]  # §6.5.1


async def test_bad_nonce_is_answered_with_the_nonce_of_that_very_answer() -> None:
    http = script([refusal("badNonce", nonce="fresh"), answer({"ok": "yes"}, nonce="next")])
    got = await (await connected(http)).post(THING, {"a": 1})
    assert got.fields("thing").text("ok") == "yes"
    assert nonces(http) == ["first", "fresh"]
    assert [read_post(request).payload for request in http.sent(POST_THING)] == [{"a": 1}, {"a": 1}]


async def test_bad_nonce_without_a_nonce_asks_for_a_new_one() -> None:
    http = script([refusal("badNonce"), answer({}, nonce="next")], nonce=[answer(nonce="first"), answer(nonce="asked-for")])
    await (await connected(http)).post(THING, {})
    assert nonces(http) == ["first", "asked-for"]


@pytest.mark.parametrize("method", ["post", "read"])
async def test_storm_of_bad_nonces_ends_after_a_fixed_number_of_requests(method: str) -> None:
    http = script(refusal("badNonce", nonce="never-good-enough"))
    client = await connected(http)
    with pytest.raises(ProblemError) as caught:
        await (client.post(THING, {}) if method == "post" else client.post_as_get(THING))
    assert caught.value.problem.type == "badNonce"
    assert len(http.sent(POST_THING)) == NONCE_TRIES


async def test_new_nonce_that_cannot_be_read_says_that_cors_may_hide_it() -> None:
    http = script(answer({}), nonce=answer())
    with pytest.raises(ProtocolError, check=says("CORS")):
        await (await connected(http)).post(THING, {})
    assert http.sent(POST_THING) == []


async def test_new_nonce_that_is_refused_gives_the_cas_reason() -> None:
    http = script(answer({}), nonce=refusal("rateLimited", status=429))
    with pytest.raises(ProblemError) as caught:
        await (await connected(http)).post(THING, {})
    assert caught.value.problem.type == "rateLimited"


async def test_new_nonce_is_asked_for_again_when_its_answer_is_lost() -> None:
    http = script(answer({}, nonce="x"), nonce=[LOST, html(503), answer(nonce="first")])
    await (await connected(http)).post(THING, {})
    assert nonces(http) == ["first"]


async def test_nonces_for_requests_that_are_expected_are_fetched_together_with_the_first() -> None:
    http = script(answer({}, nonce="of-the-response"), nonce=[answer(nonce=name) for name in ("first", "b", "c", "too-many")])
    client = await connected(http)
    client.expect(3)
    await client.post(THING, {})
    await asyncio.gather(*(client.post_as_get(THING) for _ in range(3)))
    assert [request.method for request in http.requests] == ["GET", "HEAD", "HEAD", "HEAD", "POST", "POST", "POST", "POST"]
    assert sorted(nonces(http)) == ["b", "c", "first", "of-the-response"]


async def test_no_more_nonces_are_fetched_ahead_than_requests_are_sent_at_once() -> None:
    http = script(answer({}, nonce="x"), nonce=answer(nonce="y"))
    client = await connected(http)
    client.expect(5 * MAX_IN_FLIGHT)
    await client.post(THING, {})
    await asyncio.gather(*(client.post_as_get(THING) for _ in range(2 * MAX_IN_FLIGHT)))
    assert len(http.sent(NEW_NONCE)) == MAX_IN_FLIGHT
    assert http.most_at_once == MAX_IN_FLIGHT


async def test_nonce_that_cannot_be_fetched_ahead_is_fetched_when_it_is_needed() -> None:
    refused = refusal("rateLimited", status=429)
    http = script(answer({}), nonce=[answer(nonce="first"), refused, answer(nonce="later")])
    client = await connected(http)
    client.expect(2)
    await client.post(THING, {})
    await client.post(THING, {})
    assert nonces(http) == ["first", "later"]
    assert slept(client) == []


# ---- what is tried again ----


JSON = {"content-type": "application/json; charset=utf-8"}
PEM = {"content-type": "application/pem-certificate-chain"}
CUT = [
    pytest.param(Response(200, JSON, b'{"status": "rea'), id="JSON that ends too soon"),
    pytest.param(Response(200, JSON, b""), id="JSON that did not come"),
    pytest.param(Response(200, PEM, b"-----BEGIN CERTIFICATE-----\nAAAA"), id="PEM that ends too soon"),
    pytest.param(Response(200, PEM, b"-----BEGIN CERT"), id="PEM that hardly began"),
]


@pytest.mark.parametrize("stumble", [LOST, html(503), html(502), *CUT])
async def test_read_is_asked_again_after_a_pause(stumble: Scripted) -> None:
    http = script([stumble, stumble, answer({"ok": "yes"}, nonce="x")], nonce=[answer(nonce=str(n)) for n in range(5)])
    client = await connected(http)
    assert (await client.post_as_get(THING)).fields("thing").text("ok") == "yes"
    assert slept(client) == [1.0, 2.0]
    assert len(set(nonces(http))) == 3  # a nonce is never used twice


@pytest.mark.parametrize(("stumble", "kind"), [(LOST, NetworkError), (html(503), UnavailableError)])
async def test_read_gives_up_after_a_few_tries(stumble: Scripted, kind: type[Exception]) -> None:
    http = script(stumble)
    with pytest.raises(kind):
        await (await connected(http)).post_as_get(THING)
    assert len(http.sent(POST_THING)) == READ_TRIES


@pytest.mark.parametrize(("stumble", "kind"), [(LOST, NetworkError), (html(503), UnavailableError)])
async def test_post_is_never_sent_again(stumble: Scripted, kind: type[Exception]) -> None:
    http = script([stumble, answer({}, nonce="x")])
    with pytest.raises(kind):
        await (await connected(http)).post(THING, {})
    assert len(http.sent(POST_THING)) == 1


@pytest.mark.parametrize("stumble", [LOST, html(503), Response(200, JSON, b'{"newNonce": "ht')])
async def test_directory_is_asked_for_again_after_a_pause(stumble: Scripted) -> None:
    http = script(answer({}, nonce="x"), directory=[stumble, stumble, answer(DIRECTORY)])
    client = await connected(http)
    assert client.directory.new_order == DIRECTORY["newOrder"]
    assert slept(client) == [1.0, 2.0]


async def test_answer_that_never_comes_whole_is_given_up() -> None:
    http = script(Response(200, JSON, b'{"status": "rea'))
    with pytest.raises(DamagedError):
        await (await connected(http)).post_as_get(THING)
    assert len(http.sent(POST_THING)) == READ_TRIES


async def test_refusal_of_a_read_is_not_asked_again() -> None:
    http = script(refusal("unauthorized", status=403, nonce="x"))
    with pytest.raises(ProblemError):
        await (await connected(http)).post_as_get(THING)
    assert len(http.sent(POST_THING)) == 1


async def test_500_with_a_reason_is_a_refusal_and_not_a_stumble() -> None:
    http = script(refusal("serverInternal", status=500, nonce="x"))
    with pytest.raises(ProblemError) as caught:
        await (await connected(http)).post_as_get(THING)
    assert caught.value.problem.type == "serverInternal"
    assert len(http.sent(POST_THING)) == 1


# ---- what a refusal tells ----


async def test_refusal_tells_when_to_come_back() -> None:
    http = script(refusal("rateLimited", status=429, nonce="x", retry_after="60"))  # §6.6
    with pytest.raises(ProblemError) as caught:
        await (await connected(http)).post(THING, {})
    assert caught.value.problem.retry_after == 60


TERMS = '<https://ca.example/terms/2>;rel="terms-of-service"'


@pytest.mark.parametrize(
    ("members", "link", "instance"),
    [
        pytest.param({"instance": "https://ca.example/agree"}, TERMS, "https://ca.example/agree", id="in the document"),
        pytest.param({}, TERMS, "https://ca.example/terms/2", id="in the Link header"),
        pytest.param({}, '<https://ca.example/dir>;rel="index"', None, id="nowhere"),
    ],
)
async def test_refusal_for_new_terms_links_them(members: dict[str, Any], link: str, instance: str | None) -> None:
    http = script(refusal("userActionRequired", status=403, nonce="x", members=members, link=link))  # §7.3.3
    with pytest.raises(ProblemError) as caught:
        await (await connected(http)).post(THING, {})
    assert caught.value.problem.instance == instance


# ---- the directory ----


@pytest.mark.parametrize(
    ("directory", "kind"),
    [
        pytest.param(html(200), ProtocolError, id="a login page"),
        pytest.param(html(404), NoDirectoryError, id="a web server’s error page"),
        pytest.param(html(503), UnavailableError, id="a load balancer’s error page"),
        pytest.param(refusal("serverInternal", status=500), ProblemError, id="the CA’s own error"),
        pytest.param(NetworkError(CA.directory), NetworkError, id="nothing"),
    ],
)
async def test_what_is_no_directory_stops_before_anything_else(directory: Response | Exception, kind: type[Exception]) -> None:
    http = script(answer({}), directory=directory)
    with pytest.raises(kind) as caught:
        await connected(http)
    assert type(caught.value) is kind
    assert {request.method for request in http.requests} == {"GET"}


# ---- lanes ----


async def test_requests_go_out_together_but_never_more_than_there_are_lanes() -> None:
    http = script(answer({}, nonce="x"))
    client = await connected(http)
    await asyncio.gather(*(client.post_as_get(THING) for _ in range(4 * MAX_IN_FLIGHT)))
    assert http.most_at_once == MAX_IN_FLIGHT
    assert len(http.sent(POST_THING)) == 4 * MAX_IN_FLIGHT
