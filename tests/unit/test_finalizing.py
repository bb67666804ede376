"""From the proven order to the checked certificate, and every bad turn there."""

from base64 import b64encode
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.acme.problem import ProblemError
from app.errors import CertificateError, LostKeyError, NetworkError, ProtocolError
from app.flow.issuance import ORDER_GONE
from app.ports import Response
from tests.unit.ca import (
    CERTIFICATE,
    FINALIZE,
    NEW_ORDER,
    ORDER,
    READ_ORDER,
    ScriptedCA,
)
from tests.unit.chains import chain
from tests.unit.keys import native_key
from tests.unit.records import choices
from tests.unit.requests import der, request_for
from tests.unit.script import URN, html, refusal
from tests.unit.visit import Visit
from tests.unit.walk import begun, flow_to, issue, prove, run, saved_states, stopped

# ---- finalizing ----


async def test_order_that_is_processing_is_awaited() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [ca.order("processing")]
    # The CA may still show the order as it was before, from a copy that lags behind.
    ca.script[READ_ORDER] = [ca.order("ready"), ca.order("ready"), ca.order("processing"), ca.order("valid")]
    flow = flow_to(ca)
    assert (await issue(flow, "shop.example")).state == "issued"
    assert "finalizing" in saved_states(flow)


async def test_order_that_was_finalized_by_a_lost_request_goes_on() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [NetworkError(ORDER), refusal("orderNotReady", status=403)]  # §7.4
    ca.script[READ_ORDER] = [ca.order("ready"), ca.order("valid")]
    flow = flow_to(ca)
    saved = await stopped(flow, flow.confirm(await prove(flow, "shop.example")), NetworkError)
    assert saved.state == "ready"
    assert (await run(flow, saved)).state == "issued"
    assert len(ca.sent(FINALIZE)) == 2
    key = await flow.ports.keys.load(saved.certificate_key)
    assert key is not None
    assert ca.csr().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) == key.public_spki


@pytest.mark.parametrize("status", ["pending", "ready"])
async def test_order_that_is_really_not_ready_stops(status: str) -> None:
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [refusal("orderNotReady", status=403)]
    ca.script[READ_ORDER] = [ca.order("ready"), ca.order(status)]
    flow = flow_to(ca)
    saved = await stopped(flow, flow.confirm(await prove(flow, "shop.example")), ProblemError)
    assert saved.state == "ready"


async def test_order_stays_ready_after_a_request_that_the_ca_refuses() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [refusal("badCSR"), ca.order("valid")]
    flow = flow_to(ca)
    saved = await stopped(flow, flow.confirm(await prove(flow, "shop.example")), ProblemError)
    assert saved.state == "ready"
    assert (await run(flow, saved)).state == "issued"


@pytest.mark.parametrize("where", [FINALIZE, READ_ORDER])
async def test_order_that_turns_invalid_keeps_the_reason_with_its_subproblems(where: str) -> None:
    ca = ScriptedCA("shop.example", "www.shop.example")
    subproblem = {"type": f"{URN}caa", "detail": "CAA forbids it", "identifier": {"type": "dns", "value": "www.shop.example"}}
    invalid = ca.order("invalid", error={"type": f"{URN}compound", "detail": "two reasons", "subproblems": [subproblem]})
    ca.script[FINALIZE] = [invalid if where == FINALIZE else ca.order("processing")]
    ca.script[READ_ORDER] = [ca.order("ready"), invalid]
    failed = await issue(flow_to(ca), "shop.example", "www.shop.example")
    assert failed.state == "failed"
    assert failed.problem is not None
    assert [entry.type for entry in failed.problem.subproblems] == ["caa"]


async def test_valid_order_without_the_certificates_address_is_refused() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [ca.order("valid", certificate=None)]
    flow = flow_to(ca)
    await stopped(flow, flow.confirm(await prove(flow, "shop.example")), ProtocolError)


# ---- orders that are further on as soon as they are placed (RFC 8555 §7.1.6: any state but "pending" needs no proof) ----


async def test_order_that_is_valid_at_once_leads_to_the_certificate_of_the_same_request() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[NEW_ORDER] = [ca.order("valid", status_code=201, location=ORDER)]
    key = native_key("ec-p384", n=7)
    ca.script[CERTIFICATE] = [Response(200, {}, chain("shop.example", spki=key.public_spki).encode())]
    flow = flow_to(ca)
    csr = b64encode(der(request_for("shop.example", key=key.private))).decode()
    issued = await run(flow, flow.begin("1", replace(choices("shop.example"), csr=csr)))
    assert issued.state == "issued"
    assert ca.sent(FINALIZE) == []  # RFC 8555 §7.4: it would be refused
    assert ca.answered() == []


async def test_order_that_is_valid_at_once_for_another_key_says_what_helps() -> None:
    visit = Visit()
    visit.ca.script[NEW_ORDER] = [visit.ca.order("valid", status_code=201, location=ORDER)]
    visit.ca.script[CERTIFICATE] = [Response(200, {}, chain("shop.example", spki=native_key().public_spki).encode())]
    await visit.session.start()
    assert visit.page.message.title == "The key for this is not in this browser"
    assert "Test CA gave back an order that was finished before" in visit.page.message.text
    visit.ca.script[NEW_ORDER] = [visit.ca.order("pending", status_code=201, location=ORDER)]
    await visit.session.back()
    await visit.session.start()
    assert visit.page.view.prove
    assert visit.page.error is None


async def test_order_that_is_processing_at_once_is_awaited() -> None:
    ca = ScriptedCA("shop.example")
    key = native_key("ec-p384", n=7)
    ca.script[NEW_ORDER] = [ca.order("processing", status_code=201, location=ORDER)]
    ca.script[READ_ORDER] = [ca.order("processing"), ca.order("valid")]
    ca.script[CERTIFICATE] = [Response(200, {}, chain("shop.example", spki=key.public_spki).encode())]
    flow = flow_to(ca)
    csr = b64encode(der(request_for("shop.example", key=key.private))).decode()
    issued = await run(flow, flow.begin("1", replace(choices("shop.example"), csr=csr)))
    assert issued.state == "issued"
    assert list(dict.fromkeys(saved_states(flow))) == ["asked", "registered", "ordered", "finalizing", "downloading", "issued"]


async def test_order_that_is_invalid_at_once_is_said_to_be_closed() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[NEW_ORDER] = [ca.order("invalid", status_code=201, location=ORDER)]
    failed = await run(flow_to(ca), begun(flow_to(ca), "shop.example"))
    assert failed.state == "failed"
    assert failed.problem is not None
    assert failed.problem.type == ORDER_GONE


@pytest.mark.parametrize(("where", "words"), [(FINALIZE, "makes no sense"), (READ_ORDER, "no order has")])
async def test_order_in_a_state_that_makes_no_sense_stops(where: str, words: str) -> None:
    """RFC 8555 §7.1.6 has five states, and none leads back: asking again and again would lead nowhere."""
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [ca.order("pending") if where == FINALIZE else ca.order("processing")]
    ca.script[READ_ORDER] = [ca.order("ready"), *([ca.order("expired")] if where == READ_ORDER else [])]
    flow = flow_to(ca)
    with pytest.raises(ProtocolError, match=words):
        await issue(flow, "shop.example")
    assert len(ca.requests) < 20


# ---- the certificate ----


@pytest.mark.parametrize(
    "certificate",
    [
        pytest.param(chain("evil.example"), id="for other names"),
        pytest.param(chain("shop.example", spki=native_key().public_spki), id="for another key"),
        pytest.param("<html>503</html>", id="no certificate at all"),
    ],
)
async def test_certificate_that_was_not_ordered_is_not_kept(certificate: str) -> None:
    ca = ScriptedCA("shop.example")
    ca.script[CERTIFICATE] = [Response(200, {}, certificate.encode()), ca.certificate]
    flow = flow_to(ca)
    saved = await stopped(flow, flow.confirm(await prove(flow, "shop.example")), CertificateError)
    assert (saved.state, saved.certificate_pem) == ("downloading", "")
    assert (await run(flow, saved)).state == "issued"


async def test_certificate_whose_key_is_lost_is_of_no_use() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[CERTIFICATE] = [html(503)]
    flow = flow_to(ca)
    saved = await stopped(flow, flow.confirm(await prove(flow, "shop.example")), ProtocolError)
    await flow.ports.keys.delete(saved.certificate_key)
    ca.script[CERTIFICATE] = [ca.certificate]
    with pytest.raises(LostKeyError, match="does not hold the certificate’s key"):
        await run(flow, saved)
