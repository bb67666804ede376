"""What must be corrected in the form: the list on top of it, with a link to each field."""

from typing import Any

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.form.account import show_credentials
from app.browser.page.dom import by_id, open_around
from app.errors import FieldError
from app.text.form import summary_title
from app.text.sentences import sentence


class ErrorSummary:
    """The list on top of the form of what must be corrected: a link for each field, which leads there."""

    def __init__(self) -> None:
        add_event_listener(by_id("error-list"), "click", self._lead)

    def show(self, errors: tuple[FieldError, ...], *, fresh: bool) -> None:
        """Show a line for each of `errors`, or nothing where there are none; with the focus on the list if it is `fresh`."""
        by_id("order-summary").hidden = not errors
        by_id("title-error-summary").textContent = summary_title(len(errors)) if errors else ""
        by_id("error-list").replaceChildren(*map(_line, errors))
        if errors and fresh:
            by_id("error-summary").focus()

    def _lead(self, event: Any) -> None:
        link = event.target.closest("a")
        if link:
            event.preventDefault()  # the address stays as it is: the part after its # fills in the form
            _reveal(link.dataset.field)
            by_id(link.dataset.field).focus()


def _line(error: FieldError) -> Any:
    link = js.document.createElement("a")
    link.href, link.dataset.field = f"#{error.field}", error.field
    link.textContent = sentence(error)
    line = js.document.createElement("li")
    line.append(link)
    return line


def _reveal(field: str) -> None:
    """Unfold what holds `field`, so that it can be seen and get the focus."""
    if field.startswith("eab-"):
        show_credentials(wanted=True)
    open_around(by_id(field))
