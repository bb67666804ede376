"""What comes after a certificate at step-ca and OpenBao: renewal, revocation, and what neither has."""

import pytest
from cryptography import x509

from app.acme.problem import ProblemError
from app.issuance.issuance import Issuance
from app.issuance.revocation import revoke_by_key, revoke_issued
from app.pki.pem import to_pem
from app.ports import KeySpec
from app.ui.panels.revocation import RevocationForm, RevocationRequest, read_revocation
from tests.adapters import HttpxHttp
from tests.integration.test_issuance import issue
from tests.servers.ca_server import CAServer
from tests.servers.customer import Customer, assert_certificate, choices, flow_to


def leaf(issuance: Issuance) -> x509.Certificate:
    return x509.load_pem_x509_certificate(issuance.certificate_pem.encode())


@pytest.mark.parametrize("reason", [0, 1, 4, 5])
async def test_the_account_revokes_at_step_ca_with_a_reason(
    step_ca: CAServer, relay: str, http: HttpxHttp, reason: int
) -> None:
    workflow = flow_to(step_ca, relay, http)
    issued = await issue(workflow, choices(step_ca, f"reason{reason}.example"))
    revoked, fresh = await revoke_issued(workflow, issued, reason)
    assert fresh
    assert revoked.revoked > 0
    assert step_ca.has_revoked(leaf(issued))


async def test_openbao_revokes_without_a_reason_only_and_that_is_said(openbao: CAServer, relay: str, http: HttpxHttp) -> None:
    customer = Customer(openbao, relay, http, "reasons.example")
    await customer.issue()
    issued = await customer.saved()
    await customer.aftercare.revoke("4")
    assert customer.page.message.title == "OpenBao does not accept this reason"
    assert "revocation reasons" in customer.page.message.detail
    assert not openbao.has_revoked(leaf(issued))
    await customer.aftercare.revoke("0")
    assert customer.page.error is None
    assert openbao.has_revoked(leaf(issued))


async def test_a_certificate_that_is_revoked_already_is_told(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    workflow = flow_to(ca, relay, http)
    issued = await issue(workflow, choices(ca, "twice.example"))
    await revoke_issued(workflow, issued, 0)
    _, fresh = await revoke_issued(workflow, issued, 0)
    assert not fresh


@pytest.mark.parametrize("spec", ["ec-p256", "rsa-2048"])
async def test_the_certificates_own_key_revokes_without_an_account(
    ca: CAServer, relay: str, http: HttpxHttp, spec: KeySpec
) -> None:
    workflow, stranger = flow_to(ca, relay, http), flow_to(ca, relay, http)
    issued = await issue(workflow, choices(ca, f"own-{spec}.example", key=spec))
    pem = to_pem("PRIVATE KEY", await workflow.ports.keys.export_pkcs8(issued.certificate_key))
    wanted = read_revocation(RevocationForm("acme", issued.certificate_pem, pem, "0"), stranger.authorities)
    assert isinstance(wanted, RevocationRequest)
    await revoke_by_key(stranger, wanted.authority, wanted.certificate, wanted.der, wanted.key, wanted.reason)
    assert ca.has_revoked(leaf(issued))
    with pytest.raises(ProblemError) as caught:
        await revoke_by_key(stranger, wanted.authority, wanted.certificate, wanted.der, wanted.key, wanted.reason)
    assert caught.value.problem.type == "alreadyRevoked"


async def test_a_certificate_is_renewed(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    """Neither has renewal information, so the next order does not say what it replaces."""
    customer = Customer(ca, relay, http, "renewed.example", "*.renewed.example")
    await customer.issue()
    first = await customer.saved()
    await customer.session.renew(first.id)
    await customer.publish()
    await customer.session.verify()
    second = await customer.saved()
    await assert_certificate(customer.workflow, second, ca)
    assert leaf(second).serial_number != leaf(first).serial_number
    assert (second.account_url, second.choices.replaces) == (first.account_url, "")


async def test_a_ca_without_renewal_information_is_said(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    customer = Customer(ca, relay, http, "when.example")
    await customer.issue()
    await customer.aftercare.ask_window()
    assert "renewal information" in customer.page.message.text
    assert "cannot read" not in customer.page.message.title
    view = customer.page.view.certificate
    assert view is not None
    assert (view.window, len(view.chains)) == ("", 1)
    assert view.renew_on
