"""The account's fields of the form in step 1."""

from typing import Final

from app.browser.dom import by_id, hook
from app.browser.terms import linked_terms
from app.ui.accounts import AccountForm

ACCOUNT_FIELDS: Final = ("eab-kid", "eab-key", "contact", "account-key-type")
_FOLDS: Final = {
    **dict.fromkeys(("key-type", "profile", "csr"), "more-options"),
    **dict.fromkeys(("contact", "account-key-type"), "account-options"),
}


def read_account_fields() -> AccountForm:
    """The fields as they stand."""
    return AccountForm(
        contact=hook("contact").value,
        eab_kid=hook("eab-kid").value,
        eab_key=hook("eab-key").value,
        account_key_type=hook("account-key-type").value,
        account_extractable=bool(hook("account-extractable").checked),
        choice=hook("account-choice").value,
        terms=linked_terms(),
    )


def show_credentials(*, wanted: bool) -> None:
    """Show the fields for credentials from the CA's website, or hide them. What stands in them stays."""
    by_id("credentials").hidden = not wanted


def reveal_field(field: str) -> None:
    """Unfold what holds `field`, so that it can be seen and get the focus."""
    if field in _FOLDS:
        by_id(_FOLDS[field]).open = True
    if field.startswith("eab-"):
        show_credentials(wanted=True)
