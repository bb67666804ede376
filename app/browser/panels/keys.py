"""The panel of the keys in this browser: `app.ui.panels.keys.KeysView` on the document."""

from typing import Any

from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, from_template, slot
from app.browser.page.messages import show_progress
from app.text.message import Message
from app.ui.panels.keys import KeyEntry, KeysPresenter


class DomKeys:
    """`app.ui.panels.keys.KeysView` on the document."""

    def bind(self, actions: Actions, presenter: KeysPresenter) -> None:
        """Connect the controls to their clicks, and the list to whatever else happens on the page."""
        panel = by_id("keys-panel")

        def destroy(event: Any) -> None:
            button = event.target.closest("[data-action=destroy]")
            if button:
                name = button.closest(".key-entry").dataset.keyName
                actions.act(lambda: presenter.destroy(name))

        actions.refresh_after(panel, presenter.refresh)
        actions.on_unfold(panel, presenter.open)
        add_event_listener(by_id("keys"), "click", destroy)
        actions.on_click(by_id("keys-destroy-all"), presenter.destroy_all)

    def show(self, entries: tuple[KeyEntry, ...]) -> None:
        """See `app.ui.panels.keys.KeysView.show`."""
        by_id("keys-none").hidden = bool(entries)
        by_id("keys-compare").hidden = not entries
        by_id("keys").replaceChildren(*map(_entry, entries))

    def tell(self, *, busy: bool, said: str = "", message: Message | None = None) -> None:
        """See `app.ui.runner.PlainView.tell`."""
        show_progress(by_id("keys-panel"), "keys", busy=busy, said=said, message=message)


def _entry(key: KeyEntry) -> Any:
    entry = from_template("template-key")
    entry.dataset.keyName, entry.dataset.purpose = key.name, key.purpose
    for part in ("title", "kind", "place", "extractability", "spki", "thumbprint"):
        fill(entry, part, getattr(key, part))
    for part, there in (("account", key.thumbprint), ("readable", key.spki)):
        for element in entry.querySelectorAll(f".only-{part}"):
            element.hidden = not there
    slot(entry, "of").textContent = f": {key.title}"
    return entry
