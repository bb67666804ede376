"""After a rehearsal: "The same at …" by one click, and what a person must say first where that is not enough."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509

from app.accounts.stored_account import StoredAccount
from app.ca.catalog import CertificateAuthority
from tests.unit.records import CA
from tests.unit.requests import pem, request_for
from tests.unit.script import answer, read_post
from tests.unit.scripted_ca import BASE, NEW_ACCOUNT, NEW_ORDER
from tests.unit.visit import GOOD, Visit

REAL = replace(CA, id="real", name="Real CA", directory=f"{BASE}/real", trusted=True, staging=CA.id)
ACCOUNT = replace(GOOD.account, contact="me@shop.example", account_extractable=True, terms=str(CA.terms))
FILLED = replace(GOOD, account=ACCOUNT, key_type="ec-p384")
URLS = {"newNonce": f"{BASE}/nonce", "newAccount": f"{BASE}/new-account", "newOrder": f"{BASE}/new-order"}


async def rehearsed(real: CertificateAuthority = REAL, **fields: Any) -> Visit:
    """A visit up to the certificate of `CA`, which is the staging of `real`."""
    visit = Visit(fields=replace(FILLED, **fields), authorities=(CA, real))
    meta = {"termsOfService": real.terms} if real.terms else {}
    visit.ca.script[f"GET {real.directory}"] = [answer({**URLS, "meta": meta})]
    await visit.issued()
    await visit.ports.clock.sleep(1)  # no two orders begin at one moment
    visit.ca.requests.clear()
    return visit


async def accounts(visit: Visit) -> dict[str, StoredAccount]:
    return {account.ca: account for account in await visit.workflow.accounts.all()}


async def test_one_click_orders_the_same_with_an_account_like_that_of_the_rehearsal() -> None:
    visit = await rehearsed()
    await visit.session.same_at_production()
    assert visit.page.error is None
    assert visit.page.view.step == "prove"
    (registered,) = visit.ca.sent(NEW_ACCOUNT)
    assert read_post(registered).payload == {"termsOfServiceAgreed": True, "contact": ["mailto:me@shop.example"]}
    made = await accounts(visit)
    assert made["real"].extractable
    assert made["real"].key != made["test"].key
    order, rehearsal = await visit.workflow.saved()
    expected = replace(rehearsal.choices, ca="real", directory=REAL.directory, account=REAL.directory)
    assert order.choices == expected
    assert rehearsal.state == "issued"


async def test_form_holds_the_order_so_that_what_the_ca_refuses_can_be_corrected() -> None:
    visit = await rehearsed(domains="*.bücher.example shop.example", challenges=(("shop.example", "http-01"),))
    await visit.session.same_at_production()
    form = visit.page.fields
    assert (form.domains.split(), form.ca, form.key_type) == (["*.bücher.example", "shop.example"], "real", "ec-p384")
    assert form.challenges == (("shop.example", "http-01"),)


async def test_account_that_is_here_orders() -> None:
    visit = await rehearsed()
    await visit.session.same_at_production()
    await visit.session.verify()
    visit.ca.requests.clear()
    (_, rehearsal) = await visit.workflow.saved()
    await visit.session.reopen(rehearsal.id)
    await visit.session.same_at_production()
    assert visit.ca.sent(NEW_ACCOUNT) == []
    assert len(visit.ca.sent(NEW_ORDER)) == 1


async def test_kind_of_account_is_that_of_the_rehearsal_in_a_later_visit_too() -> None:
    visit = await rehearsed()
    await visit.reload((CA, REAL))
    await visit.resume()
    await visit.session.same_at_production()
    assert visit.page.view.step == "prove"
    assert (await accounts(visit))["real"].extractable


@pytest.mark.parametrize(
    "real",
    [
        replace(REAL, terms="https://real.example/terms"),
        replace(REAL, terms=None),
        replace(REAL, external_account="Ask for it."),
    ],
    ids=["other terms", "terms not known", "credentials"],
)
async def test_form_is_filled_in_where_a_person_must_say_more(real: CertificateAuthority) -> None:
    visit = await rehearsed(real)
    await visit.session.same_at_production()
    assert visit.ca.requests == []
    assert visit.page.view.step == "names"
    assert visit.page.fields.ca == "real"
    assert visit.page.said[-1].startswith("The form is filled in for Real CA.")
    assert [issuance.state for issuance in await visit.workflow.saved()] == ["issued"]


async def test_terms_that_the_directory_alone_names_are_asked_for_in_the_form() -> None:
    visit = await rehearsed()
    visit.ca.script[f"GET {REAL.directory}"] = [answer({**URLS, "meta": {"termsOfService": "https://real.example/new"}})]
    await visit.session.same_at_production()
    assert visit.ca.sent(NEW_ACCOUNT) == []
    assert visit.page.terms == ["https://real.example/new"]
    assert (visit.page.view.step, visit.page.fields.ca) == ("names", "real")


async def test_request_that_was_brought_goes_along() -> None:
    text = pem(request_for(x509.DNSName("shop.example")))
    visit = await rehearsed(csr=text)
    await visit.session.same_at_production()
    order, rehearsal = await visit.workflow.saved()
    assert order.choices.csr == rehearsal.choices.csr != ""
    assert visit.page.fields.csr == text


async def test_nothing_is_ordered_where_there_is_no_such_ca() -> None:
    visit = Visit()
    await visit.issued()
    visit.ca.requests.clear()
    await visit.session.same_at_production()
    assert visit.ca.requests == []
    assert visit.page.error is not None
