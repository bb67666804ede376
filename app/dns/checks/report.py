"""All that was found out about an order in DNS, as one value that the page shows."""

from dataclasses import dataclass

from app.dns.checks.addresses import AddressFinding
from app.dns.checks.caa import CaaFinding
from app.dns.checks.findings import Sighting
from app.dns.checks.zones import ZoneFacts
from app.dns.resolvers import Resolver


@dataclass(frozen=True)
class DnsReport:
    """What is known so far of the order with the id `order`.

    `resolvers` were asked. `zones` and `caa` are asked at once, the `sightings` of the records only once a person says that
    they were added; that was at `added` (Unix seconds), 0.0 before. `looked` is when they were looked at last, `next_look`
    when that is done again, None while nothing is planned. `looking` tells that a look is under way. `addresses` belong to
    names that are proven by a file or on port 443. `is_over` tells that looking has ended by itself, because it took too
    long; `error` is what ended it before, or None.
    """

    order: str = ""
    resolvers: tuple[Resolver, ...] = ()
    zones: tuple[ZoneFacts, ...] = ()
    caa: tuple[CaaFinding, ...] = ()
    addresses: tuple[AddressFinding, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    added: float = 0.0
    looked: float = 0.0
    next_look: float | None = None
    looking: bool = False
    is_over: bool = False
    error: Exception | None = None

    @property
    def all_there(self) -> bool:
        """Whether all records were seen."""
        return bool(self.sightings) and all(sighting.seen == "there" for sighting in self.sightings)

    @property
    def caa_blocks(self) -> bool:
        """Whether CAA records keep the CA from issuing."""
        return any(finding.keeps_from_issuing for finding in self.caa)
