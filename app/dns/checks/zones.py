"""Zones as DNS has them: where the zone of a registered domain begins, who answers for it, and whose name servers these are.

Only the registered domain is asked (RFC 9499 §2; which one that is, the public suffix list tells): a question for a name that is
not there yet plants "there is nothing", also for what is below it (RFC 8020).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.dns.lookup.client import ResolverClient
from app.dns.providers import DnsProvider


@dataclass(frozen=True)
class ZoneFacts:
    """What is known of the registered domain `domain`.

    `zone` is the zone that holds it ("" where nobody said), `name_servers` are its name servers, sorted. `provider` is the id
    of the only provider to which all of them belong, "" where that is not certain; `candidates` are the ids of those that share
    these name servers, so that a person must say which one it is. `exists` is False where the domain is not in DNS at all.
    `zone_minimum` is how many seconds resolvers may remember that something is not there, or None.
    """

    domain: str
    zone: str = ""
    name_servers: tuple[str, ...] = ()
    provider: str = ""
    candidates: tuple[str, ...] = ()
    exists: bool = True
    zone_minimum: int | None = None


async def look_at_zones(
    client: ResolverClient, names: Iterable[str], providers: tuple[DnsProvider, ...]
) -> tuple[ZoneFacts, ...]:
    """Ask SOA and NS of the registered domain of each of `names` (no `*.`), each domain once. Raises `PackageError`."""
    raise NotImplementedError
