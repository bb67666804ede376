"""What goes wrong in `app.dns`: with the files that list DNS providers and resolvers."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_

SENTENCES: Final[Mapping[str, str]] = {
    # static/data/dns_providers.json
    "dns-list-not-a-list": N_("“dns_providers.json” is not a list."),
    "dns-list-duplicate-id": N_("“dns_providers.json” has two entries with the id “{id}”."),
    "dns-list-unusable-id": N_("“dns_providers.json” has an id with other characters than a–z, 0–9 and “-”."),
    "dns-list-unknown-member": N_("“dns_providers.json” has an entry with an unknown member “{member}”."),
    "dns-list-unknown-value": N_("“dns_providers.json” has a “{member}” that cannot be used."),
    # static/data/resolvers.json
    "resolver-list-not-a-list": N_("“resolvers.json” is not a list."),
    "resolver-list-duplicate-id": N_("“resolvers.json” has two entries with the id “{id}”."),
    "resolver-list-unknown-member": N_("“resolvers.json” has an entry with an unknown member “{member}”."),
}
