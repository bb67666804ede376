"""What goes wrong in `app.dns`: with the files that list DNS providers and resolvers."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    # static/data/dns_providers.json
    "dns-list-unusable-id": N_("“dns_providers.json” has an id with other characters than a–z, 0–9 and “-”."),
    "dns-list-unknown-value": N_("“dns_providers.json” has a “{member}” that cannot be used."),
    # static/data/resolvers.json
    "resolver-list-unknown-value": N_("“resolvers.json” has a “{member}” that cannot be used."),
}
