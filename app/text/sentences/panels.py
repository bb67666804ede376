"""What is wrong with the fields of the panels (`app.ui.panels`)."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    # accounts
    "no-account-yet": N_("This browser has no account yet. The first order makes one."),
    # backup
    "passphrase-too-short": N_(
        "Use at least {minimum} characters. Five words that nobody would put together are easy to remember."
    ),
    "passphrases-differ": N_("The two passphrases are not the same. Type the passphrase again."),
    "no-backup-file": N_("Choose the backup file first."),
    "no-backup-passphrase": N_("Type the passphrase that the backup was made with."),
    # revocation
    "certificate-incomplete": N_(
        "The end of the certificate is missing: the line -----END CERTIFICATE-----. Was it copied completely?"
    ),
    "too-many-certificates": N_("These are {count} certificates. Paste only the one to revoke; its chain may follow."),
    "no-pem-certificate": N_(
        "This is not a certificate in PEM form. A certificate starts with -----BEGIN CERTIFICATE-----, as in cert.pem."
    ),
}
