"""Certificates of every kind from step-ca and OpenBao."""

import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.accounts.stored_account import NewAccount
from app.ca.cors_check import check_cors
from app.errors import InputError
from app.issuance.tls_alpn_file import proof_file
from app.ports import KeySpec
from app.ui.form.fields import in_its_field
from tests.adapters import HttpxHttp, SystemClock
from tests.integration.test_issuance import issue
from tests.servers.ca_server import CAServer
from tests.servers.customer import assert_certificate, choices, flow_to
from tests.unit.keys import native_key
from tests.unit.requests import der, request_for
from tests.unit.says import says


def needs_low_ports(ca: CAServer) -> None:
    """OpenBao asks on the ports 80 and 443 only."""
    if ca.name == "OpenBao" and not ca.records.standard_ports:
        pytest.skip("nobody may listen on the ports 80 and 443 here, and OpenBao asks on no others")


async def test_each_can_be_reached_through_the_relay(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    directory = await check_cors(http, SystemClock(), ca.authority("acme", relay))
    assert directory.new_order.startswith(f"https://{ca.host}/")
    assert (directory.renewal_info, directory.profiles) == (None, {})


async def test_apex_wildcard_and_idn_by_dns_records(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    workflow = flow_to(ca, relay, http)
    issued = await issue(workflow, choices(ca, "shop.example", "*.shop.example", "xn--bcher-kva.example"))
    await assert_certificate(workflow, issued, ca)
    assert len(issued.chains) == 1
    records = ca.records.url
    assert all(request.url.startswith((relay, records)) for request in http.requests)  # nothing went past the relay


@pytest.mark.parametrize("name", ["straße", "βόλος", "نامه\u200cای"], ids=["eszett", "final sigma", "ZWNJ"])
async def test_names_of_idna_2008(ca: CAServer, relay: str, http: HttpxHttp, name: str) -> None:
    workflow = flow_to(ca, relay, http)
    label = f"xn--{name.encode('punycode').decode('ascii')}"
    await assert_certificate(workflow, await issue(workflow, choices(ca, f"{label}.example")), ca)


async def test_a_hundred_names(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    workflow = flow_to(ca, relay, http)
    await assert_certificate(workflow, await issue(workflow, choices(ca, *(f"n{n}.many.example" for n in range(100)))), ca)


async def test_files_on_the_web_server(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    needs_low_ports(ca)
    workflow = flow_to(ca, relay, http)
    await assert_certificate(
        workflow, await issue(workflow, choices(ca, "a.web.example", "b.web.example", challenge="http-01")), ca
    )


async def test_an_address_by_a_file(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    needs_low_ports(ca)
    workflow = flow_to(ca, relay, http)
    await assert_certificate(workflow, await issue(workflow, choices(ca, ca.records.host, challenge="http-01")), ca)


async def test_certificates_on_port_443(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    needs_low_ports(ca)
    workflow = flow_to(ca, relay, http)
    issued = await issue(workflow, choices(ca, "a.tls.example", "b.tls.example", challenge="tls-alpn-01"))
    await assert_certificate(workflow, issued, ca)


@contextmanager
def shown_on_port(port: int, host: str, pem: Path) -> Iterator[None]:
    """Show the certificate and key of the file `pem` to whoever asks for ACME."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    context.set_alpn_protocols(["acme-tls/1"])
    with socket.create_server((host, port)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:  # it is closed
                    return
                with connection, context.wrap_socket(connection, server_side=True) as tls:
                    tls.recv(1)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


async def test_an_address_by_a_certificate_at_step_ca(step_ca: CAServer, relay: str, http: HttpxHttp, tmp_path: Path) -> None:
    """OpenBao takes that for names only."""
    host = "127.0.0.1"  # the record server has another address of this machine, or this port of it
    if step_ca.records.host == host:
        pytest.skip("the record server has the only address of this machine here")
    workflow = flow_to(step_ca, relay, http)
    proving = await workflow.run(workflow.begin("1", choices(step_ca, host, challenge="tls-alpn-01")), lambda _: None)
    file = await proof_file(workflow.ports, proving, proving.choices.identifiers[0].server_name)
    pem = tmp_path / "proof.pem"
    pem.write_bytes(file.body)
    with shown_on_port(step_ca.records.tls_port, host, pem):
        issued = await workflow.run(workflow.confirm(proving), lambda _: None)
    await assert_certificate(workflow, issued, step_ca)


@pytest.mark.parametrize("key", ["ec-p384", "rsa-2048", "rsa-3072", "rsa-4096"])
async def test_other_certificate_keys(ca: CAServer, relay: str, http: HttpxHttp, key: KeySpec) -> None:
    workflow = flow_to(ca, relay, http)
    await assert_certificate(workflow, await issue(workflow, choices(ca, "printer.example", key=key)), ca)


@pytest.mark.parametrize("spec", ["ec-p256", "ec-p384", "rsa-2048", "rsa-3072", "rsa-4096"])
async def test_account_keys_of_every_kind(ca: CAServer, relay: str, http: HttpxHttp, spec: KeySpec) -> None:
    workflow = flow_to(ca, relay, http)
    workflow.accounts.wanted[ca.directories["acme"]] = NewAccount(key_spec=spec)
    issued = await issue(workflow, choices(ca, f"account-{spec}.example"))
    await assert_certificate(workflow, issued, ca)
    assert (await workflow.client(issued)).key.spec == spec


async def test_own_request_is_issued_and_no_key_is_made(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    workflow = flow_to(ca, relay, http)
    key = native_key("ec-p384", n=7).private
    request = request_for("own.example", "*.own.example", key=key, common_name="own.example")
    issued = await issue(workflow, replace(choices(ca, "own.example", "*.own.example"), csr=b64encode(der(request)).decode()))
    assert issued.state == "issued", issued.problem
    leaf = x509.load_pem_x509_certificate(issued.certificate_pem.encode())
    spki = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert leaf.public_key().public_bytes(*spki) == key.public_key().public_bytes(*spki)
    assert await workflow.ports.keys.load(issued.certificate_key) is None


async def test_the_account_is_used_again(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    workflow = flow_to(ca, relay, http)
    first = await issue(workflow, choices(ca, "one.example"), id_="1")
    second = await issue(workflow, choices(ca, "two.example"), id_="2")
    assert first.account_url == second.account_url
    await assert_certificate(workflow, second, ca)


async def test_proof_that_step_ca_does_not_offer_is_said(step_ca: CAServer, relay: str, http: HttpxHttp) -> None:
    workflow = flow_to(step_ca, relay, http)
    with pytest.raises(
        InputError, check=says(r"does not offer the proof http-01 for web\.example\. It offers: dns-01")
    ) as caught:
        await issue(workflow, choices(step_ca, "web.example", challenge="http-01", settings="dns"))
    error = in_its_field(caught.value)
    assert error
    assert error.field == "challenge"
    await assert_certificate(workflow, await issue(workflow, choices(step_ca, "web.example", settings="dns"), "2"), step_ca)
