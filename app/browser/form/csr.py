"""The box for the person's own certificate request (CSR): typed, pasted, or a file that was chosen or dropped."""

from typing import Any

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id
from app.browser.page.messages import show_field_error
from app.errors import FieldError
from app.ui.form.csr import CsrForm, CsrPresenter


class DomCsr:
    """`app.ui.form.csr.CsrView` on the document."""

    def bind(self, actions: Actions, presenter: CsrPresenter) -> None:
        """Connect the box and the files to `presenter`."""
        box, chooser = by_id("csr"), by_id("csr-file")

        async def take(file: Any) -> None:
            presenter.take_file((await file.arrayBuffer()).to_bytes())

        def read(_: Any = None) -> None:
            actions.spawn(presenter.read())

        def take_first(files: Any) -> None:
            if files.length:
                actions.spawn(take(files.item(0)))

        def drag_over(event: Any) -> None:
            if "Files" in event.dataTransfer.types:  # the browser inserts dropped text; a dropped file needs this
                event.preventDefault()

        def drop(event: Any) -> None:
            if event.dataTransfer.files.length:
                event.preventDefault()
                take_first(event.dataTransfer.files)

        add_event_listener(box, "input", read)
        for choice in ("ca", "target"):
            add_event_listener(by_id(choice), "change", read)
        add_event_listener(box, "dragover", drag_over)
        add_event_listener(box, "drop", drop)
        add_event_listener(chooser, "change", lambda _: take_first(chooser.files))
        read()

    def form(self) -> CsrForm:
        """See `app.ui.form.csr.CsrView.form`."""
        return CsrForm(by_id("csr").value, by_id("domains").value, by_id("ca").value, by_id("target").value)

    def fill(self, *, request: str | None = None, names: str | None = None) -> None:
        """See `app.ui.form.csr.CsrView.fill`."""
        for field, text in (("csr", request), ("domains", names)):
            if text is not None:
                by_id(field).value = text
                by_id(field).dispatchEvent(js.Event.new("input", bubbles=True))

    def show_request(self, summary: str, error: FieldError | None) -> None:
        """See `app.ui.form.csr.CsrView.show_request`."""
        by_id("csr-summary").textContent = summary
        by_id("key-type").disabled = bool(summary)  # the request has its key already
        show_field_error("csr", error)
