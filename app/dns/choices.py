"""Which provider manages which zone: what a person chose, or what the name itself or its name servers tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.acme.identifier import Identifier
from app.dns.providers import DnsProvider
from app.dns.zones import zone_of

if TYPE_CHECKING:
    from app.dns.checks.zones import ZoneFacts


@dataclass(frozen=True)
class ProviderChoices:
    """`default` is the provider's id for all zones, `by_zone` for single ones; "" and ids that nobody knows mean none.

    With "" as `default`, the name servers tell it where they can. `providers` are all that the page knows; `own_domains` are
    the domains under which some of them give away names. `facts` are what DNS says of the domains, as far as it was asked.
    """

    providers: tuple[DnsProvider, ...] = ()
    default: str = ""
    by_zone: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[ZoneFacts, ...] = ()
    own_domains: Mapping[str, DnsProvider] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Once, because it is asked for each of a hundred names at each key that is pressed.
        owned = {domain: provider for provider in self.providers for domain in provider.own_domains}
        object.__setattr__(self, "own_domains", owned)

    def find(self, id_: str) -> DnsProvider | None:
        """The provider with this `id_`."""
        return next((provider for provider in self.providers if provider.id == id_), None)

    def zone_of(self, name: str) -> str:
        """The zone of `name` as DNS says, or else as `app.dns.zones.zone_of` guesses.

        A name that a provider gives away is a zone of its own in the provider's form, whatever DNS says.
        """
        guess = zone_of(name, self.own_domains)
        above = [fact for fact in self.facts if _is_at_or_below(name, fact.domain)]
        if not above or self.told_by(guess):
            return guess
        return _zone_told(max(above, key=lambda fact: len(fact.domain)))

    def provider_of(self, zone: str) -> DnsProvider | None:
        """Who manages `zone`: the one chosen for it; or whose domain it is under; or chosen for all; or told by its servers."""
        if zone in self.by_zone:
            return self.find(self.by_zone[zone])
        return self.told_by(zone) or (self.find(self.default) if self.default else self.detected(zone))

    def facts_of(self, zone: str) -> ZoneFacts | None:
        """What DNS says of `zone`, or None where it was not asked."""
        return next((fact for fact in self.facts if _zone_told(fact) == zone), None)

    def detected(self, zone: str) -> DnsProvider | None:
        """The provider to which the name servers of `zone` certainly belong."""
        facts = self.facts_of(zone)
        return self.find(facts.provider) if facts else None

    def told_by(self, zone: str) -> DnsProvider | None:
        """The provider that can be told from the name of a zone: below one of its own domains, such as duckdns.org."""
        return next((p for domain, p in self.own_domains.items() if zone == domain or zone.endswith(f".{domain}")), None)

    def zones(self, identifiers: Iterable[Identifier]) -> tuple[str, ...]:
        """The zones of these names, each once, in their order; addresses have none."""
        return tuple(dict.fromkeys(self.zone_of(name.base) for name in identifiers if name.type == "dns"))


def _zone_told(facts: ZoneFacts) -> str:
    """The zone that holds the domain. Of one that is not there, DNS only says which zone would hold it."""
    return facts.zone if facts.exists and facts.zone else facts.domain


def _is_at_or_below(name: str, domain: str) -> bool:
    return name == domain or name.endswith(f".{domain}")


@dataclass(frozen=True)
class Shortage:
    """`provider` would have to hold `needed` TXT values at the same time, which are more than its `max_values`."""

    provider: DnsProvider
    needed: int


def shortages(names: Iterable[tuple[Identifier, str]], choices: ProviderChoices) -> tuple[Shortage, ...]:
    """Which providers cannot hold the records that these `names`, each with its challenge type, will need.

    To be asked before an order. A name and its wildcard need two values with every type but dns-persist-01, where one record
    covers both. Other types than those of `DNS_TYPES` need none.
    """
    values = dict.fromkeys(
        (name.base if kind == "dns-persist-01" else name.value, kind, choices.provider_of(choices.zone_of(name.base)))
        for name, kind in names
        if name.type == "dns" and kind in ("dns-01", "dns-account-01", "dns-persist-01")
    )
    counted = Counter(provider for _, _, provider in values if provider)
    return tuple(Shortage(p, n) for p, n in counted.items() if p.max_values is not None and n > p.max_values)
