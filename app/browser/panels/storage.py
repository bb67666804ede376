"""The storage panel, and the two notices at the top of the page: storage is in memory only, or the browser has closed it."""

from typing import Any

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill
from app.browser.page.messages import show_message
from app.browser.ports.stores import Stores
from app.errors import ClosedStorageError
from app.text.errors import message_for
from app.ui.panels.storage import StorageModel, StoragePresenter


class DomStorage:
    """`app.ui.panels.storage.StorageView` on the document."""

    def bind(self, actions: Actions, presenter: StoragePresenter) -> None:
        """Connect the controls to their clicks, and the panel to whatever else happens on the page."""
        actions.refresh_after(None, presenter.refresh)
        actions.on_unfold(by_id("storage-panel"), presenter.open)
        actions.on_click(by_id("storage-persist"), presenter.ask)

    def show(self, view: StorageModel) -> None:
        """See `app.ui.panels.storage.StorageView.show`."""
        by_id("storage-place").textContent = view.place
        by_id("storage-room").textContent = view.usage
        by_id("storage-persist").hidden = not view.askable

    def tell(self, said: str) -> None:
        """See `app.ui.panels.storage.StorageView.tell`."""
        by_id("storage-status").textContent = said


def watch_tab(stores: Stores) -> None:
    """Say at once if storage is in memory only, and let the browser ask before the tab closes with anything stored."""
    js.document.documentElement.dataset.storage = "browser" if stores.persistent else "memory"
    if stores.persistent:
        return
    notice = by_id("storage-memory")
    fill(notice, "refusal", stores.refusal)
    notice.hidden = False

    def ask_before_closing(event: Any) -> None:
        if stores.at_risk:
            event.preventDefault()
            event.returnValue = True  # for Chrome before 119 and Safari

    add_event_listener(js.window, "beforeunload", ask_before_closing)


def show_storage_closed() -> None:
    """Say that the browser has taken the storage away while the page was open."""
    box = by_id("storage-lost")
    show_message(box, message_for(ClosedStorageError()))
    box.scrollIntoView()
