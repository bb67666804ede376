"""Every kind of proof and of identifier on CPython against a real Pebble."""

import re
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.acme.challenge import DnsRecord
from app.acme.identifier import Identifier
from app.issuance.issuance import OrderOptions
from app.issuance.tls_alpn_file import proof_file
from app.ui.steps.prove import prove_view
from app.ui.steps.prove_models import TlsCard
from tests.adapters import HttpxHttp
from tests.conftest import PracticeFactory
from tests.integration.test_issuance import assert_certificate, choices, issue, make_flow
from tools.partials import read_page
from tools.paths import ROOT
from tools.ports import Ports, loopbacks
from tools.practice import PracticeCA

FAR: int = 4_102_444_799  # 2099-12-31T23:59:59Z


@pytest.fixture
async def http(practice: PracticeCA) -> AsyncIterator[HttpxHttp]:
    client = HttpxHttp(practice.ssl_context)
    yield client
    await client.close()


@pytest.fixture(scope="module")
def tls_port() -> int:
    """A port of our own on which a practice CA looks for certificates, in place of 443."""
    return Ports.free().tlsalpn01


@pytest.mark.parametrize("kind", ["dns-account-01", "dns-persist-01"])
async def test_apex_and_wildcard_by_a_newer_dns_proof(practice: PracticeCA, http: HttpxHttp, kind: str) -> None:
    workflow = make_flow(practice, http)
    names = [f"{kind}.example", f"*.{kind}.example", f"www.{kind}.example"]
    issuance = await issue(workflow, choices(practice, *names, challenge=kind))
    assert_certificate(issuance, await workflow.ports.keys.export_pkcs8(issuance.certificate_key), practice)
    assert len(issuance.publications) == 2


async def test_record_that_stays_serves_the_next_order_too(practice_with: PracticeFactory) -> None:
    practice = practice_with(env={"PEBBLE_AUTHZREUSE": "0"})
    http = HttpxHttp(practice.ssl_context)
    workflow = make_flow(practice, http)
    wanted = replace(choices(practice, "stays.example", "*.stays.example", challenge="dns-persist-01"), persist_until=FAR)
    first = await issue(workflow, wanted)
    (record,) = first.publications
    assert isinstance(record, DnsRecord)
    assert record.values[0].endswith(f"; policy=wildcard; persistUntil={FAR}")
    assert len(record.values) == 1
    second = await workflow.run(workflow.begin("2", wanted), lambda _: None)
    assert second.publications == first.publications
    second = await workflow.run(workflow.confirm(second), lambda _: None)
    assert_certificate(second, await workflow.ports.keys.export_pkcs8(second.certificate_key), practice)
    await http.close()


async def test_record_whose_time_is_over_does_not_count(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    wanted = replace(choices(practice, "over.example", challenge="dns-persist-01"), persist_until=1_000_000_000)
    failed = await issue(workflow, wanted)
    assert failed.state == "failed"
    problem = failed.proofs[0].problem
    assert problem is not None
    assert "persistUntil" in problem.detail


def addresses() -> tuple[Identifier, ...]:
    """This machine, as the practice CA reaches it: by IPv4, and by IPv6 where that is on."""
    return tuple(Identifier("ip", host) for host in loopbacks())


async def test_addresses_by_a_file(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    wanted = replace(choices(practice, challenge="http-01"), identifiers=(*addresses(), Identifier("dns", "nas.example")))
    issuance = await issue(workflow, wanted)
    assert_certificate(issuance, await workflow.ports.keys.export_pkcs8(issuance.certificate_key), practice)


PAGE = read_page(ROOT)


def serve_all_command() -> str:
    """The command of the page that serves several certificates."""
    found = re.search(r'<pre [^>]*id="serve-all"[^>]*>(.*?)</pre>', PAGE, re.DOTALL)
    assert found
    return found[1]


@contextmanager
def served(command: str, port: int, folder: Path) -> Iterator[None]:
    """A command of the page at work in `folder`: without sudo, and on `port` in place of 443."""
    assert "sudo " in command
    line = command.removeprefix("sudo ").replace("443", str(port))
    with subprocess.Popen(["sh", "-c", f"exec {line}"], cwd=folder, stdin=subprocess.PIPE) as server:
        try:
            deadline = time.monotonic() + 20
            while not _listens(port):
                assert server.poll() is None
                assert time.monotonic() < deadline
            yield
        finally:
            server.kill()


def _listens(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(0.2)
        return client.connect_ex(("127.0.0.1", port)) == 0


async def proven_by_certificate(practice: PracticeCA, port: int, folder: Path, wanted: OrderOptions, *, alone: bool) -> None:
    """Issue with the handed-out files alone, served by the command of the card, or by the one for several names."""
    http = HttpxHttp(practice.ssl_context)
    workflow = make_flow(practice, http)
    issuance = await workflow.run(workflow.begin("1", wanted), lambda _: None)
    cards = [card for card in prove_view(issuance, practice=False).cards if isinstance(card, TlsCard)]
    assert len(cards) == len(wanted.identifiers)
    for card in cards:
        file = await proof_file(workflow.ports, issuance, card.server_name)
        assert file.name == card.filename
        (folder / file.name).write_bytes(file.body)
    assert await workflow.ports.keys.load(issuance.proof_key)
    with served(cards[0].command if alone else serve_all_command(), port, folder):
        issuance = await workflow.run(workflow.confirm(issuance), lambda _: None)
    assert_certificate(issuance, await workflow.ports.keys.export_pkcs8(issuance.certificate_key), practice)
    assert await workflow.ports.keys.load(issuance.proof_key) is None
    await http.close()


async def test_certificate_that_openssl_serves(practice_with: PracticeFactory, tls_port: int, tmp_path: Path) -> None:
    practice = practice_with(config={"tlsPort": tls_port})
    wanted = choices(practice, "openssl.tls.example", challenge="tls-alpn-01")
    await proven_by_certificate(practice, tls_port, tmp_path, wanted, alone=True)


async def test_certificates_for_names_and_addresses_that_python_serves(
    practice_with: PracticeFactory, tls_port: int, tmp_path: Path
) -> None:
    practice = practice_with(config={"tlsPort": tls_port})
    wanted = choices(practice, "one.tls.example", "two.tls.example", challenge="tls-alpn-01")
    wanted = replace(wanted, identifiers=(*wanted.identifiers, *addresses()))
    await proven_by_certificate(practice, tls_port, tmp_path, wanted, alone=False)


async def test_certificates_by_the_practice_server(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    issuance = await issue(workflow, choices(practice, "a.tls.example", "b.tls.example", challenge="tls-alpn-01"))
    assert_certificate(issuance, await workflow.ports.keys.export_pkcs8(issuance.certificate_key), practice)


async def test_each_name_by_another_proof(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    kinds = ["http-01", "tls-alpn-01", "dns-account-01", "dns-persist-01"]
    names = ["plain.mixed.example", *(f"{kind}.mixed.example" for kind in kinds)]
    wanted = replace(choices(practice, *names), challenges=tuple(zip(names[1:], kinds, strict=True)))
    issuance = await issue(workflow, wanted)
    assert_certificate(issuance, await workflow.ports.keys.export_pkcs8(issuance.certificate_key), practice)
    assert issuance.choices.kinds == ("dns-01", *kinds)
