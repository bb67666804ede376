"""The account's fields of the form in step 1."""

from typing import Final

from app.accounts.account_store import NEW
from app.browser.form.terms import linked_terms
from app.browser.page.dom import by_id
from app.ui.form.account import AccountForm

ACCOUNT_FIELDS: Final = ("eab-kid", "eab-key", "contact", "account-key-type")


def read_account_fields() -> AccountForm:
    """The fields as they stand."""
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
    """Show the fields for credentials from the CA's website, or hide them. What stands in them stays."""
    by_id("credentials").hidden = not wanted
    require_credentials()


def require_credentials() -> None:
    """Mark these fields as required where they are shown and a new account is what orders."""
    wanted = not by_id("credentials").hidden and by_id("account-choice").value in ("", NEW)
    for field in ("eab-kid", "eab-key"):
        by_id(field).required = wanted


def reveal_field(field: str) -> None:
    """Unfold what holds `field`, so that it can be seen and get the focus."""
    if field.startswith("eab-"):
        show_credentials(wanted=True)
    fold = by_id(field).closest("details")
    while fold:
        fold.open = True
        fold = fold.parentElement.closest("details")
