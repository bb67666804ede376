"""What both clocks and both ways to send a request must do; and what only a browser does: CORS."""

import asyncio
import json
import time
from typing import Any

from app.errors import AddressError, NetworkError, OversizeError
from app.ports import MAX_RESPONSE, Ports, Request, Response
from tests.contract.suite import Check, Place, error_of, group

CHECKS: dict[str, Check] = {}
"""Checks that hold in both worlds, by name."""

BROWSER_CHECKS: dict[str, Check] = {}
"""Checks of what only a browser has: CORS."""

_check = group(CHECKS)

# ---- Clock ----


@_check
async def clock_tells_unix_time(ports: Ports, place: Place) -> None:
    """Within the minutes that a slow machine may need between the tests and here."""
    assert place.now - 5 <= ports.clock.now() <= place.now + 600


@_check
async def sleep_takes_as_long_as_was_asked(ports: Ports, _: Place) -> None:
    """Timers may be some milliseconds early, and late on a busy machine."""
    start = time.monotonic()
    await ports.clock.sleep(0)
    await ports.clock.sleep(0.2)
    assert 0.19 <= time.monotonic() - start < 20


@_check
async def sleep_lets_others_work(ports: Ports, _: Place) -> None:
    """Several sleep together."""
    start = time.monotonic()
    await asyncio.gather(*(ports.clock.sleep(0.2) for _ in range(20)))
    assert time.monotonic() - start < 3


# ---- Http ----


async def _echo(ports: Ports, request: Request) -> tuple[Response, dict[str, Any]]:
    """Send to the echo; the answer, and what arrived there: `method`, `headers`, `body` in hex, `count` of requests."""
    response = await ports.http.send(request)
    assert response.status == 200
    arrived: dict[str, Any] = json.loads(response.body)
    return response, arrived


@_check
async def get_brings_the_answer(ports: Ports, place: Place) -> None:
    """Without a body and without headers that nobody set."""
    _, arrived = await _echo(ports, Request("GET", f"{place.open}echo?a=b%20c"))
    assert (arrived["method"], arrived["query"], arrived["body"]) == ("GET", "a=b%20c", "")


@_check
async def post_sends_bytes_as_they_are(ports: Ports, place: Place) -> None:
    """Every byte there is, under the Content-Type that was set."""
    body = bytes(range(256)) * 10
    request = Request("POST", f"{place.open}echo", {"Content-Type": "application/jose+json"}, body)
    _, arrived = await _echo(ports, request)
    assert (arrived["method"], bytes.fromhex(arrived["body"])) == ("POST", body)
    assert arrived["headers"]["content-type"] == "application/jose+json"


@_check
async def head_brings_headers_only(ports: Ports, place: Place) -> None:
    """As newNonce is asked (RFC 8555 §7.2)."""
    response = await ports.http.send(Request("HEAD", f"{place.open}echo"))
    assert (response.status, response.body) == (200, b"")
    assert response.headers["replay-nonce"] == "a-Nonce_1"


@_check
async def names_of_headers_are_lower_case_and_values_as_they_came(ports: Ports, place: Place) -> None:
    """Only those that CORS exposes are there, so that CPython sees no more than a browser."""
    response, _ = await _echo(ports, Request("GET", f"{place.open}echo"))
    assert all(name == name.lower() for name in response.headers)
    assert response.headers["replay-nonce"] == "a-Nonce_1"
    assert response.headers["link"] == '<https://ca.example/dir>;rel="index"'
    assert response.headers["content-type"] == "application/json"
    assert "x-hidden" not in response.headers


@_check
async def error_status_is_an_answer(ports: Ports, place: Place) -> None:
    """With its body and headers, as ACME's problems come."""
    for status in (400, 404, 429, 500, 503):
        response = await ports.http.send(Request("GET", f"{place.open}status/{status}"))
        assert (response.status, response.body) == (status, b"a reason")
        assert response.headers["replay-nonce"] == "a-Nonce_1"


@_check
async def nothing_is_taken_from_a_cache(ports: Ports, place: Place) -> None:
    """Though the echo says that its answers hold for an hour."""
    counts = [(await _echo(ports, Request("GET", f"{place.open}echo?cached")))[1]["count"] for _ in range(3)]
    assert counts == sorted(set(counts))


@_check
async def nothing_is_told_about_the_page(ports: Ports, place: Place) -> None:
    """No cookies go back, though the echo gives one with each answer, and no referrer."""
    for _ in range(2):
        _, arrived = await _echo(ports, Request("GET", f"{place.open}echo"))
    assert "cookie" not in arrived["headers"]
    assert "referer" not in arrived["headers"]


@_check
async def redirect_is_not_followed(ports: Ports, place: Place) -> None:
    """It is an error of its own kind, and never the page that it leads to."""
    try:
        await ports.http.send(Request("GET", f"{place.open}redirect"))
    except AddressError:
        return
    raise AssertionError("it was followed")


@_check
async def answer_that_is_far_too_long_is_given_up(ports: Ports, place: Place) -> None:
    """After `MAX_RESPONSE` bytes; what is as long as that is read whole."""
    response = await ports.http.send(Request("GET", f"{place.open}bytes/{MAX_RESPONSE}"))
    assert len(response.body) == MAX_RESPONSE
    try:
        await ports.http.send(Request("GET", f"{place.open}bytes/{MAX_RESPONSE * 20}"))
    except OversizeError:
        return
    raise AssertionError("it was read to its end")


@_check
async def address_without_a_server_is_a_network_error(ports: Ports, place: Place) -> None:
    """It names the address, and nobody claims that something answers there."""
    error = await _unreadable(ports, f"{place.nowhere}dir")
    assert not error.reachable
    assert error.detail


@_check
async def host_that_cannot_exist_is_a_network_error(ports: Ports, _: Place) -> None:
    """RFC 6761 §6.4 keeps `invalid` for this."""
    await _unreadable(ports, "http://ca.invalid/dir")


@_check
async def blind_request_says_only_that_something_answers(ports: Ports, place: Place) -> None:
    """Whatever the status is, and whatever the answer holds."""
    assert await ports.http.send(Request("GET", f"{place.open}status/503", no_cors=True)) == Response(0, {}, b"")
    await error_of(ports.http.send(Request("GET", f"{place.nowhere}dir", no_cors=True)), NetworkError)


@_check
async def many_requests_may_be_under_way_at_once(ports: Ports, place: Place) -> None:
    """Each gets its own answer."""
    numbers = range(20)
    requests = [Request("POST", f"{place.open}echo", {"Content-Type": "text/plain"}, str(n).encode()) for n in numbers]
    answers = await asyncio.gather(*(_echo(ports, request) for request in requests))
    assert [int(bytes.fromhex(arrived["body"])) for _, arrived in answers] == list(numbers)


async def _unreadable(ports: Ports, url: str) -> NetworkError:
    error = await error_of(ports.http.send(Request("GET", url)), NetworkError)
    assert error.url == url
    return error


# ---- what only browsers have ----


@group(BROWSER_CHECKS)
async def answer_without_cors_is_a_network_error_from_a_reachable_host(ports: Ports, place: Place) -> None:
    """So that the message can speak of CORS and not of the network."""
    assert (await _unreadable(ports, f"{place.shut}echo")).reachable is True


@group(BROWSER_CHECKS)
async def preflight_that_is_refused_is_a_network_error_from_a_reachable_host(ports: Ports, place: Place) -> None:
    """A signed request has a Content-Type that must be asked for first."""
    request = Request("POST", f"{place.shut}echo", {"Content-Type": "application/jose+json"}, b"{}")
    assert (await error_of(ports.http.send(request), NetworkError)).reachable is True
