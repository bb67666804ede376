"""The list of orders, above the form: `app.ui.panels.orders.OrdersView` on the document."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, from_template, slot
from app.browser.page.messages import show_progress
from app.text.message import Message
from app.text.page import more_orders
from app.ui.panels.orders import OrderEntry, OrdersPresenter

MAX_SHOWN: Final = 3  # entries shown above the form; more of them would push it off the screen
ACTIONS: Final = ("open", "renew", "delete")


class DomOrders:
    """`app.ui.panels.orders.OrdersView` on the document."""

    def bind(self, actions: Actions, presenter: OrdersPresenter) -> None:
        """Connect the buttons to their clicks, and the list to whatever else happens, here or in other tabs."""
        clicks: dict[str, Callable[[str], Awaitable[None]]] = dict(
            zip(ACTIONS, (presenter.reopen, presenter.renew, presenter.delete), strict=True)
        )

        def click(event: Any) -> None:
            button = event.target.closest("[data-action]")
            if button:
                id_, action = button.closest(".saved-entry").dataset.record, button.dataset.action
                actions.act(lambda: clicks[action](id_))

        add_event_listener(by_id("saved"), "click", click)
        actions.refresh_after(None, presenter.refresh)

    def show(self, entries: tuple[OrderEntry, ...]) -> None:
        """See `app.ui.panels.orders.OrdersView.show`; what does not fit above the form folds."""
        first = entries if len(entries) <= MAX_SHOWN else entries[: MAX_SHOWN - 1]
        more = entries[len(first) :]
        by_id("saved-list").hidden = not entries
        by_id("saved-first").replaceChildren(*map(_entry, first))
        by_id("saved-others").replaceChildren(*map(_entry, more))
        by_id("saved-more").hidden = not more
        due = sum(entry.status == "due" for entry in more)
        fill(by_id("saved-more"), "more", more_orders(len(more), due))

    def tell(self, *, busy: bool, said: str = "", message: Message | None = None) -> None:
        """See `app.ui.runner.PlainView.tell`."""
        show_progress(by_id("saved"), "saved", busy=busy, said=said, message=message)


def _entry(entry: OrderEntry) -> Any:
    item = from_template("template-saved")
    item.dataset.record, item.dataset.standing = entry.id, entry.status
    for part in ("title", "ca", "words"):
        fill(item, part, getattr(entry, part))
    slot(item, "ca").hidden = not entry.ca
    for name, there in zip(ACTIONS, (entry.opens, entry.renews, True), strict=True):
        item.querySelector(f"[data-action={name}]").hidden = not there
    fill(item, "of", f": {entry.title}")
    return item
