"""Accounts, on CPython against a real Pebble."""

import base64
from collections.abc import AsyncIterator

import pytest

from app.acme.account import read_account
from app.acme.eab import ExternalAccount, read_hmac_key
from app.acme.problem import ProblemError
from app.errors import InputError
from app.flow.accounts import NewAccount
from app.flow.advance import Flow
from tests.adapters import HttpxHttp
from tests.conftest import PracticeFactory
from tests.integration.test_issuance import choices, http, issue, make_flow
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
async def strict_flow(strict: PracticeCA) -> AsyncIterator[Flow]:
    client = HttpxHttp(strict.ssl_context)
    yield make_flow(strict, client)
    await client.close()


DRESSES = [MAC_KEY, MAC_KEY.replace("-", "+").replace("_", "/"), base64.b64encode(MAC_KEY.encode()).decode()]


@pytest.mark.parametrize("text", DRESSES, ids=["base64url", "base64", "double"])
async def test_credentials_of_the_ca_bind_a_new_account(strict: PracticeCA, strict_flow: Flow, text: str) -> None:
    strict_flow.accounts.wanted[strict.directory_url] = NewAccount(external=ExternalAccount("kid-1", read_hmac_key(text)))
    issued = await issue(strict_flow, choices(strict, "bound.example"))
    assert issued.state == "issued"
    # An account that is there needs no credentials any more.
    strict_flow.accounts.wanted.clear()
    assert (await issue(strict_flow, choices(strict, "again.example"), "2")).account_url == issued.account_url


async def test_missing_credentials_are_asked_for_before_anything_is_sent(strict: PracticeCA, strict_flow: Flow) -> None:
    begun = strict_flow.begin("1", choices(strict, "unbound.example"))
    with pytest.raises(InputError) as caught:
        await strict_flow.run(begun, lambda _: None)
    assert caught.value.field == "eab-kid"
    assert isinstance(strict_flow.ports.http, HttpxHttp)
    assert not [request for request in strict_flow.ports.http.requests if request.method == "POST"]
    strict_flow.accounts.wanted[strict.directory_url] = NewAccount(external=ExternalAccount("kid-1", read_hmac_key(MAC_KEY)))
    assert (await strict_flow.run(begun, lambda _: None)).state == "proving"


async def test_wrong_credentials_are_refused_by_the_ca(strict: PracticeCA, strict_flow: Flow) -> None:
    strict_flow.accounts.wanted[strict.directory_url] = NewAccount(external=ExternalAccount("kid-1", b"wrong" * 10))
    with pytest.raises(ProblemError):
        await issue(strict_flow, choices(strict, "wrong.example"))


@pytest.mark.parametrize("spec", ["ec-p256", "ec-p384", "rsa-2048", "rsa-3072", "rsa-4096"])
async def test_an_account_has_the_contact_and_the_kind_of_key_that_were_chosen(
    practice: PracticeCA, http: HttpxHttp, spec: str
) -> None:
    flow = make_flow(practice, http)
    contact = ("mailto:me@shop.example",)
    flow.accounts.wanted[practice.directory_url] = NewAccount(contact, key_spec=spec)  # type: ignore[arg-type]
    issued = await issue(flow, choices(practice, f"account-{spec}.example"))
    client = await flow.client(issued)
    assert client.key.spec == spec
    account = await read_account(client)
    assert (account.status, account.contact) == ("valid", contact)


async def test_terms_that_nobody_agreed_to_come_with_their_link(practice: PracticeCA, http: HttpxHttp) -> None:
    flow = make_flow(practice, http)
    issuance = flow.begin("1", choices(practice, "terms.example"))
    client = await flow.connect(issuance)
    with pytest.raises(ProblemError) as caught:
        await flow.accounts.open(client, flow.authority(issuance), terms_agreed=False)
    assert caught.value.problem.type == "userActionRequired"
    assert caught.value.problem.instance == client.directory.terms_of_service
