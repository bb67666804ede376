"""What goes wrong in `app.network`: why the gate blocked a request."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    "gate-check-failed": N_("Nothing was sent: the check itself failed."),
    "gate-method": N_("Nothing was sent: Keystay does not use this HTTP method."),
    "gate-no-cors-with-content": N_("Nothing was sent: a request whose response cannot be read must not contain anything."),
    "gate-too-large": N_("Nothing was sent: the request is larger than any that Keystay makes."),
    "gate-resolver-not-allowed": N_("Nothing was sent: you have not allowed questions to this DNS resolver."),
    "gate-no-dns-question": N_("Nothing was sent: it was not a DNS question as Keystay asks it."),
    "gate-unknown-destination": N_("Nothing was sent: it would have gone to an address that this page does not work with."),
    "gate-unknown-header": N_("Nothing was sent: the request has a header that Keystay does not use."),
    "gate-no-dns-write": N_("Nothing was sent: at a DNS service, Keystay only reads records and changes TXT records."),
    "gate-no-token": N_("Nothing was sent: this page has no token for that address."),
    "gate-private-key": N_("Nothing was sent: the request contained private key material."),
    "redirect-response": N_("The response was a redirect to another address. ACME does not use redirects."),
    "response-too-long": N_("The response from {url} is longer than {limit:size}."),
}
