"""Whose DNS it is: what was chosen in the form, and what it means for the names that are to be proven there."""

from collections.abc import Iterable

from app.acme.challenge import DNS_TYPES
from app.acme.identifier import Identifier
from app.dns.choices import ProviderChoices, shortages
from app.dns.providers import DnsProvider
from app.text.dns import shortage_note
from app.ui.form.order import Form
from app.ui.steps.prove_models import ProviderModel

NamesAndKinds = Iterable[tuple[Identifier, str]]
"""Names, each with the type of its challenge."""


def chosen_providers(form: Form, providers: tuple[DnsProvider, ...]) -> ProviderChoices:
    """Which of `providers` the form says manages which zone."""
    return ProviderChoices(providers, form.provider, dict(form.providers))


def provider_model(names: NamesAndKinds, choices: ProviderChoices) -> ProviderModel:
    """What stands around the choice of a provider for these `names`; those that no DNS record is to prove do not matter."""
    by_dns = [(name, kind) for name, kind in names if kind in DNS_TYPES and name.type == "dns"]
    zones = [zone for zone in choices.zones(name for name, _ in by_dns) if not choices.told_by(zone)]
    return ProviderModel(tuple(zones[1:]), tuple(shortage_note(shortage) for shortage in shortages(by_dns, choices)))
