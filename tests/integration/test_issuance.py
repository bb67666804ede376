"""The core on CPython against a real Pebble: the same code that runs in the browser, without one."""

import datetime
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from app.acme.identifier import Identifier
from app.acme.problem import ProblemError
from app.ca.catalog import CertificateAuthority
from app.issuance.issuance import Issuance, OrderOptions
from app.issuance.workflow import Workflow
from app.ports import KeySpec
from tests.adapters import HttpxHttp, native_ports
from tests.conftest import PracticeFactory
from tests.nightly import nightly_after
from tests.publishing import publish
from tools.practice import PracticeCA

NOW = datetime.datetime.now(datetime.UTC)


@pytest.fixture
async def http(practice: PracticeCA) -> AsyncIterator[HttpxHttp]:
    client = HttpxHttp(practice.ssl_context)
    yield client
    await client.close()


def authority(practice: PracticeCA) -> CertificateAuthority:
    records = practice.records_url + "/"
    return CertificateAuthority(id="practice", name="Practice", directory=practice.directory_url, records=records)


def choices(practice: PracticeCA, *names: str, challenge: str = "dns-01", key: KeySpec = "ec-p256") -> OrderOptions:
    identifiers = tuple(Identifier("dns", name) for name in names)
    return OrderOptions(
        identifiers, "practice", practice.directory_url, practice.directory_url, challenge, key, terms_agreed=True
    )


def make_flow(practice: PracticeCA, http: HttpxHttp) -> Workflow:
    return Workflow(native_ports(http), (authority(practice),))


async def issue(workflow: Workflow, wanted: OrderOptions, id_: str = "1") -> Issuance:
    """The whole way, as a person goes it."""
    issuance = await workflow.run(workflow.begin(id_, wanted), lambda _: None)
    if issuance.state == "proving":
        records = workflow.authorities[0].records
        assert records
        await publish(workflow.ports.http, records, issuance.publications)
        issuance = await workflow.run(workflow.confirm(issuance), lambda _: None)
    return issuance


def assert_certificate(issuance: Issuance, pkcs8: bytes, practice: PracticeCA) -> None:
    """The chain verifies up to Pebble's root, carries the names, and the key is the one that was made."""
    assert issuance.state == "issued", issuance.problem
    leaf, *intermediates = x509.load_pem_x509_certificates(issuance.certificate_pem.encode())
    root = x509.load_pem_x509_certificate(practice.root_pem().encode())
    for lower, upper in zip([leaf, *intermediates], [*intermediates, root], strict=True):
        lower.verify_directly_issued_by(upper)
    alternative = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    names = {str(entry.value) for entry in alternative}
    assert names == {identifier.value for identifier in issuance.choices.identifiers}
    private = serialization.load_der_private_key(pkcs8, None)
    der = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert private.public_key().public_bytes(*der) == leaf.public_key().public_bytes(*der)


async def test_dns_with_apex_wildcard_and_idn(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    issuance = await issue(workflow, choices(practice, "shop.example", "*.shop.example", "xn--bcher-kva.example"))
    assert_certificate(issuance, await workflow.ports.keys.export_pkcs8(issuance.certificate_key), practice)


async def test_http_with_two_names(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    issuance = await issue(workflow, choices(practice, "a.example", "b.example", challenge="http-01"))
    assert_certificate(issuance, await workflow.ports.keys.export_pkcs8(issuance.certificate_key), practice)


@pytest.mark.parametrize("key", nightly_after(2, ["ec-p384", "rsa-2048", "rsa-3072", "rsa-4096"]))
async def test_other_keys(practice: PracticeCA, http: HttpxHttp, key: KeySpec) -> None:
    workflow = make_flow(practice, http)
    issuance = await issue(workflow, choices(practice, "printer.example", key=key))
    assert_certificate(issuance, await workflow.ports.keys.export_pkcs8(issuance.certificate_key), practice)


@pytest.mark.nightly
async def test_a_hundred_names(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    issuance = await issue(workflow, choices(practice, *(f"n{n}.many.example" for n in range(100))))
    assert_certificate(issuance, await workflow.ports.keys.export_pkcs8(issuance.certificate_key), practice)


@pytest.mark.parametrize("percent", [30, 50])
async def test_rejected_nonces(practice_with: PracticeFactory, percent: int) -> None:
    practice = practice_with(env={"PEBBLE_WFE_NONCEREJECT": str(percent)})
    http = HttpxHttp(practice.ssl_context)
    workflow = make_flow(practice, http)
    issuance = await issue(workflow, choices(practice, *(f"n{n}.nonce.example" for n in range(10))))
    assert_certificate(issuance, await workflow.ports.keys.export_pkcs8(issuance.certificate_key), practice)
    await http.close()


async def test_a_failed_challenge_says_which_name_and_leads_on_with_what_was_proven(practice_with: PracticeFactory) -> None:
    practice = practice_with(env={"PEBBLE_AUTHZREUSE": "100"})
    http = HttpxHttp(practice.ssl_context)
    workflow = make_flow(practice, http)
    wanted = choices(practice, "right.fail.example", "wrong.fail.example")
    issuance = await workflow.run(workflow.begin("1", wanted), lambda _: None)
    right = [entry for entry in issuance.publications if "right" in str(entry)]
    await publish(http, practice.records_url + "/", right)
    failed = await workflow.run(workflow.confirm(issuance), lambda _: None)
    assert failed.state == "failed"
    reasons = {proof.identifier.value: proof.problem for proof in failed.proofs}
    assert reasons["right.fail.example"] is None
    wrong = reasons["wrong.fail.example"]
    assert wrong is not None
    assert wrong.type in ("unauthorized", "dns")
    again = await issue(workflow, wanted, id_="2")
    assert [proof.identifier.value for proof in again.proofs] == ["wrong.fail.example"]
    assert_certificate(again, await workflow.ports.keys.export_pkcs8(again.certificate_key), practice)
    await http.close()


async def test_a_refused_name_is_named(practice_with: PracticeFactory) -> None:
    practice = practice_with(config={"domainBlocklist": ["blocked.example"]})
    http = HttpxHttp(practice.ssl_context)
    workflow = make_flow(practice, http)
    with pytest.raises(ProblemError) as caught:
        await workflow.run(workflow.begin("1", choices(practice, "fine.example", "blocked.example")), lambda _: None)
    assert caught.value.problem.type == "rejectedIdentifier"
    assert "blocked.example" in caught.value.detail
    await http.close()


async def test_names_that_are_proven_already_need_nothing(practice_with: PracticeFactory) -> None:
    practice = practice_with(env={"PEBBLE_AUTHZREUSE": "100"})
    http = HttpxHttp(practice.ssl_context)
    workflow = make_flow(practice, http)
    await issue(workflow, choices(practice, "again.example"))
    states: list[str] = []
    issuance = await workflow.run(workflow.begin("2", choices(practice, "again.example")), lambda it: states.append(it.state))
    assert "proving" not in states
    assert_certificate(issuance, await workflow.ports.keys.export_pkcs8(issuance.certificate_key), practice)
    await http.close()


async def test_the_account_is_used_again(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    first = await issue(workflow, choices(practice, "one.example"), id_="1")
    second = await issue(workflow, choices(practice, "two.example"), id_="2")
    assert first.account_url == second.account_url


@pytest.mark.parametrize("n", nightly_after(2, [1, 2, 20, 100]))
async def test_requests_stay_few(practice_with: PracticeFactory, n: int) -> None:
    """Two a name (authorization, answer) and a fixed handful; parallel lanes cost one nonce each."""
    practice = practice_with(env={"PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"})
    http = HttpxHttp(practice.ssl_context)
    workflow = make_flow(practice, http)
    await issue(workflow, choices(practice, *(f"n{i}.count{n}.example" for i in range(n))))
    acme = [request for request in http.requests if request.url.startswith(practice.directory_url.removesuffix("dir"))]
    polls = Counter(request.url for request in acme if "/my-order/" in request.url)
    repeated = sum(max(0, count - 2) for count in polls.values())  # one for the proofs, one for the certificate
    assert len(acme) - repeated <= 2 * n + 8 + min(n, 8)
    await http.close()
