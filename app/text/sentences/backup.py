"""What goes wrong in `app.backup`: with a whole file, and with an entry of it, which is left out."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    # A whole file
    "nothing-to-back-up": N_("This browser keeps nothing yet."),
    "backup-unreadable": N_("The file cannot be read."),
    "backup-empty": N_("The file is empty."),
    "backup-too-large": N_("A backup has at most {most:size}."),
    "backup-header-missing": N_("The file does not start like a backup."),
    "backup-header-damaged": N_("The first line of the file is damaged."),
    "backup-of-another-format": N_("The file has another format."),
    "backup-of-a-newer-version": N_("The file has version {version} of the format; this page knows version {known}."),
    "backup-rounds": N_("The number of rounds must be between {least} and {most}."),
    "backup-checksum-mismatch": N_("The file is not complete: its checksum does not match."),
    "backup-content-not-json": N_("The content of the file is not JSON."),
    "backup-content-not-an-object": N_("The content of the file is not a JSON object."),
    "backup-content-damaged": N_("The content of the file is damaged."),
    "backup-entry-count": N_("The file has {count} entries of one kind; at most {most} are read."),
    "wrong-passphrase": N_("The passphrase does not open the backup."),
    # An entry
    "entry-damaged": N_("It is damaged."),
    "entry-twice": N_("The file contains it twice."),
    "entry-of-an-unknown-ca": N_("This copy of Keystay does not know its CA, or knows it by another address."),
    "account-not-made-yet": N_("The CA has not made this account yet, so it holds nothing to restore."),
    "account-key-shared": N_("Another entry of the file has the same key."),
    "order-id-taken": N_("This browser has another order with the same number."),
    "order-publication-for-another-key": N_("What it asks you to publish is for the key of another account."),
    "stored-certificate-damaged": N_("Its certificate in this browser is damaged."),
    "key-not-of-this-certificate": N_("It is not the key of this certificate."),
    "key-of-another-public-key": N_("Its private key does not belong to its public key."),
    "key-name-taken": N_("Another record in this browser uses the name of its key."),
    "key-name-of-another-key": N_(
        "This browser has another key with the same name. Destroy that key first if you do not need it."
    ),
}
