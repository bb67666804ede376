"""Whose DNS it is: what was chosen in the form, what DNS tells, and what it means for the names that are to be proven there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from app.acme.challenge import DNS_TYPES
from app.acme.identifier import Identifier
from app.dns.choices import ProviderChoices, shortages
from app.dns.providers import DnsProvider
from app.text.dns import shortage_note
from app.text.dns_zones import automatic_choice, not_in_dns, other_provider, told_by_name_servers, whose_is_it
from app.ui.form.order import Form
from app.ui.steps.prove_models import ProviderModel, ProviderQuestion

if TYPE_CHECKING:
    from app.dns.checks.zones import ZoneFacts

NamesAndKinds = Iterable[tuple[Identifier, str]]
"""Names, each with the type of its challenge."""


def chosen_providers(form: Form, providers: tuple[DnsProvider, ...], facts: tuple[ZoneFacts, ...] = ()) -> ProviderChoices:
    """Which of `providers` manages which zone, as the form says, and else `facts`, which DNS said of the domains."""
    return ProviderChoices(providers, form.provider, dict(form.providers), facts)


def provider_model(names: NamesAndKinds, choices: ProviderChoices) -> ProviderModel:
    """What stands around the choice of a provider for these `names`; those that no DNS record is to prove do not matter."""
    by_dns = [(name, kind) for name, kind in names if kind in DNS_TYPES and name.type == "dns"]
    zones = tuple(zone for zone in choices.zones(name for name, _ in by_dns) if not choices.told_by(zone))
    warnings = (
        *filter(None, (_warning(zone, choices) for zone in zones)),
        *(shortage_note(shortage) for shortage in shortages(by_dns, choices)),
    )
    detected = [choices.detected(zone) for zone in zones]
    others = zones if choices.facts and len(zones) > 1 else zones[1:]  # an answer may be about the first one alone
    return ProviderModel(others, warnings, _told(zones, choices), automatic_choice(detected), _question(zones, choices))


def _warning(zone: str, choices: ProviderChoices) -> str:
    """What is probably wrong with `zone`, or ""."""
    facts, chosen, detected = choices.facts_of(zone), choices.provider_of(zone), choices.detected(zone)
    if facts and not facts.exists:
        return not_in_dns(facts.domain)
    return other_provider(zone, detected, chosen) if detected and chosen and chosen != detected else ""


def _told(zones: Sequence[str], choices: ProviderChoices) -> tuple[str, ...]:
    """What the name servers of `zones` tell, where it is what the records follow."""
    followed: dict[DnsProvider | None, list[ZoneFacts]] = {}
    for zone in zones:
        facts = choices.facts_of(zone)
        if facts and facts.name_servers and not facts.candidates and choices.provider_of(zone) == choices.detected(zone):
            followed.setdefault(choices.detected(zone), []).append(facts)
    return tuple(told_by_name_servers(facts, provider) for provider, facts in followed.items())


def _question(zones: Sequence[str], choices: ProviderChoices) -> ProviderQuestion | None:
    """The question for the first of `zones` whose name servers several providers share, and for all that share the same."""
    shared: dict[tuple[str, ...], list[str]] = {}
    for zone in zones:
        facts = choices.facts_of(zone)
        if facts and facts.candidates and not choices.default and zone not in choices.by_zone:
            shared.setdefault(facts.candidates, []).append(zone)
    for ids, asked in shared.items():
        providers = tuple(provider for id_ in ids if (provider := choices.find(id_)))
        if providers:
            offered = tuple((provider.id, provider.name) for provider in providers)
            return ProviderQuestion(whose_is_it(asked, providers), offered, () if len(zones) == 1 else tuple(asked))
    return None
