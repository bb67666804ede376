"""deSEC, as played from its documents: what is read and written there, and what each refusal becomes."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.dns.services.catalog import ServiceEntry, parse_services
from app.dns.services.service import BusyServiceError, DnsService, DnsServiceError, TokenError, Zone, quoted
from app.dns.services.tokens import Tokens
from app.errors import GateError, InputError
from app.network.gate import Gate
from app.network.har import HarComments, to_har
from app.network.request_log import Entry, RequestLog
from app.network.secret_scanner import SecretScanner
from app.network.token_header import TokenHeader
from app.ports import Request, Response
from app.text.sentences import sentence
from tests.adapters import MemorySecretStore
from tests.played.desec import API, TOKEN, PlayedDesec
from tests.unit.scripted_ca import NoonClock
from tools.paths import ROOT

(DESEC,) = parse_services((ROOT / "static/data/dns_services.json").read_text())
ZONE = Zone("shop-owner.dedyn.io", 3600)
TARGET = "_acme-challenge.shop.example.shop-owner.dedyn.io"
HEADERS: Mapping[str, str] = {"Authorization": "Token (token)"}


class Visit:
    """What stands between the page and the network, as `app.main` builds it, around a played deSEC."""

    def __init__(self, desec: PlayedDesec | None = None) -> None:
        self.desec = desec or PlayedDesec()
        self.known, self.secrets, header = SecretScanner(), MemorySecretStore(), TokenHeader(self.desec)
        self.log = RequestLog(header, NoonClock(), self.known)
        self.gate = Gate(self.log, self.known, "https://page.example/")
        self.gate.open_to((), (), (DESEC,))
        self.tokens = Tokens((DESEC,), self.secrets, self.known.note)
        header.token_for = self.tokens.token_for

    async def client(self, token: str = TOKEN) -> DnsService:
        """A client with this token."""
        await self.tokens.give("desec", token, keep=False)
        return self.tokens.client("desec", self.gate)


async def test_record_set_is_written_read_and_removed_as_a_whole() -> None:
    visit = Visit()
    client = await visit.client()
    assert await client.zones() == (ZONE,)
    assert await client.zone_of(TARGET) == ZONE
    assert await client.zone_of("_acme-challenge.shop.example") is None
    await client.write(ZONE, {TARGET: (quoted("one"), quoted("two"))})
    assert await client.read(ZONE) == {TARGET: ('"one"', '"two"')}
    await client.write(ZONE, {TARGET: ()})
    assert await client.read(ZONE) == {}


async def test_token_goes_to_its_service_and_stands_in_no_log() -> None:
    visit = Visit()
    client = await visit.client()
    await client.write(ZONE, {TARGET: (quoted("one"),)})
    assert visit.desec.requests[-1].headers["Authorization"] == f"Token {TOKEN}"
    entries = [entry for entry in visit.log.entries if isinstance(entry, Entry)]
    assert entries[-1].request.headers["Authorization"] == "Token (token)"
    assert TOKEN not in repr(entries)
    assert TOKEN.encode() not in to_har(entries, HarComments(""))


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", API + "auth/tokens/", HEADERS),
        Request("GET", API + "domains/../auth/tokens/", HEADERS),
        Request("GET", API + "domains/", {**HEADERS, "X-More": "1"}),
        Request("GET", API + "domains/"),
        Request("GET", API + "domains/", {"Authorization": f"Token {TOKEN}"}),
        Request("GET", f"{API}domains/?owns_qname={TOKEN}", HEADERS),
        Request("GET", "https://desec.io.evil.example/api/v1/domains/", HEADERS),
        Request("GET", "https://page.example/domains/", HEADERS),
        Request("POST", API + "domains/", {**HEADERS, "Content-Type": "application/json"}, b"{}"),
        Request("PATCH", API + "domains/z/rrsets/", {**HEADERS, "Content-Type": "application/json"}, b'[{"type":"A"}]'),
        Request("PATCH", API + "domains/z/rrsets/", {**HEADERS, "Content-Type": "application/json"}, b"[]x"),
        Request("PATCH", API + "domains/z/", {**HEADERS, "Content-Type": "application/json"}, b"[]"),
        Request("PATCH", "https://page.example/", HEADERS, b"[]"),
    ],
)
async def test_gate_lets_nothing_else_out(request_: Request) -> None:
    visit = Visit()
    await visit.client()
    with pytest.raises(GateError):
        await visit.gate.send(request_)
    assert not visit.desec.requests


async def test_without_a_token_nothing_leaves() -> None:
    visit = Visit()
    with pytest.raises(GateError):
        await visit.gate.send(Request("GET", API + "domains/", HEADERS))
    with pytest.raises(TokenError):
        visit.tokens.client("desec", visit.gate)
    assert not visit.desec.requests


async def test_token_that_is_unknown_revoked_or_limited() -> None:
    visit = Visit()
    with pytest.raises(TokenError, match="dns-token-refused") as refused:
        await (await visit.client("another-token-of-28-letters-")).zones()
    assert "does not accept the token" in sentence(refused.value)
    client = await visit.client()
    visit.desec.tokens = {TOKEN: [("shop-owner.dedyn.io", "_acme-challenge.shop.example", "TXT")]}
    await client.write(ZONE, {TARGET: (quoted("one"),)})
    with pytest.raises(TokenError, match="dns-token-too-narrow"):
        await client.write(ZONE, {f"_acme-challenge.other.example.{ZONE.name}": (quoted("one"),)})
    visit.desec.tokens = {}
    with pytest.raises(TokenError, match="dns-token-refused"):
        await client.read(ZONE)


async def test_service_that_throttles_says_for_how_long() -> None:
    visit = Visit(PlayedDesec(limit=0))
    client = await visit.client()
    with pytest.raises(BusyServiceError) as busy:
        await client.write(ZONE, {TARGET: (quoted("one"),)})
    assert busy.value.wait == 90
    assert "a pause of 2 minutes" in sentence(busy.value)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fails": 502}, "dns-service-down"),
        ({"silent": True}, "dns-service-unreachable"),
        ({"domains": []}, "dns-service-refused"),
    ],
)
async def test_service_that_is_down(change: dict[str, object], code: str) -> None:
    visit = Visit(replace(PlayedDesec(), **change))  # type: ignore[arg-type]
    client = await visit.client()
    with pytest.raises(DnsServiceError, match=code) as failed:
        await client.write(ZONE, {TARGET: (quoted("one"),)})
    assert "deSEC" in sentence(failed.value)


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b'[{"name":1}]', b"<html>", json.dumps([{}] * 2000).encode()])
async def test_answers_of_another_api(body: bytes) -> None:
    class Odd:
        async def send(self, _: Request) -> Response:
            return Response(200, {}, body)

    with pytest.raises(DnsServiceError, match="dns-service-unreadable"):
        await DESEC.client(Odd()).zones()


async def test_name_outside_of_the_zone_is_not_written() -> None:
    visit = Visit()
    client = await visit.client()
    with pytest.raises(DnsServiceError, match="dns-name-not-in-zone"):
        await client.write(ZONE, {"_acme-challenge.shop.example": (quoted("one"),)})
    with pytest.raises(DnsServiceError, match="dns-name-not-in-zone"):
        await client.write(ZONE, {f"{'a.' * 90}{ZONE.name}": (quoted("one"),)})
    assert not visit.desec.requests


async def test_token_is_kept_only_where_that_is_asked_for() -> None:
    visit = Visit()
    await visit.tokens.give("desec", f" {TOKEN}\n", keep=False)
    assert not visit.secrets.secrets
    await visit.tokens.give("desec", TOKEN, keep=True)
    later = Tokens((DESEC,), visit.secrets, visit.known.note)
    assert not later.has("desec")
    await later.read()
    assert later.has("desec")
    assert later.is_kept("desec")
    await later.forget("desec")
    assert not visit.secrets.secrets
    assert not later.has("desec")
    for text in ("", "short", "two words that are long", "ü" * 28, "a" * 300):
        with pytest.raises(InputError):
            await later.give("desec", text, keep=False)


@pytest.mark.parametrize(
    "api",
    ["https://desec.io/api", "http://desec.io/", "https://a@desec.io/", "https://desec.io/?/", "https://desec.io/../", "/api/"],
)
def test_list_names_only_apis_to_which_a_token_may_go(api: str) -> None:
    entry = {"id": "x", "name": "X", "kind": "desec", "api": api}
    with pytest.raises(Exception, match="service-list-unknown-value"):
        parse_services(json.dumps([entry]))
    assert isinstance(parse_services(json.dumps([{**entry, "api": API}]))[0], ServiceEntry)
