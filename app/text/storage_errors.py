"""What a person reads when this browser does not store something or give it back. The first kind that fits counts."""

from typing import Final

from app.errors import (
    ClosedStorageError,
    DamagedKeyError,
    FullStorageError,
    KeptKeyError,
    KeystayError,
    LostKeyError,
    StorageError,
    UnreadableRecordError,
)
from app.text.catalog import N_
from app.text.tasks import Words

STORAGE_ERRORS: Final[tuple[tuple[type[KeystayError], Words], ...]] = (
    (
        KeptKeyError,
        Words(
            N_("The key to be kept is not in this browser"),
            (
                N_(
                    "It was destroyed here or deleted with its order, or the order came from a backup without it. Renew with "
                    "a new key instead: open the certificate, take away the tick at “Keep the same key when I renew”, and "
                    "renew it. Or press “Change the names” in the list and order from the form, which makes a new key, too. "
                    "If you have a TLSA record for the old key, add the one for the new key before you install it."
                ),
            ),
        ),
    ),
    (
        LostKeyError,
        Words(
            N_("The key for this is not in this browser"),
            (
                N_(
                    "The account was closed or forgotten, the key was destroyed here, or the order came from a backup "
                    "without it: a key that cannot leave a browser cannot be in a backup. Or {ca} returned an order that "
                    "was finished before, with another key. Go on in the browser that has the key, import the account "
                    "under “Accounts at CAs”, or order again."
                ),
            ),
        ),
    ),
    (
        FullStorageError,
        Words(
            N_("This browser has no room left for Keystay"),
            (
                N_(
                    "The last step was not saved; what was saved before stays. Free some space on the disk, or destroy keys "
                    "that you do not need under “Keys in this browser”. Then press the button again. Certificates that are "
                    "ready can be downloaded, and “Backup” can make a file of everything."
                ),
            ),
        ),
    ),
    (
        ClosedStorageError,
        Words(
            N_("The browser has closed Keystay’s storage"),
            (
                N_(
                    "It does that when site data is cleared, by you or by itself to make room. Nothing can be saved in "
                    "this tab any more. Reload the page: what is still there comes back. What is missing then is gone, "
                    "unless you have a backup."
                ),
            ),
        ),
    ),
    (
        DamagedKeyError,
        Words(
            N_("A key in this browser is damaged"),
            (
                N_(
                    "The browser or another page at this address has changed it. Destroy it under “Keys in this browser”, "
                    "then try again: a new one is made. An account whose key is gone cannot be used any more; a backup may "
                    "have it."
                ),
            ),
        ),
    ),
    (
        UnreadableRecordError,
        Words(
            N_("A saved record cannot be read"),
            (
                N_(
                    "It is damaged, or another version of Keystay made it. Everything else can be used. Delete it in the list "
                    "of orders, or forget it under “Accounts at CAs”; if you have a backup, restore that."
                ),
            ),
        ),
    ),
    (
        StorageError,
        Words(
            N_("This browser did not keep what Keystay gave it"),
            (
                N_(
                    "Private windows and full disks do that. Free some space or open Keystay in a normal window, then try "
                    "again."
                ),
            ),
        ),
    ),
)
"""Kind of error → its words."""
