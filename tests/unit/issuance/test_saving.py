"""What is in the store at each request: everything that the answers before it have brought, and the key it is made with."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.accounts.stored_account import NewAccount
from app.acme.problem import ProblemError
from app.errors import NetworkError, NoProgressError
from app.issuance.issuance import Issuance, Proof
from app.issuance.record import issuance_to_json, read_issuance
from app.issuance.workflow import Workflow
from app.issuance.writer import IssuanceWriter
from app.ports import KeyHandle, Request, Response
from tests.adapters import NativeKeyStore
from tests.unit.chains import NOW
from tests.unit.records import CA, record
from tests.unit.says import says
from tests.unit.script import answer, read_post, refusal
from tests.unit.scripted_ca import ACCOUNT, FINALIZE, NEW_ACCOUNT, NEW_ORDER, ORDER, READ_ORDER, NoonClock, ScriptedCA
from tests.unit.walk import flow_to, issue, prove, run, saved_states, stopped

Fact = Callable[[Issuance], bool]


class Witness(ScriptedCA):
    """A CA that looks into the browser's store at each request, whether all is in it that its answers have brought so far.

    Requests for several names go out side by side; what they bring is looked for at the next request of another kind.
    """

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.workflow: Workflow
        self.looked: list[str] = []
        self._facts: list[tuple[str, str, Fact]] = []

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        kind = _kind(request)
        (saved,) = await self.workflow.saved()
        missing = [what for source, what, fact in self._facts if source != kind and not fact(saved)]
        assert not missing, f"at the request {request.url} the store lacks: {missing}"
        if kind == "finalize":
            key = await self.workflow.ports.keys.load(saved.certificate_key)
            assert key, "the request for the certificate went out before its key was kept"
        response = await super().send(request)
        self._learn(kind, request, response)
        self.looked.append(kind)
        return response

    def _learn(self, kind: str, request: Request, response: Response) -> None:
        body: dict[str, Any] = json.loads(response.body) if response.body.startswith(b"{") else {}
        match kind:
            case "new-account":
                self._note(kind, "the account", lambda issuance: issuance.account_url == ACCOUNT)
            case "new-order":
                self._note(kind, "the order", lambda issuance: (issuance.order_url, issuance.finalize_url) == _urls(body))
                self._note(kind, "its names", lambda issuance: list(issuance.authorization_urls) == body["authorizations"])
            case "authorization" if body["status"] == "pending":
                url = body["challenges"][0]["url"]
                self._note(kind, f"what to publish for {url}", lambda issuance: _proof(issuance, url) is not None)
            case "challenge":
                self._note(kind, f"the answer to {request.url}", lambda issuance: _answered(issuance, request.url))
            case "order" | "finalize" if "certificate" in body:
                self._note(kind, "the certificate’s address", lambda issuance: issuance.certificate_url == body["certificate"])
            case "order" if "retry-after" in response.headers:
                moment = self.workflow.ports.clock.now() + float(response.headers["retry-after"])
                self._note(kind, "when to ask again", lambda issuance: issuance.ask_again >= moment)
                # The same resource is asked again and again, so the next question for it must find this, too.
                self._facts[-1] = ("", *self._facts[-1][1:])

    def _note(self, kind: str, what: str, fact: Fact) -> None:
        self._facts.append((kind, what, fact))


def _kind(request: Request) -> str:
    path = request.url.removeprefix("https://ca.example/").split("/")
    return "finalize" if path[-1] == "finalize" else path[0]


def _urls(order: dict[str, Any]) -> tuple[str, str]:
    return ORDER, order["finalize"]


def _proof(issuance: Issuance, challenge_url: str) -> Proof | None:
    return next((proof for proof in issuance.proofs if proof.challenge_url == challenge_url), None)


def _answered(issuance: Issuance, challenge_url: str) -> bool:
    proof = _proof(issuance, challenge_url)
    return proof is not None and proof.answered


def waiting(ca: ScriptedCA, status: str, seconds: int) -> Response:
    """The order in `status`, with the wish to be asked again."""
    order = ca.order(status)
    return replace(order, headers={**order.headers, "retry-after": str(seconds)})


async def test_every_request_finds_all_in_the_store_that_answers_have_brought() -> None:
    ca = Witness("a.example", "b.example", "c.example")
    ca.script[READ_ORDER] = [waiting(ca, "pending", 9), ca.order("ready"), waiting(ca, "processing", 5), ca.order("valid")]
    ca.script[FINALIZE] = [ca.order("processing")]
    ca.workflow = flow_to(ca)
    issued = await issue(ca.workflow, "a.example", "b.example", "c.example")
    assert issued.state == "issued"
    kinds = ["dir", "nonce", "new-account", "new-order", "authorization", "challenge", "order", "finalize", "certificate"]
    assert list(dict.fromkeys(ca.looked)) == ["dir", "nonce", *kinds[2:]]
    assert ca.looked.count("order") == 4


# ---- several names, one record ----

THREE = ("a.example", "b.example", "c.example")


async def test_each_answered_challenge_is_kept_and_not_answered_again() -> None:
    """The first answer is lost at once, the others come later: they must not be lost with it."""
    ca = ScriptedCA(*THREE)
    send = ca.send

    async def send_slowly(request: Request) -> Response:
        for _ in range(20 if request.url in (ca.challenge_url(1), ca.challenge_url(2)) else 0):
            await asyncio.sleep(0)
        return await send(request)

    ca.send = send_slowly  # type: ignore[method-assign]
    ca.script[f"POST {ca.challenge_url(0)}"] = [NetworkError(ORDER), answer({"status": "processing"})]
    workflow = flow_to(ca)
    saved = await stopped(workflow, workflow.confirm(await prove(workflow, *THREE)), NetworkError)
    assert [proof.answered for proof in saved.proofs] == [False, True, True]
    ca.requests.clear()
    assert (await run(Workflow(workflow.ports, (CA,)), saved)).state == "issued"
    assert ca.answered() == [ca.challenge_url(0)]


async def test_page_that_dies_between_two_answers_keeps_the_first() -> None:
    ca = ScriptedCA(*THREE)
    workflow = flow_to(ca)
    confirmed = workflow.confirm(await prove(workflow, *THREE))
    send, two_answered = ca.send, asyncio.Event()

    async def send_or_hang(request: Request) -> Response:
        return await (asyncio.Event().wait() if request.url == ca.challenge_url(2) else send(request))  # type: ignore[return-value]

    def notice(issuance: Issuance) -> None:
        if sum(proof.answered for proof in issuance.proofs) == 2:
            two_answered.set()

    ca.send = send_or_hang  # type: ignore[method-assign]
    visit = asyncio.ensure_future(workflow.run(confirmed, notice))
    await two_answered.wait()
    visit.cancel()
    ca.send = send  # type: ignore[method-assign]
    ca.requests.clear()
    (saved,) = await workflow.saved()
    assert (await run(Workflow(workflow.ports, (CA,)), saved)).state == "issued"
    assert ca.answered() == [ca.challenge_url(2)]


async def test_names_that_were_read_are_not_read_again() -> None:
    ca = ScriptedCA(*THREE)
    ca.script[f"POST {ca.authorization_url(1)}"] = [refusal("serverInternal", status=500), ca.authorization(1)]
    workflow = flow_to(ca)
    with pytest.raises(ProblemError, check=says("serverInternal")):
        await prove(workflow, *THREE)
    (saved,) = await workflow.saved()
    assert (saved.state, [proof.identifier.value for proof in saved.proofs]) == ("ordered", ["a.example", "c.example"])
    ca.requests.clear()
    proving = await run(Workflow(workflow.ports, (CA,)), saved)
    assert [proof.identifier.value for proof in proving.proofs] == list(THREE)
    assert [request.url for request in ca.requests if "/authorization/" in request.url] == [ca.authorization_url(1)]


async def test_what_many_answers_bring_at_once_is_saved_at_once() -> None:
    names = [f"n{n}.example" for n in range(20)]
    workflow = flow_to(ScriptedCA(*names))
    assert (await issue(workflow, *names)).state == "issued"
    once = ["asked", "registered", "ordered", "proving", "verifying"]
    assert saved_states(workflow) == [*once, "verifying", "ready", "downloading", "issued"]  # the answers; then the outcome


# ---- the account of a run ----


class CountingKeys(NativeKeyStore):
    """Remembers the names of the keys that were read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    async def load(self, name: str) -> KeyHandle | None:
        """See `app.ports.KeyStore.load`."""
        self.read.append(name)
        return await super().load(name)


async def test_account_is_read_once_in_a_visit() -> None:
    """The visit that has registered it knows it; the next one looks for it, and then makes a client of it."""
    ca, keys = ScriptedCA("shop.example"), CountingKeys()
    ports = replace(flow_to(ca).ports, keys=keys)
    for visit, reads in ((Workflow(ports, (CA,)), 0), (Workflow(ports, (CA,)), 2)):
        proving = await prove(Workflow(ports, (CA,)) if reads else visit, "shop.example")
        keys.read.clear()
        assert (await run(visit, visit.confirm(proving))).state == "issued"
        assert [name for name in keys.read if name.startswith("account ")] == [f"account {CA.directory}"] * reads


async def test_account_that_was_changed_elsewhere_meanwhile_is_read_again() -> None:
    """No tab does that while an order is under way; where one says that it has, the run must not sign with the old key."""
    ca, keys = ScriptedCA("shop.example"), CountingKeys()
    workflow = Workflow(replace(flow_to(ca).ports, keys=keys), (CA,))
    proving = await prove(workflow, "shop.example")
    keys.read.clear()

    def notice(issuance: Issuance) -> None:
        if issuance.state == "ready":
            workflow.on_record_written(f"account {CA.directory}")

    assert (await workflow.run(workflow.confirm(proving), notice)).state == "issued"
    assert [name for name in keys.read if name.startswith("account ")] == [f"account {CA.directory}"] * 2


async def test_store_that_is_slow_never_ends_with_an_older_record() -> None:
    """Two answers at once, and the store takes longer over the first: it must hold both in the end."""
    stored: list[Issuance] = []
    pauses = [5, 0]

    async def save(issuance: Issuance) -> None:
        for _ in range(pauses.pop(0)):
            await asyncio.sleep(0)
        stored.append(issuance)

    writer = IssuanceWriter(record("a.example", account_url="", order_url=""), save, lambda _: None)
    await asyncio.gather(
        writer.update(lambda issuance: replace(issuance, account_url=ACCOUNT)),
        writer.update(lambda issuance: replace(issuance, order_url=ORDER)),
    )
    assert (stored[-1].account_url, stored[-1].order_url) == (ACCOUNT, ORDER)


# ---- what is asked again, and what is not ----


async def test_challenges_are_answered_again_after_a_ca_was_given_up() -> None:
    """Answering once more is how one asks a CA to look once more (RFC 8555 §8.2)."""
    ca = ScriptedCA("shop.example")
    ca.script[READ_ORDER] = [ca.order("pending")]
    workflow = flow_to(ca)
    saved = await stopped(workflow, workflow.confirm(await prove(workflow, "shop.example")), NoProgressError)
    ca.script[READ_ORDER] = [ca.order("ready")]
    assert (await run(workflow, saved)).state == "issued"
    assert ca.answered() == [ca.challenge_url(0)] * 2


async def test_challenge_that_the_ca_works_on_is_answered_though_its_name_is_still_pending() -> None:
    """What a reopened page meets when its answer was heard: the challenge is processing, the authorization pending."""
    ca = ScriptedCA("shop.example")
    workflow = flow_to(ca)
    proving = await prove(workflow, "shop.example")
    ca.script[f"POST {ca.challenge_url(0)}"] = [refusal("malformed")]
    working = json.loads(ca.authorization(0, "processing").body)
    ca.script[f"POST {ca.authorization_url(0)}"] = [answer({**working, "status": "pending"})]
    assert (await run(workflow, workflow.confirm(proving))).state == "issued"


async def test_reopened_page_waits_as_long_as_the_ca_said() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[READ_ORDER] = [waiting(ca, "pending", 20), *[NetworkError(ORDER)] * 3, ca.order("ready")]
    workflow = flow_to(ca)
    saved = await stopped(workflow, workflow.confirm(await prove(workflow, "shop.example")), NetworkError)
    assert saved.state == "verifying"
    clock = NoonClock()
    clock.slept.append(saved.ask_again - NOW.timestamp() - 12)  # the page comes back 12 s before the CA wants to be asked
    assert (await run(Workflow(replace(workflow.ports, clock=clock), (CA,)), saved)).state == "issued"
    assert clock.slept[1] == pytest.approx(12)


async def test_certificate_is_asked_for_with_the_same_key_again() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[FINALIZE] = [NetworkError(ORDER), ca.order("valid")]
    workflow = flow_to(ca)
    saved = await stopped(workflow, workflow.confirm(await prove(workflow, "shop.example")), NetworkError)
    first = ca.csr().public_key()
    assert (await run(Workflow(workflow.ports, (CA,)), saved)).state == "issued"
    assert len(ca.sent(FINALIZE)) == 2
    assert ca.csr().public_key() == first


async def test_account_is_made_as_it_was_wanted_though_the_page_was_reopened() -> None:
    """The terms that were linked when the person agreed, and the contact, outlive the page until the CA knows them."""
    ca, terms, contact = ScriptedCA("shop.example"), "https://ca.example/terms", ("mailto:me@shop.example",)
    directory = json.loads(ca.script[f"GET {CA.directory}"][0].body)  # type: ignore[union-attr]
    ca.script[f"GET {CA.directory}"] = [*[NetworkError(ORDER)] * 3, answer({**directory, "meta": {"termsOfService": terms}})]
    workflow = flow_to(ca)
    workflow.accounts.wanted[CA.directory] = NewAccount(contact=contact, terms=terms)
    with pytest.raises(NetworkError):
        await prove(workflow, "shop.example")
    (saved,) = await workflow.saved()
    reopened = Workflow(workflow.ports, (CA,))
    assert (await run(reopened, saved)).state == "proving"
    assert read_post(ca.sent(NEW_ACCOUNT)[0]).payload == {"termsOfServiceAgreed": True, "contact": list(contact)}
    account = await reopened.accounts.saved(CA.directory)
    assert account
    assert (account.url, account.contact, account.terms) == (ACCOUNT, (), "")


# ---- an answer that did not come whole ----


async def test_order_whose_description_is_cut_is_read_at_its_address() -> None:
    ca = ScriptedCA("a.example", "b.example")
    whole = ca.order("pending", status_code=201, location=ORDER)
    ca.script[NEW_ORDER] = [replace(whole, body=whole.body[:40])]
    ca.script[READ_ORDER] = [ca.order("pending"), ca.order("ready")]
    workflow = flow_to(ca)
    proving = await prove(workflow, "a.example", "b.example")
    assert len(ca.sent(NEW_ORDER)) == 1
    assert len(proving.proofs) == 2
    assert (await run(workflow, workflow.confirm(proving))).state == "issued"


async def test_order_of_which_only_the_address_is_known_is_not_ordered_again() -> None:
    ca = ScriptedCA("shop.example")
    whole = ca.order("pending", status_code=201, location=ORDER)
    ca.script[NEW_ORDER] = [replace(whole, body=whole.body[:40])]
    ca.script[READ_ORDER] = [*[NetworkError(ORDER)] * 3, ca.order("pending"), ca.order("ready")]
    workflow = flow_to(ca)
    with pytest.raises(NetworkError):
        await prove(workflow, "shop.example")
    (saved,) = await workflow.saved()
    assert (saved.state, saved.order_url) == ("ordered", ORDER)
    reopened = Workflow(workflow.ports, (CA,))
    proving = await run(reopened, saved)
    assert (await run(reopened, reopened.confirm(proving))).state == "issued"
    assert len(ca.sent(NEW_ORDER)) == 1
    assert len(ca.sent(NEW_ACCOUNT)) == 1


async def test_record_of_before_answers_were_kept_is_read() -> None:
    workflow = flow_to(ScriptedCA("shop.example"))
    kept = issuance_to_json(workflow.confirm(await prove(workflow, "shop.example")))
    for proof in kept["proofs"]:
        del proof["answered"]
    assert [proof.answered for proof in read_issuance(kept).proofs] == [False]
