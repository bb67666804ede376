"""Names in every script, from the order to the revocation, on CPython against a real Pebble."""

from base64 import b64encode
from dataclasses import replace

import pytest
from cryptography import x509

from app.issuance.renewal import ask_window
from app.issuance.revocation import revoke_issued
from app.pki.certificate import read_chain
from app.ui.steps.certificate import certificate_view
from tests.adapters import HttpxHttp
from tests.integration.test_issuance import assert_certificate, choices, http, issue, make_flow
from tests.integration.test_revocation import status_of
from tests.pebble_names import accepted_name
from tests.unit.keys import native_key
from tests.unit.requests import der, request_for
from tools.practice import PracticeCA

__all__ = ["http"]

NAMES = {
    "straße.example": "xn--strae-oqa.example",
    "*.βόλος.example": "*.xn--nxasmm1c.example",
    "ශ්\u200dරී.example": "xn--10cl1a0b660p.example",  # with a zero-width joiner (CONTEXTJ, RFC 5892 appendix A.2)
    "نامه\u200cای.example": "xn--mgba3gch31f060k.example",  # with a zero-width non-joiner (appendix A.1)
}


async def test_names_of_idna_2008_are_issued_read_asked_about_and_revoked(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    wanted = choices(practice, *NAMES.values())
    issued = await issue(workflow, wanted)
    assert_certificate(issued, await workflow.ports.keys.export_pkcs8(issued.certificate_key), practice)
    shown = certificate_view(issued, workflow.authorities[0])
    assert set(shown.names.split(", ")) == {f"{typed} ({ascii_})" for typed, ascii_ in NAMES.items()}
    assert shown.extra_names == ""
    assert (await ask_window(workflow, issued)).window is not None
    again = await issue(workflow, wanted, id_="2")
    assert again.choices.replaces == accepted_name(issued.certificate_pem)
    revoked, _ = await revoke_issued(workflow, issued, 4)
    assert revoked.revoked
    assert status_of(practice, issued.certificate_pem)["Status"] == "Revoked"


@pytest.mark.parametrize("common_name", ["", "xn--strae-oqa.example"])
async def test_own_request_for_them_is_issued(practice: PracticeCA, http: HttpxHttp, common_name: str) -> None:
    workflow = make_flow(practice, http)
    request = request_for(*(x509.DNSName(name) for name in NAMES.values()), common_name=common_name)
    wanted = replace(choices(practice, *NAMES.values()), csr=b64encode(der(request)).decode())
    issued = await issue(workflow, wanted)
    certificate = read_chain(issued.certificate_pem).certificate
    assert set(certificate.names) == set(NAMES.values())
    assert certificate.public_spki == native_key().public_spki


async def test_names_that_are_no_idn_at_all_come_back(practice: PracticeCA, http: HttpxHttp) -> None:
    """CAs issue for A-labels that no version of IDNA takes; this page makes none, but other requests have them."""
    workflow = make_flow(practice, http)
    issued = await issue(workflow, choices(practice, "xn--i-7iq.example"))
    assert_certificate(issued, await workflow.ports.keys.export_pkcs8(issued.certificate_key), practice)
    assert certificate_view(issued, workflow.authorities[0]).names == "xn--i-7iq.example"
