"""What the form says of itself in short: its folded options, and what a click on its button does."""

from dataclasses import dataclass

from app.accounts.account_store import NEW
from app.ca.catalog import CertificateAuthority, find_ca_or_none
from app.text.form import account_in_short, options_in_short, profile_warning, start_effect
from app.ui.form.order import Form


@dataclass(frozen=True)
class FormOutline:
    """The line under “More options”, the one under “A new account at the CA”, and the one under the button.

    `profile` warns of the chosen profile, or is "".
    """

    options: str
    account: str
    start: str
    profile: str = ""


def outline(form: Form, authorities: tuple[CertificateAuthority, ...]) -> FormOutline:
    """The form in short. Never raises: what is wrong with a field is said at Start."""
    account = form.account
    authority = find_ca_or_none(authorities, form.ca, form.directory_url)
    own_proofs = sum(1 for _, kind in form.challenges if kind != form.challenge)
    return FormOutline(
        options_in_short(form.key_type_made, form.profile, own_proofs),
        account_in_short(
            account.account_key_type, has_contact=bool(account.contact.strip()), movable=account.account_extractable
        ),
        start_effect(authority, new_account=account.choice in ("", NEW)),
        profile_warning(form.profile),
    )
