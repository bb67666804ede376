"""The folded panel for a revocation by the certificate's own key: `app.ui.panels.revocation.RevocationView` on the document."""

from typing import Final

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import Act, by_id, hook
from app.browser.page.focus import switch
from app.browser.page.message import mark_field, show_message
from app.errors import FieldError
from app.text.message import Message
from app.ui.panels.revocation import RevocationForm, RevocationPresenter

FIELDS: Final = ("revoke-ca", "revoke-certificate", "revoke-key")


class DomRevocation:
    """`app.ui.panels.revocation.RevocationView` on the document."""

    def __init__(self) -> None:
        for option in js.document.querySelectorAll("#ca option"):
            if option.value != "custom" and not option.disabled:
                copy = option.cloneNode(True)  # noqa: FBT003 – the DOM’s own signature
                hook("revoke-ca").append(copy)
        hook("revoke-ca").value = hook("ca").value

    def bind(self, act: Act, revocation: RevocationPresenter) -> None:
        """Connect the form to what is done with it."""
        add_event_listener(by_id("revoke-form"), "submit", lambda _: act(revocation.revoke))

    def form(self) -> RevocationForm:
        """See `app.ui.panels.revocation.RevocationView.form`."""
        ca, certificate, key = (hook(field).value for field in FIELDS)
        return RevocationForm(ca, certificate, key, hook("revoke-key-reason").value)

    def show(self, *, busy: bool, errors: tuple[FieldError, ...] = (), message: Message | None = None) -> None:
        """See `app.ui.panels.revocation.RevocationView.show`."""
        texts = {error.field: str(error) for error in errors}
        for field in FIELDS:
            mark_field(hook(field), by_id(f"error-{field}"), texts.get(field))
        if errors:
            hook(errors[0].field).focus()
        show_message(by_id("revoke-error"), message)
        switch(hook("revoke-by-key"), off=busy)
        hook("revoke-status").textContent = "Asking the CA to revoke it." if busy else ""

    def done(self, text: str) -> None:
        """See `app.ui.panels.revocation.RevocationView.done`."""
        hook("revoke-certificate").value = hook("revoke-key").value = ""
        hook("revoke-status").textContent = text
