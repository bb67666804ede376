"""A visit to the page without a browser: everything below the DOM, with a scripted CA."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Final

from app.accounts.broadcasting_store import BroadcastingStore
from app.ca.catalog import CertificateAuthority
from app.dns.permission import DnsPermission
from app.dns.resolvers import Resolver
from app.install.targets import Target
from app.issuance.site_lists import SiteLists
from app.issuance.unattended import wait_for_a_person
from app.issuance.workflow import Workflow
from app.ports import Http, Ports
from app.ui.delegated_order import DelegatedOrder
from app.ui.form.order import Form
from app.ui.panels.due_renewals import DueRenewals, RenewalReport
from app.ui.panels.order_entry import OrderEntry
from app.ui.panels.orders import OrderList, OrdersPresenter
from app.ui.reminder import Reminders
from app.ui.session import Session
from tests.adapters import AlwaysVisible, MemoryTabs
from tests.unit.fake_page import FakePage, FakePanel
from tests.unit.records import CA
from tests.unit.scripted_ca import ScriptedCA, ports_to

HOME: Final = "https://keystay.example/"
RECORDS: Final = "http://localhost:8000/practice/"
PRACTICE: Final = replace(CA, id="practice", name="Practice CA", terms=None, records=RECORDS)
GOOD: Final = Form("shop.example", "test", "", "dns-01", "ec-p256", agree_tos=True)


class SavedList(FakePanel):
    """`app.ui.panels.orders.OrdersView` that only remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.orders = OrderList()
        self.all: list[OrderList] = []
        self.pointed_at = ""
        self.settled = False
        self.reports: list[RenewalReport] = []

    @property
    def entries(self) -> tuple[OrderEntry, ...]:
        """All entries, from top to bottom."""
        return self.orders.entries

    def show(self, orders: OrderList) -> None:
        """See `app.ui.panels.orders.OrdersView.show`."""
        self.orders = orders
        self.all.append(orders)
        self.shown += 1

    def settle(self) -> None:
        """See `app.ui.panels.orders.OrdersView.settle`."""
        self.settled = True

    def show_renewals(self, report: RenewalReport) -> None:
        """See `app.ui.panels.due_renewals.RenewalsView.show_renewals`."""
        self.reports.append(report)

    def point_at(self, id_: str) -> None:
        """See `app.ui.panels.orders.OrdersView.point_at`."""
        self.pointed_at = id_


class Visit:
    """A visit to the page: the CA, the browser's ports, and the tab that is under test.

    `beside` is a visit in the same browser: this one is another tab of it. `ca` is the CA of another browser's visit.
    `resolvers` are those that the site may ask, `targets` the places for certificates that it knows, or `lists` in their place.
    `network` puts more than the CA into the network. Without a `moment`, each saved record is shown by itself.
    """

    def __init__(
        self,
        *names: str,
        fields: Form = GOOD,
        authorities: tuple[CertificateAuthority, ...] = (CA, PRACTICE),
        beside: "Visit | None" = None,
        ca: ScriptedCA | None = None,
        resolvers: tuple[Resolver, ...] = (),
        targets: tuple[Target, ...] = (),
        lists: SiteLists | None = None,
        network: Callable[[ScriptedCA], Http] | None = None,
        moment: float = 0.0,
    ) -> None:
        self.ca: ScriptedCA = ca or (beside.ca if beside else ScriptedCA(*(names or ("shop.example",))))
        self.ports: Ports = beside.ports if beside else ports_to(self.ca)
        if network:
            self.ports = replace(self.ports, http=network(self.ca))
        self.ids: count[int] = beside.ids if beside else count(1)
        self.tabs: MemoryTabs = beside.tabs.another() if beside else MemoryTabs()
        self.resolvers: tuple[Resolver, ...] = resolvers or (beside.resolvers if beside else ())
        self.targets: tuple[Target, ...] = targets or (beside.targets if beside else ())
        self.lists = lists
        self.moment = moment
        self._open_tab(fields, authorities)

    def _open_tab(self, fields: Form, authorities: tuple[CertificateAuthority, ...]) -> None:
        store = BroadcastingStore(self.ports.store, self.tabs)
        self.workflow = Workflow(
            replace(self.ports, store=store, tabs=self.tabs),
            authorities,
            self.resolvers,
            self.lists or SiteLists(((), self.targets)),
        )
        self.permission = DnsPermission(store, self.resolvers)
        self.page = FakePage(fields)
        delegated = self.delegated_order()
        self.session = Session(
            self.workflow, self.page, lambda: str(next(self.ids)), self.permission, AlwaysVisible(), delegated, self.moment
        )
        self.list = SavedList()
        go_on = delegated.go_on if delegated else wait_for_a_person
        self.due = DueRenewals(self.workflow, self.session, self.list, lambda: str(next(self.ids)), go_on=go_on)
        self.reminders = Reminders(self.workflow, self.session, self.page, HOME)
        self.saved = OrdersPresenter(self.workflow, self.list, self.list, self.session, self.reminders, self.due)
        self.tabs.listen(self.workflow.on_record_written)

    def delegated_order(self) -> DelegatedOrder | None:
        """What proves orders without a hand in the tab that is opened, if anything."""
        return None

    async def open(self) -> None:
        """What the page does as soon as Python is ready."""
        await self.permission.read()
        self.session.open()
        await self.saved.open()

    def close(self) -> None:
        """Close the tab, whatever it is doing."""
        self.tabs.close()

    async def reload(self, authorities: tuple[CertificateAuthority, ...] = (CA, PRACTICE)) -> None:
        """Close the tab and open the page again, in the same browser."""
        tabs = self.tabs.another()
        self.close()
        self.tabs = tabs
        self._open_tab(self.page.fields, authorities)
        await self.open()

    async def resume(self) -> None:
        """Open the first entry of the list."""
        await self.saved.refresh()
        await self.saved.reopen(self.list.entries[0].id)

    async def issued(self) -> None:
        """All the clicks up to an issued certificate."""
        await self.session.start()
        await self.session.verify()
        assert self.page.view.step == "certificate"

    def entries(self) -> list[tuple[str, str]]:
        """The list as it is shown: titles and statuses."""
        return [(entry.title, entry.status) for entry in self.list.entries]
