"""What goes wrong in `app.accounts`."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    # What a person typed or chose
    "account-not-chosen": N_(
        "The account for this came from a backup and has not been used in this browser yet. Go back to the form, fill in "
        "the names, choose that account under “Account at the CA”, and order again."
    ),
    "account-already-here": N_("This browser already has this account at {ca}."),
    "key-parts-mismatch": N_("The parts of this private key do not fit together. Was it copied completely?"),
    # What a CA does
    "key-change-without-effect": N_(
        "The CA reported success, but the account still has its old key. Keystay kept the old key."
    ),
    # A saved account
    "account-of-another-version": N_("A saved account was made by another version of Keystay, so it cannot be used here."),
    "account-damaged": N_("A saved account is damaged and cannot be used."),
    "account-key-names": N_("It names no key, or the same key twice."),
    "account-key-of-an-order": N_("It names the key of an order."),
    "account-contact-count": N_("It has too many contact addresses."),
    "account-contact-address": N_("One of its contacts is not an e-mail address."),
    "account-terms-url": N_("The address of its terms is not valid."),
    # Any saved record
    "record-account-id": N_("The id of its account is not valid."),
    "record-ca-id": N_("The id of its CA is not valid."),
    "record-time-in-the-future": N_("It contains a time in the future."),
    "record-under-another-name": N_("It is stored under the name of another record."),
}
