"""Delegated proofs as a person sees them: set up once, then a renewal is one click; and what stands in the way of it."""

from dataclasses import replace
from typing import Any, Final

import pytest

from app.dns.services.catalog import ServiceEntry, parse_services
from app.dns.services.tokens import Tokens
from app.errors import FieldError
from app.issuance.delegated_proofs import DelegatedProofs
from app.issuance.issuance import Issuance
from app.network.token_header import TokenHeader
from app.ports import Http, Request, Response
from app.ui.delegated_order import DelegatedOrder
from app.ui.steps.delegate import DelegateForm, DelegateModel, DelegatePresenter
from tests.adapters import MemorySecretStore
from tests.played.desec import API, TOKEN, PlayedDesec
from tests.unit.dns.scripted_resolvers import ONE, ScriptedResolvers, said
from tests.unit.scripted_ca import ScriptedCA
from tests.unit.visit import GOOD, Visit
from tools.paths import ROOT

SERVICES: Final = parse_services((ROOT / "static/data/dns_services.json").read_text())
OWNER: Final = "_acme-challenge.shop.example"
TARGET: Final = f"{OWNER}.shop-owner.dedyn.io"


class Fields:
    """`DelegateView` that only remembers."""

    def __init__(self) -> None:
        self.fields = DelegateForm("desec", TOKEN, keep=False, zone="")
        self.model: DelegateModel | None = None
        self.error: FieldError | None = None
        self.doing: list[str] = []

    def form(self) -> DelegateForm:
        """See `DelegateView.form`."""
        return self.fields

    def show(self, model: DelegateModel | None) -> None:
        """See `DelegateView.show`."""
        self.model = model

    def show_error(self, error: FieldError | None) -> None:
        """See `DelegateView.show_error`."""
        self.error = error

    def tell(self, doing: str) -> None:
        """See `DelegateView.tell`."""
        self.doing.append(doing)

    def clear_token(self) -> None:
        """See `DelegateView.clear_token`."""
        self.fields = replace(self.fields, token="")


class Network:
    """The CA, a deSEC behind the token's header, and resolvers that see what stands at deSEC through the CNAME."""

    def __init__(self, ca: ScriptedCA, header: TokenHeader, dns: ScriptedResolvers) -> None:
        self._ca, self._header, self._dns = ca, header, dns

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        if request.url.startswith(ONE.url):
            return await self._dns.send(request)
        return await (self._header if request.url.startswith(API) else self._ca).send(request)


class DelegatedVisit(Visit):
    """A visit to a page that may write to deSEC, and ask one resolver where a person allows that."""

    def __init__(self, *names: str, services: tuple[ServiceEntry, ...] = SERVICES, allowed: bool = True) -> None:
        self.desec = PlayedDesec(on_change=self._publish)
        self.dns = ScriptedResolvers({(OWNER, "CNAME"): said(f"{TARGET}.")}, resolvers=(ONE,))
        self._header = TokenHeader(self.desec)
        self._services = services
        self.secrets = MemorySecretStore()
        self.fields = Fields()
        form = replace(GOOD, domains="\n".join(names or ("shop.example",)), dns_allow=allowed)
        super().__init__(*names, fields=form, resolvers=(ONE,), network=self._network)
        self.shown: Issuance | None = None
        self.session.on_waiting(self._note)

    def _network(self, ca: ScriptedCA) -> Http:
        return Network(ca, self._header, self.dns)

    def _publish(self, name: str, values: list[str]) -> None:
        self.dns.table = {**self.dns.table, (name, "TXT"): said(*(f'"{value}"' for value in values))}

    def _note(self, issuance: Issuance | None) -> None:
        self.shown = issuance

    def delegated_order(self) -> DelegatedOrder:
        """See `Visit.delegated_order`."""
        tokens = Tokens(self._services, self.secrets)
        self._header.token_for = tokens.token_for
        self.order = DelegatedOrder(self.workflow, DelegatedProofs(self.workflow, tokens), tokens)
        self.presenter = DelegatePresenter(self.order, self.fields)
        return self.order

    async def start(self) -> DelegateModel:
        """Open the page, and order: what is shown of delegation then."""
        await self.open()
        await self.session.start()
        await self.presenter.note(self.shown)
        assert self.fields.model
        return self.fields.model

    async def click(self) -> Any:
        """A click on the button of delegation; the page's step afterwards."""
        await self.session.go_on_after(self.presenter.set_up)
        await self.presenter.note(self.shown)
        return self.page.view.step


async def test_set_up_then_added_then_renewed_by_one_click() -> None:
    visit = DelegatedVisit()
    visit.dns.table = {}
    assert (await visit.start()).button == "Set it up at deSEC"
    assert await visit.click() == "prove"
    assert visit.fields.model
    assert [(card.host, card.target) for card in visit.fields.model.cards] == [(OWNER, TARGET)]
    assert "the subname _acme-challenge.shop.example and" in visit.fields.model.limits
    assert "Now add the CNAME" in visit.page.said[-1]
    assert await visit.click() == "prove"
    assert "There is no CNAME record at _acme-challenge.shop.example yet" in visit.page.message.text
    assert not visit.desec.sets
    visit.dns.table = {(OWNER, "CNAME"): said(f"{TARGET}.")}
    assert await visit.click() == "certificate"
    assert not visit.desec.sets
    assert visit.fields.doing == ["Writing the records at deSEC, then waiting until they are seen.", ""]
    assert visit.page.view.certificate
    assert visit.page.view.certificate.tidy_up[0].startswith("The TXT records are removed again.")
    visit.desec.requests.clear()
    await visit.session.order_again()  # the one click
    assert visit.page.view.step == "certificate"
    assert [request.method for request in visit.desec.requests] == ["GET", "PATCH", "GET", "PATCH"]
    assert not visit.desec.sets


async def test_renewing_all_that_is_due_writes_there_too() -> None:
    visit = DelegatedVisit()
    await visit.start()
    await visit.click()
    assert await visit.click() == "certificate"
    await visit.session.back()
    visit.desec.requests.clear()
    await visit.due.renew(["1"])
    assert [line.outcome for line in visit.list.reports[-1].lines] == ["renewed"]
    assert [request.method for request in visit.desec.requests] == ["GET", "PATCH", "GET", "PATCH"]
    assert not visit.desec.sets


async def test_own_zone_at_the_service_needs_no_cname() -> None:
    visit = DelegatedVisit()
    visit.desec.domains.append("shop.example")
    await visit.start()
    assert await visit.click() == "certificate"
    assert visit.desec.requests[-1].url == f"{API}domains/shop.example/rrsets/"


async def test_cname_that_leads_elsewhere_is_told() -> None:
    visit = DelegatedVisit()
    visit.dns.table = {(OWNER, "CNAME"): said("other.example.")}
    await visit.start()
    await visit.click()
    assert await visit.click() == "prove"
    assert f"leads to other.example, but should lead to {TARGET}" in visit.page.message.text


async def test_where_nobody_may_look_the_persons_word_counts() -> None:
    visit = DelegatedVisit(allowed=False)
    await visit.start()
    assert await visit.click() == "prove"
    assert visit.fields.model
    assert visit.fields.model.button == "I have added it: check, and go on"
    assert await visit.click() == "certificate"
    assert not visit.dns.asked


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ({"tokens": {}}, "deSEC does not accept the token"),
        ({"tokens": {TOKEN: []}}, "the token does not allow this"),
        ({"limit": 0}, "deSEC was asked too often, and wants a pause of 2 minutes"),
        ({"fails": 503}, "deSEC has a fault (HTTP status 503)"),
        ({"silent": True}, "deSEC could not be reached"),
    ],
)
async def test_trouble_at_the_service_is_a_sentence_and_leaves_the_way_by_hand(trouble: dict[str, Any], words: str) -> None:
    visit = DelegatedVisit()
    await visit.start()
    for name, value in trouble.items():
        setattr(visit.desec, name, value)
    assert await visit.click() == "prove"
    assert words in visit.page.message.text
    assert "Nothing is lost" in visit.page.message.text
    assert visit.page.view.can_verify
    for name, value in {"tokens": {TOKEN: None}, "limit": 300, "fails": 0, "silent": False}.items():
        setattr(visit.desec, name, value)
    assert await visit.click() == "certificate"
    assert not visit.desec.sets


async def test_token_is_asked_for_again_in_a_later_visit_unless_it_is_kept() -> None:
    visit = DelegatedVisit()
    await visit.start()
    assert await visit.click() == "certificate"
    await visit.reload()
    visit.session.on_waiting(visit._note)
    await visit.resume()
    await visit.session.order_again()
    assert visit.page.view.step == "prove"
    await visit.presenter.note(visit.shown)
    assert visit.fields.model
    assert visit.fields.model.button == "Write the records at deSEC, and go on"
    assert await visit.click() == "prove"
    assert visit.fields.error is not None
    visit.fields.fields = replace(visit.fields.fields, token=TOKEN, keep=True)
    assert await visit.click() == "certificate"
    assert list(visit.secrets.secrets.values()) == [TOKEN]
    assert "still works until you revoke it" in await visit.presenter.forget()
    assert not visit.secrets.secrets


async def test_order_whose_tab_was_closed_after_the_write_goes_on_when_it_is_opened_again() -> None:
    visit = DelegatedVisit()
    visit.fields.fields = replace(visit.fields.fields, keep=True)
    visit.dns.table = {}
    await visit.start()
    await visit.click()
    for delegation in (await visit.order.proofs.delegations.all()).values():
        await visit.order.proofs.delegations.save(replace(delegation, confirmed=True))
    visit.dns.table = {(OWNER, "CNAME"): said(f"{TARGET}.")}
    assert visit.shown
    await visit.order.proofs.write(visit.shown, lambda _: None)
    assert visit.desec.sets
    await visit.reload()
    await visit.order.tokens.read()
    await visit.resume()
    assert visit.page.view.step == "certificate"
    assert not visit.desec.sets


async def test_removal_that_fails_is_told_and_made_up_for_when_the_order_is_opened_again() -> None:
    visit = DelegatedVisit()
    visit.desec.limit = 1
    await visit.start()
    assert await visit.click() == "certificate"
    assert visit.desec.sets
    assert any("could not be removed now" in said for said in visit.page.said)
    visit.desec.limit = 300
    await visit.session.back()
    await visit.resume()
    assert not visit.desec.sets


async def test_what_an_order_has_written_is_removed_before_it_is_deleted() -> None:
    visit = DelegatedVisit()
    visit.desec.limit = 1
    await visit.start()
    assert await visit.click() == "certificate"
    assert visit.desec.sets
    visit.desec.limit = 300
    await visit.session.back()
    await visit.saved.delete("1")
    assert not visit.desec.sets
    assert not await visit.workflow.saved()


async def test_site_without_services_offers_nothing() -> None:
    visit = DelegatedVisit(services=())
    await visit.open()
    await visit.session.start()
    await visit.presenter.note(visit.shown)
    assert visit.fields.model is None
