"""The panel that looks into certificate files: `app.ui.panels.viewer.ViewerView` on the document."""

from typing import Any, Final

import js
from pyodide.ffi import JsException
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, from_template, list_item, open_around
from app.browser.page.focus import switch_all
from app.browser.page.marks import set_state
from app.browser.page.messages import show_only_error, show_result
from app.errors import FieldError, InputError
from app.text.message import Message
from app.text.page import working
from app.ui.panels.viewer import (
    FILE,
    PASSWORD,
    CertificateEntry,
    FindingEntry,
    KeyEntry,
    ViewerForm,
    ViewerModel,
    ViewerPresenter,
)

FIELDS: Final = (FILE, PASSWORD)


class DomViewer:
    """`app.ui.panels.viewer.ViewerView` on the document."""

    def bind(self, actions: Actions, presenter: ViewerPresenter) -> None:
        """Connect the fields, and files that are dropped on the panel, to `presenter`."""
        panel, chooser = by_id("viewer-panel"), by_id(FILE)

        def take(_: Any) -> None:
            actions.spawn(presenter.take())

        def drag_over(event: Any) -> None:
            if "Files" in event.dataTransfer.types:
                event.preventDefault()

        def drop(event: Any) -> None:
            if event.dataTransfer.files.length:
                event.preventDefault()
                chooser.files = event.dataTransfer.files
                take(event)

        add_event_listener(panel, "dragover", drag_over)
        add_event_listener(panel, "drop", drop)
        add_event_listener(chooser, "change", take)
        add_event_listener(by_id("viewer-text"), "input", take)
        actions.on_submit(by_id("viewer-form"), presenter.look)
        actions.on_click(by_id("look-into"), presenter.look_into_order)

    def form(self) -> ViewerForm:
        """See `app.ui.panels.viewer.ViewerView.form`."""
        return ViewerForm(by_id("viewer-text").value, by_id(PASSWORD).value)

    def file_size(self) -> int:
        """See `app.ui.panels.viewer.ViewerView.file_size`."""
        return sum(int(file.size) for file in by_id(FILE).files)

    async def read_files(self) -> list[bytes]:
        """See `app.ui.panels.viewer.ViewerView.read_files`."""
        try:
            return [(await file.arrayBuffer()).to_bytes() for file in by_id(FILE).files]
        except JsException as error:
            raise InputError("file-unreadable", detail=str(error)) from error

    def ask_password(self, *, needed: bool) -> None:
        """See `app.ui.panels.viewer.ViewerView.ask_password`."""
        by_id("viewer-password-row").hidden = not needed
        if not needed:
            by_id(PASSWORD).value = ""

    def show(self, model: ViewerModel | None) -> None:
        """See `app.ui.panels.viewer.ViewerView.show`."""
        by_id("viewer-result").hidden = model is None
        model = model or ViewerModel("", (), (), ())
        title = by_id("title-viewer-result")
        title.textContent = model.title
        title.hidden = not model.title
        by_id("viewer-findings").replaceChildren(*map(_finding, model.findings))
        by_id("viewer-certificates").replaceChildren(*map(_certificate, model.certificates))
        by_id("viewer-keys").replaceChildren(*map(_key, model.keys))
        first = by_id("viewer-certificates").querySelector("details")
        if first and len(model.certificates) == 1:
            first.open = True

    def open(self) -> None:
        """See `app.ui.panels.viewer.ViewerView.open`."""
        by_id(FILE).value = by_id("viewer-text").value = ""
        open_around(by_id("viewer-panel"))
        by_id("title-viewer-result").focus()

    def tell(self, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None) -> None:
        """See `app.ui.panels.viewer.ViewerView.tell`."""
        switch_all(by_id("viewer-panel"), "button", off=busy)
        show_result("viewer", working() if busy else said, message)
        show_only_error(FIELDS, error)


def _finding(finding: FindingEntry) -> Any:
    item = list_item("")
    words = js.document.createElement("span")
    words.textContent = finding.words
    item.append(words)
    set_state(item, finding.weight)
    return item


def _certificate(certificate: CertificateEntry) -> Any:
    entry = from_template("template-viewer-certificate")
    fill(entry, "title", certificate.title)
    fill(entry, "role", certificate.role)
    for name, value in certificate.facts.items():
        fill(entry, name, value)
    return entry


def _key(key: KeyEntry) -> Any:
    entry = from_template("template-viewer-key")
    fill(entry, "title", key.title)
    fill(entry, "words", key.words)
    return entry
