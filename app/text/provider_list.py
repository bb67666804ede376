"""The list of DNS providers in a person's language: what `static/data/dns_providers.json` says of each, and how it is offered.

The build makes the form's options of this, before there is a page with a language. So each function takes `translate`, which
gives the translation of a message or the message itself. Labels and menus of a provider stay as it writes them.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from app.dns.providers import DnsProvider
from app.text.catalog import N_

Translate = Callable[[str], str]

NO_PROVIDER: Final = N_("Not in the list, or not sure")
"""The first option: no provider is chosen."""

# Translators: software in which many hosts let one manage a domain, such as cPanel and Plesk
PANELS: Final = N_("Hosting panels and DNS servers")


def option_groups(providers: Iterable[DnsProvider], translate: Translate) -> tuple[tuple[str, tuple[DnsProvider, ...]], ...]:
    """The groups of the form's options, each a label and its providers by name; the first has no label."""
    by_name = sorted(providers, key=lambda provider: (provider.name.casefold(), provider.id))
    services, panels = (tuple(p for p in by_name if p.panel is panel) for panel in (False, True))
    return (("", services), (translate(PANELS), panels)) if panels else (("", services),)


def localized(provider: DnsProvider, translate: Translate) -> DnsProvider:
    """`provider` with its trap in another language.

    One that whoever hosts a copy has added to its list is in no catalogue, and stays as it is.
    """
    return replace(provider, trap=translate(provider.trap)) if provider.trap else provider
