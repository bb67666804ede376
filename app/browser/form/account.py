"""The account in the form of step 1: which one orders, and the fields for a new one."""

from typing import Final

import js
from pyodide.ffi.wrappers import add_event_listener

from app.accounts.account_store import NEW
from app.browser.form.profiles import linked_terms
from app.browser.page.actions import Actions
from app.browser.page.dom import by_id
from app.text.form import new_account
from app.ui.form.account import AccountChoicePresenter, AccountForm

ACCOUNT_FIELDS: Final = ("eab-kid", "eab-key", "contact", "account-key-type")


class DomAccountChoice:
    """`app.ui.form.account.AccountChoiceView` on the document."""

    def bind(self, actions: Actions, presenter: AccountChoicePresenter) -> None:
        """Look when another CA is chosen, and after each action: an account may have come or gone."""
        for field, event in (("ca", "change"), ("directory-url", "input")):
            add_event_listener(by_id(field), event, lambda _: actions.spawn(presenter.refresh()))
        add_event_listener(by_id("account-choice"), "change", lambda _: self._follow())
        actions.refresh_after(None, presenter.refresh)

    def chosen(self) -> tuple[str, str]:
        """See `app.ui.form.account.AccountChoiceView.chosen`."""
        return by_id("ca").value, by_id("directory-url").value

    def show_accounts(self, accounts: tuple[tuple[str, str], ...]) -> None:
        """See `app.ui.form.account.AccountChoiceView.show_accounts`; a choice stays where it is still offered."""
        select = by_id("account-choice")
        before = [option.value for option in select.options]
        offered = [*accounts, *([] if NEW in dict(accounts) or not accounts else [(NEW, new_account())])]
        if before != [id_ for id_, _ in offered]:
            chosen = select.value
            select.replaceChildren(*(js.Option.new(words, id_) for id_, words in offered))
            select.value = chosen if chosen in dict(accounts) else offered[0][0] if offered else ""
        by_id("account-row").hidden = not offered
        self._follow()
        by_id("names").dispatchEvent(js.Event.new("change"))  # the form says in short what it asks for

    def _follow(self) -> None:
        by_id("account-options").hidden = by_id("account-choice").value not in ("", NEW)
        _require_credentials()


def read_account_fields() -> AccountForm:
    """The current values of the fields."""
    return AccountForm(
        contact=by_id("contact").value,
        eab_kid=by_id("eab-kid").value,
        eab_key=by_id("eab-key").value,
        account_key_type=by_id("account-key-type").value,
        account_extractable=bool(by_id("account-extractable").checked),
        choice=by_id("account-choice").value,
        terms=linked_terms(),
    )


def show_credentials(*, wanted: bool) -> None:
    """Show the fields for credentials from the CA's website, or hide them. Their values stay."""
    by_id("credentials").hidden = not wanted
    _require_credentials()


def _require_credentials() -> None:
    """Mark these fields as required where they are shown and a new account is what orders."""
    wanted = not by_id("credentials").hidden and by_id("account-choice").value in ("", NEW)
    for field in ("eab-kid", "eab-key"):
        by_id(field).required = wanted
