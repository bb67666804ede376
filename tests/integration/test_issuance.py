"""The core on CPython against a real Pebble: the same code that runs in the browser, without one."""

import datetime
from collections.abc import AsyncIterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from app.acme.authority import Authority
from app.acme.identifier import Identifier
from app.flow.advance import Flow
from app.flow.issuance import Choices, Issuance
from app.flow.practice import publish
from app.ports import KeySpec
from tests.adapters import HttpxHttp, native_ports
from tools.practice import PracticeCA

NOW = datetime.datetime.now(datetime.UTC)


@pytest.fixture
async def http(practice: PracticeCA) -> AsyncIterator[HttpxHttp]:
    client = HttpxHttp(practice.ssl_context)
    yield client
    await client.close()


def authority(practice: PracticeCA) -> Authority:
    records = practice.records_url + "/"
    return Authority(id="practice", name="Practice", directory=practice.directory_url, records=records)


def choices(practice: PracticeCA, *names: str, challenge: str = "dns-01", key: KeySpec = "ec-p256") -> Choices:
    identifiers = tuple(Identifier("dns", name) for name in names)
    return Choices(identifiers, "practice", practice.directory_url, challenge, key, terms_agreed=True)


def make_flow(practice: PracticeCA, http: HttpxHttp) -> Flow:
    return Flow(native_ports(http), (authority(practice),))


async def issue(flow: Flow, wanted: Choices, id_: str = "1") -> Issuance:
    """The whole way, as a person goes it."""
    issuance = await flow.run(flow.begin(id_, wanted), lambda _: None)
    if issuance.state == "proving":
        records = flow.authorities[0].records
        assert records
        await publish(flow.ports.http, records, issuance.publications)
        issuance = await flow.run(flow.confirm(issuance), lambda _: None)
    return issuance


def assert_certificate(issuance: Issuance, pkcs8: bytes, practice: PracticeCA) -> None:
    """The chain verifies up to Pebble's root, carries the names, and the key is the one that was made."""
    assert issuance.state == "issued", issuance.problem
    leaf, *intermediates = x509.load_pem_x509_certificates(issuance.certificate_pem.encode())
    root = x509.load_pem_x509_certificate(practice.root_pem().encode())
    for lower, upper in zip([leaf, *intermediates], [*intermediates, root], strict=True):
        lower.verify_directly_issued_by(upper)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    assert set(names) == {identifier.value for identifier in issuance.choices.identifiers}
    private = serialization.load_der_private_key(pkcs8, None)
    der = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert private.public_key().public_bytes(*der) == leaf.public_key().public_bytes(*der)


async def test_dns_with_apex_wildcard_and_idn(practice: PracticeCA, http: HttpxHttp) -> None:
    flow = make_flow(practice, http)
    issuance = await issue(flow, choices(practice, "shop.example", "*.shop.example", "xn--bcher-kva.example"))
    assert_certificate(issuance, await flow.ports.keys.export_pkcs8(issuance.certificate_key), practice)
