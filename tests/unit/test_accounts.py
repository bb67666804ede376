"""Accounts as this browser keeps them, at a scripted CA."""

from dataclasses import replace

import pytest

from app.acme.problem import ProblemError
from app.errors import InputError, StorageError
from app.flow.accounts import RECORD_PREFIX, NewAccount, SavedAccount
from app.flow.advance import Flow
from app.ui.accounts import AccountForm
from app.ui.messages import message_for
from tests.unit.ca import BASE, NEW_ACCOUNT, NEW_ORDER, ScriptedCA, ports_to
from tests.unit.records import CA, DIRECTORY, choices
from tests.unit.script import answer, read_post, refusal
from tests.unit.test_session import GOOD, Visit

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
    flow = Flow(ports_to(ca), (CA,))
    with pytest.raises(InputError) as caught:
        await flow.run(flow.begin("1", choices("shop.example")), lambda _: None)
    assert caught.value.field == "eab-kid"
    assert "Test CA" in message_for(caught.value, CA).title


async def test_key_follows_the_choice_until_the_ca_has_the_account() -> None:
    ca = ScriptedCA("shop.example")
    ca.script[NEW_ACCOUNT].insert(0, refusal("invalidContact"))
    flow = Flow(ports_to(ca), (CA,))
    begun = flow.begin("1", choices("shop.example"))
    for extractable in (False, True):
        flow.accounts.wanted[DIRECTORY] = NewAccount(extractable=extractable)
        if not extractable:
            with pytest.raises(ProblemError):
                await flow.run(begun, lambda _: None)
    await flow.run(begun, lambda _: None)
    assert await flow.ports.keys.export_pkcs8(RECORD_PREFIX + DIRECTORY)
    flow.accounts.wanted[DIRECTORY] = NewAccount(extractable=False)
    await flow.run(flow.begin("2", choices("shop.example")), lambda _: None)
    assert await flow.ports.keys.export_pkcs8(RECORD_PREFIX + DIRECTORY)  # the account's own, as it was made


@pytest.mark.parametrize("record", [{}, {"version": 2}, {"version": 1, "foreign": 1}])
def test_damaged_record_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(StorageError):
        SavedAccount.from_json(record)
