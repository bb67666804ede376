"""What is asked of a resolver, and what comes back, as plain values (RFC 1035, RFC 8659 for CAA, RFC 8914 for EDE)."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final, Literal

RecordType = Literal["A", "AAAA", "CAA", "CNAME", "NS", "SOA", "TXT"]
"""The types of records that this page asks for."""

BOGUS_CODES: Final = frozenset({1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 27})
"""Extended errors that say that DNSSEC is broken (RFC 8914 §4): unsupported algorithms and digests, and all kinds of bogus."""


@dataclass(frozen=True)
class Question:
    """A question for the records of `type` at `name`: lower-case ASCII without final dot; "" is the root.

    With `checking` off, the resolver passes on what it would refuse because DNSSEC is broken (the CD bit, RFC 4035 §3.2.2).
    """

    name: str
    type: RecordType
    checking: bool = True


@dataclass(frozen=True)
class Txt:
    """A TXT record: its strings (RFC 1035 §3.3.14)."""

    strings: tuple[bytes, ...]

    @property
    def text(self) -> str:
        """The strings joined, as a CA reads them; bytes that are no UTF-8 are written in hexadecimal, as Python does."""
        return b"".join(self.strings).decode("utf-8", "backslashreplace")


@dataclass(frozen=True)
class Caa:
    """A CAA record (RFC 8659 §4.1). `tag` is in lower case, `value` is as it came."""

    flags: int
    tag: str
    value: str

    @property
    def is_critical(self) -> bool:
        """Whether a CA that does not know `tag` must not issue (RFC 8659 §4.1)."""
        return bool(self.flags & 0x80)


@dataclass(frozen=True)
class Soa:
    """The start of the zone `zone`. `minimum` is in seconds (RFC 2308 §4)."""

    zone: str
    primary: str
    minimum: int


@dataclass(frozen=True)
class Host:
    """A name server, or where a CNAME leads: a name in lower case without final dot."""

    name: str


@dataclass(frozen=True)
class Address:
    """An address of an A or AAAA record."""

    ip: IPv4Address | IPv6Address


Record = Txt | Caa | Soa | Host | Address


@dataclass(frozen=True)
class ExtendedError:
    """Why a resolver failed (RFC 8914): the code, and its own words, which are untrusted."""

    code: int
    text: str


@dataclass(frozen=True)
class Answer:
    """What a resolver answered to `question`.

    `rcode` is in capitals: NOERROR, NXDOMAIN, SERVFAIL, REFUSED, …, or a number where it has no name. `records` are those that
    were asked for, where `aliases` (the targets of CNAME records, in order) end. `zone` is the name of the zone in which the
    answer was found, as far as it says so (the owner of the SOA record, which is the asked name or above it, or above the last
    alias), else "".
    `forgotten_in` is how many seconds the resolver keeps "there is nothing" (RFC 2308 §5), or None; `zone_minimum` is how many
    that are at most in this zone, or None. `ttl` is the lowest TTL of `records` in seconds, None where there are none.
    `authentic` is whether the resolver found the answer signed and intact (the AD bit, RFC 4035 §3.2.3).
    """

    question: Question
    rcode: str = "NOERROR"
    records: tuple[Record, ...] = ()
    aliases: tuple[str, ...] = ()
    zone: str = ""
    forgotten_in: int | None = None
    zone_minimum: int | None = None
    ttl: int | None = None
    authentic: bool = False
    extended: tuple[ExtendedError, ...] = ()

    @property
    def is_answered(self) -> bool:
        """Whether it says what there is: records, or that there are none."""
        return self.rcode in ("NOERROR", "NXDOMAIN")

    @property
    def texts(self) -> tuple[str, ...]:
        """The values of its TXT records."""
        return tuple(record.text for record in self.records if isinstance(record, Txt))

    @property
    def says_bogus(self) -> bool:
        """Whether the resolver itself says that DNSSEC is broken."""
        return any(error.code in BOGUS_CODES for error in self.extended)


@dataclass(frozen=True)
class NoAnswer:
    """No answer that can be used came to `question`.

    `reason`: the resolver could not be reached from this network ("unreachable"), it refused by an HTTP status ("refused"),
    what came is no answer to the question ("unreadable"), or it was not asked ("skipped"), because enough was asked, or because
    the name is longer than any. `detail` are the browser's or the resolver's own words, or those of the library that reads
    answers; they are untrusted, or "".
    """

    question: Question
    reason: Literal["unreachable", "refused", "unreadable", "skipped"]
    detail: str = ""


Reply = Answer | NoAnswer
