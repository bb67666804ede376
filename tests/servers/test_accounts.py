"""Accounts at step-ca and OpenBao: what each can do, and what a person reads where it cannot."""

from dataclasses import replace

import pytest

from app.accounts.commands import import_account
from app.accounts.stored_account import NewAccount
from app.acme.account import read_account
from app.acme.eab import ExternalAccount
from app.acme.problem import ProblemError
from app.errors import InputError, KeystayError
from app.ports import KeySpec
from app.ui.form.external_account import read_external_account
from app.ui.form.fields import in_its_field
from tests.adapters import HttpxHttp
from tests.integration.test_issuance import issue
from tests.servers.ca_server import CAServer
from tests.servers.customer import Customer, account_of, assert_certificate, choices, flow_to
from tests.servers.openbao import OpenBao
from tests.servers.step_ca import TERMS

CONTACT = ("mailto:me@shop.example",)


async def opened(ca: CAServer, relay: str, http: HttpxHttp, name: str) -> Customer:
    """A customer with a certificate for `name`, who has unfolded the panel for accounts."""
    customer = Customer(ca, relay, http, name)
    await customer.issue()
    await customer.presenter.open()
    return customer


async def test_contact_is_taken_for_a_new_account_at_step_ca(step_ca: CAServer, relay: str, http: HttpxHttp) -> None:
    workflow = flow_to(step_ca, relay, http)
    workflow.accounts.wanted[step_ca.directories["acme"]] = NewAccount(CONTACT)
    issued = await issue(workflow, choices(step_ca, "contact.example"))
    account = await read_account(await workflow.client(issued))
    assert (account.status, account.contact) == ("valid", CONTACT)


async def test_the_state_of_an_account_is_read_back(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    """OpenBao has no list of orders where its account says it is; step-ca has one of its own form."""
    customer = await opened(ca, relay, http, "state.example")
    await customer.presenter.ask()
    assert customer.accounts.message is None
    assert "State: in use" in customer.accounts.view.lines


async def test_an_open_order_at_step_ca_is_read_back(step_ca: CAServer, relay: str, http: HttpxHttp) -> None:
    """Its list is a bare array, of open orders only."""
    customer = Customer(step_ca, relay, http, "listed.example")
    await customer.session.start()
    await customer.presenter.open()
    await customer.presenter.ask()
    assert customer.accounts.message is None
    assert "State: in use" in customer.accounts.view.lines


async def test_looking_at_an_account_does_not_spoil_its_next_order(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    """At step-ca, whoever reads the list of an account without open orders breaks it: each newOrder after that is a 500."""
    customer = await opened(ca, relay, http, "before.example")
    await customer.presenter.ask()
    await customer.session.back()
    customer.page.fields = replace(customer.page.fields, domains="after.example")
    await customer.issue()
    first, second = await customer.workflow.saved()
    assert first.account_url == second.account_url


async def test_the_contact_is_changed(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    """OpenBao says yes and keeps none: reading an account empties its contact there."""
    customer = await opened(ca, relay, http, "new-contact.example")
    customer.accounts.fields = replace(customer.accounts.fields, contact="new@shop.example")
    await customer.presenter.change_contact()
    assert customer.accounts.message is None
    if ca.name == "step-ca":
        assert customer.accounts.said == "The CA has the new contact."
        assert customer.accounts.view.contact == "new@shop.example"
    else:
        assert "stores none" in customer.accounts.said


async def test_a_key_that_cannot_be_changed_is_said_and_still_counts(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    """Both directories name a keyChange that is not there: 501 with a type of its own at step-ca, 404 at OpenBao."""
    customer = await opened(ca, relay, http, "roll.example")
    before = await account_of(customer.workflow, ca)
    keys = await customer.workflow.ports.keys.names()
    await customer.presenter.roll_over()
    message = customer.accounts.message
    assert message is not None
    assert "key" in f"{message.title} {message.text}"
    assert "does not issue for" not in message.title  # as the type of step-ca's answer would have it
    assert await account_of(customer.workflow, ca) == before
    assert await customer.workflow.ports.keys.names() == keys
    await customer.session.back()
    customer.page.fields = replace(customer.page.fields, domains="unrolled.example")
    await customer.issue()


async def test_a_closed_account_is_gone_here_and_at_the_ca(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    customer = await opened(ca, relay, http, "closed.example")
    (issued,) = await customer.workflow.saved()
    client = await customer.workflow.client(issued)
    await customer.presenter.close()
    assert customer.accounts.message is None
    assert customer.accounts.view.accounts == ()
    with pytest.raises(ProblemError):
        await read_account(client)
    await customer.session.back()
    await customer.issue()
    assert (await customer.saved()).account_url != issued.account_url


@pytest.mark.parametrize("spec", ["ec-p256", "rsa-2048"])
async def test_an_account_moves_by_its_key(ca: CAServer, relay: str, http: HttpxHttp, spec: KeySpec) -> None:
    workflow, other = flow_to(ca, relay, http), flow_to(ca, relay, http)
    workflow.accounts.wanted[ca.directories["acme"]] = NewAccount(key_spec=spec, extractable=True)
    issued = await issue(workflow, choices(ca, f"moves-{spec}.example"))
    pkcs8 = await workflow.ports.keys.export_pkcs8((await account_of(workflow, ca)).key)
    assert await import_account(other, other.authorities[0], (spec, pkcs8), extractable=False) == issued.account_url
    assert (await issue(other, choices(ca, f"moved-{spec}.example"))).account_url == issued.account_url


async def test_the_key_of_a_closed_account_is_not_brought_in(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    """step-ca refuses it; OpenBao gives the account out, as "deactivated"."""
    workflow, other = flow_to(ca, relay, http), flow_to(ca, relay, http)
    workflow.accounts.wanted[ca.directories["acme"]] = NewAccount(extractable=True)
    await issue(workflow, choices(ca, "was-closed.example"))
    account = await account_of(workflow, ca)
    pkcs8 = await workflow.ports.keys.export_pkcs8(account.key)
    client = await workflow.accounts.client(workflow.authorities[0], account.id)
    await client.post(account.url, {"status": "deactivated"})
    with pytest.raises(KeystayError):
        await import_account(other, other.authorities[0], ("ec-p256", pkcs8), extractable=False)
    assert await other.accounts.all() == []
    assert await other.ports.keys.names() == []


async def test_an_account_that_was_closed_elsewhere_is_said(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    customer = await opened(ca, relay, http, "closed-elsewhere.example")
    account = await account_of(customer.workflow, ca)
    client = await customer.workflow.accounts.client(customer.workflow.authorities[0], account.id)
    await client.post(account.url, {"status": "deactivated"})
    await customer.session.back()
    customer.page.fields = replace(customer.page.fields, domains="too-late.example")
    await customer.session.start()
    assert "account" in f"{customer.page.message.title} {customer.page.message.text}"
    assert customer.page.view.step == "names"


# ---- credentials and terms ----


async def test_credentials_bind_a_new_account_at_openbao(openbao: OpenBao, relay: str, http: HttpxHttp) -> None:
    workflow = flow_to(openbao, relay, http)
    wanted = choices(openbao, "bound.example", settings="eab")
    workflow.accounts.wanted[wanted.directory] = NewAccount(external=read_external_account(*openbao.external_account()))
    issued = await issue(workflow, wanted)
    assert issued.state == "issued", issued.problem
    workflow.accounts.wanted.clear()  # an account that is there needs no credentials any more
    assert (await issue(workflow, choices(openbao, "again.example", settings="eab"), "2")).account_url == issued.account_url


async def test_credentials_serve_once_at_openbao(openbao: OpenBao, relay: str, http: HttpxHttp) -> None:
    credentials = read_external_account(*openbao.external_account())
    for n, fresh in enumerate((True, False)):
        workflow = flow_to(openbao, relay, http)
        wanted = choices(openbao, f"once{n}.example", settings="eab")
        workflow.accounts.wanted[wanted.directory] = NewAccount(external=credentials)
        if fresh:
            assert (await issue(workflow, wanted)).state == "issued"
        else:
            with pytest.raises(ProblemError):
                await issue(workflow, wanted)


async def test_missing_credentials_are_asked_for_before_an_account_is_made(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    workflow = flow_to(ca, relay, http)
    with pytest.raises(InputError) as caught:
        await issue(workflow, choices(ca, "unbound.example", settings="eab"))
    error = in_its_field(caught.value)
    assert error
    assert error.field == "eab-kid"
    assert not [request for request in http.requests if request.method == "POST"]


async def test_wrong_credentials_are_refused(ca: CAServer, relay: str, http: HttpxHttp) -> None:
    """step-ca's open build can make no right ones."""
    workflow = flow_to(ca, relay, http)
    wanted = choices(ca, "wrong.example", settings="eab")
    workflow.accounts.wanted[wanted.directory] = NewAccount(external=ExternalAccount("nobody", b"wrong" * 10))
    with pytest.raises(ProblemError):
        await issue(workflow, wanted)


async def test_terms_of_step_ca_come_with_their_link(step_ca: CAServer, relay: str, http: HttpxHttp) -> None:
    customer = Customer(step_ca, relay, http, "terms.example")
    customer.page.fields = replace(customer.page.fields, ca="terms")
    await customer.session.start()
    assert customer.page.terms[-1] == customer.page.message.link == TERMS
    customer.page.fields = replace(customer.page.fields, agree_tos=True)  # the link stands beside the box by now
    await customer.issue()
    await assert_certificate(customer.workflow, await customer.saved(), step_ca)
