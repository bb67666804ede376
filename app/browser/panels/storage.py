"""The folded panel of where things are kept, and the two notices on top: nothing is kept at all, or not any more."""

from typing import Any

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import by_id, fill, hook
from app.browser.page.message import show_message
from app.browser.page.page import DomPage
from app.browser.ports.stores import Stores
from app.errors import ClosedStorageError
from app.text.error_messages import message_for
from app.ui.panels.storage import StorageModel, StoragePresenter


class DomStorage:
    """`app.ui.panels.storage.StorageView` on the document."""

    def bind(self, page: DomPage, presenter: StoragePresenter) -> None:
        """Connect the controls to their clicks, and the panel to whatever else happens on the page."""
        panel, act = by_id("storage-panel"), page.act
        page.afterwards(None, presenter.refresh)
        add_event_listener(panel, "toggle", lambda _: act(presenter.open) if panel.open else None)
        add_event_listener(hook("storage-persist"), "click", lambda _: act(presenter.ask))

    def show(self, view: StorageModel) -> None:
        """See `app.ui.panels.storage.StorageView.show`."""
        hook("storage-place").textContent = view.place
        hook("storage-room").textContent = view.room
        hook("storage-persist").hidden = not view.askable

    def tell(self, said: str) -> None:
        """See `app.ui.panels.storage.StorageView.tell`."""
        hook("storage-status").textContent = said


def watch_tab(shelves: Stores) -> None:
    """Say at once where nothing outlives the tab, and let the browser ask before it closes with something in it."""
    js.document.documentElement.dataset.storage = "browser" if shelves.lasting else "memory"
    if shelves.lasting:
        return
    notice = by_id("storage-memory")
    fill(notice, "refusal", shelves.refusal)
    notice.hidden = False

    def hold(event: Any) -> None:
        if shelves.at_risk:
            event.preventDefault()
            event.returnValue = True  # for Chrome before 119 and Safari

    add_event_listener(js.window, "beforeunload", hold)


def tell_loss() -> None:
    """Say that the browser has taken the storage away while the page was open."""
    box = by_id("storage-lost")
    show_message(box, message_for(ClosedStorageError()))
    box.scrollIntoView()
