"""Accounts as this browser keeps them, at a scripted CA."""

import json
from dataclasses import replace
from typing import Any

import pytest

from app.accounts.commands import roll_over
from app.accounts.stored_account import RECORD_PREFIX, NewAccount, StoredAccount
from app.acme.problem import ProblemError
from app.errors import InputError, ProtocolError, StorageError
from app.issuance.workflow import Workflow
from app.ports import Request, Response
from app.text.error_messages import message_for
from app.ui.form.account import AccountForm
from app.ui.form.fields import in_its_field
from tests.unit.keys import assert_signed
from tests.unit.records import CA, DIRECTORY, choices
from tests.unit.script import answer, read_post, refusal
from tests.unit.scripted_ca import ACCOUNT, BASE, NEW_ACCOUNT, NEW_ORDER, ScriptedCA, ports_to
from tests.unit.visit import GOOD, Visit

TERMS = "https://ca.example/terms-of-2026"
URLS = {"newNonce": f"{BASE}/nonce", "newAccount": f"{BASE}/new-account", "newOrder": f"{BASE}/new-order"}


async def test_terms_of_the_directory_are_linked_before_a_person_agrees() -> None:
    visit = Visit()
    visit.ca.script[f"GET {DIRECTORY}"] = [answer({**URLS, "meta": {"termsOfService": TERMS}})]
    await visit.session.start()
    assert visit.page.message.link == TERMS
    assert not visit.page.fields.agree_tos
    assert not visit.ca.sent(NEW_ACCOUNT)
    visit.page.fields = replace(visit.page.fields, agree_tos=True)
    await visit.session.start()
    assert visit.page.view.step == "prove"


async def test_terms_that_were_linked_are_not_asked_again() -> None:
    visit = Visit(fields=replace(GOOD, account=AccountForm(terms=TERMS)))
    visit.ca.script[f"GET {DIRECTORY}"] = [answer({**URLS, "meta": {"termsOfService": TERMS}})]
    await visit.session.start()
    assert visit.page.view.step == "prove"


async def test_new_terms_are_asked_for_anew() -> None:
    visit = Visit()
    visit.ca.script[NEW_ORDER].insert(0, refusal("userActionRequired", status=403, members={"instance": TERMS}))
    await visit.session.start()
    assert visit.page.terms[-1] == TERMS
    assert not visit.page.fields.agree_tos
    visit.page.fields = replace(visit.page.fields, agree_tos=True)
    await visit.session.start()
    assert visit.page.view.step == "prove"


async def test_credentials_that_the_ca_wants_are_asked_for_and_never_saved() -> None:
    visit = Visit()
    visit.ca.script[f"GET {DIRECTORY}"] = [answer({**URLS, "meta": {"externalAccountRequired": True}})]
    await visit.session.start()
    assert visit.page.credentials
    assert [error.field for error in visit.page.field_errors] == ["eab-kid"]
    assert not visit.ca.sent(NEW_ACCOUNT)
    typed = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0"
    visit.page.fields = replace(visit.page.fields, account=AccountForm(eab_kid="kid-1", eab_key=typed))
    await visit.session.start()
    assert visit.page.view.step == "prove"
    payload = read_post(visit.ca.sent(NEW_ACCOUNT)[-1]).payload
    assert set(payload["externalAccountBinding"]) == {"protected", "payload", "signature"}
    for key in await visit.ports.store.keys():
        assert "secret" not in str(await visit.ports.store.get(key))
        assert typed not in str(await visit.ports.store.get(key))


async def test_ca_that_wants_credentials_without_saying_so_before_asks_for_them_too() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[NEW_ACCOUNT] = [refusal("externalAccountRequired", status=403)]
    workflow = Workflow(ports_to(ca), (CA,))
    with pytest.raises(InputError) as caught:
        await workflow.run(workflow.begin("1", choices("shop.example")), lambda _: None)
    error = in_its_field(caught.value)
    assert error
    assert error.field == "eab-kid"
    assert "Test CA" in message_for(error, CA).title


async def test_key_follows_the_choice_until_the_ca_has_the_account() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[NEW_ACCOUNT].insert(0, refusal("invalidContact"))
    workflow = Workflow(ports_to(ca), (CA,))
    begun = workflow.begin("1", choices("shop.example"))
    for extractable in (False, True):
        workflow.accounts.wanted[DIRECTORY] = NewAccount(extractable=extractable)
        if not extractable:
            with pytest.raises(ProblemError):
                await workflow.run(begun, lambda _: None)
    await workflow.run(begun, lambda _: None)
    assert await workflow.ports.keys.export_pkcs8(RECORD_PREFIX + DIRECTORY)
    workflow.accounts.wanted[DIRECTORY] = NewAccount(extractable=False)
    await workflow.run(workflow.begin("2", choices("shop.example")), lambda _: None)
    assert await workflow.ports.keys.export_pkcs8(RECORD_PREFIX + DIRECTORY)  # the account's own, as it was made


@pytest.mark.parametrize("record", [{}, {"version": 2}, {"version": 3}, {"version": 1, "foreign": 1}])
def test_damaged_record_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(StorageError):
        StoredAccount.from_json(record)


CHANGE = f"POST {BASE}/key-change"


async def rolled(*answers: Response) -> tuple[ScriptedCA, Workflow, StoredAccount]:
    """An account whose CA answers a key change, and the question whose the new key is, by `answers`."""
    ca = ScriptedCA("shop.example")
    ca.script[f"GET {DIRECTORY}"] = [answer({**URLS, "keyChange": f"{BASE}/key-change"})]
    workflow = Workflow(ports_to(ca), (CA,))
    await workflow.run(workflow.begin("1", choices("shop.example")), lambda _: None)
    account = await workflow.accounts.saved(DIRECTORY)
    assert account is not None
    ca.script[CHANGE], ca.script[NEW_ACCOUNT] = [answers[0]], list(answers[1:]) or [answer()]
    return ca, workflow, account


async def test_key_change_is_signed_by_the_new_key_within_the_old_one() -> None:
    ca, workflow, account = await rolled(answer(), answer({}, location=ACCOUNT))
    old = await workflow.ports.keys.load(account.key)
    await roll_over(workflow, account)
    new = await workflow.ports.keys.load((await workflow.accounts.all())[0].key)
    assert old is not None
    assert new is not None
    outer = read_post(ca.sent(CHANGE)[0])
    assert outer.protected["kid"] == account.url
    inner = read_post(Request("POST", "", {}, json.dumps(outer.payload).encode()))
    assert inner.protected == {"alg": "ES256", "jwk": new.public_jwk, "url": f"{BASE}/key-change"}
    assert inner.payload == {"account": account.url, "oldKey": old.public_jwk}
    assert_signed("ec-p256", new.public_spki, inner.signed, inner.signature)


async def test_key_of_another_account_is_a_conflict_and_the_old_one_stays() -> None:
    _, workflow, account = await rolled(Response(409, {"location": f"{BASE}/account/2"}, b""))
    with pytest.raises(ProblemError) as caught:
        await roll_over(workflow, account)
    assert caught.value.problem.type == "conflict"
    assert await workflow.accounts.saved(DIRECTORY) == account
    assert await workflow.ports.keys.load(account.key)


async def test_old_key_stays_where_the_ca_says_yes_and_means_no() -> None:
    _, workflow, account = await rolled(answer(), refusal("accountDoesNotExist"))
    with pytest.raises(ProtocolError):
        await roll_over(workflow, account)
    assert await workflow.accounts.saved(DIRECTORY) == account


@pytest.mark.parametrize(("member", "renewed"), [("issuerDomainNames", True), ("issuer-domain-names", False)])
async def test_record_that_stays_is_another_one_after_a_key_change_in_draft_02_only(member: str, renewed: bool) -> None:  # noqa: FBT001
    """draft-ietf-acme-dns-persist-02 §3.1 hashes the key's thumbprint into the record; draft-01 names the account alone."""
    ca = ScriptedCA("shop.example")
    meta = {"accountHashPrefix": f"{BASE}/hash/"}
    ca.script[f"GET {DIRECTORY}"] = [answer({**URLS, "keyChange": f"{BASE}/key-change", "meta": meta})]
    members: dict[str, Any] = {member: ["ca.example"]}
    offered = ca.authorization(0, kinds=("dns-persist-01",), **members)
    ca.script[f"POST {ca.authorization_url(0)}"] = [offered]
    workflow = Workflow(ports_to(ca), (CA,))
    proving = await workflow.run(workflow.begin("1", choices("shop.example", challenge="dns-persist-01")), lambda _: None)
    ca.script[CHANGE] = [answer()]
    await roll_over(workflow, (await workflow.accounts.all())[0])
    (saved,) = await workflow.saved()
    again = await workflow.run(saved, lambda _: None)
    assert again.state == "proving"
    assert (again.publications != proving.publications) == renewed
