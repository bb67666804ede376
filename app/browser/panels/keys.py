"""The folded panel of the keys in this browser: `app.ui.panels.keys.KeysView` on the document."""

from typing import Any

from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import by_id, fill, from_template, hook, slot
from app.browser.page.focus import switch
from app.browser.page.message import show_message
from app.browser.page.page import DomPage
from app.text.message import Message
from app.ui.panels.keys import KeyCard, KeysPresenter


class DomKeys:
    """`app.ui.panels.keys.KeysView` on the document."""

    def bind(self, page: DomPage, presenter: KeysPresenter) -> None:
        """Connect the controls to their clicks, and the list to whatever else happens on the page."""
        panel, act = by_id("keys-panel"), page.act

        def destroy(event: Any) -> None:
            button = event.target.closest("[data-testid=key-destroy]")
            if button:
                name = button.closest("[data-testid=key-entry]").dataset.keyName
                act(lambda: presenter.destroy(name))

        page.afterwards(panel, presenter.refresh)
        add_event_listener(panel, "toggle", lambda _: act(presenter.open) if panel.open else None)
        add_event_listener(hook("keys"), "click", destroy)
        add_event_listener(hook("keys-destroy-all"), "click", lambda _: act(presenter.destroy_all))

    def show(self, cards: tuple[KeyCard, ...]) -> None:
        """See `app.ui.panels.keys.KeysView.show`."""
        by_id("keys-none").hidden = bool(cards)
        by_id("keys-compare").hidden = not cards
        hook("keys").replaceChildren(*map(_entry, cards))

    def tell(self, *, busy: bool, said: str = "", message: Message | None = None) -> None:
        """See `app.ui.runner.PlainView.tell`."""
        for button in by_id("keys-panel").querySelectorAll("button"):
            switch(button, off=busy)
        show_message(by_id("keys-error"), message)
        hook("keys-status").textContent = "One moment." if busy else said


def _entry(card: KeyCard) -> Any:
    entry = from_template("template-key")
    entry.dataset.keyName, entry.dataset.purpose = card.name, card.purpose
    for part in ("title", "kind", "place", "freedom", "spki", "thumbprint"):
        fill(entry, part, getattr(card, part))
    for part, there in (("account", card.thumbprint), ("readable", card.spki)):
        for element in entry.querySelectorAll(f".only-{part}"):
            element.hidden = not there
    slot(entry, "of").textContent = f": {card.title}"
    return entry
