"""Every kind of proof and of identifier on CPython against a real Pebble."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from app.acme.challenge import DnsRecord
from app.acme.identifier import Identifier
from tests.adapters import HttpxHttp
from tests.conftest import PracticeFactory
from tests.integration.test_issuance import assert_certificate, choices, issue, make_flow
from tools.ports import loopbacks
from tools.practice import PracticeCA

FAR: int = 4_102_444_799  # 2099-12-31T23:59:59Z


@pytest.fixture
async def http(practice: PracticeCA) -> AsyncIterator[HttpxHttp]:
    client = HttpxHttp(practice.ssl_context)
    yield client
    await client.close()


@pytest.mark.parametrize("kind", ["dns-account-01", "dns-persist-01"])
async def test_apex_and_wildcard_by_a_newer_dns_proof(practice: PracticeCA, http: HttpxHttp, kind: str) -> None:
    flow = make_flow(practice, http)
    names = [f"{kind}.example", f"*.{kind}.example", f"www.{kind}.example"]
    issuance = await issue(flow, choices(practice, *names, challenge=kind))
    assert_certificate(issuance, await flow.ports.keys.export_pkcs8(issuance.certificate_key), practice)
    assert len(issuance.publications) == 2


async def test_record_that_stays_serves_the_next_order_too(practice_with: PracticeFactory) -> None:
    practice = practice_with(env={"PEBBLE_AUTHZREUSE": "0"})
    http = HttpxHttp(practice.ssl_context)
    flow = make_flow(practice, http)
    wanted = replace(choices(practice, "stays.example", "*.stays.example", challenge="dns-persist-01"), persist_until=FAR)
    first = await issue(flow, wanted)
    (record,) = first.publications
    assert isinstance(record, DnsRecord)
    assert record.values[0].endswith(f"; policy=wildcard; persistUntil={FAR}")
    assert len(record.values) == 1
    second = await flow.run(flow.begin("2", wanted), lambda _: None)
    assert second.publications == first.publications
    second = await flow.run(flow.confirm(second), lambda _: None)
    assert_certificate(second, await flow.ports.keys.export_pkcs8(second.certificate_key), practice)
    await http.close()


async def test_record_whose_time_is_over_does_not_count(practice: PracticeCA, http: HttpxHttp) -> None:
    flow = make_flow(practice, http)
    wanted = replace(choices(practice, "over.example", challenge="dns-persist-01"), persist_until=1_000_000_000)
    failed = await issue(flow, wanted)
    assert failed.state == "failed"
    problem = failed.proofs[0].problem
    assert problem is not None
    assert "persistUntil" in problem.detail


def addresses() -> tuple[Identifier, ...]:
    """This machine, as the practice CA reaches it: by IPv4, and by IPv6 where that is on."""
    return tuple(Identifier("ip", host) for host in loopbacks())


async def test_addresses_by_a_file(practice: PracticeCA, http: HttpxHttp) -> None:
    flow = make_flow(practice, http)
    wanted = replace(choices(practice, challenge="http-01"), identifiers=(*addresses(), Identifier("dns", "nas.example")))
    issuance = await issue(flow, wanted)
    assert_certificate(issuance, await flow.ports.keys.export_pkcs8(issuance.certificate_key), practice)


async def test_each_name_by_another_proof(practice: PracticeCA, http: HttpxHttp) -> None:
    flow = make_flow(practice, http)
    names = ["one.mixed.example", "two.mixed.example", "three.mixed.example", "four.mixed.example"]
    kinds = ["http-01", "dns-account-01", "dns-persist-01"]
    wanted = replace(choices(practice, *names), challenges=tuple(zip(names[1:], kinds, strict=True)))
    issuance = await issue(flow, wanted)
    assert_certificate(issuance, await flow.ports.keys.export_pkcs8(issuance.certificate_key), practice)
    assert issuance.choices.kinds == ("dns-01", "http-01", "dns-account-01", "dns-persist-01")
