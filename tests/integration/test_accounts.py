"""Accounts, on CPython against a real Pebble."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.accounts.commands import change_contact, close, import_account, read_state, roll_over
from app.accounts.stored_account import NewAccount, StoredAccount
from app.acme.account import change_key, read_account
from app.acme.eab import ExternalAccount
from app.acme.problem import ProblemError
from app.errors import InputError, StorageError
from app.issuance.registration import OtherAccountError
from app.issuance.workflow import Workflow
from app.pki.jwk import read_key, to_jwk
from app.pki.pem import to_pem
from app.ports import KeySpec
from app.ui.form.external_account import read_hmac_key
from app.ui.form.fields import in_its_field
from tests.adapters import HttpxHttp
from tests.conftest import PracticeFactory
from tests.integration.test_issuance import choices, http, issue, make_flow
from tests.nightly import nightly_after
from tests.publishing import publish
from tests.unit.keys import native_key
from tests.unit.pki.test_jwk import FORM
from tools.ports import Ports
from tools.practice import PracticeCA

__all__ = ["http"]

# Of Pebble's own sample configuration; it reads them as base64url.
MAC_KEY = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"
BINDING = {"externalAccountBindingRequired": True, "externalAccountMACKeys": {"kid-1": MAC_KEY}}


@pytest.fixture
def strict(practice_with: PracticeFactory) -> PracticeCA:
    """A CA that takes new accounts of its customers only."""
    return practice_with(config=BINDING)


@pytest.fixture
async def strict_flow(strict: PracticeCA) -> AsyncIterator[Workflow]:
    client = HttpxHttp(strict.ssl_context)
    yield make_flow(strict, client)
    await client.close()


DRESSES = [MAC_KEY, MAC_KEY.replace("-", "+").replace("_", "/"), base64.b64encode(MAC_KEY.encode()).decode()]


@pytest.mark.parametrize("text", DRESSES, ids=["base64url", "base64", "double"])
async def test_credentials_of_the_ca_bind_a_new_account(strict: PracticeCA, strict_flow: Workflow, text: str) -> None:
    strict_flow.accounts.wanted[strict.directory_url] = NewAccount(external=ExternalAccount("kid-1", read_hmac_key(text)))
    issued = await issue(strict_flow, choices(strict, "bound.example"))
    assert issued.state == "issued"
    # An account that is there needs no credentials any more.
    strict_flow.accounts.wanted.clear()
    assert (await issue(strict_flow, choices(strict, "again.example"), "2")).account_url == issued.account_url


async def test_missing_credentials_are_asked_for_before_anything_is_sent(strict: PracticeCA, strict_flow: Workflow) -> None:
    begun = strict_flow.begin("1", choices(strict, "unbound.example"))
    with pytest.raises(InputError) as caught:
        await strict_flow.run(begun, lambda _: None)
    error = in_its_field(caught.value)
    assert error
    assert error.field == "eab-kid"
    assert isinstance(strict_flow.ports.http, HttpxHttp)
    assert not [request for request in strict_flow.ports.http.requests if request.method == "POST"]
    strict_flow.accounts.wanted[strict.directory_url] = NewAccount(external=ExternalAccount("kid-1", read_hmac_key(MAC_KEY)))
    assert (await strict_flow.run(begun, lambda _: None)).state == "proving"


async def test_wrong_credentials_are_refused_by_the_ca(strict: PracticeCA, strict_flow: Workflow) -> None:
    strict_flow.accounts.wanted[strict.directory_url] = NewAccount(external=ExternalAccount("kid-1", b"wrong" * 10))
    with pytest.raises(ProblemError):
        await issue(strict_flow, choices(strict, "wrong.example"))


@pytest.mark.parametrize("spec", nightly_after(3, ["ec-p256", "ec-p384", "rsa-2048", "rsa-3072", "rsa-4096"]))
async def test_an_account_has_the_contact_and_the_kind_of_key_that_were_chosen(
    practice: PracticeCA, http: HttpxHttp, spec: str
) -> None:
    workflow = make_flow(practice, http)
    contact = ("mailto:me@shop.example",)
    workflow.accounts.wanted[practice.directory_url] = NewAccount(contact, key_spec=spec)  # type: ignore[arg-type]
    issued = await issue(workflow, choices(practice, f"account-{spec}.example"))
    client = await workflow.client(issued)
    assert client.key.spec == spec
    account = await read_account(client)
    assert (account.status, account.contact) == ("valid", contact)


async def test_terms_that_nobody_agreed_to_come_with_their_link(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    issuance = workflow.begin("1", choices(practice, "terms.example"))
    id_ = practice.directory_url
    client, account = await workflow.connect_saved(workflow.authority(issuance), id_, await workflow.accounts.saved(id_))
    with pytest.raises(ProblemError) as caught:
        await workflow.registration.open_account(client, id_, account, terms_agreed=False)
    assert caught.value.problem.type == "userActionRequired"
    assert caught.value.problem.instance == client.directory.terms_of_service


async def saved(workflow: Workflow, practice: PracticeCA) -> StoredAccount:
    account = await workflow.accounts.saved(practice.directory_url)
    assert account is not None
    return account


async def test_contact_is_changed_and_state_and_orders_are_read_back(practice_with: PracticeFactory) -> None:
    practice = practice_with(env={"PEBBLE_WFE_ORDERS_PER_PAGE": "2"})
    http = HttpxHttp(practice.ssl_context)
    workflow = make_flow(practice, http)
    for n in range(5):
        await issue(workflow, choices(practice, f"list{n}.example"), str(n))
    account = await saved(workflow, practice)
    await change_contact(workflow, account, ("mailto:new@shop.example",))
    state = await read_state(workflow, account)
    assert (state.account.status, state.account.contact) == ("valid", ("mailto:new@shop.example",))
    assert state.count == 5
    assert {order.identifiers[0].value for order in state.orders} == {f"list{n}.example" for n in range(5)}
    assert {order.status for order in state.orders} == {"valid"}
    await http.close()


async def test_the_key_is_changed_and_an_open_order_gets_new_values(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    proving = await workflow.run(workflow.begin("1", choices(practice, "rolled.example")), lambda _: None)
    before, old = await saved(workflow, practice), (await workflow.client(proving)).key
    await roll_over(workflow, before)
    after = await saved(workflow, practice)
    assert (after.url, after.next_key) == (before.url, "")
    assert await workflow.ports.keys.load(before.key) is None
    with pytest.raises(StorageError):
        await workflow.ports.keys.export_pkcs8(after.key)
    (changed,) = await workflow.saved()
    assert changed.state == "ordered"
    changed = await workflow.run(changed, lambda _: None)
    assert changed.publications != proving.publications
    assert (await workflow.client(changed)).key.public_jwk != old.public_jwk
    records = workflow.authorities[0].records
    assert records
    await publish(workflow.ports.http, records, changed.publications)
    assert (await workflow.run(workflow.confirm(changed), lambda _: None)).state == "issued"


@pytest.mark.parametrize("took", [True, False])
async def test_a_lost_answer_to_a_key_change_is_found_out(practice: PracticeCA, http: HttpxHttp, took: bool) -> None:  # noqa: FBT001
    workflow = make_flow(practice, http)
    issued = await issue(workflow, choices(practice, "lost.example"))
    account = await saved(workflow, practice)
    new = await workflow.ports.keys.generate("next", "ec-p256", extractable=False)
    await workflow.accounts.save(replace(account, next_key="next"))
    if took:
        await change_key(await workflow.client(issued), new)
    assert (await read_state(workflow, account)).account.status == "valid"
    assert await saved(workflow, practice) == replace(account, key="next" if took else account.key)


async def test_a_closed_account_is_gone_here_and_at_the_ca(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    issued = await issue(workflow, choices(practice, "closed.example"))
    client = await workflow.client(issued)
    await close(workflow, await saved(workflow, practice))
    assert await workflow.accounts.all() == []
    with pytest.raises(ProblemError):
        await read_account(client)
    again = await issue(workflow, choices(practice, "closed.example"), "2")
    assert again.account_url != issued.account_url


@pytest.mark.parametrize("spec", nightly_after(1, ["ec-p256", "ec-p384", "rsa-2048"]))
async def test_an_account_moves_by_its_key(practice: PracticeCA, http: HttpxHttp, spec: KeySpec) -> None:
    workflow, other = make_flow(practice, http), make_flow(practice, http)
    workflow.accounts.wanted[practice.directory_url] = NewAccount(key_spec=spec, extractable=True)
    issued = await issue(workflow, choices(practice, f"moves-{spec}.example"))
    pkcs8 = await workflow.ports.keys.export_pkcs8((await saved(workflow, practice)).key)
    for text in (to_jwk(pkcs8), to_pem("PRIVATE KEY", pkcs8)):
        key = read_key(text)
        assert await import_account(other, other.authorities[0], key, extractable=False) == issued.account_url
        assert (await issue(other, choices(practice, f"moved-{spec}.example"))).account_url == issued.account_url
        with pytest.raises(InputError):
            await import_account(other, other.authorities[0], key, extractable=False)
        await other.accounts.forget(await saved(other, practice))


async def test_two_accounts_at_one_ca_order_side_by_side(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    first = await issue(workflow, choices(practice, "first.example"))
    second = await issue(workflow, replace(choices(practice, "second.example"), account=f"{practice.directory_url} 2"), "2")
    assert first.account_url != second.account_url
    there = await workflow.accounts.at(practice.directory_url)
    assert {account.url for account in there} == {first.account_url, second.account_url}
    again = await issue(workflow, choices(practice, "third.example"), "3")
    assert again.account_url == first.account_url


async def test_a_key_without_an_account_is_not_kept(practice: PracticeCA, http: HttpxHttp) -> None:
    workflow = make_flow(practice, http)
    pkcs8 = native_key(n=7).private.private_bytes(*FORM)
    with pytest.raises(ProblemError) as caught:
        await import_account(workflow, workflow.authorities[0], ("ec-p256", pkcs8), extractable=False)
    assert caught.value.problem.type == "accountDoesNotExist"
    assert await workflow.accounts.saved(practice.directory_url) is None


@pytest.mark.usefixtures("practice")
async def test_key_is_registered_again_at_a_ca_that_was_started_anew_after_a_person_has_said_so(tmp_path: Path) -> None:
    ports = Ports.free()
    with PracticeCA(ports, tmp_path / "first") as first:
        client = HttpxHttp(first.ssl_context)
        workflow = make_flow(first, client)
        issued = await issue(workflow, choices(first, "before.example"))
        await client.close()
    with PracticeCA(ports, tmp_path / "second") as second:
        client = HttpxHttp(second.ssl_context)
        anew = Workflow(replace(workflow.ports, http=client), workflow.authorities)
        with pytest.raises(OtherAccountError) as caught:
            await anew.run(anew.begin("2", choices(second, "after.example")), lambda _: None)
        assert caught.value.account.url == issued.account_url
        stopped = next(issuance for issuance in await anew.saved() if issuance.id == "2")
        assert stopped.order_url == ""
        again = await anew.run(await anew.registration.adopt(stopped, caught.value), lambda _: None)
        assert (again.state, again.account_url) == ("proving", caught.value.url)
        await client.close()
