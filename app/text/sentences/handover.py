"""What goes wrong in `app.handover`: a certificate that cannot move, and fields of its part of the page."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    "move-out-no-key": N_(
        "The certificate’s private key is not in this browser, and a program on a server needs it to take over."
    ),
    "move-out-address": N_(
        "A certificate with an IP address does not move: programs on servers differ too much there. Order it anew with that "
        "program."
    ),
    "move-out-odd-text": N_(
        "A URL of this CA, or another text of the order, has characters that could be read as commands in the settings of "
        "that program. So nothing is made of it."
    ),
    "move-out-no-proof": N_("Choose how that program will prove control."),
    "move-out-odd-folder": N_("Give the folder as a full path, such as /var/www/html, with letters, digits and . _ - only."),
}
