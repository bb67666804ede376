"""From record to record, against a scripted CA: the good way, every bad turn, and going on after a stop."""

from dataclasses import replace
from itertools import groupby
from typing import Any

import pytest
from cryptography import x509

from app.acme.challenge import DnsRecord, WebFile
from app.acme.dns_persist import account_hash
from app.acme.jws import thumbprint
from app.acme.problem import ProblemError
from app.errors import InputError, NetworkError, NoProgressError, ProtocolError, StorageError
from app.issuance.issuance import ORDER_GONE, State
from app.issuance.record import read_issuance
from app.issuance.store import delete
from app.issuance.workflow import Workflow
from app.text.sentences import sentence
from app.ui.form.fields import in_its_field
from tests.unit.records import CA, DIRECTORY, account_key, choices
from tests.unit.script import URN, answer, read_post, refusal
from tests.unit.scripted_ca import (
    ACCOUNT,
    BASE,
    FINALIZE,
    NEW_ACCOUNT,
    NEW_ORDER,
    ORDER,
    READ_ORDER,
    HistoryStore,
    NoonClock,
    ScriptedCA,
)
from tests.unit.walk import NAMES, begun, flow_to, issue, prove, run, saved_states, stopped

# ---- the good way ----


async def test_dns_persist_01_of_draft_02_needs_the_prefix_of_the_directory() -> None:
    """No real CA speaks draft-02 yet; the members are those of draft-ietf-acme-dns-persist-02 §3.1."""
    names = ("shop.example", "*.shop.example")
    ca = ScriptedCA(*names)
    urls = {"newNonce": f"{BASE}/nonce", "newAccount": f"{BASE}/new-account", "newOrder": f"{BASE}/new-order"}
    meta = {"accountHashPrefix": f"{BASE}/hash/", "issuerDomainNames": ["ca.example"]}
    ca.script[f"GET {DIRECTORY}"] = [answer({**urls, "meta": meta})]
    for n in range(len(names)):
        offered = ca.authorization(n, kinds=("dns-persist-01",), issuerDomainNames=["ca.example"])
        ca.script[f"POST {ca.authorization_url(n)}"] = [offered]
    proving = await prove(flow_to(ca), *names, challenge="dns-persist-01")
    assert ca.account_jwk
    uri = account_hash(f"{BASE}/hash/", "shop.example", thumbprint(ca.account_jwk), ACCOUNT)
    value = f"ca.example; accounturi={uri}; policy=wildcard"
    assert proving.publications == (DnsRecord("_validation-persist.shop.example", (value,)),)


async def test_issuance_goes_from_the_names_to_the_checked_certificate() -> None:
    ca = ScriptedCA(*NAMES)
    workflow = flow_to(ca)
    issued = await issue(workflow)
    assert issued.state == "issued"
    leaf = x509.load_pem_x509_certificate(issued.certificate_pem.encode())
    key = await workflow.ports.keys.load(issued.certificate_key)
    assert key is not None
    assert issued.certificate_pem.count("BEGIN CERTIFICATE") == 2
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    assert tuple(names) == NAMES


async def test_every_state_is_noticed_and_saved_in_its_order() -> None:
    noticed: list[str] = []
    workflow = flow_to(ScriptedCA(*NAMES))
    proving = await workflow.run(begun(workflow), lambda issuance: noticed.append(issuance.state))
    await workflow.run(workflow.confirm(proving), lambda issuance: noticed.append(issuance.state))
    states = ["asked", "registered", "ordered", "proving", "verifying", "ready", "downloading", "issued"]
    assert noticed == saved_states(workflow)
    assert [state for state, _ in groupby(noticed)] == states


async def test_requests_carry_what_was_chosen() -> None:
    ca = ScriptedCA(*NAMES)
    await issue(flow_to(ca))
    assert read_post(ca.sent(NEW_ACCOUNT)[0]).payload == {"termsOfServiceAgreed": True}
    identifiers = [{"type": "dns", "value": name} for name in NAMES]
    assert read_post(ca.sent(NEW_ORDER)[0]).payload == {"identifiers": identifiers}
    assert all(read_post(request).payload == {} for request in ca.requests if "/challenge/" in request.url)
    assert ca.csr().is_signature_valid


async def test_terms_are_agreed_to_only_as_the_person_said() -> None:
    ca = ScriptedCA("shop.example")
    workflow = flow_to(ca)
    await run(workflow, workflow.begin("1", replace(choices("shop.example"), terms_agreed=False)))
    assert read_post(ca.sent(NEW_ACCOUNT)[0]).payload == {"termsOfServiceAgreed": False}


async def test_apex_and_wildcard_are_two_values_at_one_name() -> None:
    proving = await prove(flow_to(ScriptedCA(*NAMES)))
    apex, www = proving.publications
    assert isinstance(apex, DnsRecord)
    assert isinstance(www, DnsRecord)
    assert (apex.name, len(set(apex.values))) == ("_acme-challenge.shop.example", 2)
    assert (www.name, len(www.values)) == ("_acme-challenge.www.shop.example", 1)


async def test_http_proof_is_a_file_for_each_name() -> None:
    proving = await prove(flow_to(ScriptedCA("a.example", "b.example")), "a.example", "b.example", challenge="http-01")
    urls = [publication.url for publication in proving.publications if isinstance(publication, WebFile)]
    assert [url.split("/")[2] for url in urls] == ["a.example", "b.example"]


async def test_keys_of_account_and_certificate_differ_and_only_the_latter_can_be_taken_out() -> None:
    workflow = flow_to(ScriptedCA("shop.example"))
    issued = await issue(workflow, "shop.example")
    account, certificate = [await workflow.ports.keys.load(name) for name in (account_key(issued), issued.certificate_key)]
    assert account
    assert certificate
    assert account.public_spki != certificate.public_spki
    assert await workflow.ports.keys.export_pkcs8(issued.certificate_key)
    with pytest.raises(StorageError):
        await workflow.ports.keys.export_pkcs8(account_key(issued))


async def test_certificate_key_is_of_the_kind_that_was_chosen() -> None:
    ca = ScriptedCA("shop.example")
    workflow = flow_to(ca)
    issued = await run(workflow, workflow.confirm(await run(workflow, begun(workflow, "shop.example", key="ec-p384"))))
    assert issued.state == "issued"
    key = await workflow.ports.keys.load(issued.certificate_key)
    assert key is not None
    assert key.spec == "ec-p384"


async def test_next_order_uses_the_same_account_key() -> None:
    ca = ScriptedCA("shop.example")
    workflow = flow_to(ca)
    await issue(workflow, "shop.example")
    again = await run(workflow, workflow.begin("2", choices("shop.example")))
    assert again.state == "proving"
    assert len(ca.sent(NEW_ACCOUNT)) == 1
    first, second = (read_post(request).protected["kid"] for request in ca.sent(NEW_ORDER))
    assert first == second


# ---- authorizations ----


async def test_order_whose_names_are_all_proven_needs_no_person() -> None:
    ca = ScriptedCA("a.example", "b.example")
    for n in range(2):
        ca.script[f"POST {ca.authorization_url(n)}"] = [ca.authorization(n, "valid")]
    ca.script[NEW_ORDER] = [ca.order("ready", status_code=201, location=ORDER)]
    workflow = flow_to(ca)
    issued = await run(workflow, begun(workflow, "a.example", "b.example"))
    assert issued.state == "issued"
    assert issued.proofs == ()
    assert ca.answered() == []


async def test_nonces_for_the_authorizations_come_together_with_the_first_one() -> None:
    """So all are read in one round trip, and nothing is at stake at the CA while nonces come."""
    ca = ScriptedCA("a.example", "b.example", "c.example")
    workflow = flow_to(ca)
    await run(workflow, begun(workflow, *ca.names))
    urls = [request.url.removeprefix(BASE) for request in ca.requests]
    assert urls[1:] == ["/nonce"] * 3 + ["/new-account", "/new-order"] + [f"/authorization/{n}" for n in range(3)]


async def test_names_that_are_proven_from_before_are_left_out() -> None:
    ca = ScriptedCA("a.example", "b.example", "c.example")
    ca.script[f"POST {ca.authorization_url(1)}"] = [ca.authorization(1, "valid")]
    workflow = flow_to(ca)
    proving = await prove(workflow, "a.example", "b.example", "c.example")
    assert [proof.identifier.value for proof in proving.proofs] == ["a.example", "c.example"]
    await run(workflow, workflow.confirm(proving))
    assert ca.answered() == [ca.challenge_url(0), ca.challenge_url(2)]


async def test_name_whose_authorization_is_no_longer_pending_is_not_answered() -> None:
    ca = ScriptedCA("a.example", "b.example")
    ca.script[f"POST {ca.authorization_url(1)}"] = [ca.authorization(1, "invalid")]
    ca.script[READ_ORDER] = [ca.order("invalid")]
    workflow = flow_to(ca)
    failed = await run(workflow, workflow.confirm(await prove(workflow, "a.example", "b.example")))
    assert failed.state == "failed"
    assert ca.answered() == [ca.challenge_url(0)]


async def test_authorizations_are_matched_by_name_and_not_by_place() -> None:
    ca = ScriptedCA("b.example", "*.a.example", "a.example")
    proving = await prove(flow_to(ca), "a.example", "b.example", "*.a.example")
    assert {proof.identifier.value: proof.challenge_url for proof in proving.proofs} == {
        "b.example": ca.challenge_url(0),
        "*.a.example": ca.challenge_url(1),
        "a.example": ca.challenge_url(2),
    }


async def test_authorization_for_a_name_that_was_not_ordered_is_refused() -> None:
    workflow = flow_to(ScriptedCA("shop.example", "evil.example"))
    saved = await stopped(workflow, begun(workflow, "shop.example", "www.example"), ProtocolError)
    assert saved.state == "ordered"


async def test_proof_that_the_ca_does_not_offer_is_said_with_those_it_offers() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[f"POST {ca.authorization_url(0)}"] = [ca.authorization(0, kinds=("tls-alpn-01", "http-01"))]
    workflow = flow_to(ca)
    with pytest.raises(InputError, match="challenge-not-offered") as caught:
        await run(workflow, begun(workflow, "shop.example"))
    assert "dns-01 for shop.example. It offers: http-01, tls-alpn-01" in sentence(caught.value)
    error = in_its_field(caught.value)
    assert error
    assert error.field == "challenge"


# ---- verifying ----


async def test_order_is_polled_until_it_is_ready() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[READ_ORDER] = [ca.order("pending"), ca.order("pending"), ca.order("ready")]
    workflow = flow_to(ca)
    assert (await issue(workflow, "shop.example")).state == "issued"
    assert len(ca.sent(READ_ORDER)) == 3


async def test_order_that_stays_pending_is_given_up_and_can_go_on_later() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[READ_ORDER] = [ca.order("pending")]
    workflow = flow_to(ca)
    saved = await stopped(workflow, workflow.confirm(await prove(workflow, "shop.example")), NoProgressError)
    assert saved.state == "verifying"
    ca.script[READ_ORDER] = [ca.order("ready")]
    assert (await run(workflow, saved)).state == "issued"


async def test_failed_names_are_told_apart_with_their_reasons() -> None:
    ca = ScriptedCA("good.example", "bad.example", "worse.example")
    ca.script[READ_ORDER] = [ca.order("invalid")]
    workflow = flow_to(ca)
    proving = await prove(workflow, "good.example", "bad.example", "worse.example")
    for n, kind in ((1, "dns"), (2, "unauthorized")):
        error = {"type": URN + kind, "detail": f"why {n} failed"}
        ca.script[f"POST {ca.authorization_url(n)}"] = [ca.authorization(n, "invalid", kinds=("dns-01",), error=error)]
    ca.script[f"POST {ca.authorization_url(0)}"] = [ca.authorization(0, "valid")]
    failed = await run(workflow, workflow.confirm(proving))
    assert failed.state == "failed"
    assert [(proof.status, proof.problem.type if proof.problem else None) for proof in failed.proofs] == [
        ("valid", None),
        ("invalid", "dns"),
        ("invalid", "unauthorized"),
    ]
    assert failed.problem is not None
    assert failed.problem.detail == "why 1 failed"


async def test_order_that_fails_without_a_reason_says_so() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[READ_ORDER] = [ca.order("invalid")]
    workflow = flow_to(ca)
    failed = await run(workflow, workflow.confirm(await prove(workflow, "shop.example")))
    assert failed.problem is not None
    assert failed.problem.type == ORDER_GONE


@pytest.mark.parametrize("status", ["valid", "processing", "invalid"])
async def test_challenge_that_was_settled_by_a_lost_answer_is_no_hindrance(status: str) -> None:
    ca = ScriptedCA("shop.example")
    workflow = flow_to(ca)
    proving = await prove(workflow, "shop.example")
    ca.script[f"POST {ca.challenge_url(0)}"] = [refusal("malformed")]
    ca.script[f"POST {ca.authorization_url(0)}"] = [ca.authorization(0, status)]
    assert (await run(workflow, workflow.confirm(proving))).state == "issued"


@pytest.mark.parametrize("kind", ["malformed", "unauthorized", "rateLimited"])
async def test_challenge_that_is_refused_while_pending_stops(kind: str) -> None:
    ca = ScriptedCA("shop.example")
    ca.script[f"POST {ca.challenge_url(0)}"] = [refusal(kind)]
    workflow = flow_to(ca)
    saved = await stopped(workflow, workflow.confirm(await prove(workflow, "shop.example")), ProblemError)
    assert saved.state == "verifying"


# ---- going on ----


async def every_record() -> tuple[ScriptedCA, Workflow, list[dict[str, Any]]]:
    """All records that a whole issuance saves, and the CA and browser that they belong to."""
    ca = ScriptedCA(*NAMES)
    ca.script[FINALIZE] = [ca.order("processing")]
    ca.script[READ_ORDER] = [ca.order("ready"), ca.order("valid")]
    workflow = flow_to(ca)
    await issue(workflow)
    assert isinstance(workflow.ports.store, HistoryStore)
    return ca, workflow, [entry for entry in workflow.ports.store.history if "state" in entry]


@pytest.mark.parametrize(
    "state", ["asked", "registered", "ordered", "proving", "verifying", "ready", "finalizing", "downloading", "issued"]
)
async def test_issuance_goes_on_from_every_saved_state_after_a_reload(state: State) -> None:
    ca, workflow, history = await every_record()
    record = next(entry for entry in history if entry["state"] == state)
    orders, accounts = len(ca.sent(NEW_ORDER)), len(ca.sent(NEW_ACCOUNT))
    ca.script[READ_ORDER] = [ca.order("ready")] if state in ("proving", "verifying") else [ca.order("valid")]
    ca.script[FINALIZE] = [ca.order("valid")]
    reloaded = Workflow(workflow.ports, (CA,))
    issuance = await run(reloaded, read_issuance(record))
    if issuance.state == "proving":
        ca.script[READ_ORDER] = [ca.order("ready")]
        issuance = await run(reloaded, reloaded.confirm(issuance))
    assert issuance.state == "issued"
    assert len(ca.sent(NEW_ORDER)) - orders == (state in ("asked", "registered"))
    assert len(ca.sent(NEW_ACCOUNT)) == accounts


async def test_failed_issuance_stays_failed() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[READ_ORDER] = [ca.order("invalid")]
    workflow = flow_to(ca)
    failed = await run(workflow, workflow.confirm(await prove(workflow, "shop.example")))
    ca.requests.clear()
    assert await run(workflow, failed) == failed
    assert ca.requests == []


@pytest.mark.parametrize(
    ("key", "state"),
    [
        pytest.param(NEW_ACCOUNT, "asked", id="account"),
        pytest.param(NEW_ORDER, "registered", id="order"),
        pytest.param(f"POST {ScriptedCA.challenge_url(0)}", "verifying", id="challenge"),
        pytest.param(FINALIZE, "ready", id="finalize"),
    ],
)
async def test_lost_answer_costs_no_more_than_its_step(key: str, state: str) -> None:
    ca = ScriptedCA("shop.example")
    ca.script[key] = [NetworkError(ORDER), *ca.script[key]]
    workflow = flow_to(ca)
    issuance = begun(workflow, "shop.example")
    if state in ("verifying", "ready"):
        issuance = workflow.confirm(await run(workflow, issuance))
    saved = await stopped(workflow, issuance, NetworkError)
    assert saved.state == state
    again = await run(workflow, saved)
    assert again.state == ("issued" if state in ("verifying", "ready") else "proving")
    assert again.account_url == ACCOUNT


async def test_account_that_existed_is_used_as_it_is() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[NEW_ACCOUNT] = [answer({"status": "valid"}, status=200, location=ACCOUNT)]  # §7.3.1
    assert (await prove(flow_to(ca), "shop.example")).account_url == ACCOUNT


async def test_account_without_an_address_is_refused() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[NEW_ACCOUNT] = [answer({"status": "valid"}, status=201)]
    workflow = flow_to(ca)
    await stopped(workflow, begun(workflow, "shop.example"), ProtocolError)


# ---- what is saved ----


async def test_saved_issuances_come_newest_first() -> None:
    workflow = flow_to(ScriptedCA("shop.example"))
    for n in range(3):
        await workflow.save(workflow.begin(str(n), choices("shop.example")))
        await workflow.ports.clock.sleep(1)
    assert [issuance.id for issuance in await workflow.saved()] == ["2", "1", "0"]


async def test_records_of_others_in_the_store_are_left_alone() -> None:
    workflow = flow_to(ScriptedCA("shop.example"))
    await workflow.ports.store.put("settings", {"theme": "dark"})
    assert await workflow.saved() == []


async def test_forgotten_issuance_is_gone_with_its_key_and_the_account_stays() -> None:
    workflow = flow_to(ScriptedCA("shop.example"))
    issued = await issue(workflow, "shop.example")
    await delete(workflow, issued.id)
    assert await workflow.saved() == []
    assert await workflow.ports.keys.load(issued.certificate_key) is None
    assert await workflow.ports.keys.load(account_key(issued)) is not None


async def test_time_of_each_state_is_kept() -> None:
    workflow = flow_to(ScriptedCA("shop.example"))
    proving = await prove(workflow, "shop.example")
    assert isinstance(workflow.ports.clock, NoonClock)
    await workflow.ports.clock.sleep(60)
    confirmed = workflow.confirm(proving)
    assert confirmed.since - proving.since == 60
    assert confirmed.created == proving.created
