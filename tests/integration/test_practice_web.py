"""The page publishes records and files in the practice CA's servers, and nothing else."""

from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from tests.integration.odd_ca import OTHER_WEBSITES
from tools.practice import PracticeCA
from tools.practice_web import COMMANDS, MAX_COMMAND, PracticeWeb

RECORD = {"host": "_acme-challenge.shop.example.", "value": "v1"}


@pytest.fixture
async def web(practice: PracticeCA) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(PracticeWeb(practice))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client


async def test_a_file_is_published_and_withdrawn(web: httpx.AsyncClient, practice: PracticeCA) -> None:
    file = f"http://127.0.0.1:{practice.ports.http01}/.well-known/acme-challenge/token-of-this-test"
    async with httpx.AsyncClient() as visitor:
        added = await web.post("/practice/add-http01", json={"token": "token-of-this-test", "content": "the content"})
        assert (added.status_code, (await visitor.get(file)).text) == (200, "the content")
        removed = await web.post("/practice/del-http01", json={"token": "token-of-this-test"})
        assert (removed.status_code, (await visitor.get(file)).text) == (200, "")


async def test_the_root_is_pebbles(web: httpx.AsyncClient, practice: PracticeCA) -> None:
    answer = await web.get("/practice/root.pem", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.text == practice.root_pem()


async def test_commands_are_carried_out_in_their_order_by_one_request(web: httpx.AsyncClient, practice: PracticeCA) -> None:
    file = f"http://127.0.0.1:{practice.ports.http01}/.well-known/acme-challenge/"
    adding = [["add-http01", {"token": f"batch-{n}", "content": f"content {n}"}] for n in range(20)]
    answer = await web.post("/practice/publish", json={"commands": [["del-http01", {"token": "batch-0"}], *adding]})
    async with httpx.AsyncClient() as visitor:
        assert (answer.status_code, (await visitor.get(f"{file}batch-0")).text) == (200, "content 0")
        assert (await visitor.get(f"{file}batch-19")).text == "content 19"
        removing = [*adding[:1], *(["del-http01", {"token": f"batch-{n}"}] for n in range(20))]
        assert (await web.post("/practice/publish", json={"commands": removing})).status_code == 200
        assert (await visitor.get(f"{file}batch-0")).text == ""


@pytest.mark.parametrize(
    "commands",
    [None, {}, [["set-default-ipv4", {}]], [["publish", {}]], ["set-txt"], [["set-txt"]], [["set-txt", []]], [[1, {}]]],
)
async def test_several_commands_are_checked_before_any_is_carried_out(web: httpx.AsyncClient, commands: object) -> None:
    assert (await web.post("/practice/publish", json={"commands": commands})).status_code == 400


async def test_the_first_command_that_fails_is_told(web: httpx.AsyncClient) -> None:
    commands = [["set-txt", {"host": "", "value": "v"}], ["add-http01", {"token": "t", "content": "c"}]]
    answer = await web.post("/practice/publish", json={"commands": commands})
    assert answer.status_code == 400


async def test_the_commands_are_those_that_publish() -> None:
    assert {"set-txt", "clear-txt", "add-http01", "del-http01", "add-tlsalpn01", "clear-caa", "set-cname"} <= COMMANDS
    assert len(COMMANDS) == 18


@pytest.mark.parametrize("path", ["dns-request-history", "set-default-ipv4", "", "set-txt/", "../roots/0", "%73et-txt/x"])
async def test_other_commands_are_refused(web: httpx.AsyncClient, path: str) -> None:
    assert (await web.post(f"/practice/{path}", json=RECORD)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "set-txt"), ("PUT", "set-txt"), ("POST", "root.pem"), ("POST", "dns-query")]
)
async def test_other_methods_are_refused(web: httpx.AsyncClient, method: str, path: str) -> None:
    assert (await web.request(method, f"/practice/{path}")).status_code == 405


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'"text"', b"{", b"\xff", b"null", b'{"a":' + b"[" * 16000, b'{"a":' + b"1" * 16000 + b"}"]
)
async def test_the_body_must_be_an_object(web: httpx.AsyncClient, body: bytes) -> None:
    assert (await web.post("/practice/set-txt", content=body)).status_code == 400


async def test_the_body_is_bounded(web: httpx.AsyncClient) -> None:
    answer = await web.post("/practice/set-txt", json={**RECORD, "value": "x" * MAX_COMMAND})
    assert answer.status_code == 413


async def test_another_page_on_this_computer_may_publish(web: httpx.AsyncClient) -> None:
    asks = {"Origin": "http://localhost:9000", "Access-Control-Request-Method": "POST"}
    preflight = await web.options("/practice/set-txt", headers=asks)
    assert preflight.headers["access-control-allow-origin"] == "http://localhost:9000"
    assert preflight.headers["vary"] == "Origin"
    assert preflight.headers["access-control-allow-headers"] == "Content-Type"
    assert preflight.headers["access-control-allow-methods"] == "POST"


@pytest.mark.parametrize("method", ["OPTIONS", "GET", "HEAD", "POST"])
@pytest.mark.parametrize("headers", OTHER_WEBSITES, ids=lambda headers: " ".join(headers.values()))
async def test_another_website_may_publish_nothing(web: httpx.AsyncClient, headers: Mapping[str, str], method: str) -> None:
    sent = {name: value.replace("{port}", "8000") for name, value in headers.items()}
    answer = await web.request(method, f"/practice/{'set-txt' if method == 'POST' else 'root.pem'}", headers=sent, json=RECORD)
    assert answer.status_code == 403
    assert [name for name in answer.headers if name.startswith("access-control-")] == []
    assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost:9000", "[", "localhost:8000.evil.example"])
async def test_a_name_that_was_pointed_at_this_computer_may_publish_nothing(web: httpx.AsyncClient, host: str) -> None:
    for answer in (
        await web.post("/practice/set-txt", headers={"Host": host}, json=RECORD),
        await web.get("/practice/root.pem", headers={"Host": host}),
    ):
        assert answer.status_code == 403
        assert "http://localhost:8000" in answer.json()["detail"]


async def test_without_a_practice_ca_a_sentence_says_so() -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(PracticeWeb(None)), base_url="http://localhost") as client:
        for answer in (await client.post("/practice/set-txt", json=RECORD), await client.get("/practice/root.pem")):
            assert answer.status_code == 503
            assert "is not running" in answer.json()["detail"]
