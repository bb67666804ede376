"""From the proven order to the checked certificate, and every bad turn there."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.acme.problem import ProblemError
from app.errors import CertificateError, LostKeyError, NetworkError, ProtocolError
from app.ports import Response
from tests.unit.ca import (
    CERTIFICATE,
    FINALIZE,
    ORDER,
    READ_ORDER,
    ScriptedCA,
)
from tests.unit.chains import chain
from tests.unit.keys import native_key
from tests.unit.script import URN, html, refusal
from tests.unit.walk import flow_to, issue, prove, run, saved_states, stopped

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
