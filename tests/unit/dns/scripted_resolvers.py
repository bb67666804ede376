"""Resolvers that answer from a table: real DNS messages, made by dnspython, so that the real client reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from app.dns.lookup.client import ResolverClient
from app.dns.lookup.question import Question
from app.dns.resolvers import Resolver
from app.encoding.base64url import b64url_decode
from app.ports import Request, Response
from tests.adapters import InstalledPackages

ONE: Final = Resolver(
    "one", "One", "https://one.example/dns-query", "One (USA)", validates=True, purge="https://one.example/purge"
)
TWO: Final = Resolver("two", "Two", "https://two.example/dns-query", "Two (USA)", validates=True)
THREE: Final = Resolver("three", "Three", "https://three.example/dns-query", "Three (China)")


@dataclass(frozen=True)
class Said:
    """What is said to one question.

    `records` are in the text form of the type that is asked for (RFC 1035 §5.1), with `ttl` in seconds. `unchecked` is what
    is said instead with checking off. `extended` are extended errors, code and text (RFC 8914). `authentic` sets the AD bit.
    """

    records: tuple[str, ...] = ()
    rcode: str = "NOERROR"
    ttl: int = 300
    authentic: bool = False
    extended: tuple[tuple[int, str], ...] = ()
    unchecked: "Said | None" = None


Entry = Said | Response | Exception
Table = Mapping[tuple[str, str], Entry]
"""(name, type) → what is said."""


def txt(*values: str | bytes, ttl: int = 300, authentic: bool = False) -> Said:
    """One TXT record for each of `values`."""
    return Said(tuple(map(_quoted, values)), ttl=ttl, authentic=authentic)


def said(*records: str, ttl: int = 300) -> Said:
    """These `records`, such as `said('0 issue "ca.example"')` for CAA."""
    return Said(records, ttl=ttl)


def bogus(*records: str, text: str = "") -> Said:
    """DNSSEC is broken: SERVFAIL with extended error 6, and `records` only with checking off."""
    return Said(rcode="SERVFAIL", extended=((6, text),), unchecked=Said(records))


def lame(text: str = "") -> Said:
    """No name server of the zone answers: SERVFAIL with extended error 22."""
    return Said(rcode="SERVFAIL", extended=((22, text),))


def _quoted(value: str | bytes) -> str:
    data = value.encode() if isinstance(value, str) else value
    strings = [data[at : at + 255] for at in range(0, len(data), 255)] or [b""]
    return " ".join('"' + "".join(f"\\{byte:03d}" for byte in string) + '"' for string in strings)


class ScriptedResolvers:
    """`Http` of all `resolvers`: they answer from `table`, as name servers would.

    `zones` are the zones that there are, with the seconds that "there is nothing" is kept in each; their SOA records need no
    entry. Names in none of them are in the root zone. A name that is in no entry and above none does not exist; `*.NAME` and
    CNAME records count as in DNS. `other` is what one resolver (by id) says of its own: entries that it has instead, or one
    response or error for everything.

    `asked` are (resolver's id, question), in order; `purged` are the URLs of requests to forget. `table`, `zones` and `other`
    may be changed between two looks.
    """

    def __init__(
        self,
        table: Table | None = None,
        *,
        zones: Mapping[str, int] | None = None,
        other: Mapping[str, Table | Response | Exception] | None = None,
        resolvers: tuple[Resolver, ...] = (ONE, TWO, THREE),
    ) -> None:
        self.table = dict(table or {})
        self.zones = dict(zones or {})
        self.other: dict[str, Table | Response | Exception] = dict(other or {})
        self.resolvers = resolvers
        self.asked: list[tuple[str, Question]] = []
        self.purged: list[str] = []

    def client(self) -> ResolverClient:
        """A client that asks them."""
        return ResolverClient(self, InstalledPackages(), self.resolvers)

    def questions(self, resolver: Resolver = ONE) -> list[Question]:
        """What `resolver` was asked, in order."""
        return [question for id_, question in self.asked if id_ == resolver.id]

    async def send(self, request: Request) -> Response:
        """See `app.ports.Http.send`."""
        assert not request.headers
        if request.method == "POST":
            assert request.no_cors
            self.purged.append(request.url)
            return Response(0, {}, b"")
        parts = urlsplit(request.url)
        (resolver,) = (each for each in self.resolvers if each.url == request.url.partition("?")[0])
        query = dns.message.from_wire(b64url_decode(parse_qs(parts.query)["dns"][0]))
        question = read_question(query)
        self.asked.append((resolver.id, question))
        other = self.other.get(resolver.id, {})
        if isinstance(other, Mapping):
            other = self._answer(query, question, {**self._starts(), **self.table, **other})
        if isinstance(other, Exception):
            raise other
        return other

    def _starts(self) -> Table:
        return {(zone, "SOA"): Said((_soa(zone, kept),), ttl=kept) for zone, kept in self.zones.items()}

    def _answer(self, query: dns.message.Message, question: Question, table: Table) -> Response | Exception:
        message = dns.message.make_response(query)
        message.flags |= dns.flags.RA
        name = question.name
        for _ in range(20):
            entry = _entry(table, name, question.type)
            alias = _entry(table, name, "CNAME")
            if entry is not None or not isinstance(alias, Said):
                break
            message.answer.append(_rrset(name, "CNAME", alias.records, alias.ttl))
            name = alias.records[0].rstrip(".").lower()
        if isinstance(entry, (Response, Exception)):
            return entry
        if entry is not None and entry.unchecked is not None and not question.checking:
            entry = entry.unchecked
        if entry is None:
            entry = Said(rcode="NOERROR" if _exists(table, name) or _wildcard(table, name) else "NXDOMAIN")
        self._fill(message, name, question.type, entry)
        return wire_response(message)

    def _fill(self, message: dns.message.Message, name: str, type_: str, entry: Said) -> None:
        message.set_rcode(dns.rcode.from_text(entry.rcode))
        if entry.authentic:
            message.flags |= dns.flags.AD
        if entry.records:
            message.answer.append(_rrset(name, type_, entry.records, entry.ttl))
        elif entry.rcode in ("NOERROR", "NXDOMAIN"):
            message.authority.append(self._soa(name))
        if entry.extended:
            message.use_edns(
                options=[dns.edns.EDEOption(dns.edns.EDECode(code), text or None) for code, text in entry.extended]
            )

    def _soa(self, name: str) -> dns.rrset.RRset:
        zone = next((above for above in _with_those_above(name) if above in self.zones), "")
        kept = self.zones.get(zone, 86400)
        return _rrset(zone, "SOA", (f"ns.{zone}. host.{zone}. 1 7200 3600 1209600 {kept}".replace("..", "."),), kept)


def read_question(query: dns.message.Message) -> Question:
    """What `query` asks."""
    (asked,) = query.question
    name = asked.name.to_text(omit_final_dot=True)
    type_ = dns.rdatatype.to_text(asked.rdtype)
    return Question("" if name == "." else name, type_, checking=not query.flags & dns.flags.CD)  # type: ignore[arg-type]


def wire_response(message: dns.message.Message) -> Response:
    """`message` as a resolver sends it by HTTP."""
    return Response(200, {"content-type": "application/dns-message"}, message.to_wire(max_size=65535))


def _entry(table: Table, name: str, type_: str) -> Entry | None:
    """What `table` has for `name`, also by a wildcard."""
    return table.get((name if _exists(table, name) else _wildcard(table, name), type_))


def _wildcard(table: Table, name: str) -> str:
    """The wildcard that stands for `name`, which is not there, or "": only the nearest above can (RFC 4592 §3.3.1)."""
    nearest = next(above for above in _with_those_above(name) if _exists(table, above))
    return f"*.{nearest}" if _exists(table, f"*.{nearest}") else ""


def _soa(zone: str, kept: int) -> str:
    return f"ns.{zone}. host.{zone}. 1 7200 3600 1209600 {kept}".replace("..", ".")


def _exists(table: Table, name: str) -> bool:
    return not name or any(known == name or known.endswith(f".{name}") for known, _ in table)


def _with_those_above(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.partition(".")[2]
    yield ""


def _rrset(name: str, type_: str, records: tuple[str, ...], ttl: int) -> dns.rrset.RRset:
    return dns.rrset.from_text(dns.name.from_text(name), ttl, "IN", type_, *map(str, records))
