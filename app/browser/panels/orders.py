"""The list above the form: `app.ui.panels.orders.OrdersView` on the document."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import by_id, fill, from_template, hook, slot
from app.browser.page.focus import switch
from app.browser.page.message import show_message
from app.browser.page.page import DomPage
from app.text.message import Message
from app.ui.panels.orders import OrderEntry, OrdersPresenter

SHOWN: Final = 3  # entries that stand above the form; more of them would push it off the screen
BUTTONS: Final = ("saved-open", "saved-renew", "saved-delete")


class DomOrders:
    """`app.ui.panels.orders.OrdersView` on the document."""

    def bind(self, page: DomPage, presenter: OrdersPresenter) -> None:
        """Connect the buttons to their clicks, and the list to whatever else happens, here or in other tabs."""
        clicks: dict[str, Callable[[str], Awaitable[None]]] = dict(
            zip(BUTTONS, (presenter.reopen, presenter.renew, presenter.delete), strict=True)
        )

        def click(event: Any) -> None:
            button = event.target.closest("button")
            if button:
                id_ = button.closest("[data-testid=saved-entry]").dataset.record
                page.act(lambda: clicks[button.dataset.testid](id_))

        add_event_listener(by_id("saved"), "click", click)
        page.afterwards(None, presenter.refresh)

    def show(self, entries: tuple[OrderEntry, ...]) -> None:
        """See `app.ui.panels.orders.OrdersView.show`; what does not fit above the form folds."""
        first = entries if len(entries) <= SHOWN else entries[: SHOWN - 1]
        more = entries[len(first) :]
        by_id("saved-list").hidden = not entries
        hook("saved").replaceChildren(*map(_entry, first))
        by_id("saved-others").replaceChildren(*map(_entry, more))
        by_id("saved-more").hidden = not more
        due = sum(entry.standing == "due" for entry in more)
        fill(by_id("saved-more"), "count", str(len(more)))
        fill(by_id("saved-more"), "due", f"; {due} should be renewed now" if due else "")

    def tell(self, *, busy: bool, said: str = "", message: Message | None = None) -> None:
        """See `app.ui.runner.PlainView.tell`."""
        for button in by_id("saved").querySelectorAll("button"):
            switch(button, off=busy)
        show_message(by_id("saved-error"), message)
        hook("saved-status").textContent = "One moment." if busy else said


def _entry(entry: OrderEntry) -> Any:
    item = from_template("template-saved")
    item.dataset.record, item.dataset.standing = entry.id, entry.standing
    for part in ("title", "ca", "words"):
        fill(item, part, getattr(entry, part))
    slot(item, "ca").hidden = not entry.ca
    for name, there in zip(BUTTONS, (entry.opens, entry.renews, True), strict=True):
        item.querySelector(f"[data-testid={name}]").hidden = not there
    fill(item, "of", f": {entry.title}")
    return item
