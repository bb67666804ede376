"""Alternate chains and revocation, on CPython against a real Pebble, which says itself what it has revoked."""

from dataclasses import replace

import httpx
import pytest
from cryptography import x509

from app.acme.problem import ProblemError
from app.issuance.issuance import Issuance
from app.issuance.revocation import revoke_by_key, revoke_issued
from app.issuance.store import take_chain
from app.pki.pem import to_pem
from app.ports import KeySpec
from app.ui.panels.revocation import RevocationForm, RevocationRequest, read_revocation
from tests.adapters import HttpxHttp
from tests.conftest import PracticeFactory
from tests.integration.test_issuance import choices, http, issue, make_flow
from tools.practice import PracticeCA

__all__ = ["http"]


def status_of(practice: PracticeCA, pem: str) -> dict[str, object]:
    """What Pebble says of a certificate: its `Status`, and the `Reason` code of a revocation."""
    serial = x509.load_pem_x509_certificate(pem.encode()).serial_number
    url = f"{practice.management_url}/cert-status-by-serial/{serial:x}"
    answer = httpx.get(url, verify=practice.ssl_context, trust_env=False).raise_for_status()
    status: dict[str, object] = answer.json()
    return status


async def test_alternate_chains_are_all_there_and_one_can_be_taken(practice_with: PracticeFactory) -> None:
    practice = practice_with(env={"PEBBLE_ALTERNATE_ROOTS": "2", "PEBBLE_CHAIN_LENGTH": "2"})
    http = HttpxHttp(practice.ssl_context)
    workflow = make_flow(practice, http)
    issued = await issue(workflow, choices(practice, "chains.example"))
    assert len(issued.chains) == 3
    for n, pem in enumerate(issued.chains):
        taken = await take_chain(workflow, issued, n)
        assert taken.certificate_pem == pem
        chain = x509.load_pem_x509_certificates(pem.encode())
        assert len(chain) == 3  # the certificate and two intermediates
        root = x509.load_pem_x509_certificate(practice.root_pem(n).encode())
        chain[-1].verify_directly_issued_by(root)
    (saved,) = await workflow.saved()
    assert saved == replace(issued, certificate_pem=issued.chains[2])
    await http.close()


@pytest.mark.parametrize("reason", [0, 1, 4, 5])
async def test_the_account_revokes_with_a_reason(practice: PracticeCA, http: HttpxHttp, reason: int) -> None:
    workflow = make_flow(practice, http)
    issued = await issue(workflow, choices(practice, f"reason{reason}.example"))
    assert status_of(practice, issued.certificate_pem)["Status"] == "Valid"
    revoked, fresh = await revoke_issued(workflow, issued, reason)
    assert fresh
    status = status_of(practice, issued.certificate_pem)
    assert (status["Status"], status.get("Reason", 0)) == ("Revoked", reason)
    (saved,) = await workflow.saved()
    assert saved == revoked
    assert saved.revoked > 0


async def test_a_certificate_that_is_revoked_already_is_told(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    issued: Issuance = await issue(workflow, choices(practice, "twice.example"))
    await revoke_issued(workflow, issued, 0)
    again, fresh = await revoke_issued(workflow, issued, 0)
    assert not fresh
    assert again.revoked > 0


@pytest.mark.parametrize("spec", ["ec-p256", "rsa-2048"])
async def test_the_certificates_own_key_revokes_without_an_account(
    practice: PracticeCA, http: HttpxHttp, spec: KeySpec
) -> None:
    workflow = make_flow(practice, http)
    issued = await issue(workflow, choices(practice, f"own-{spec}.example", key=spec))
    pem = to_pem("PRIVATE KEY", await workflow.ports.keys.export_pkcs8(issued.certificate_key))
    stranger = make_flow(practice, http)
    wanted = read_revocation(RevocationForm("practice", issued.certificate_pem, pem, "1"), stranger.authorities)
    assert isinstance(wanted, RevocationRequest)
    await revoke_by_key(stranger, wanted.authority, wanted.certificate, wanted.der, wanted.key, wanted.reason)
    status = status_of(practice, issued.certificate_pem)
    assert (status["Status"], status["Reason"]) == ("Revoked", 1)
    with pytest.raises(ProblemError) as caught:
        await revoke_by_key(stranger, wanted.authority, wanted.certificate, wanted.der, wanted.key, wanted.reason)
    assert caught.value.problem.type == "alreadyRevoked"
