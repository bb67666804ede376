"""From the proven order to the checked certificate, and every bad turn there."""

from base64 import b64encode
from dataclasses import replace
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.acme.problem import ProblemError
from app.errors import CertificateError, KeystayError, LostKeyError, NetworkError, ProtocolError
from app.issuance.finalization import MAX_FINALIZE_TRIES
from app.issuance.issuance import ORDER_GONE
from app.issuance.polling import FIRST_PAUSE
from app.ports import Response
from tests.unit.chains import chain
from tests.unit.keys import native_key
from tests.unit.records import choices
from tests.unit.requests import der, request_for
from tests.unit.script import URN, Scripted, answer, html, read_post, refusal
from tests.unit.scripted_ca import (
    CERTIFICATE,
    FINALIZE,
    NEW_ORDER,
    ORDER,
    READ_ORDER,
    NoonClock,
    ScriptedCA,
)
from tests.unit.visit import Visit
from tests.unit.walk import begun, flow_to, issue, prove, run, saved_states, stopped

# ---- finalizing ----


async def test_order_that_is_processing_is_awaited() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [ca.order("processing")]
    # The CA may still show the order as it was before, from a copy that lags behind.
    ca.script[READ_ORDER] = [ca.order("ready"), ca.order("ready"), ca.order("processing"), ca.order("valid")]
    workflow = flow_to(ca)
    assert (await issue(workflow, "shop.example")).state == "issued"
    assert "finalizing" in saved_states(workflow)


async def test_order_that_was_finalized_by_a_lost_request_goes_on() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [NetworkError(ORDER), refusal("orderNotReady", status=403)]  # §7.4
    ca.script[READ_ORDER] = [ca.order("ready"), ca.order("valid")]
    workflow = flow_to(ca)
    saved = await stopped(workflow, workflow.confirm(await prove(workflow, "shop.example")), NetworkError)
    assert saved.state == "ready"
    assert (await run(workflow, saved)).state == "issued"
    assert len(ca.sent(FINALIZE)) == 2
    key = await workflow.ports.keys.load(saved.certificate_key)
    assert key is not None
    assert ca.csr().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) == key.public_spki


def body_of(status: str, **members: Any) -> Scripted:
    """An answer to finalize that describes the order."""
    return ScriptedCA("shop.example").order(status, **members)


NOT_TAKEN: Final[dict[str, Scripted]] = {
    "ready": body_of("ready"),  # acme.sh#6402
    "pending": body_of("pending"),
    "orderNotReady": refusal("orderNotReady", status=403),  # certbot#9766
}


@pytest.mark.parametrize("answered", NOT_TAKEN.values(), ids=NOT_TAKEN)
async def test_request_that_the_ca_did_not_take_is_handed_in_again(answered: Scripted) -> None:
    """acme.sh#6402: finalize answered with an order that is still ready; certbot#9766: orderNotReady though it is ready."""
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [answered, answered, ca.order("valid")]
    workflow = flow_to(ca)
    assert (await issue(workflow, "shop.example")).state == "issued"
    assert len({read_post(request).payload["csr"] for request in ca.sent(FINALIZE)}) == 1
    assert len(ca.sent(FINALIZE)) == 3
    assert isinstance(workflow.ports.clock, NoonClock)
    assert workflow.ports.clock.slept == [0.0, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]  # the first is that before the poll


@pytest.mark.parametrize("after", ["processing", "valid", "invalid"])
@pytest.mark.parametrize("answered", NOT_TAKEN.values(), ids=NOT_TAKEN)
async def test_request_that_the_ca_took_after_all_is_not_handed_in_again(answered: Scripted, after: str) -> None:
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [answered]
    ca.script[READ_ORDER] = [ca.order("ready"), ca.order(after), ca.order(after if after != "processing" else "valid")]
    assert (await issue(flow_to(ca), "shop.example")).state == ("failed" if after == "invalid" else "issued")
    assert len(ca.sent(FINALIZE)) == 1


@pytest.mark.parametrize("answered", NOT_TAKEN.values(), ids=NOT_TAKEN)
async def test_request_that_is_never_taken_stops_after_a_few_tries_and_can_be_handed_in_later(answered: Scripted) -> None:
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [answered]
    workflow = flow_to(ca)
    saved = await stopped(workflow, workflow.confirm(await prove(workflow, "shop.example")), KeystayError)
    assert saved.state == "ready"
    assert len(ca.sent(FINALIZE)) == MAX_FINALIZE_TRIES
    assert isinstance(workflow.ports.clock, NoonClock)
    assert 5 < sum(workflow.ports.clock.slept) < 10  # some CAs need seconds
    ca.script[FINALIZE] = [ca.order("valid")]
    assert (await run(workflow, saved)).state == "issued"


SAYS_NOTHING: Final[dict[str, Response]] = {
    "202 without a body": Response(202, {}, b""),
    "204": Response(204, {}, b""),
    "200 without a body": Response(200, {}, b""),
    "HTML": html(200),
    "another object": answer({"message": "accepted"}, status=202),
    "a list": answer([], status=201),
    "an order without a status": answer({"finalize": f"{ORDER}/finalize"}),
}


@pytest.mark.parametrize("answered", SAYS_NOTHING.values(), ids=SAYS_NOTHING)
async def test_answer_to_finalize_that_is_no_order_leads_to_the_order(answered: Response) -> None:
    """The CA has taken the request; the order tells the rest, from a copy that may lag behind."""
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [answered]
    ca.script[READ_ORDER] = [ca.order("ready"), ca.order("ready"), ca.order("processing"), ca.order("valid")]
    assert (await issue(flow_to(ca), "shop.example")).state == "issued"
    assert len(ca.sent(FINALIZE)) == 1


@pytest.mark.parametrize("where", [FINALIZE, READ_ORDER])
async def test_valid_order_whose_certificate_has_no_address_yet_is_read_again(where: str) -> None:
    ca = ScriptedCA("shop.example")
    bare = ca.order("valid", certificate=None)
    ca.script[FINALIZE] = [bare if where == FINALIZE else ca.order("processing")]
    ca.script[READ_ORDER] = [ca.order("ready"), bare, bare, ca.order("valid")]
    assert (await issue(flow_to(ca), "shop.example")).state == "issued"
    assert len(ca.sent(FINALIZE)) == 1


@pytest.mark.parametrize("where", [FINALIZE, READ_ORDER])
async def test_valid_order_whose_certificate_never_gets_an_address_stops(where: str) -> None:
    ca = ScriptedCA("shop.example")
    bare = ca.order("valid", certificate=None)
    ca.script[FINALIZE] = [bare if where == FINALIZE else ca.order("processing")]
    ca.script[READ_ORDER] = [ca.order("ready"), bare]
    workflow = flow_to(ca)
    with pytest.raises(ProtocolError, match="no-certificate-url"):
        await issue(workflow, "shop.example")
    assert len(ca.requests) < 10 + 2 * MAX_FINALIZE_TRIES


@pytest.mark.parametrize("status", ["pending", "ready"])
async def test_order_that_is_really_not_ready_stops(status: str) -> None:
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [refusal("orderNotReady", status=403)]
    ca.script[READ_ORDER] = [ca.order("ready"), ca.order(status)]
    workflow = flow_to(ca)
    saved = await stopped(workflow, workflow.confirm(await prove(workflow, "shop.example")), ProblemError)
    assert saved.state == "ready"


async def test_order_stays_ready_after_a_request_that_the_ca_refuses() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [refusal("badCSR"), ca.order("valid")]
    workflow = flow_to(ca)
    saved = await stopped(workflow, workflow.confirm(await prove(workflow, "shop.example")), ProblemError)
    assert saved.state == "ready"
    assert (await run(workflow, saved)).state == "issued"


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
    workflow = flow_to(ca)
    await stopped(workflow, workflow.confirm(await prove(workflow, "shop.example")), ProtocolError)


# ---- orders that are further on as soon as they are placed (RFC 8555 §7.1.6: any state but "pending" needs no proof) ----


async def test_order_that_is_valid_at_once_leads_to_the_certificate_of_the_same_request() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[NEW_ORDER] = [ca.order("valid", status_code=201, location=ORDER)]
    key = native_key("ec-p384", n=7)
    ca.script[CERTIFICATE] = [Response(200, {}, chain("shop.example", spki=key.public_spki).encode())]
    workflow = flow_to(ca)
    csr = b64encode(der(request_for("shop.example", key=key.private))).decode()
    issued = await run(workflow, workflow.begin("1", replace(choices("shop.example"), csr=csr)))
    assert issued.state == "issued"
    assert ca.sent(FINALIZE) == []  # RFC 8555 §7.4: it would be refused
    assert ca.answered() == []


async def test_order_that_is_valid_at_once_for_another_key_says_what_helps() -> None:
    visit = Visit()
    visit.ca.script[NEW_ORDER] = [visit.ca.order("valid", status_code=201, location=ORDER)]
    visit.ca.script[CERTIFICATE] = [Response(200, {}, chain("shop.example", spki=native_key().public_spki).encode())]
    await visit.session.start()
    assert visit.page.message.title == "The key for this is not in this browser"
    assert "Test CA returned an order that was finished before" in visit.page.message.text
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
    workflow = flow_to(ca)
    csr = b64encode(der(request_for("shop.example", key=key.private))).decode()
    issued = await run(workflow, workflow.begin("1", replace(choices("shop.example"), csr=csr)))
    assert issued.state == "issued"
    assert list(dict.fromkeys(saved_states(workflow))) == [
        "asked",
        "registered",
        "ordered",
        "finalizing",
        "downloading",
        "issued",
    ]


async def test_order_that_is_invalid_at_once_is_said_to_be_closed() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[NEW_ORDER] = [ca.order("invalid", status_code=201, location=ORDER)]
    failed = await run(flow_to(ca), begun(flow_to(ca), "shop.example"))
    assert failed.state == "failed"
    assert failed.problem is not None
    assert failed.problem.type == ORDER_GONE


@pytest.mark.parametrize(("where", "words"), [(FINALIZE, "unexpected-order-status"), (READ_ORDER, "unknown-status")])
async def test_order_in_a_state_that_makes_no_sense_stops(where: str, words: str) -> None:
    """RFC 8555 §7.1.6 has five states, and none leads back: asking again and again would lead nowhere."""
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [ca.order("pending") if where == FINALIZE else ca.order("processing")]
    ca.script[READ_ORDER] = [ca.order("ready"), *([ca.order("expired")] if where == READ_ORDER else [])]
    workflow = flow_to(ca)
    with pytest.raises(ProtocolError, match=words):
        await issue(workflow, "shop.example")
    assert len(ca.requests) < 10 + 2 * MAX_FINALIZE_TRIES


# ---- the certificate ----


@pytest.mark.parametrize(
    "certificate",
    [
        pytest.param(chain("evil.example"), id="not for all names"),
        pytest.param(chain("shop.example", spki=native_key().public_spki), id="for a different key"),
        pytest.param("<html>503</html>", id="no certificate at all"),
    ],
)
async def test_certificate_that_was_not_ordered_is_not_kept(certificate: str) -> None:
    ca = ScriptedCA("shop.example")
    ca.script[CERTIFICATE] = [Response(200, {}, certificate.encode()), ca.certificate]
    workflow = flow_to(ca)
    saved = await stopped(workflow, workflow.confirm(await prove(workflow, "shop.example")), CertificateError)
    assert (saved.state, saved.certificate_pem) == ("downloading", "")
    assert (await run(workflow, saved)).state == "issued"


async def test_certificate_whose_key_is_lost_is_of_no_use() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[CERTIFICATE] = [html(503)]
    workflow = flow_to(ca)
    saved = await stopped(workflow, workflow.confirm(await prove(workflow, "shop.example")), ProtocolError)
    await workflow.ports.keys.delete(saved.certificate_key)
    ca.script[CERTIFICATE] = [ca.certificate]
    with pytest.raises(LostKeyError, match="certificate-key-missing"):
        await run(workflow, saved)
