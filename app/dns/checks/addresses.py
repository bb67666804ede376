"""Addresses of a name that is to be proven by a file or on port 443: whether there are any, and a CA can reach them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal

from app.acme.identifier import ip_text
from app.dns.checks.replies import believed, words_of
from app.dns.lookup.client import ResolverClient
from app.dns.lookup.question import Address, Answer, Question, RecordType, Reply

AddressVerdict = Literal["fine", "two-machines", "private", "none", "no-domain", "failure", "unknown"]
"""Fine; there is IPv4 and IPv6, which CAs try first, so both must lead to the same server; an address that nobody outside
reaches; no address; no such name; the question fails; nobody could be asked."""

_Ip = IPv4Address | IPv6Address


@dataclass(frozen=True)
class AddressFinding:
    """What is known of the addresses of `name`.

    `ipv4` and `ipv6` are what the resolvers answer, `private` are those among them that lead nowhere from outside, `alias` is
    where a CNAME leads, or "". `detail` are the resolver's words, untrusted, or "".
    """

    name: str
    verdict: AddressVerdict
    ipv4: tuple[str, ...] = ()
    ipv6: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    alias: str = ""
    detail: str = ""


async def look_at_addresses(client: ResolverClient, names: Iterable[str]) -> tuple[AddressFinding, ...]:
    """Ask A and AAAA of each of `names`, each once; an IP address (RFC 8738) is judged as it is. Raises `PackageError`.

    The practice CA is on this computer, as its DNS is: it reaches any address.
    """
    each = tuple(dict.fromkeys(names))
    types: tuple[RecordType, ...] = ("A", "AAAA")
    replies = await client.ask_each(Question(name, type_) for name in each if not ip_text(name) for type_ in types)
    inside = all(resolver.practice for resolver in client.resolvers)
    return tuple(
        _judge(name, [ip_address(name)], (), inside=inside) if ip_text(name) else _look(client, replies, name, inside=inside)
        for name in each
    )


def _look(
    client: ResolverClient, replies: Mapping[Question, Mapping[str, Reply]], name: str, *, inside: bool
) -> AddressFinding:
    answers = [_answer(believed(client.resolvers, replies[Question(name, type_)])) for type_ in ("A", "AAAA")]
    came = tuple(answer for answer in answers if answer is not None)
    ips = [record.ip for answer in came for record in answer.records if isinstance(record, Address)]
    return _judge(name, ips, came, inside=inside)


def _answer(answers: tuple[Answer, ...]) -> Answer | None:
    """The first with addresses, because a new name is not everywhere at once; else the first that says what there is."""
    with_addresses = (answer for answer in answers if answer.is_answered and answer.records)
    answered = (answer for answer in answers if answer.is_answered)
    return next(with_addresses, None) or next(answered, None) or next(iter(answers), None)


def _judge(name: str, ips: list[_Ip], answers: tuple[Answer, ...], *, inside: bool) -> AddressFinding:
    ipv4 = tuple(str(ip) for ip in ips if ip.version == 4)
    ipv6 = tuple(str(ip) for ip in ips if ip.version == 6)
    private = () if inside else tuple(str(ip) for ip in ips if leads_nowhere(ip))
    failed = [answer for answer in answers if not answer.is_answered]
    aliases = [answer.aliases[-1] for answer in answers if answer.aliases]
    return AddressFinding(
        name=name,
        verdict=_verdict_with(ipv4, ipv6, private) if ips else _verdict_without(answers, failed),
        ipv4=ipv4,
        ipv6=ipv6,
        private=private,
        alias=aliases[0] if aliases else "",
        detail=words_of(failed[0]) if failed else "",
    )


def _verdict_with(ipv4: tuple[str, ...], ipv6: tuple[str, ...], private: tuple[str, ...]) -> AddressVerdict:
    if private:
        return "private"
    return "two-machines" if ipv4 and ipv6 else "fine"


def _verdict_without(answers: tuple[Answer, ...], failed: list[Answer]) -> AddressVerdict:
    if not answers:
        return "unknown"
    if failed:
        return "failure"
    return "no-domain" if all(answer.rcode == "NXDOMAIN" for answer in answers) else "none"


def leads_nowhere(ip: _Ip) -> bool:
    """Whether nobody on the Internet reaches `ip`: for private networks, this computer, documentation, groups (RFC 6890)."""
    mapped = ip.version == 6 and ip.ipv4_mapped is not None  # Python's versions differ about these
    return mapped or not ip.is_global or ip.is_multicast
