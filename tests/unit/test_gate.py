"""The gate sends what an issuance needs and holds everything else back."""

import base64
import os
from dataclasses import replace

import pytest

from app.acme.authority import Authority
from app.errors import GateError
from app.ports import Request, Response
from app.wire.gate import MOST_BODY, Gate
from app.wire.secrets import Secrets

PAGE = "https://page.example/index.html"
CAS = tuple(
    authority.seen_from(PAGE)
    for authority in (
        Authority("direct", "Direct", "https://ca.example/dir", "yes"),
        Authority("relayed", "Relayed", "https://far.example/dir", "no", "/relay/", "/practice/"),
        Authority("closed", "No way", "https://shut.example/dir", "no"),
    )
)
JOSE = {"Content-Type": "application/jose+json"}
GOOD = Request("POST", "https://ca.example/new", JOSE, b"{}")


def gate_to(wire: "Wire", secrets: Secrets | None = None, told: list[tuple[str, str]] | None = None) -> Gate:
    """A gate that is open to `CAS`, and what it tells of what it holds back."""
    gate = Gate(wire, secrets or Secrets(), PAGE, lambda *held: told.append(held) if told is not None else None)
    gate.open_to(CAS)
    return gate


class Wire:
    """Counts what comes through."""

    sent = 0

    async def send(self, _: Request) -> Response:
        """See `app.ports.Http.send`."""
        self.sent += 1
        return Response(200, {}, b"")


@pytest.mark.parametrize(
    "request_",
    [
        GOOD,
        Request("HEAD", "https://ca.example/nonce"),
        Request("GET", "https://page.example/static/data/cas.json"),
        replace(GOOD, url="https://page.example/relay/far.example/new"),
        replace(GOOD, url=CAS[1].route("https://far.example/new")),
        Request("POST", "https://page.example/practice/set-txt", {"Content-Type": "application/json"}, b"{}"),
    ],
)
async def test_what_an_issuance_needs_passes(request_: Request) -> None:
    wire = Wire()
    await gate_to(wire).send(request_)
    assert wire.sent == 1


@pytest.mark.parametrize(
    "request_",
    [
        Request("PUT", GOOD.url),  # type: ignore[arg-type]
        replace(GOOD, url="https://evil.example/new"),
        replace(GOOD, url="https://shut.example/new"),
        replace(GOOD, url="http://ca.example/new"),
        replace(GOOD, url="https://ca.example@evil.example/"),
        replace(GOOD, url="https://page.example/form"),
        replace(GOOD, url="https://page.example/relay/evil.example/new"),
        replace(GOOD, url="https://page.example/relay/../form"),
        replace(GOOD, url="https://page.example/relay/far.example/%2e%2E/%2e./form"),
        replace(GOOD, url="https://page.example/relay/far.example/.\t./.\n./form"),
        replace(GOOD, url="https://ca.example/" + "a" * 9000),
        replace(GOOD, body=bytes(MOST_BODY + 1)),
        replace(GOOD, headers={**JOSE, "X-More": "1"}),
        replace(GOOD, headers={"Content-Type": "text/plain"}),
        replace(GOOD, blind=True),
    ],
)
async def test_everything_else_is_held_back(request_: Request) -> None:
    wire = Wire()
    with pytest.raises(GateError, match="Nothing was sent"):
        await gate_to(wire).send(request_)
    assert not wire.sent


async def test_a_secret_is_held_back_wherever_it_stands() -> None:
    wire, secrets, key = Wire(), Secrets(), os.urandom(32)
    gate = gate_to(wire, secrets)
    secrets.note(key)
    for leak in (replace(GOOD, body=base64.b64encode(key)), replace(GOOD, url=f"https://ca.example/{key.hex()}")):
        with pytest.raises(GateError, match="private key material") as held:
            await gate.send(leak)
        assert key.hex() not in str(held.value)
    assert not wire.sent


async def test_a_check_that_fails_sends_nothing() -> None:
    wire, secrets, body = Wire(), Secrets(), os.urandom(64)
    secrets.note(os.urandom(32))
    for _ in range(15):
        body = base64.b64encode(body)
    with pytest.raises(GateError, match="the check itself failed"):
        await gate_to(wire, secrets).send(replace(GOOD, body=body))
    assert not wire.sent


async def test_what_is_told_of_a_request_that_was_held_back_holds_no_secret() -> None:
    secrets, key, told = Secrets(), os.urandom(24), list[tuple[str, str]]()
    secrets.note(key)
    gate = gate_to(Wire(), secrets, told)
    for url in (f"https://ca.example/{key.hex()}", f"https://{key.hex()}.example/", f"https://[{key.hex()}/"):
        with pytest.raises(GateError):
            await gate.send(replace(GOOD, url=url))
    assert [origin for origin, _ in told] == ["https://ca.example", "", ""]
    assert key.hex() not in str(told)
    assert told[0][1] == "private key material was in it"
