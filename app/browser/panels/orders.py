"""The list of orders, above the form: `app.ui.panels.orders.OrdersView` on the document."""

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final

import js
from pyodide.ffi import JsException
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, from_template, open_around, slot
from app.browser.page.item_list import ItemList
from app.browser.page.marks import Mark, set_state
from app.browser.page.messages import show_progress
from app.browser.page.soon import BeforeFrame
from app.text.message import Message
from app.ui.panels.due_renewals import RenewalLine, RenewalReport
from app.ui.panels.order_entry import Action, OrderEntry
from app.ui.panels.order_place import EntryStatus
from app.ui.panels.orders import OrderList, OrdersPresenter

RENDERED_AT_ONCE: Final = 5
"""Entries that are rendered before the browser gets its turn."""

LAST_SIZE: Final = "keystay-list"
"""The key in localStorage of the height of the list, and the width of the window: in px, as JSON. static/check.js reads it."""

MARKS: Final[Mapping[EntryStatus, Mark]] = {
    "open": "wait",
    "issued": "good",
    "due": "warn",
    "ended": "warn",
    "revoked": "bad",
    "failed": "bad",
    "stuck": "bad",
    "unreadable": "bad",
}


class DomOrders:
    """`app.ui.panels.orders.OrdersView` on the document."""

    def __init__(self) -> None:
        self._groups = {name: _item_list(name) for name in ("need", "fine", "more")}
        self._shown = OrderList()
        self._settle = BeforeFrame(self._end_waiting)  # where its height is known anyway

    def bind(self, actions: Actions, presenter: OrdersPresenter) -> None:
        """Connect the buttons to their clicks, and the list to whatever else happens, here or in other tabs."""
        clicks: dict[Action, Callable[[str], Awaitable[None]]] = {
            "open": presenter.reopen,
            "renew": presenter.renew,
            "change": presenter.change_names,
            "remind": presenter.remind,
            "delete": presenter.delete,
        }

        def click(event: Any) -> None:
            button = event.target.closest("[data-action]")
            if button:
                id_, action = button.closest("[data-record]").dataset.record, button.dataset.action
                actions.act(lambda: clicks[action](id_))

        add_event_listener(by_id("saved"), "click", click)
        actions.on_click(by_id("renew-due"), presenter.renew_due)
        actions.refresh_after(None, presenter.refresh)

    def show(self, orders: OrderList) -> None:
        """See `app.ui.panels.orders.OrdersView.show`."""
        self._shown = orders
        by_id("saved-list").hidden = not orders.entries
        by_id("saved-count").textContent = orders.count
        # One button stands out: the one that renews all, or that of the only certificate to be renewed.
        by_id("due").hidden = not orders.due
        by_id("renew-due").classList.toggle("outline", len(orders.due) < 2)
        due = next((entry for entry in orders.need if entry.status == "due"), None) if len(orders.due) < 2 else None
        self._show_group("need", orders.need_title, orders.need, due)
        self._show_group("fine", orders.fine_title, orders.fine, due)
        more = by_id("saved-more")
        if more.hidden:  # else it stays as the person left it
            more.open = orders.unfolded
        fill(more, "kinds", orders.kinds)
        self._show_group("more", orders.folded_title, orders.folded, due)
        self._settle()

    def settle(self) -> None:
        """See `app.ui.panels.orders.OrdersView.settle`."""
        self._settle()

    def _end_waiting(self) -> None:
        """Give back the room that check.js has kept, once all entries stand there, and remember how much they take."""
        listed = self._shown.entries
        if not self._shown.whole or sum(len(group.items) for group in self._groups.values()) < len(listed):
            self._settle()
            return
        root = js.document.documentElement
        root.removeAttribute("data-list")
        root.style.removeProperty("--list-height")
        height = by_id("saved-list").offsetHeight
        # At the next visit, what a person has unfolded is folded, and a report of renewals is gone.
        is_usual = by_id("saved-more").open == self._shown.unfolded and by_id("renewals").hidden
        if not listed or (height and is_usual):
            _remember(height)

    def _show_group(self, name: str, title: str, entries: tuple[OrderEntry, ...], due: OrderEntry | None) -> None:
        group = by_id(f"saved-{name}")
        group.hidden = not entries
        fill(group, "group", title)
        self._groups[name].show([(entry, entry is due) for entry in entries])

    def show_renewals(self, report: RenewalReport) -> None:
        """See `app.ui.panels.due_renewals.RenewalsView.show_renewals`."""
        place = by_id("renewals")
        place.hidden = not report.progress and not report.lines
        for part in ("title", "progress"):
            slot(place, part).textContent = getattr(report, part)
            slot(place, part).hidden = not getattr(report, part)
        place.querySelector("ul").replaceChildren(*map(_renewal, report.lines))
        place.querySelector("ul").hidden = not report.lines
        for button in place.querySelectorAll("button"):
            button.hidden = bool(report.progress)

    def point_at(self, id_: str) -> None:
        """See `app.ui.panels.orders.OrdersView.point_at`."""
        for group in self._groups.values():
            group.finish()
        for entry in by_id("saved").querySelectorAll(".saved-entry"):
            if entry.dataset.record == id_:
                open_around(entry)
                entry.scrollIntoView()
                (entry.querySelector("[data-action=renew]") or entry.querySelector("button")).focus()

    def tell(self, *, busy: bool, said: str = "", message: Message | None = None) -> None:
        """See `app.ui.runner.PlainView.tell`."""
        show_progress(by_id("saved"), "saved", busy=busy, said=said, message=message)


def _item_list(name: str) -> ItemList[tuple[OrderEntry, bool]]:
    return ItemList(lambda: by_id(f"saved-{name}").querySelector("ul"), lambda entry: _entry(*entry), RENDERED_AT_ONCE)


def _entry(entry: OrderEntry, filled: bool) -> Any:  # noqa: FBT001 – the two parts of what is listed
    item = from_template("template-saved")
    item.dataset.record, item.dataset.standing = entry.id, entry.status
    for part in ("title", "ca", "headline", "words"):
        fill(item, part, getattr(entry, part))
    slot(item, "ca").hidden = not entry.ca
    mark: Mark = "wait" if entry.group == "past" and entry.status in ("issued", "ended") else MARKS[entry.status]
    set_state(item.querySelector(".state"), mark)
    _show_buttons(item, entry, filled=filled)
    return item


def _remember(height: int) -> None:
    """Keep the height of the list for the next visit; 0 means that there is none."""
    root = js.document.documentElement
    with suppress(JsException, AttributeError):  # storage is forbidden, full or not there: then the form moves once
        if not height or root.dataset.storage != "browser":
            js.localStorage.removeItem(LAST_SIZE)
        else:
            js.localStorage.setItem(LAST_SIZE, json.dumps({"width": js.innerWidth, "height": height}))


def _renewal(line: RenewalLine) -> Any:
    item = from_template("template-renewal")
    item.dataset.record, item.dataset.outcome = line.id, line.outcome
    fill(item, "title", line.title)
    fill(item, "words", line.words)
    set_state(item.querySelector(".state"), "good" if line.outcome == "renewed" else "warn")
    fill(item, "label", line.label)
    fill(item, "of", f": {line.title}")
    item.querySelector("button").dataset.action = "renew" if line.renews else "open"
    return item


def _show_buttons(item: Any, entry: OrderEntry, *, filled: bool) -> None:
    """The first button stands beside the entry, the others under its words; what cannot be done has none."""
    labels = {button.action: button.label for button in entry.buttons}
    for button in item.querySelectorAll("[data-action]"):
        if button.dataset.action in labels:
            fill(button, "label", labels[button.dataset.action])
        else:
            button.remove()
    fill(item, "of", f": {entry.title}")
    first = entry.buttons[0].action
    if first != "delete":
        main = item.querySelector(f"[data-action={first}]")
        main.className = "" if filled else "outline"
        item.querySelector(".do").append(main)
