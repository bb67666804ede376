"""What both sets of adapters must do: one suite, run on CPython and inside the browser.

Plain async functions that take the `Ports` under test and a `Place`, and fail by an assertion. It imports nothing that only
one of the two worlds has. What needs a judge that the browser does not have (are these signatures good?) is handed back as
evidence, and judged on CPython (`judge.py`).
"""

import asyncio
import copy
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar, get_args

from app.errors import AddressError, DamagedKeyError, NetworkError, OversizeError, StorageError
from app.ports import MAX_RESPONSE, Formats, JsonRecord, KeyHandle, KeySpec, Ports, Request, Response, Tabs

E = TypeVar("E", bound=Exception)

SPECS: Final[tuple[KeySpec, ...]] = get_args(KeySpec)

Evidence = dict[str, Any]
"""JSON: `spec`, `jwk`, and in hex `spki`, `data`, `signature`, `pkcs8` ("" where the key was not taken out)."""


@dataclass(frozen=True)
class Place:
    """Where the checks of `Http` and `Clock` look. Base addresses end in "/".

    `open` sends CORS headers for every origin, `shut` sends none, `nowhere` has nothing that listens. `now` is the time on
    the tests' clock, in Unix seconds. `another` is the port of a further tab of the same browser,
    `formats` makes the writer of values for a locale.
    """

    open: str
    shut: str
    nowhere: str
    now: float
    another: Tabs | None = None
    formats: Callable[[str], Formats] | None = None


Check = Callable[[Ports, Place], Awaitable[list[Evidence] | None]]

CHECKS: dict[str, Check] = {}
"""All checks that hold in both worlds, by name."""

BROWSER_CHECKS: dict[str, Check] = {}
"""Checks of what only a browser has: CORS, and storage that outlives the page."""

RELOAD_CHECKS: dict[str, Check] = {}
"""Checks for the browser after the page was loaded anew."""


def group(checks: dict[str, Check]) -> Callable[[Check], None]:
    """A decorator that adds a check to `checks`."""

    def add(function: Check) -> None:
        checks[getattr(function, "__name__", "")] = function

    return add


_check = group(CHECKS)


def _for_every_kind(function: Callable[[Ports, Place, KeySpec], Awaitable[list[Evidence]]]) -> None:
    def of_kind(spec: KeySpec) -> Check:
        return lambda ports, place: function(ports, place, spec)

    for spec in SPECS:
        CHECKS[f"{getattr(function, '__name__', '')}_{spec}"] = of_kind(spec)


# ---- KeyStore ----


async def _evidence(key: KeyHandle, pkcs8: bytes = b"", data: bytes = b"to be signed") -> Evidence:
    signature = await key.sign(data)
    return {
        "spec": key.spec,
        "jwk": dict(key.public_jwk),
        "spki": key.public_spki.hex(),
        "data": data.hex(),
        "signature": signature.hex(),
        "pkcs8": pkcs8.hex(),
    }


@_for_every_kind
async def key_signs_and_can_be_taken_out_and_found_again(ports: Ports, _: Place, spec: KeySpec) -> list[Evidence]:
    """A key of each kind: what it shows, what it signs, its PKCS#8, and the same key loaded by its name."""
    name = f"taken out {spec}"
    made = await ports.keys.generate(name, spec, extractable=True)
    found = await ports.keys.load(name)
    assert found is not None
    assert made.spec == found.spec == spec
    assert made.extractable is found.extractable is True
    assert dict(made.public_jwk) == dict(found.public_jwk)
    assert made.public_spki == found.public_spki
    pkcs8 = await ports.keys.export_pkcs8(name)
    return [await _evidence(made, pkcs8), await _evidence(found, pkcs8, data=b"\x00\xff" * 5000)]


@_for_every_kind
async def key_that_was_brought_in_is_the_same_key(ports: Ports, _: Place, spec: KeySpec) -> list[Evidence]:
    """Extractable or not, as was asked; and it signs as the one that went out."""
    made = await ports.keys.generate(f"out {spec}", spec, extractable=True)
    pkcs8 = await ports.keys.export_pkcs8(f"out {spec}")
    locked = await ports.keys.import_pkcs8(f"in {spec}", pkcs8, spec, extractable=False)
    await _refused(ports.keys.export_pkcs8(f"in {spec}"))
    free = await ports.keys.import_pkcs8(f"in {spec}", pkcs8, spec, extractable=True)
    assert made.public_spki == locked.public_spki == free.public_spki
    assert locked.spec == free.spec == spec
    assert (locked.extractable, free.extractable) == (False, True)
    return [await _evidence(locked), await _evidence(free, await ports.keys.export_pkcs8(f"in {spec}"))]


@_check
async def key_that_is_damaged_or_of_another_kind_is_not_brought_in(ports: Ports, _: Place) -> None:
    """And leaves no trace."""
    await ports.keys.generate("of a kind", "ec-p256", extractable=True)
    pkcs8 = await ports.keys.export_pkcs8("of a kind")
    await _damaged(ports.keys.import_pkcs8("wrong", pkcs8[:-40], "ec-p256", extractable=True))
    await ports.keys.generate("another", "ec-p256", extractable=True)
    halves = pkcs8[:-64] + (await ports.keys.export_pkcs8("another"))[-64:]  # the public key stands at the end (RFC 5915 §3)
    await _damaged(ports.keys.import_pkcs8("wrong", halves, "ec-p256", extractable=True))
    for spec in SPECS[1:]:
        await _damaged(ports.keys.import_pkcs8("wrong", pkcs8, spec, extractable=True))
    await ports.keys.generate("of a kind", "rsa-2048", extractable=True)
    pkcs8 = await ports.keys.export_pkcs8("of a kind")
    await _damaged(ports.keys.import_pkcs8("wrong", pkcs8, "rsa-3072", extractable=True))
    assert await ports.keys.load("wrong") is None


@_check
async def key_that_is_not_extractable_signs_but_is_never_given_out(ports: Ports, _: Place) -> list[Evidence]:
    """It also stays so when it is loaded again."""
    made = await ports.keys.generate("locked", "ec-p256", extractable=False)
    found = await ports.keys.load("locked")
    assert found is not None
    assert made.extractable is found.extractable is False
    await _refused(ports.keys.export_pkcs8("locked"))
    return [await _evidence(made), await _evidence(found)]


@_check
async def key_nobody_made_is_not_there(ports: Ports, _: Place) -> None:
    """Loading gives None, export is refused, deleting does no harm."""
    assert await ports.keys.load("never made") is None
    await _refused(ports.keys.export_pkcs8("never made"))
    await ports.keys.delete("never made")


@_check
async def key_made_under_the_same_name_replaces_the_other(ports: Ports, _: Place) -> list[Evidence]:
    """Also one of another kind."""
    first = await ports.keys.generate("replaced", "ec-p256", extractable=True)
    second = await ports.keys.generate("replaced", "ec-p384", extractable=True)
    found = await ports.keys.load("replaced")
    assert found is not None
    assert first.public_spki != second.public_spki == found.public_spki
    assert found.spec == "ec-p384"
    return [await _evidence(found, await ports.keys.export_pkcs8("replaced"))]


@_check
async def key_that_was_deleted_is_gone_and_others_stay(ports: Ports, _: Place) -> None:
    """Names are told apart exactly."""
    for name in ("deleted", "deleted too"):
        await ports.keys.generate(name, "ec-p256", extractable=True)
    await ports.keys.delete("deleted")
    assert await ports.keys.load("deleted") is None
    assert await ports.keys.load("deleted too") is not None
    await _refused(ports.keys.export_pkcs8("deleted"))


@_check
async def names_of_keys_are_sorted(ports: Ports, _: Place) -> None:
    """By code point, as Python sorts; a deleted key has none."""
    names = {"named b", "named a", "named ü", "named B", "named 10", "named 9"}
    for name in names | {"named and deleted"}:
        await ports.keys.generate(name, "ec-p256", extractable=False)
    await ports.keys.delete("named and deleted")
    found = await ports.keys.names()
    assert found == sorted(found)
    assert {name for name in found if name.startswith("named ")} == names


@_check
async def keys_made_at_once_are_different_keys(ports: Ports, _: Place) -> None:
    """Nothing is mixed up between calls that are under way together."""
    made = await asyncio.gather(*(ports.keys.generate(f"at once {n}", "ec-p256", extractable=True) for n in range(8)))
    found = [await ports.keys.load(f"at once {n}") for n in range(8)]
    assert [key.public_spki for key in made] == [key and key.public_spki for key in found]
    assert len({key.public_spki for key in made}) == 8


@_check
async def key_may_have_any_name(ports: Ports, _: Place) -> None:
    """Such as the URLs that the flow uses."""
    name = "account https://ca.example/dir?ü=1 ‘x’\n"
    made = await ports.keys.generate(name, "ec-p256", extractable=False)
    found = await ports.keys.load(name)
    assert found is not None
    assert found.public_spki == made.public_spki


async def _refused(work: Awaitable[object]) -> None:
    assert str(await error_of(work, StorageError))


async def _damaged(work: Awaitable[object]) -> None:
    assert str(await error_of(work, DamagedKeyError))


async def error_of(work: Awaitable[object], kind: type[E]) -> E:
    """The error of this `kind` that `work` ends in."""
    try:
        await work
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


# ---- Store ----

RECORD: Final[JsonRecord] = {
    "text": 'bücher.example – 例え 😀 \u2028 \x00 " \\',
    "empty": "",
    "nested": {"list": [1, [2, [3, {}]], []], "none": None},
    "numbers": [0, -1, 1.5, 1e300, 2**53 + 1, 2**70, 1700000000.123456],
    "flags": [True, False, None],
    "": "the empty name",
}


@_check
async def record_comes_back_as_it_was(ports: Ports, _: Place) -> None:
    """Every kind of JSON value, with its exact type."""
    await ports.store.put("round trip", RECORD)
    found = await ports.store.get("round trip")
    assert found == RECORD
    assert json.dumps(found) == json.dumps(RECORD)  # True is not 1, and 1.0 is not 1


@_check
async def record_that_is_large_comes_back(ports: Ports, _: Place) -> None:
    """A hundred names with their proofs are some 100 kB."""
    record = {"proofs": [{"name": f"host-{n}.shop.example", "value": "x" * 900} for n in range(300)]}
    await ports.store.put("large", record)
    assert await ports.store.get("large") == record


@_check
async def record_under_the_same_key_replaces_the_other(ports: Ports, _: Place) -> None:
    """Nothing of the old one stays."""
    await ports.store.put("replaced", {"old": 1, "both": 1})
    await ports.store.put("replaced", {"new": 2, "both": 2})
    assert await ports.store.get("replaced") == {"new": 2, "both": 2}


@_check
async def record_that_was_deleted_is_gone(ports: Ports, _: Place) -> None:
    """Deleting it again does no harm."""
    await ports.store.put("deleted", {"a": 1})
    await ports.store.delete("deleted")
    await ports.store.delete("deleted")
    assert await ports.store.get("deleted") is None
    assert "deleted" not in await ports.store.keys()


@_check
async def record_nobody_put_is_not_there(ports: Ports, _: Place) -> None:
    """That is None, not an error."""
    assert await ports.store.get("never put") is None


@_check
async def keys_of_records_are_sorted(ports: Ports, _: Place) -> None:
    """By code point, as Python sorts."""
    names = {"sorted b", "sorted a", "sorted ü", "sorted B", "sorted 10", "sorted 9", "sorted ﬀ", "sorted 😀"}
    for name in names:
        await ports.store.put(name, {})
    keys = await ports.store.keys()
    assert keys == sorted(keys)
    assert names <= set(keys)


@_check
async def records_are_copies(ports: Ports, _: Place) -> None:
    """What happens to a record outside does not reach the store."""
    record: JsonRecord = {"list": [1]}
    await ports.store.put("copied", record)
    before = copy.deepcopy(record)
    record["list"].append(2)
    found = await ports.store.get("copied")
    assert found == before
    assert found is not None
    found["list"].append(3)
    assert await ports.store.get("copied") == before


@_check
async def keys_and_records_of_one_name_are_apart(ports: Ports, _: Place) -> None:
    """The key store and the record store share no names."""
    await ports.keys.generate("same name", "ec-p256", extractable=False)
    assert await ports.store.get("same name") is None
    await ports.store.put("same name", {"a": 1})
    await ports.store.delete("same name")
    assert await ports.keys.load("same name") is not None


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


@group(BROWSER_CHECKS)
async def keys_and_records_are_left_for_the_next_visit(ports: Ports, _: Place) -> list[Evidence]:
    """The first half of `keys_and_records_are_found_at_the_next_visit`."""
    await ports.store.put("next visit", RECORD)
    await ports.keys.generate("next visit locked", "ec-p256", extractable=False)
    key = await ports.keys.generate("next visit", "rsa-2048", extractable=True)
    await ports.store.put("next visit key", {"spki": key.public_spki.hex()})
    return []


@group(RELOAD_CHECKS)
async def keys_and_records_are_found_at_the_next_visit(ports: Ports, _: Place) -> list[Evidence]:
    """What `keys_and_records_are_left_for_the_next_visit` left, before the page was loaded anew."""
    assert await ports.store.get("next visit") == RECORD
    key, locked = await ports.keys.load("next visit"), await ports.keys.load("next visit locked")
    assert key is not None
    assert locked is not None
    assert await ports.store.get("next visit key") == {"spki": key.public_spki.hex()}
    await _refused(ports.keys.export_pkcs8("next visit locked"))
    return [await _evidence(key, await ports.keys.export_pkcs8("next visit")), await _evidence(locked)]
