"""The list of accounts in step 1: which one orders."""

import js
from pyodide.ffi.wrappers import add_event_listener

from app.accounts.account_store import NEW
from app.browser.form.account import require_credentials
from app.browser.page.dom import by_id
from app.browser.page.page import DomPage
from app.text.form import new_account
from app.ui.form.account import AccountChoicePresenter


class DomAccountChoice:
    """`app.ui.form.account.AccountChoiceView` on the document."""

    def bind(self, page: DomPage, choice: AccountChoicePresenter) -> None:
        """Look when another CA is chosen, and after the work of any click: an account may have come or gone."""
        for field, event in (("ca", "change"), ("directory-url", "input")):
            add_event_listener(by_id(field), event, lambda _: page.spawn(choice.look()))
        add_event_listener(by_id("account-choice"), "change", lambda _: self._follow())
        page.afterwards(None, choice.look)

    def chosen(self) -> tuple[str, str]:
        """See `app.ui.form.account.AccountChoiceView.chosen`."""
        return by_id("ca").value, by_id("directory-url").value

    def show_accounts(self, accounts: tuple[tuple[str, str], ...]) -> None:
        """See `app.ui.form.account.AccountChoiceView.show_accounts`; what a person chose stays so where it is still offered."""
        select = by_id("account-choice")
        before = [option.value for option in select.options]
        offered = [*accounts, *([] if NEW in dict(accounts) or not accounts else [(NEW, new_account())])]
        if before != [id_ for id_, _ in offered]:
            kept = select.value
            select.replaceChildren(*(js.Option.new(words, id_) for id_, words in offered))
            select.value = kept if kept in dict(accounts) else offered[0][0] if offered else ""
        by_id("account-row").hidden = not offered
        self._follow()

    def _follow(self) -> None:
        by_id("account-options").hidden = by_id("account-choice").value not in ("", NEW)
        require_credentials()
