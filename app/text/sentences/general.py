"""What goes wrong in several rooms: the errors of `app.errors` with a code of their own."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    "package-not-loaded": N_(
        "A part of this page, {name}, could not be loaded. Either the connection failed, or its file was changed on the way or "
        "on the web server; then it was not used. What needs it does not work now; everything else does."
    ),
    "no-response": N_("No response could be read from {url}."),
    "no-key-change": N_("The CA does not offer to change an account’s key."),
    "no-revocation": N_("The CA does not offer revocation."),
    "no-renewal-information": N_("The CA does not offer renewal information."),
    "open-in-another-tab": N_("Another tab of this browser is working on this."),
    "certificate-not-valid-now": N_(
        "The certificate is not valid now: it is valid from {start:datetime} to {end:datetime}, and this computer’s clock "
        "shows {now:datetime}."
    ),
    "storage-full": N_("There is no space left for this page in the browser’s storage."),
    "storage-closed": N_("The browser has closed the storage of this page."),
}
