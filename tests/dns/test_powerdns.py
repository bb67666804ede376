"""The page's client of PowerDNS against a real one: records, the key, and what it lets a page of another origin do."""

import json
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from app.dns.services.catalog import ServiceEntry, parse_services
from app.dns.services.service import DnsServiceError, TokenError, Zone, quoted
from app.dns.services.tokens import Tokens
from app.network.gate import Gate
from app.network.secret_scanner import SecretScanner
from app.network.token_header import TokenHeader
from tests.adapters import HttpxHttp, MemorySecretStore
from tests.dns.powerdns import KEY, ZONE, PowerDns, powerdns
from tools.powerdns_choice import powerdns_entry

NAME = f"_acme-challenge.shop.example.{ZONE}"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PowerDns]:
    """A running PowerDNS."""
    with powerdns(tmp_path_factory.mktemp("powerdns")) as server:
        yield server


@pytest.fixture
def entry(running: PowerDns) -> ServiceEntry:
    """What `make dist POWERDNS=…` puts into the list for it."""
    (entry,) = parse_services(json.dumps([powerdns_entry(running.origin)]))
    return entry


async def client_of(http: HttpxHttp, entry: ServiceEntry, key: str = KEY) -> tuple[Tokens, Gate]:
    """The token, and the way to the network that a request takes in the page."""
    header, known = TokenHeader(http), SecretScanner()
    tokens, gate = Tokens((entry,), MemorySecretStore(), known.note), Gate(header, known, "https://page.example/")
    gate.open_to((), (), (entry,))
    header.token_for = tokens.token_for
    await tokens.give(entry.id, key, keep=False)
    return tokens, gate


async def test_records_are_written_served_read_and_removed(running: PowerDns, entry: ServiceEntry, http: HttpxHttp) -> None:
    tokens, gate = await client_of(http, entry)
    client = tokens.client(entry.id, gate)
    zone = await client.zone_of(NAME)
    assert zone is not None
    assert zone.name == ZONE
    assert await client.zones() == (zone,)
    assert await client.zone_of("_acme-challenge.shop.example") is None
    await client.write(zone, {NAME: (quoted("one"), quoted("two"))})
    assert running.txt(NAME) == ["one", "two"]
    assert set((await client.read(zone))[NAME]) == {quoted("one"), quoted("two")}
    await client.write(zone, {NAME: (quoted("two"),)})
    assert running.txt(NAME) == ["two"]
    await client.write(zone, {NAME: ()})
    assert running.txt(NAME) == []
    assert NAME not in await client.read(zone)


async def test_wrong_key_and_missing_zone_are_told(entry: ServiceEntry, http: HttpxHttp) -> None:
    tokens, gate = await client_of(http, entry, "another-key-of-the-tests")
    with pytest.raises(TokenError, match="dns-token-refused"):
        await tokens.client(entry.id, gate).zones()
    tokens, gate = await client_of(http, entry)
    with pytest.raises(DnsServiceError, match="dns-service-refused"):
        await tokens.client(entry.id, gate).read(Zone("other.example", 60))
    nowhere = replace(entry, api="http://localhost:9/api/v1/servers/localhost/")
    tokens, gate = await client_of(http, nowhere)
    with pytest.raises(DnsServiceError, match="dns-service-unreachable"):
        await tokens.client(entry.id, gate).zones()


async def test_it_lets_a_page_of_another_origin_read_and_write(entry: ServiceEntry) -> None:
    asks = {"Origin": "https://page.example", "Access-Control-Request-Headers": "content-type,x-api-key"}
    for method in ("GET", "PATCH"):
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.options(entry.api + "zones", headers={**asks, "Access-Control-Request-Method": method})
        assert answer.headers["access-control-allow-origin"] in ("*", "https://page.example")
        assert method in answer.headers["access-control-allow-methods"]
        assert "x-api-key" in answer.headers["access-control-allow-headers"].lower()
