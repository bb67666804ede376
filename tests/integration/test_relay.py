"""The relay forwards what ACME needs to whom it may, and nothing else to nobody."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.integration.odd_ca import JOSE, ODD_PATHS, OTHER_HOSTS, OTHER_METHODS, PLAIN_TARGETS, PRIVATE_HEADERS, OddCA
from tools.build import site_files
from tools.localhost_tls import make_localhost_tls
from tools.paths import ROOT
from tools.ports import Ports, listen
from tools.practice import PracticeCA
from tools.relay import MAX_REQUEST, MAX_RESPONSE, METHODS, Relay
from tools.relay_servers import relayed_hosts
from tools.serve import places, relay_targets
from tools.site_lists import read_authorities


@pytest.fixture
async def relay(odd_ca: OddCA) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a relay that may reach the odd CA only."""
    odd_ca.asked.clear()
    async for client in _client_of(Relay({odd_ca.authority: ssl.create_default_context(cafile=odd_ca.ca_file)})):
        yield client


async def _client_of(relay: Relay) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(_with_exact_targets(relay)), base_url="http://localhost:8000", headers=JOSE
    ) as client:
        yield client
    await relay.aclose()


async def _get(client: httpx.AsyncClient, target: str) -> httpx.Response:
    """GET a path and query exactly as written here: httpx would tidy the address up, so a header carries it."""
    return await client.get("/", headers={"X-Target": target})


def _with_exact_targets(relay: Relay) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        target = Headers(scope=scope).get("x-target", "").encode()
        if target:
            path, _, query = target.partition(b"?")
            scope.update(raw_path=path, query_string=query)
        await relay(scope, receive, send)

    return app


async def test_connections_to_the_ca_are_kept(relay: httpx.AsyncClient, odd_ca: OddCA) -> None:
    for _ in range(10):
        await relay.post(f"/relay/{odd_ca.authority}/order", content=b"{}")
    assert _connections(odd_ca) == 1
    for _ in range(5):  # a browser sends six at a time
        await asyncio.gather(*(relay.post(f"/relay/{odd_ca.authority}/order", content=b"{}") for _ in range(6)))
    assert len(odd_ca.asked) == 40
    assert _connections(odd_ca) <= 6


def _connections(ca: OddCA) -> int:
    """How many connections the requests have come by: each has a TLS handshake."""
    return len({request.client for request in ca.asked})


@pytest.mark.parametrize("authority", OTHER_HOSTS)
async def test_other_hosts_are_refused(relay: httpx.AsyncClient, odd_ca: OddCA, authority: str) -> None:
    authority = authority.format(ca=odd_ca.authority, port=odd_ca.authority.partition(":")[2])
    answer = await _get(relay, f"/relay/{authority}/dir")
    assert answer.status_code == 403
    assert "does not forward" in answer.json()["detail"]
    assert not odd_ca.asked


@pytest.mark.parametrize("path", ODD_PATHS)
async def test_a_path_that_could_be_read_in_two_ways_is_refused(relay: httpx.AsyncClient, odd_ca: OddCA, path: str) -> None:
    answer = await _get(relay, f"/relay/{odd_ca.authority}{path}")
    assert answer.status_code == 400
    assert not odd_ca.asked


@pytest.mark.parametrize("target", [*PLAIN_TARGETS, "/a//b", '/a{b}|"c"?<d>=`^'])
async def test_the_address_goes_out_as_it_was_signed(relay: httpx.AsyncClient, odd_ca: OddCA, target: str) -> None:
    seen = (await _get(relay, f"/relay/{odd_ca.authority}{target}")).json()
    path, _, query = target.partition("?")
    assert (seen["path"], seen["query"], seen["headers"]["host"]) == (path, query, odd_ca.authority)


@pytest.mark.parametrize("method", OTHER_METHODS)
async def test_other_methods_are_refused(relay: httpx.AsyncClient, odd_ca: OddCA, method: str) -> None:
    answer = await relay.request(method, f"/relay/{odd_ca.authority}/dir")
    assert answer.status_code == 405
    assert not odd_ca.asked


async def test_only_two_request_headers_pass(relay: httpx.AsyncClient, odd_ca: OddCA) -> None:
    sent = {
        "Content-Type": "application/jose+json",
        "Accept": "application/pem-certificate-chain",
        **{name: value.format(port=8000) for name, value in PRIVATE_HEADERS.items()},
    }
    answer = await relay.post(f"/relay/{odd_ca.authority}/new-order", headers=sent, content=b"{}")
    seen = answer.json()["headers"]
    assert seen.pop("user-agent") == "Keystay-relay/1"
    for name in ("host", "connection", "accept-encoding", "content-length"):  # the connection's own
        seen.pop(name)
    assert seen == {"content-type": "application/jose+json", "accept": "application/pem-certificate-chain"}


async def test_only_acmes_response_headers_pass(relay: httpx.AsyncClient, odd_ca: OddCA) -> None:
    answer = await relay.get(f"/relay/{odd_ca.authority}/dir")
    assert answer.headers["replay-nonce"] == "n0"
    assert answer.headers.get_list("link") == ["<a>;rel=index", "<b>;rel=next"]
    assert "x-other" not in answer.headers
    assert "server" not in answer.headers


async def test_what_a_ca_sends_cannot_run_as_part_of_the_page(relay: httpx.AsyncClient, odd_ca: OddCA) -> None:
    answer = await relay.get(f"/relay/{odd_ca.authority}/dir")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def _in_pieces(size: int) -> AsyncIterator[bytes]:
    """A body whose length is not declared."""
    for start in range(0, size, 1000):
        yield b"x" * min(1000, size - start)


@pytest.mark.parametrize(("excess", "status"), [(0, 200), (1, 413)])
async def test_requests_are_bounded(relay: httpx.AsyncClient, odd_ca: OddCA, excess: int, status: int) -> None:
    size = MAX_REQUEST + excess
    declared = await relay.post(f"/relay/{odd_ca.authority}/x", content=b"x" * size)
    undeclared = await relay.post(f"/relay/{odd_ca.authority}/x", content=_in_pieces(size))
    assert (declared.status_code, undeclared.status_code) == (status, status)
    assert len(odd_ca.asked) == (2 if status == 200 else 0)


async def test_only_post_has_a_body(relay: httpx.AsyncClient, odd_ca: OddCA) -> None:
    answer = await relay.request("GET", f"/relay/{odd_ca.authority}/x", content=b"x")
    assert answer.status_code == 400
    assert not odd_ca.asked


@pytest.mark.parametrize(("excess", "status"), [(0, 200), (1, 502)])
async def test_answers_are_bounded(relay: httpx.AsyncClient, odd_ca: OddCA, excess: int, status: int) -> None:
    answer = await relay.get(f"/relay/{odd_ca.authority}/odd/{MAX_RESPONSE + excess}")
    assert answer.status_code == status


async def test_redirects_are_passed_on_not_followed(relay: httpx.AsyncClient, odd_ca: OddCA) -> None:
    answer = await relay.get(f"/relay/{odd_ca.authority}/odd/redirect")
    assert (answer.status_code, answer.headers["location"]) == (302, "https://evil.example/")
    assert len(odd_ca.asked) == 1


async def test_cookies_are_neither_passed_on_nor_kept(relay: httpx.AsyncClient, odd_ca: OddCA) -> None:
    answer = await relay.get(f"/relay/{odd_ca.authority}/odd/cookie")
    assert "set-cookie" not in answer.headers
    assert "cookie" not in (await relay.get(f"/relay/{odd_ca.authority}/dir")).json()["headers"]


async def test_a_preflight_is_answered_without_the_ca(relay: httpx.AsyncClient, odd_ca: OddCA) -> None:
    asks = {"Origin": "http://localhost:8000", "Access-Control-Request-Method": "POST"}
    answer = await relay.options(f"/relay/{odd_ca.authority}/x", headers=asks)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "http://localhost:8000"
    assert answer.headers["vary"] == "Origin"
    assert answer.headers["access-control-allow-methods"] == ", ".join(METHODS)
    assert answer.headers["access-control-allow-headers"] == "Content-Type"
    assert not odd_ca.asked


@pytest.mark.parametrize("authority", ["{ca}", "evil.example"])
@pytest.mark.parametrize(
    "origin",
    [
        *("http://localhost:8000", "http://localhost:9000", "http://localhost", "https://localhost:8443"),
        *("http://127.0.0.1:8000", "http://[::1]:8000", "http://keystay.localhost:1", "http://a.b-c.localhost"),
    ],
)
async def test_pages_on_this_computer_may_read_answers_and_refusals(
    relay: httpx.AsyncClient, odd_ca: OddCA, authority: str, origin: str
) -> None:
    headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site"}  # as between two of this computer's names
    answer = await relay.get(f"/relay/{authority.format(ca=odd_ca.authority)}/dir", headers=headers)
    assert answer.headers.get_list("access-control-allow-origin") == [origin]
    assert answer.headers["vary"] == "Origin"
    assert "Replay-Nonce" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *(("localhost:8000", 200), ("127.0.0.1:8000", 200), ("[::1]:8000", 200), ("keystay.localhost:8000", 200)),
        *(("evil.example:8000", 403), ("evil.example", 403), ("localhost", 403), ("localhost:8001", 403), ("", 403)),
        *(("localhost.evil.example:8000", 403), ("localhost:8000@evil.example", 403), ("user@localhost:8000", 403)),
        *(("localhost.:8000", 403), ("localhost:08000", 403), ("127.1:8000", 403), ("[", 403), ("évil:8000", 403)),
    ],
)
async def test_a_name_that_was_pointed_at_this_computer_is_refused(
    relay: httpx.AsyncClient, odd_ca: OddCA, host: str, status: int
) -> None:
    """DNS rebinding: to the browser, the page at that name is the relay's own."""
    headers = {b"Host": host.encode("latin-1"), b"Sec-Fetch-Site": b"same-origin"}
    answer = await relay.get(f"/relay/{odd_ca.authority}/dir", headers=headers)
    assert answer.status_code == status
    assert len(odd_ca.asked) == (1 if status == 200 else 0)


@pytest.mark.parametrize("hosts", [[], ["localhost:8000", "localhost:8000"], ["localhost:8000", "evil.example"]])
async def test_a_request_names_one_host(odd_ca: OddCA, hosts: list[str]) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        others = [item for item in scope["headers"] if item[0] != b"host"]
        await relay({**scope, "headers": [*others, *((b"host", host.encode()) for host in hosts)]}, receive, send)

    relay = Relay({odd_ca.authority: ssl.create_default_context(cafile=odd_ca.ca_file)})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8000") as client:
        assert (await client.get(f"/relay/{odd_ca.authority}/dir")).status_code == 400
    await relay.aclose()


async def test_a_ca_that_does_not_answer_is_said() -> None:
    with listen(0, "127.0.0.1") as sock:
        authority = f"localhost:{sock.getsockname()[1]}"
    async for client in _client_of(Relay({authority: ssl.create_default_context()})):
        answer = await client.get(f"/relay/{authority}/dir")
        assert answer.status_code == 502
        assert f"got no answer from {authority}" in answer.json()["detail"]


async def test_a_certificate_that_cannot_be_verified_is_refused(odd_ca: OddCA, tmp_path: Path) -> None:
    odd_ca.asked.clear()
    stranger = ssl.create_default_context(cafile=make_localhost_tls(tmp_path).ca)
    async for client in _client_of(Relay({odd_ca.authority: stranger})):
        answer = await client.get(f"/relay/{odd_ca.authority}/dir")
        assert answer.status_code == 502
        assert "CERTIFICATE_VERIFY_FAILED" in answer.json()["detail"]
    assert not odd_ca.asked


async def test_pebbles_nonce_can_be_read_through_the_relay(practice: PracticeCA) -> None:
    authority = f"localhost:{practice.ports.acme}"
    async for client in _client_of(Relay({authority: practice.ssl_context})):
        directory = (await client.get(f"/relay/{authority}/dir")).json()
        assert directory["newNonce"].startswith(f"https://{authority}/")
        answer = await client.head(directory["newNonce"].replace("https://", "/relay/"))
        assert answer.status_code == 200
        assert len(answer.headers["replay-nonce"]) >= 16
        assert "Replay-Nonce" in answer.headers["access-control-expose-headers"]


def test_make_run_relays_for_every_ca_that_may_need_it() -> None:
    practice, relay = places(Ports.free(), None)
    authorities = read_authorities(site_files(ROOT, practice, relay)["static/data/cas.json"])
    targets = relay_targets(authorities, None)
    assert list(targets) == relayed_hosts(authorities)
    assert {"acme.zerossl.com", "dv.acme-v02.api.pki.goog"} <= set(targets)
    assert {authority.relay for authority in authorities if authority.reachability == "relay"} == {relay}
