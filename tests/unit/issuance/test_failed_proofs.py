"""Where a failed proof shows: each server tells it in another place, and a person hears of it at once."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from app.errors import NetworkError
from app.issuance.record import issuance_to_json, read_issuance
from app.ports import Response
from tests.unit.script import URN, answer, refusal
from tests.unit.scripted_ca import NEW_ORDER, READ_ORDER, NoonClock, ScriptedCA
from tests.unit.visit import GOOD, Visit

NO_RECORD: Final = {"type": f"{URN}dns", "detail": "no TXT record at _acme-challenge.shop.example"}
TWO: Final = ("shop.example", "www.shop.example")


def challenge(ca: ScriptedCA, n: int, status: str, **members: Any) -> Response:
    """The answer to the answer to the challenge of name `n` (RFC 8555 §7.5.1)."""
    return answer({"type": "dns-01", "url": ca.challenge_url(n), "status": status, "token": f"token-of-name-{n}", **members})


def authorization(ca: ScriptedCA, n: int, status: str, of_challenge: str, **members: Any) -> Response:
    """The authorization of name `n` in `status`, with its challenge in another one."""
    body = json.loads(ca.authorization(n, of_challenge, kinds=("dns-01",), **members).body)
    return answer({**body, "status": status})


async def published(*names: str) -> Visit:
    """A person who has published, at a CA that leaves the order pending."""
    names = names or TWO[:1]
    visit = Visit(*names, fields=replace(GOOD, domains=" ".join(names)))
    await visit.session.start()
    visit.ca.script[READ_ORDER] = [visit.ca.order("pending")]
    return visit


def waited(visit: Visit) -> float:
    """Seconds that the page has waited."""
    assert isinstance(visit.ports.clock, NoonClock)
    return sum(visit.ports.clock.slept)


def assert_proof_failed(visit: Visit, *, again: bool) -> None:
    """The page says which name failed and why, and which button leads on: another answer, or a new order."""
    assert visit.page.message.title == "The proof failed for shop.example"
    assert NO_RECORD["detail"] in visit.page.message.detail
    assert visit.page.view.prove
    assert (visit.page.view.busy, visit.page.view.prove.failed) == (False, not again)


# ---- step-ca: an error under a challenge that stays pending, as do its authorization and order ----


def step_ca(ca: ScriptedCA, *, at_once: bool = True) -> None:
    """step-ca looks before it answers; `at_once` is False where its answer does not show that."""
    ca.script[f"POST {ca.challenge_url(0)}"] = [
        challenge(ca, 0, "pending", error=NO_RECORD) if at_once else challenge(ca, 0, "pending"),
        challenge(ca, 0, "valid"),
    ]
    ca.script[f"POST {ca.authorization_url(0)}"] = [authorization(ca, 0, "pending", "pending", error=NO_RECORD)]


@pytest.mark.parametrize("told", ["in the answer", "in the authorization"])
async def test_error_in_a_pending_challenge_ends_at_once_and_the_same_order_is_answered_again(told: str) -> None:
    """step-ca: the answer to the challenge, or the challenge itself, is all that tells; answering once more works."""
    visit = await published()
    step_ca(visit.ca, at_once=told == "in the answer")
    before = visit.page.view.prove
    await visit.session.verify()
    assert_proof_failed(visit, again=True)
    assert "press “Try again”" in visit.page.message.text
    assert visit.page.view.prove == before  # the same values count
    assert waited(visit) < 5
    visit.ca.script[READ_ORDER] = [visit.ca.order("ready")]
    await visit.session.verify()
    assert visit.page.view.step == "certificate"
    assert visit.page.error is None
    assert len(visit.ca.sent(NEW_ORDER)) == 1
    assert visit.ca.answered() == [visit.ca.challenge_url(0)] * 2


async def test_failed_proof_that_can_be_answered_again_outlives_the_page() -> None:
    visit = await published()
    step_ca(visit.ca)
    await visit.session.verify()
    await visit.reload()
    await visit.resume()
    assert_proof_failed(visit, again=True)
    assert visit.entries() == [("shop.example", "open")]


async def test_page_that_dies_before_it_shows_a_failed_proof_does_not_answer_by_itself() -> None:
    """Each answer may cost one of the few tries that a CA allows."""
    visit = await published()
    step_ca(visit.ca)
    await visit.session.verify()
    history = visit.ports.store.history  # type: ignore[attr-defined]
    (told, *_) = [entry for entry in history if entry.get("state") == "verifying" and entry["proofs"][0]["problem"]]
    await visit.workflow.save(read_issuance(told))
    await visit.reload()
    await visit.resume()
    assert_proof_failed(visit, again=True)
    assert visit.ca.answered() == [visit.ca.challenge_url(0)]


async def test_only_the_names_that_failed_are_answered_again() -> None:
    visit = await published(*TWO)
    step_ca(visit.ca)
    visit.ca.script[f"POST {visit.ca.challenge_url(1)}"] = [challenge(visit.ca, 1, "valid")]
    await visit.session.verify()
    assert_proof_failed(visit, again=True)
    visit.ca.script[READ_ORDER] = [visit.ca.order("ready")]
    await visit.session.verify()
    assert visit.page.view.step == "certificate"
    assert visit.ca.answered() == [visit.ca.challenge_url(0)] * 2 + [visit.ca.challenge_url(1)]


@pytest.mark.parametrize("told", ["in the answer", "in the authorization"])
async def test_invalid_challenge_ends_the_order_though_all_around_it_stays_pending(told: str) -> None:
    """step-ca, where a value is wrong; only a new order brings another challenge."""
    visit, ca = await published(), ScriptedCA(*TWO[:1])
    said = challenge(ca, 0, "invalid", error=NO_RECORD) if told == "in the answer" else Response(200, {}, b"")
    visit.ca.script[f"POST {ca.challenge_url(0)}"] = [said]
    visit.ca.script[f"POST {ca.authorization_url(0)}"] = [authorization(ca, 0, "pending", "invalid", error=NO_RECORD)]
    await visit.session.verify()
    assert_proof_failed(visit, again=False)
    assert waited(visit) < 5


async def test_valid_challenge_is_not_asked_for_again() -> None:
    """The answer to the challenge told it already."""
    visit = await published(*TWO)
    visit.ca.script[READ_ORDER] = [*[visit.ca.order("pending")] * 7, visit.ca.order("ready")]
    visit.ca.script[f"POST {visit.ca.challenge_url(0)}"] = [challenge(visit.ca, 0, "valid")]
    await visit.session.verify()
    assert visit.page.view.step == "certificate"
    reads = [len(visit.ca.sent(f"POST {visit.ca.authorization_url(n)}")) for n in range(2)]
    assert reads[0] == 1 < reads[1]


# ---- ZeroSSL: the error of a challenge that failed is an empty object, and the order has none ----


async def test_failed_proof_without_any_reason_is_a_failed_proof() -> None:
    visit = await published(*TWO)
    ca = visit.ca
    ca.script[f"POST {ca.authorization_url(0)}"] = [authorization(ca, 0, "invalid", "invalid", error={})]
    ca.script[f"POST {ca.authorization_url(1)}"] = [authorization(ca, 1, "valid", "valid")]
    ca.script[READ_ORDER] = [ca.order("invalid")]
    await visit.session.verify()
    assert visit.page.message.title == "The proof failed for shop.example"
    assert "does not say what it found" in visit.page.message.text
    assert visit.page.view.prove
    assert visit.page.view.prove.failed


# ---- serles: the answer to the challenge is refused with the reason why the proof failed ----


@pytest.mark.parametrize("kind", ["dns", "connection", "incorrectResponse", "tls", "caa", "rejectedIdentifier", "unauthorized"])
async def test_refused_answer_is_the_failed_proof(kind: str) -> None:
    """serles: its authorization keeps the bare type, its challenge stays processing; another answer makes it look again."""
    visit = await published()
    stays = authorization(visit.ca, 0, "pending", "processing", error={"type": URN + kind})
    visit.ca.script[f"POST {visit.ca.authorization_url(0)}"] = [stays]
    refused = refusal(kind, members={"detail": NO_RECORD["detail"]})
    visit.ca.script[f"POST {visit.ca.challenge_url(0)}"] = [refused, challenge(visit.ca, 0, "valid")]
    await visit.session.verify()
    assert_proof_failed(visit, again=True)
    assert waited(visit) == 0
    visit.ca.script[READ_ORDER] = [visit.ca.order("ready")]
    await visit.session.verify()
    assert visit.page.view.step == "certificate"


async def test_refused_answer_that_leaves_no_trace_is_the_failed_proof_too() -> None:
    visit = await published()
    subproblems = [{**NO_RECORD, "identifier": {"type": "dns", "value": "shop.example"}}]
    visit.ca.script[f"POST {visit.ca.challenge_url(0)}"] = [refusal("compound", members={"subproblems": subproblems})]
    await visit.session.verify()
    assert_proof_failed(visit, again=True)


async def test_refused_answer_to_a_challenge_that_is_invalid_then_needs_a_new_order() -> None:
    visit = await published()
    stays = authorization(visit.ca, 0, "invalid", "invalid", error=NO_RECORD)
    visit.ca.script[f"POST {visit.ca.authorization_url(0)}"] = [stays]
    visit.ca.script[f"POST {visit.ca.challenge_url(0)}"] = [refusal("dns", members={"detail": NO_RECORD["detail"]})]
    await visit.session.verify()
    assert_proof_failed(visit, again=False)


@pytest.mark.parametrize(
    ("kind", "status", "title"),
    [
        ("rateLimited", 429, "Test CA says: too many requests"),
        ("serverInternal", 500, "Test CA had an internal error"),
        ("badNonce", 400, "Test CA refused every one-time number"),
        ("userActionRequired", 403, "Test CA has new terms of service"),
        ("accountDoesNotExist", 400, "Test CA does not know this account any more"),
        (
            "unauthorized",
            401,
            "Test CA does not accept this account",
        ),  # a closed account: the authorization knows nothing of a failed proof
    ],
)
async def test_other_refusals_are_no_failed_proof(kind: str, status: int, title: str) -> None:
    visit = await published()
    visit.ca.script[f"POST {visit.ca.challenge_url(0)}"] = [refusal(kind, status=status)]
    await visit.session.verify()
    assert visit.page.message.title == title
    (saved,) = await visit.workflow.saved()
    assert (saved.state, saved.proofs[0].problem) == ("verifying", None)


# ---- OpenBao: an error from the first second on, while the CA still looks ----


def open_bao(ca: ScriptedCA, *ends: Response) -> None:
    """The challenge is processing with an error; `ends` are what its authorization becomes."""
    working = authorization(ca, 0, "pending", "processing", error=NO_RECORD)
    ca.script[f"POST {ca.challenge_url(0)}"] = [challenge(ca, 0, "processing")]
    ca.script[f"POST {ca.authorization_url(0)}"] = [working, working, *(ends or [working])]


async def test_error_in_a_processing_challenge_is_said_at_once_and_waited_for() -> None:
    """OpenBao and Vault: invalid comes 106 s after the first error."""
    visit = await published()
    open_bao(visit.ca, authorization(visit.ca, 0, "invalid", "invalid", error=NO_RECORD))
    told: list[float] = []
    show = visit.page.show_error

    def noted(message: Any) -> None:
        show(message)
        if message:
            told.append(waited(visit))
            assert NO_RECORD["detail"] in message.detail
            assert message.title in (
                "Test CA has not found the proof for shop.example yet",
                "The proof failed for shop.example",
            )

    visit.page.show_error = noted  # type: ignore[method-assign]
    await visit.session.verify()
    assert len(told) == 2  # once while it works, once at its end
    assert told[0] < 5
    assert any(view.busy and view.can_leave and view.can_poll_now for view in visit.page.views)
    assert_proof_failed(visit, again=False)


async def test_error_that_passes_while_the_ca_looks_is_forgotten() -> None:
    """The record comes late, and OpenBao finds it."""
    visit = await published()
    open_bao(visit.ca)
    visit.ca.script[READ_ORDER] = [*[visit.ca.order("pending")] * 6, visit.ca.order("ready")]
    await visit.session.verify()
    assert visit.page.view.step == "certificate"
    assert visit.page.error is None


async def test_ca_that_never_ends_is_given_up_and_asked_anew_with_the_next_click() -> None:
    visit = await published()
    open_bao(visit.ca)
    await visit.session.verify()
    assert visit.page.message.title == "Test CA is still working on the order"
    visit.ca.script[READ_ORDER] = [visit.ca.order("ready")]
    await visit.session.verify()
    assert visit.page.view.step == "certificate"
    assert visit.ca.answered() == [visit.ca.challenge_url(0)] * 2


async def test_looks_become_rarer_the_longer_a_ca_takes() -> None:
    visit = await published()
    open_bao(visit.ca)
    await visit.session.verify()
    looks, polls = (len(visit.ca.sent(key)) for key in (f"POST {visit.ca.authorization_url(0)}", READ_ORDER))
    assert looks <= polls <= 40


# ---- the answer to a challenge that was lost, or cannot be read ----


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"status": 5}', b'{"status": "pending", "error": {"detail": []}}'])
async def test_answer_to_a_challenge_that_cannot_be_read_says_nothing(body: bytes) -> None:
    visit = Visit()
    await visit.session.start()
    visit.ca.script[f"POST {visit.ca.challenge_url(0)}"] = [Response(200, {}, body)]
    await visit.session.verify()
    assert visit.page.view.step == "certificate"


async def test_failed_proof_of_one_name_counts_though_the_answer_to_another_was_lost() -> None:
    visit = await published(*TWO)
    visit.ca.script[f"POST {visit.ca.challenge_url(0)}"] = [challenge(visit.ca, 0, "invalid", error=NO_RECORD)]
    visit.ca.script[f"POST {visit.ca.authorization_url(0)}"] = [
        authorization(visit.ca, 0, "invalid", "invalid", error=NO_RECORD)
    ]
    lost = NetworkError(visit.ca.challenge_url(1))
    visit.ca.script[f"POST {visit.ca.challenge_url(1)}"] = [lost, challenge(visit.ca, 1, "processing")]
    await visit.session.verify()
    assert_proof_failed(visit, again=False)


@pytest.mark.parametrize("order", ["pending", "invalid"])
async def test_authorization_that_is_not_found_any_more_does_not_hide_how_the_order_ended(order: str) -> None:
    """Some CAs drop the authorizations of an order that has failed."""
    visit = await published(*TWO)
    visit.ca.script[f"POST {visit.ca.challenge_url(0)}"] = [challenge(visit.ca, 0, "invalid", error=NO_RECORD)]
    for n in range(2):
        visit.ca.script[f"POST {visit.ca.authorization_url(n)}"] = [Response(404, {}, b"")]
    visit.ca.script[READ_ORDER] = [visit.ca.order(order)]
    await visit.session.verify()
    assert_proof_failed(visit, again=False)


# ---- what is saved ----


async def test_record_without_the_kind_of_its_proofs_is_read() -> None:
    visit = await published()
    (saved,) = await visit.workflow.saved()
    kept = issuance_to_json(saved)
    for proof in kept["proofs"]:
        del proof["kind"]
    read = read_issuance(kept)
    assert read.proofs[0].kind == ""
    assert read.kind_of(read.proofs[0]) == "dns-01"


async def test_second_tab_sees_the_failed_proof() -> None:
    one = await published()
    step_ca(one.ca)
    other = Visit(beside=one)
    await other.open()
    await other.resume()
    await one.session.verify()
    for _ in range(50):
        await one.ports.clock.sleep(0)
    assert other.page.view.is_follower
    assert other.page.message == one.page.message
