"""The panel for accounts: `app.ui.panels.accounts.AccountsView` on the document."""

from functools import partial
from typing import Final

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Action, Actions
from app.browser.page.dom import by_id, list_item
from app.browser.page.messages import show_only_error, show_progress
from app.browser.ports.system import save_file
from app.errors import FieldError
from app.pki.formats.file import File
from app.text.message import Message
from app.ui.panels.accounts import AccountsForm, AccountsModel, AccountsPresenter

FIELDS: Final = ("account", "account-contact", "import-ca", "import-directory", "import-key")


class DomAccounts:
    """`app.ui.panels.accounts.AccountsView` on the document."""

    def __init__(self) -> None:
        for option in js.document.querySelectorAll("#ca option"):
            if not option.disabled:
                by_id("import-ca").append(option.cloneNode(True))  # noqa: FBT003 – the DOM’s own signature
        by_id("import-ca").value = by_id("ca").value
        self._follow()

    def bind(self, actions: Actions, presenter: AccountsPresenter) -> None:
        """Connect the controls to their clicks, and the list to whatever else happens on the page."""
        panel = by_id("account-panel")
        actions.refresh_after(panel, presenter.refresh)
        actions.on_unfold(panel, presenter.open)
        add_event_listener(by_id("account"), "change", lambda _: actions.act(presenter.choose))
        add_event_listener(by_id("import-ca"), "change", lambda _: self._follow())
        actions.on_submit(by_id("account-contact-form"), presenter.change_contact)
        actions.on_submit(by_id("import-form"), presenter.import_account)
        clicks: dict[str, Action] = {
            "account-ask": presenter.ask,
            "account-roll": presenter.roll_over,
            "account-close": presenter.close,
            "account-forget": presenter.forget,
            "account-pem": partial(presenter.export_key, "pem"),
            "account-jwk": partial(presenter.export_key, "jwk"),
        }
        for name, click in clicks.items():
            actions.on_click(by_id(name), click)

    def form(self) -> AccountsForm:
        """See `app.ui.panels.accounts.AccountsView.form`."""
        chosen, contact, ca, directory, key = (by_id(field).value for field in FIELDS)
        return AccountsForm(chosen, contact, ca, directory, key, bool(by_id("import-extractable").checked))

    def _follow(self) -> None:
        """Only another CA than those of the list needs its directory URL."""
        by_id("import-directory-row").hidden = by_id("import-ca").value != "custom"

    def show(self, view: AccountsModel) -> None:
        """See `app.ui.panels.accounts.AccountsView.show`."""
        select = by_id("account")
        if [option.value for option in select.options] != [id_ for id_, _ in view.accounts]:
            select.replaceChildren(*(js.Option.new(words, id_) for id_, words in view.accounts))
            by_id("account-import").open = not view.accounts
        by_id("account-none").hidden = bool(view.accounts)
        by_id("account-some").hidden = not view.accounts
        by_id("account-export").hidden = not view.extractable
        by_id("account-locked").hidden = view.extractable
        by_id("account-state").replaceChildren(*map(list_item, view.lines))
        if view.contact is not None:
            by_id("account-contact").value = view.contact

    def tell(self, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None) -> None:
        """See `app.ui.panels.accounts.AccountsView.tell`."""
        show_progress(by_id("account-panel"), "account", busy=busy, said=said, message=message)
        show_only_error(FIELDS, error)

    def empty_import(self) -> None:
        """See `app.ui.panels.accounts.AccountsView.empty_import`."""
        by_id("import-key").value = ""

    def save(self, file: File) -> None:
        """See `app.ui.panels.accounts.AccountsView.save`."""
        save_file(file)
