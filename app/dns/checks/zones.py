"""Zones as DNS has them: where the zone of a registered domain begins, who answers for it, and whose name servers these are.

Only the registered domain is asked (which one that is, the public suffix list tells): a question for a name that is not there
yet plants "there is nothing", also for what is below it (RFC 8020).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.dns.checks.replies import in_order
from app.dns.lookup.client import ResolverClient
from app.dns.lookup.question import Answer, Host, Question, RecordType, Reply, Soa
from app.dns.providers import DnsProvider

_Replies = Mapping[Question, Mapping[str, Reply]]


@dataclass(frozen=True)
class ZoneFacts:
    """What is known of the registered domain `domain`.

    `zone` is the zone that holds it ("" where nobody said), `name_servers` are its name servers, sorted. `provider` is the id
    of the only provider to which all of them belong, "" where that is not certain; `candidates` are the ids of those to which
    they may belong, so that a person must say which one it is. `exists` is False where the domain is not in DNS at all.
    `zone_minimum` is how many seconds resolvers may remember that something is not there, or None.
    """

    domain: str
    zone: str = ""
    name_servers: tuple[str, ...] = ()
    provider: str = ""
    candidates: tuple[str, ...] = ()
    exists: bool = True
    zone_minimum: int | None = None


async def registered_domains(client: ResolverClient, names: Iterable[str]) -> dict[str, str]:
    """Each of `names` (no `*.`) with its registered domain. Raises `PackageError`."""
    await client.packages.load("publicsuffixlist")
    from app.dns.public_suffixes import registered_domain  # only now: it needs the package

    return {name: registered_domain(name) for name in names}


async def look_at_zones(
    client: ResolverClient, names: Iterable[str], providers: tuple[DnsProvider, ...]
) -> tuple[ZoneFacts, ...]:
    """Ask SOA and NS of the registered domain of each of `names` (no `*.`), each domain once. Raises `PackageError`.

    Where the zone begins above that domain, its name servers are asked there.
    """
    domains = tuple(dict.fromkeys((await registered_domains(client, names)).values()))
    types: tuple[RecordType, ...] = ("SOA", "NS")
    replies = await client.ask_each(Question(domain, type_) for domain in domains for type_ in types)
    zones = {domain: _zone(client, replies, domain) for domain in domains}
    above = await _name_servers_above(client, zones)
    return tuple(_facts(client, {**replies, **above}, domain, zones[domain], providers) for domain in domains)


async def _name_servers_above(client: ResolverClient, zones: Mapping[str, str]) -> _Replies:
    from app.dns.public_suffixes import is_public_suffix  # its package is there: `registered_domains` has loaded it

    wanted = {zone for domain, zone in zones.items() if zone and zone != domain and not is_public_suffix(zone)}
    return await client.ask_each(Question(zone, "NS") for zone in sorted(wanted))


def _facts(client: ResolverClient, replies: _Replies, domain: str, zone: str, providers: tuple[DnsProvider, ...]) -> ZoneFacts:
    answers = _answers(client, replies, domain, "SOA") + _answers(client, replies, domain, "NS")
    servers = _name_servers(client, replies, domain) or _name_servers(client, replies, zone)
    provider, candidates = _provider(domain, servers, providers)
    return ZoneFacts(
        domain=domain,
        zone=zone,
        name_servers=servers,
        provider=provider,
        candidates=candidates,
        exists=not answers or any(answer.rcode != "NXDOMAIN" for answer in answers),
        zone_minimum=_minimum(_answers(client, replies, domain, "SOA")),
    )


def _answers(client: ResolverClient, replies: _Replies, name: str, type_: RecordType) -> tuple[Answer, ...]:
    """What says what there is. A domain that is an alias is in another zone than the one where the alias ends."""
    came = in_order(client.resolvers, replies.get(Question(name, type_), {}))
    return tuple(answer for answer in came if answer.is_answered and not answer.aliases)


def _zone(client: ResolverClient, replies: _Replies, domain: str) -> str:
    """The zone at or above `domain`; "" where nobody said, or where only the root zone is above."""
    for answer in _answers(client, replies, domain, "SOA"):
        starts = [record.zone for record in answer.records if isinstance(record, Soa)]
        for zone in (*starts, answer.zone):
            if zone and f".{domain}".endswith(f".{zone}"):
                return zone
    return ""


def _minimum(answers: Iterable[Answer]) -> int | None:
    """How long "there is nothing" is kept in the zone (RFC 2308 §5)."""
    for answer in answers:
        if answer.zone_minimum is not None:
            return answer.zone_minimum
        for record in answer.records:
            if isinstance(record, Soa):
                return record.minimum
    return None


def _name_servers(client: ResolverClient, replies: _Replies, name: str) -> tuple[str, ...]:
    for answer in _answers(client, replies, name, "NS"):
        servers = sorted({record.name for record in answer.records if isinstance(record, Host)})
        if servers:
            return tuple(servers)
    return ()


def _provider(domain: str, servers: tuple[str, ...], providers: tuple[DnsProvider, ...]) -> tuple[str, tuple[str, ...]]:
    """The provider's id, or the ids of those who come into question; neither where `servers` belong to several."""
    givers = [provider for provider in providers if provider.gives_away(domain)]
    owners = givers or [provider for provider in providers if servers and all(map(provider.has_name_server, servers))]
    if len(owners) == 1 and (givers or owners[0].is_sure_of("name_servers")):
        return owners[0].id, ()
    return "", tuple(provider.id for provider in owners)
