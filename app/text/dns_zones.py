"""Step 2: whose name servers a domain has, and what that tells about where its records are added.

The names of servers come from DNS, as plain ASCII that `app.dns.lookup` has checked; they are made safe here nevertheless.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from app.acme.identifier import readable
from app.dns.providers import DnsProvider
from app.text.catalog import _, ngettext
from app.text.names import names_up_to
from app.text.untrusted import one_line

if TYPE_CHECKING:
    from app.dns.checks.zones import ZoneFacts

MAX_ZONES: Final = 3
"""Domains that a sentence names; the rest are counted."""


def told_by_name_servers(facts: Sequence[ZoneFacts], provider: DnsProvider | None) -> str:
    """Whose the name servers of these domains are: those of `provider`, or of nobody whom this page knows (None)."""
    if len(facts) > 1:
        zones = _zones([fact.domain for fact in facts])
        if provider is None:
            return _("This page does not know whose the name servers of {zones} are.", zones=zones)
        return _("The name servers of {zones} belong to {provider}.", zones=zones, provider=provider.name)
    zone, (first, *others) = readable(facts[0].domain), facts[0].name_servers
    server = one_line(first)
    if provider is None and not others:
        return _("The name server of {zone} is {server}; this page does not know whose it is.", zone=zone, server=server)
    if provider is None:
        return ngettext(
            "The name servers of {zone} are {server} and one more; this page does not know whose they are.",
            "The name servers of {zone} are {server} and {n} more; this page does not know whose they are.",
            len(others),
            zone=zone,
            server=server,
        )
    if not others:
        return _(
            "The name server of {zone} is {server}; it belongs to {provider}.", zone=zone, server=server, provider=provider.name
        )
    return ngettext(
        "The name servers of {zone} are {server} and one like it; they belong to {provider}.",
        "The name servers of {zone} are {server} and {n} like it; they belong to {provider}.",
        len(others),
        zone=zone,
        server=server,
        provider=provider.name,
    )


def automatic_choice(detected: Sequence[DnsProvider | None]) -> str:
    """The first line of the list of providers: to follow the name servers, which tell the provider of each domain.

    `detected` are these, None where they do not tell it; "" where that is so for all.
    """
    if not any(detected):
        return ""
    if len(set(detected)) == 1 and detected[0]:
        return _("{provider}, as the name servers say", provider=detected[0].name)
    return _("For each domain as its name servers say")


def another_provider() -> str:
    """The line of that list for a provider that is not in it, although the name servers tell one."""
    return _("Not in the list: show the full names")


def elsewhere() -> str:
    """The answer that it is none of the providers in the question."""
    return _("Somewhere else")


def other_provider(zone: str, told: DnsProvider, chosen: DnsProvider) -> str:
    """The name servers of `zone` belong to another provider than the one that was chosen."""
    return _(
        "The name servers of {zone} belong to {told}; you chose {chosen}. The records count only where the name servers are.",
        zone=readable(zone),
        told=told.name,
        chosen=chosen.name,
    )


def not_in_dns(domain: str) -> str:
    """The registered domain is not in DNS at all."""
    return _("{domain} is not in DNS. Is it spelt right? Is it registered, or has it expired?", domain=readable(domain))


def whose_is_it(zones: Sequence[str], providers: Sequence[DnsProvider]) -> str:
    """The question which of `providers` it is, whose name servers `zones` have; one of them alone is not certain."""
    if len(providers) == 1:
        return _(
            "The name servers of {zones} usually belong to {provider}. Do you add records there?",
            zones=_zones(zones),
            provider=providers[0].name,
        )
    return _("Several hosts share the name servers of {zones}. Which one is yours?", zones=_zones(zones))


def _zones(zones: Sequence[str]) -> str:
    return names_up_to([readable(zone) for zone in zones], MAX_ZONES)
