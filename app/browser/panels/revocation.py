"""The panel for a revocation by the certificate's own key: `app.ui.panels.revocation.RevocationView` on the document."""

from typing import Final

import js

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id
from app.browser.page.focus import switch
from app.browser.page.messages import show_field_error, show_message
from app.errors import FieldError
from app.text.message import Message
from app.text.page import revoking
from app.ui.panels.revocation import RevocationForm, RevocationPresenter

FIELDS: Final = ("revoke-ca", "revoke-certificate", "revoke-key")
KEY_COMPROMISE: Final = "1"
"""The reason code of a key that others know (RFC 5280 §5.3.1)."""


class DomRevocation:
    """`app.ui.panels.revocation.RevocationView` on the document."""

    def __init__(self) -> None:
        for option in js.document.querySelectorAll("#ca option"):
            if option.value != "custom" and not option.disabled:
                copy = option.cloneNode(True)  # noqa: FBT003 – the DOM’s own signature
                by_id("revoke-ca").append(copy)
        by_id("revoke-ca").value = by_id("ca").value
        by_id("revoke-key-reason").value = KEY_COMPROMISE  # the person who has the key need not be its owner

    def bind(self, actions: Actions, presenter: RevocationPresenter) -> None:
        """Connect the form to what is done with it."""
        actions.on_submit(by_id("revoke-form"), presenter.revoke)

    def form(self) -> RevocationForm:
        """See `app.ui.panels.revocation.RevocationView.form`."""
        ca, certificate, key = (by_id(field).value for field in FIELDS)
        return RevocationForm(ca, certificate, key, by_id("revoke-key-reason").value)

    def show(self, *, busy: bool, errors: tuple[FieldError, ...] = (), message: Message | None = None) -> None:
        """See `app.ui.panels.revocation.RevocationView.show`."""
        by_field = {error.field: error for error in errors}
        for field in FIELDS:
            show_field_error(field, by_field.get(field))
        if errors:
            by_id(errors[0].field).focus()
        show_message(by_id("revoke-error"), message)
        switch(by_id("revoke-by-key"), off=busy)
        by_id("revoke-status").textContent = revoking() if busy else ""

    def done(self, text: str) -> None:
        """See `app.ui.panels.revocation.RevocationView.done`."""
        by_id("revoke-certificate").value = by_id("revoke-key").value = ""
        by_id("revoke-status").textContent = text
