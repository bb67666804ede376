"""The list of orders and certificates in this browser, and its commands: reopen, renew, change the names, delete."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from app.errors import CertificateError, StorageError, UnreadableRecordError
from app.issuance.issuance import Issuance
from app.issuance.moved_windows import MovedWindows
from app.issuance.store import all_stored, delete, load, record_names
from app.issuance.workflow import Workflow
from app.keys.inventory import without_account_key
from app.pki.certificate import read_validity
from app.text import order_list as text
from app.text.calendar import not_here, renew_here, renewed_already
from app.text.errors import message_for
from app.text.issuance import names_in_short
from app.text.message import Question
from app.ui.background import BackgroundTasks
from app.ui.panels.due_renewals import DueRenewals
from app.ui.panels.order_entry import OrderEntries, OrderEntry
from app.ui.panels.order_place import OrderPlaces, PlacedOrder
from app.ui.reminder import Reminders, linked_renewal
from app.ui.runner import PlainView, TaskRunner, attempt, without_fields
from app.ui.session import Session
from app.ui.views import ConfirmView

MAX_SHOWN: Final = 5
"""Entries that stand above the form; more of them would push it far down. Open orders always do."""

MAX_BEFORE_READY: Final = 20
"""Records that are read before the page is ready; where there are more, the form does not wait for them."""

MAX_UNFOLDED: Final = 3
"""Entries of a list that is so short that nothing of it has to fold."""


@dataclass(frozen=True)
class OrderList:
    """The list as it is shown: what needs a person, what is fine, and the rest, in a fold that is open where there is room.

    `count` says how many need a person; the titles are those of the three parts, and `kinds` says what is in the fold. `due`
    are the ids of the certificates to renew now, also of those in the fold. What is to be in the fold may still be missing:
    then the list is not `whole`.
    """

    need: tuple[OrderEntry, ...] = ()
    fine: tuple[OrderEntry, ...] = ()
    folded: tuple[OrderEntry, ...] = ()
    count: str = ""
    need_title: str = ""
    fine_title: str = ""
    folded_title: str = ""
    kinds: str = ""
    unfolded: bool = False
    due: tuple[str, ...] = ()
    whole: bool = True

    @property
    def entries(self) -> tuple[OrderEntry, ...]:
        """All of them, as they stand from top to bottom."""
        return self.need + self.fine + self.folded


class OrdersView(PlainView, Protocol):
    """What the presenter may ask of the list."""

    def show(self, orders: OrderList) -> None:
        """Show these entries and no others."""
        ...

    def settle(self) -> None:
        """What is stored has been read, or cannot be: keep no more room for it than it takes."""
        ...

    def point_at(self, id_: str) -> None:
        """Bring the entry `id_` into view, with the focus on its button that renews it."""
        ...


class OrdersPresenter:
    """The clicks on the list."""

    def __init__(
        self,
        workflow: Workflow,
        page: OrdersView,
        dialog: ConfirmView,
        session: Session,
        reminders: Reminders,
        due: DueRenewals,
    ) -> None:
        self._workflow = workflow
        self._page = page
        self._dialog = dialog
        self._session = session
        self._reminders = reminders
        self._due = due
        self._task = TaskRunner()
        self._shown = OrderList()
        self._places = OrderPlaces()
        self._round = 0  # how often the records were read for the list
        self._background = BackgroundTasks()
        self._first: asyncio.Future[None] | None = None  # where there are many: reading them

    async def open(self) -> None:
        """Python is ready: show the orders, or say that they cannot be read. Many are read while the form is used already."""
        try:
            many = len(await record_names(self._workflow)) > MAX_BEFORE_READY
        except StorageError:  # reading them says the same
            many = False
        if many:
            self._page.tell(busy=False, said=text.reading())
            self._first = self._background.spawn(self._list_first())
        else:
            await self._list_first()

    async def _list_first(self) -> None:
        """Nothing is said meanwhile where there are few: the line would move the whole form, and move it back at once."""
        error = await attempt(self._list)
        self._page.tell(busy=False, message=message_for(error) if error else None)
        self._page.settle()

    async def listed(self) -> None:
        """Wait until all that was stored when the page was opened is shown, or cannot be."""
        if self._first:
            await asyncio.wait([self._first])

    async def refresh(self) -> None:
        """Something was done here or in another tab: while a person has the list before them, show it as it is now."""
        if self._session.at_form:
            with suppress(StorageError):  # a click on one of them reports it
                await self._list()

    async def reopen(self, id_: str) -> None:
        """Go on with this one from its saved state."""
        self._page.tell(busy=False)
        self._due.forget()
        await self._session.reopen(id_)

    async def renew(self, id_: str) -> None:
        """Order this certificate again, with the same options."""
        self._page.tell(busy=True)
        self._due.forget()
        await self._session.renew(id_)
        self._page.tell(busy=False)

    async def renew_due(self) -> None:
        """Renew all that is due, one after another."""
        await self._due.renew(self._shown.due)

    async def change_names(self, id_: str) -> None:
        """Fill in the form with what this one asked for, to order it again with other names."""
        self._page.tell(busy=False)
        await self._session.change_names(id_)

    async def remind(self, id_: str) -> None:
        """Hand out a calendar file that reminds of renewing this certificate."""
        await self._run(lambda: self._reminders.of_saved(id_))

    async def ask_windows(self) -> None:
        """The page is open: ask CAs again when they would like their certificates renewed, and show what has changed.

        Whatever has been replaced is left out (RFC 9773 §4.3). An error says nothing that a person could act on.
        """
        await self.listed()
        current = [entry.id for entry in self._shown.entries if entry.status in ("issued", "due") and entry.group != "past"]
        await MovedWindows(self._workflow, lambda: self._session.is_idle and not self._task.busy).ask(current)
        if current:
            await self.refresh()

    async def follow_link(self, fragment: str) -> None:
        """The page was opened by this `fragment` of its address: where it asks for a renewal, show the button for that."""
        wanted = linked_renewal(fragment)
        if not wanted or not self._session.at_form:
            return
        await self.listed()
        await self.refresh()
        entry = next((entry for entry in self._shown.entries if entry.id == wanted), None)
        if entry is None:
            self._page.tell(busy=False, message=not_here())
        elif entry.status == "issued" and entry.group == "past":
            self._page.tell(busy=False, said=renewed_already(entry.title))
        else:
            self._page.point_at(wanted)
            self._page.tell(busy=False, said=renew_here(entry.title))

    async def delete(self, id_: str) -> None:
        """Delete this one for good, after the person has confirmed it."""

        async def work() -> str:
            self._session.check_idle("saved")
            if not await self._dialog.confirm(await self._deleting(id_)):
                return text.nothing_deleted()
            with suppress(UnreadableRecordError):  # it can be deleted, but not read
                await self._session.tidy_up(id_)
            await delete(self._workflow, id_)
            self._session.close_deleted(id_)
            await self._list()
            return text.deleted()

        await self._run(work)

    async def _deleting(self, id_: str) -> Question:
        try:
            issuance = await load(self._workflow, id_)
        except StorageError:
            issuance = None
        if issuance is None:
            return text.deleting_unreadable()
        names = names_in_short(issuance)
        if issuance.state != "issued":
            return text.deleting_order(names)
        key_here = not (issuance.key_destroyed or issuance.choices.csr)
        return text.deleting_certificate(names, self._still_valid_until(issuance), key_here=key_here)

    def _still_valid_until(self, issuance: Issuance) -> datetime | None:
        """When the certificate of `issuance` ends; None where it has ended, is revoked, or cannot be read."""
        try:
            end = read_validity(issuance.certificate_pem).not_after
        except CertificateError:
            return None
        now = datetime.fromtimestamp(self._workflow.ports.clock.now(), UTC)
        return None if issuance.revoked or end < now else end

    async def _list(self) -> None:
        self._round = number = self._round + 1
        stored = await all_stored(self._workflow)
        lacking = await without_account_key(self._workflow, (one.issuance for one in stored if one.issuance))
        placed = await self._places.of(stored, lacking, self._workflow.ports.clock.now())
        parts, words = parts_of(placed), OrderEntries(self._workflow, placed)
        entries = await words.of(parts.need + parts.fine)
        if len(placed) > MAX_BEFORE_READY and not self._shown.entries:
            self._show(number, order_list(parts, entries))  # what is in the fold can come later
            await asyncio.sleep(0)
        self._show(number, order_list(parts, entries | await words.of(parts.folded)))

    def _show(self, number: int, orders: OrderList) -> None:
        """Show `orders`, which were read in this round."""
        if number != self._round:
            return  # what was begun later knows more
        if orders != self._shown:  # showing the same again would lose the focus
            self._page.show(orders)
        self._shown = orders

    async def _run(self, work: Callable[[], Awaitable[str]]) -> None:
        await self._task.do(work, without_fields(self._page))


@dataclass(frozen=True)
class Parts:
    """All saved orders, by where they stand in the list; see `OrderList`."""

    need: tuple[PlacedOrder, ...]
    fine: tuple[PlacedOrder, ...]
    folded: tuple[PlacedOrder, ...]

    @property
    def all(self) -> tuple[PlacedOrder, ...]:
        """All of them."""
        return self.need + self.fine + self.folded


def parts_of(placed: Sequence[PlacedOrder]) -> Parts:
    """Where these orders stand, which come from top to bottom.

    An open order is never in the fold; what cannot be read takes no place from what can.
    """
    current = [one for one in placed if one.group != "past"]
    still_open = [one for one in current if one.status == "open"]
    others = sorted((one for one in current if one.status != "open"), key=lambda one: one.status == "unreadable")
    shown = {one.id for one in still_open + others[: max(0, MAX_SHOWN - len(still_open))]}
    need, fine = (tuple(one for one in placed if one.id in shown and one.group == group) for group in ("need", "fine"))
    return Parts(need, fine, tuple(one for one in placed if one.id not in shown))


def order_list(parts: Parts, entries: Mapping[str, OrderEntry]) -> OrderList:
    """The list of these orders. `entries` are their words, by id; those of folded ones may still be missing."""
    orders = parts.all
    if not orders:
        return OrderList()
    need, fine, folded = (
        tuple(entries[one.id] for one in part if one.id in entries) for part in (parts.need, parts.fine, parts.folded)
    )
    return OrderList(
        need=need,
        fine=fine,
        folded=folded,
        count=text.how_many_need(sum(one.group == "need" for one in orders), sum(one.group != "past" for one in orders)),
        need_title=text.need_title(len(need)),
        fine_title=text.fine_title(len(fine)),
        folded_title=text.folded_title(len(parts.folded), only_past=all(one.group == "past" for one in parts.folded)),
        kinds=text.kinds([(one.group, one.status) for one in parts.folded]),
        unfolded=len(orders) <= MAX_UNFOLDED,
        due=tuple(one.id for one in orders if one.group == "need" and one.status in ("due", "ended")),
        whole=len(folded) == len(parts.folded),
    )
