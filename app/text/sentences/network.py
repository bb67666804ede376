"""What goes wrong in `app.network`."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    "redirect-response": N_("The answer was a redirect to another address. ACME has none."),
    "response-too-long": N_("The answer from {url} goes on after {limit:size}."),
}
