"""The folded panel for accounts: `app.ui.panels.accounts.AccountsView` on the document."""

from functools import partial
from typing import Any, Final

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import by_id, hook
from app.browser.page.focus import switch
from app.browser.page.message import mark_field, show_message
from app.browser.page.page import DomPage
from app.browser.ports.download import save_file
from app.errors import FieldError
from app.pki.formats.pem_files import File
from app.text.message import Message
from app.ui.panels.accounts import AccountsForm, AccountsModel, AccountsPresenter

FIELDS: Final = ("account", "account-contact", "import-ca", "import-directory", "import-key")


class DomAccounts:
    """`app.ui.panels.accounts.AccountsView` on the document."""

    def __init__(self) -> None:
        for option in js.document.querySelectorAll("#ca option"):
            if not option.disabled:
                hook("import-ca").append(option.cloneNode(True))  # noqa: FBT003 – the DOM’s own signature
        hook("import-ca").value = hook("ca").value
        self._follow()

    def bind(self, page: DomPage, presenter: AccountsPresenter) -> None:
        """Connect the controls to their clicks, and the list to whatever else happens on the page."""
        panel, act = by_id("account-panel"), page.act
        page.afterwards(panel, presenter.refresh)
        add_event_listener(panel, "toggle", lambda _: act(presenter.open) if panel.open else None)
        add_event_listener(hook("account"), "change", lambda _: act(presenter.choose))
        add_event_listener(hook("import-ca"), "change", lambda _: self._follow())
        for form, submit in (("account-contact-form", presenter.change_contact), ("import-form", presenter.bring_in)):
            add_event_listener(by_id(form), "submit", lambda _, submit=submit: act(submit))
        clicks = {
            "account-ask": presenter.ask,
            "account-roll": presenter.roll_over,
            "account-close": presenter.close,
            "account-forget": presenter.forget,
            "account-pem": partial(presenter.take_out, "pem"),
            "account-jwk": partial(presenter.take_out, "jwk"),
        }
        for name, click in clicks.items():
            add_event_listener(hook(name), "click", lambda _, click=click: act(click))

    def form(self) -> AccountsForm:
        """See `app.ui.panels.accounts.AccountsView.form`."""
        chosen, contact, ca, directory, key = (hook(field).value for field in FIELDS)
        return AccountsForm(chosen, contact, ca, directory, key, bool(hook("import-extractable").checked))

    def _follow(self) -> None:
        """Only another CA than those of the list needs its directory URL."""
        by_id("import-directory-row").hidden = hook("import-ca").value != "custom"

    def show(self, view: AccountsModel) -> None:
        """See `app.ui.panels.accounts.AccountsView.show`."""
        select = hook("account")
        if [option.value for option in select.options] != [id_ for id_, _ in view.accounts]:
            select.replaceChildren(*(js.Option.new(words, id_) for id_, words in view.accounts))
            by_id("account-import").open = not view.accounts
        by_id("account-none").hidden = bool(view.accounts)
        by_id("account-some").hidden = not view.accounts
        by_id("account-export").hidden = not view.extractable
        by_id("account-locked").hidden = view.extractable
        hook("account-state").replaceChildren(*map(_item, view.lines))
        if view.contact is not None:
            hook("account-contact").value = view.contact

    def tell(self, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None) -> None:
        """See `app.ui.panels.accounts.AccountsView.tell`."""
        for field in FIELDS:
            mark_field(hook(field), by_id(f"error-{field}"), str(error) if error and error.field == field else None)
        for button in by_id("account-panel").querySelectorAll("button"):
            switch(button, off=busy)
        show_message(by_id("account-error"), message)
        hook("account-status").textContent = "One moment." if busy else said
        if error and error.field in FIELDS:
            hook(error.field).focus()

    def empty_import(self) -> None:
        """See `app.ui.panels.accounts.AccountsView.empty_import`."""
        hook("import-key").value = ""

    def save(self, file: File) -> None:
        """See `app.ui.panels.accounts.AccountsView.save`."""
        save_file(file)


def _item(text: str) -> Any:
    item = js.document.createElement("li")
    item.textContent = text
    return item
