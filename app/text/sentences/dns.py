"""What goes wrong in `app.dns`: with the files that list DNS providers, resolvers and services, and at DNS services."""

from collections.abc import Callable, Mapping
from typing import Final

from app.text.catalog import N_, _, ngettext


def _busy(service: str, wait: int) -> str:
    """`wait` is in seconds, 0 where it is not known."""
    if not wait:
        return _(
            "{service} was asked too often, and wants a pause. Nothing was changed there. Wait a few minutes, then try again.",
            service=service,
        )
    minutes = -(-wait // 60)
    return ngettext(
        "{service} was asked too often, and wants a pause of {n} minute. Nothing was changed there. Try again after that.",
        "{service} was asked too often, and wants a pause of {n} minutes. Nothing was changed there. Try again after that.",
        minutes,
        service=service,
    )


SENTENCES: Final[Mapping[str, str | Callable[..., str]]] = {
    # static/data/dns_providers.json
    "dns-list-unusable-id": N_("“dns_providers.json” has an id with other characters than a–z, 0–9 and “-”."),
    "dns-list-unknown-value": N_("“dns_providers.json” has a “{member}” that cannot be used."),
    # static/data/dns_services.json
    "service-list-unknown-value": N_("“dns_services.json” has a “{member}” that cannot be used."),
    # DNS services
    "dns-token-unusable": N_(
        "This is no token: a token is one word of at least 8 letters, digits and signs. Copy it again from where it was made."
    ),
    "dns-token-wanted": N_("Paste the token here. Under “How to get a token” is where it comes from."),
    "dns-token-missing": N_("This page has no token for {service} now. Paste it again, or add the records by hand."),
    "dns-token-refused": N_(
        "{service} does not accept the token. Probably it was copied in part, has run out, or was revoked. Nothing was changed "
        "there. Make a new token and paste it here."
    ),
    "dns-token-too-narrow": N_(
        "{service} knows the token, but the token does not allow this. Probably it is limited to another name or type. Nothing "
        "was changed there. Let it write TXT records at the target name."
    ),
    "dns-service-busy": _busy,
    "dns-service-unreachable": N_(
        "{service} could not be reached from this browser. Whether it has changed anything is not known. Try again later."
    ),
    "dns-service-slow": N_(
        "{service} has not answered within {limit} seconds. Whether it has changed anything is not known. Try again later."
    ),
    "dns-service-down": N_(
        "{service} has a fault (HTTP status {status}). Whether it has changed anything is not known. Try again later."
    ),
    "dns-service-refused": N_("{service} has refused this (HTTP status {status}). Nothing was changed there."),
    "dns-service-unreadable": N_("What {service} answered is not what its API promises."),
    "dns-name-not-in-zone": N_("{name} cannot be written into the zone {zone} at {service}."),
    "dns-no-zone": N_(
        "The account at {service} has no zone yet. Make one there first, such as a free name under dedyn.io; then try again."
    ),
    "delegation-target-too-long": N_(
        "The target for {name} in the zone {zone} would be longer than a DNS name may be. Choose a shorter zone."
    ),
    "delegation-not-visible": N_(
        "The records were written at {service}, but resolvers do not show them yet. Wait some minutes, then let the CA look."
    ),
    # static/data/resolvers.json
    "resolver-list-unknown-value": N_("“resolvers.json” has a “{member}” that cannot be used."),
}
