"""DNS messages (RFC 1035 §4): writes questions, and reads answers, which anybody may have written.

This needs dnspython, which is not there when the page starts: `app.dns.lookup.client` imports this module inside a function,
once the package is loaded. Only its modules for messages are used: `dns.resolver` and `dns.query` want sockets.
"""

import struct
from collections.abc import Iterable
from ipaddress import ip_address
from itertools import accumulate
from typing import Final

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.CAA import CAA
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.SOA import SOA
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from app.dns.lookup.question import Address, Answer, Caa, ExtendedError, Host, Question, Record, Soa, Txt

PAYLOAD: Final = 1232
"""Bytes of an answer that fit into a packet nearly everywhere; an answer by HTTP may be longer."""

MAX_WIRE: Final = 65_535  # bytes (RFC 1035 §4.2.2)
MAX_COUNTED: Final = 500
"""Records of an answer, of all sections. Real answers have a few dozen; what is longer would keep the page busy."""

MAX_RECORDS: Final = 100
"""Records of an answer that are kept."""

MAX_VALUE: Final = 4096
"""Bytes of one TXT or CAA record that are kept. The values of ACME have a few hundred at most."""

MAX_ALIASES: Final = 16
"""Aliases that are followed. Resolvers themselves follow fewer."""

MAX_EXTENDED: Final = 8  # extended errors of an answer that are kept
MAX_EXTENDED_TEXT: Final = 500
"""Characters. Unbound names the cause last, after some 250."""


MAX_SECONDS: Final = 7 * 24 * 3600
"""The longest time that is believed: no resolver keeps anything longer, whatever the owner of a zone writes (RFC 8767 §4)."""

_HEADER: Final = struct.Struct("!6H")  # RFC 1035 §4.1.1
_IN: Final = dns.rdataclass.IN


class UnreadableAnswerError(ValueError):
    """What came is no answer to the question. Its text is a word or two for those who know DNS."""


def query_wire(question: Question) -> bytes:
    """The message that asks `question`.

    The id is 0, so that it is always the same message (RFC 8484 §4.1). The AD bit asks whether the answer is authentic, without
    its signatures (RFC 6840 §5.7). It says nothing of where the asker is (no ECS, RFC 7871). Raises `ValueError` for what
    cannot be a name, such as one of more than 255 bytes.
    """
    try:
        name = dns.name.from_text(question.name).canonicalize()
    except dns.exception.DNSException as error:
        raise ValueError(question.name[:300]) from error
    flags = dns.flags.RD | dns.flags.AD
    if not question.checking:
        flags |= dns.flags.CD
    return dns.message.make_query(name, question.type, id=0, flags=flags, use_edns=0, payload=PAYLOAD).to_wire()


def read_answer(question: Question, wire: bytes) -> Answer:
    """The answer to `question` in the message `wire`. Raises `UnreadableAnswerError` for anything else, and nothing else.

    Aliases are followed within the message: a resolver that says where a name leads also says what is there.
    """
    _check_header(wire)
    try:
        message = dns.message.from_wire(wire)
    except Exception as error:  # dnspython knows a hundred types of records, and reads each with errors of its own
        raise UnreadableAnswerError(type(error).__name__) from error
    (asked,) = message.question
    if asked.name != dns.name.from_text(question.name) or asked.rdclass != _IN or asked.rdtype != _type(question):
        raise UnreadableAnswerError("other question")
    return _read(question, message, asked.name)


def _check_header(wire: bytes) -> None:
    """Refuse early what no longer reading would make an answer."""
    if not _HEADER.size <= len(wire) <= MAX_WIRE:
        raise UnreadableAnswerError(f"{len(wire)} bytes")
    id_, flags, questions, *counts = _HEADER.unpack_from(wire)
    if not flags & dns.flags.QR or id_ != 0 or dns.opcode.from_flags(flags) != dns.opcode.QUERY:
        raise UnreadableAnswerError("no response")
    if flags & dns.flags.TC:
        raise UnreadableAnswerError("truncated")
    if questions != 1:
        raise UnreadableAnswerError("other question")
    if sum(counts) > MAX_COUNTED:
        raise UnreadableAnswerError(f"{sum(counts)} records")


def _read(question: Question, message: dns.message.Message, asked: dns.name.Name) -> Answer:
    aliases = _aliases(message, asked, _type(question))
    end = aliases[-1] if aliases else asked
    found = message.get_rrset(message.answer, end, _IN, _type(question))
    rcode = dns.rcode.to_text(message.rcode())
    nothing = not found and rcode in ("NOERROR", "NXDOMAIN")
    start = _start_of_zone(message, end)
    zone, minimum, kept = start or ("", None, None)
    return Answer(
        question,
        rcode,
        _records(found) if found else (),
        aliases=tuple(map(_name, aliases)),
        zone=zone,
        forgotten_in=kept if nothing else None,
        zone_minimum=minimum,
        ttl=min(found.ttl, MAX_SECONDS) if found else None,
        authentic=bool(message.flags & dns.flags.AD),
        extended=tuple(_extended_errors(message.options)),
    )


def _aliases(message: dns.message.Message, asked: dns.name.Name, type_: dns.rdatatype.RdataType) -> list[dns.name.Name]:
    """The names to which CNAME records lead from `asked`, in order, up to the first that leads in a circle.

    A DNAME needs no care of its own: the CNAME that follows from it is always there (RFC 6672 §3.1).
    """
    passed = [asked]
    while len(passed) <= MAX_ALIASES and not message.get_rrset(message.answer, passed[-1], _IN, type_):
        found = message.get_rrset(message.answer, passed[-1], _IN, dns.rdatatype.CNAME)
        target = next((rdata.target for rdata in found or () if isinstance(rdata, CNAME)), None)
        if target is None or target in passed:
            break
        passed.append(target)
    return passed[1:]


def _start_of_zone(message: dns.message.Message, name: dns.name.Name) -> tuple[str, int, int] | None:
    """The zone of `name`, its minimum, and how long "there is nothing" is kept, both in seconds; or None.

    A SOA record that belongs elsewhere says nothing: only one at `name` or above it counts.
    """
    for rrset in (*message.answer, *message.authority):
        for rdata in rrset:
            if isinstance(rdata, SOA) and rrset.rdclass == _IN and name.is_subdomain(rrset.name):
                minimum = min(rdata.minimum, MAX_SECONDS)
                return _name(rrset.name), minimum, min(rrset.ttl, minimum)
    return None


def _records(rrset: dns.rrset.RRset) -> tuple[Record, ...]:
    """Sorted, because resolvers shuffle them, and what a person looks at should not move."""
    read = (_record(rrset.name, rdata) for rdata in sorted(rrset)[:MAX_RECORDS])
    return tuple(record for record in read if record is not None)


def _record(owner: dns.name.Name, rdata: dns.rdata.Rdata) -> Record | None:
    match rdata:
        case TXT():
            return Txt(_cut(rdata.strings))
        case CAA():
            value = rdata.value[:MAX_VALUE].decode("utf-8", "backslashreplace")
            return Caa(rdata.flags, rdata.tag.decode("ascii").lower(), value)
        case SOA():
            return Soa(_name(owner), _name(rdata.mname), min(rdata.minimum, MAX_SECONDS))
        case NS() | CNAME():
            return Host(_name(rdata.target))
        case A() | AAAA():
            return Address(ip_address(rdata.address))
    return None


def _cut(strings: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The first of `strings`, as many as have `MAX_VALUE` bytes together, with one more for the length of each."""
    ends = accumulate(len(string) + 1 for string in strings)
    return tuple(string for string, end in zip(strings, ends, strict=True) if end <= MAX_VALUE)


def _extended_errors(options: Iterable[dns.edns.Option]) -> list[ExtendedError]:
    found = [option for option in options if isinstance(option, dns.edns.EDEOption)]
    return [ExtendedError(int(option.code), (option.text or "")[:MAX_EXTENDED_TEXT]) for option in found[:MAX_EXTENDED]]


def _type(question: Question) -> dns.rdatatype.RdataType:
    return dns.rdatatype.from_text(question.type)


def _name(name: dns.name.Name) -> str:
    """`name` as `Question` has it: odd bytes are escaped (RFC 1035 §5.1), so that it is always printable ASCII."""
    return "" if name == dns.name.root else name.canonicalize().to_text(omit_final_dot=True)
