"""The records of an open order follow what the name servers of its domains tell, as soon as that is known."""

from dataclasses import dataclass, replace
from typing import Final

from app.dns.providers import DnsProvider
from app.ports import Http, Request, Response
from app.ui.steps.prove_models import RecordsModel
from tests.unit.dns.scripted_resolvers import ONE, THREE, TWO, ScriptedResolvers, said
from tests.unit.test_two_tabs import settled
from tests.unit.visit import GOOD, Visit

IONOS: Final = DnsProvider("ionos", "IONOS", host_label="Host name", name_servers=("ui-dns.com", "ui-dns.de"))
SHARED: Final = tuple(DnsProvider(id_, f"Host {id_}", name_servers=("shared.example",)) for id_ in ("old", "new"))
NAMES: Final = ("www.shop.example", "b.example", "gone.example")


@dataclass(frozen=True)
class Network:
    """`Http` of the CA and of the resolvers."""

    ca: Http
    resolvers: ScriptedResolvers

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        is_question = any(request.url.startswith(resolver.url) for resolver in self.resolvers.resolvers)
        return await (self.resolvers if is_question else self.ca).send(request)


async def test_provider_and_zone_come_from_the_name_servers_and_one_question_asks_the_rest() -> None:
    table = {
        ("shop.example", "NS"): said("ns1045.ui-dns.com.", "ns1066.ui-dns.de."),
        ("b.example", "NS"): said("ns.shared.example."),
    }
    resolvers = ScriptedResolvers(table, zones={"example": 900, "shop.example": 300, "b.example": 300})
    visit = Visit(*NAMES, fields=replace(GOOD, domains=" ".join(NAMES)), resolvers=(ONE, TWO, THREE))
    visit.ports = replace(visit.ports, http=Network(visit.ca, resolvers))
    await visit.reload()
    visit.workflow.lists.providers = (IONOS, *SHARED)
    await visit.session.start()
    assert not resolvers.asked
    assert {card.host_label for card in records(visit).cards} == {"Short name"}

    await visit.session.allow_dns()
    await settled()
    shown = records(visit)
    assert shown.zones[0].heading == "In shop.example, at IONOS: one record"
    assert shown.providers.told == (
        "The name servers of shop.example are ns1045.ui-dns.com and one like it; they belong to IONOS.",
    )
    assert shown.providers.automatic == "For each domain as its name servers say"
    assert shown.providers.warnings == ("gone.example is not in DNS. Is it spelt right? Is it registered, or has it expired?",)
    assert shown.providers.question is not None
    assert shown.providers.question.zones == ("b.example",)
    assert {question.name for question in resolvers.questions()} <= {"shop.example", "b.example", "gone.example", "example"}

    visit.page.fields = replace(visit.page.fields, provider="", providers=(("b.example", "new"),))
    visit.session.choose_provider()
    shown = records(visit)
    assert [zone.heading for zone in shown.zones] == [
        "In shop.example, at IONOS: one record",
        "In b.example, at Host new: one record",
        "In gone.example: one record",
    ]
    assert shown.providers.question is None


def records(visit: Visit) -> RecordsModel:
    """The records that are shown."""
    assert visit.page.view.prove is not None
    return visit.page.view.prove.records
