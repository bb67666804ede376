"""The page asks the practice CA's DNS over HTTPS, and sees what Pebble sees."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator

import dns.flags
import dns.message
import httpx
import pytest

from tests.processes import accepts
from tools.open_endpoint import EXPOSED_HEADERS
from tools.ports import Ports
from tools.practice import PracticeCA
from tools.practice_web import PracticeWeb

QUERY = "/practice/dns-query"


@pytest.fixture
async def web(practice: PracticeCA) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(PracticeWeb(practice))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client


def _question(name: str, kind: str = "TXT", id_: int = 0) -> str:
    return _encoded(dns.message.make_query(name, kind, id=id_, use_edns=0).to_wire())


def _encoded(message: bytes) -> str:
    return urlsafe_b64encode(message).rstrip(b"=").decode()


async def _ask(web: httpx.AsyncClient, name: str, kind: str = "TXT") -> dns.message.Message:
    answer = await web.get(QUERY, params={"dns": _question(name, kind)})
    assert answer.status_code == 200, answer.text
    return dns.message.from_wire(answer.content)


async def _publish(web: httpx.AsyncClient, command: str, **values: object) -> None:
    assert (await web.post(f"/practice/{command}", json=values)).status_code == 200


async def test_what_was_published_is_answered(web: httpx.AsyncClient) -> None:
    await _publish(web, "set-txt", host="_acme-challenge.seen.example.", value="v1")
    await _publish(web, "set-cname", host="alias.example.", target="_acme-challenge.seen.example.")
    await _publish(web, "add-caa", host="seen.example.", policies=[{"tag": "issue", "value": "ca.example"}])
    assert '"v1"' in (await _ask(web, "_acme-challenge.seen.example")).to_text()
    assert "alias.example. 0 IN CNAME _acme-challenge.seen.example." in (await _ask(web, "alias.example")).to_text()
    assert '0 issue "ca.example"' in (await _ask(web, "seen.example", "CAA")).to_text()


async def test_what_is_not_there_and_what_fails(web: httpx.AsyncClient) -> None:
    assert (await _ask(web, "nothing.example")).answer == []
    assert (await _ask(web, "nothing.example", "SOA")).rcode() == dns.rcode.NOTIMP
    await _publish(web, "set-servfail", host="broken.example.")
    assert (await _ask(web, "broken.example", "CAA")).rcode() == dns.rcode.SERVFAIL


async def test_an_answer_longer_than_a_datagram_usually_is(web: httpx.AsyncClient) -> None:
    for n in range(40):
        await _publish(web, "set-txt", host="many.example.", value=f"{n:02}" + "x" * 250)
    assert len((await _ask(web, "many.example")).answer[0]) == 40


@pytest.mark.parametrize("id_", [0, 4711])
async def test_the_answer_has_the_id_of_the_question(web: httpx.AsyncClient, id_: int) -> None:
    answer = await web.get(QUERY, params={"dns": _question("id.example", id_=id_)})
    assert dns.message.from_wire(answer.content).id == id_


async def test_browsers_keep_no_answer_and_take_it_for_data(web: httpx.AsyncClient) -> None:
    answer = await web.get(QUERY, params={"dns": _question("a.example")}, headers={"Origin": "http://localhost:9000"})
    assert answer.headers["content-type"] == "application/dns-message"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["access-control-allow-origin"] == "http://localhost:9000"
    assert answer.headers["access-control-expose-headers"] == EXPOSED_HEADERS


WHOLE = dns.message.make_query("a.example", "TXT", id=0)
ANSWER = dns.message.make_response(WHOLE)
TWO = dns.message.from_wire(WHOLE.to_wire())
TWO.question += dns.message.make_query("b.example", "TXT").question


@pytest.mark.parametrize(
    "query",
    [
        *("", "?dns=", "?dns=a", "?dns=AAAA", "?dns=*", "?dns=AAA=", "?DNS=AAAA", f"?name=a.example&dns={'A' * 2000}"),
        *(f"?dns={_question('a.example')}=", f"?dns={_question('a.example')}&dns={_question('b.example')}"),
        f"?dns={_encoded(WHOLE.to_wire() + b'more')}",
        f"?dns={_encoded(WHOLE.to_wire()[:-1])}",
        f"?dns={_encoded(ANSWER.to_wire())}",
        f"?dns={_encoded(TWO.to_wire())}",
        f"?dns={_encoded(dns.message.make_query('a.example', 'TXT', use_edns=0, pad=600).to_wire())}",
    ],
)
async def test_what_is_no_question_is_refused(web: httpx.AsyncClient, query: str) -> None:
    answer = await web.get(QUERY + query)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert "DNS message" in answer.json()["detail"]


async def test_another_website_may_ask_nothing(web: httpx.AsyncClient) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example:8000"}):
        answer = await web.get(QUERY, params={"dns": _question("a.example")}, headers=headers)
        assert answer.status_code == 403
        assert not any(name.startswith("access-control-") for name in answer.headers)


async def test_without_a_practice_ca_a_sentence_says_so() -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(PracticeWeb(None)), base_url="http://localhost") as client:
        answer = await client.get(QUERY, params={"dns": _question("a.example")})
    assert answer.status_code == 503
    assert "is not running" in answer.json()["detail"]


async def test_a_practice_dns_that_has_stopped_is_said(practice: PracticeCA) -> None:
    nobody = Ports.free()
    assert not accepts(nobody.dns)
    stopped = PracticeCA(nobody, practice.folder)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(PracticeWeb(stopped)), base_url="http://localhost") as client:
        answer = await client.get(QUERY, params={"dns": _question("a.example")})
    assert answer.status_code == 502
    assert "did not answer" in answer.json()["detail"]
