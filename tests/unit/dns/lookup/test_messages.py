"""DNS messages: what a question looks like, and what of an answer counts, whoever wrote it."""

import struct
from collections.abc import Callable
from ipaddress import ip_address

import dns.edns
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rrset
import pytest

from app.dns.lookup import messages
from app.dns.lookup.messages import UnreadableAnswerError, query_wire, read_answer
from app.dns.lookup.question import Address, Answer, Caa, ExtendedError, Host, Question, RecordType, Soa, Txt

NAME = "_acme-challenge.shop.example"
QUESTION = Question(NAME, "TXT")

START = "shop.example. 600 IN SOA ns.shop.example. host.shop.example. 1 7200 3600 1209600 900"


def rrset(record: str) -> dns.rrset.RRset:
    """A record in the form of a zone file."""
    name, ttl, class_, type_, rest = record.split(" ", 4)
    return dns.rrset.from_text(name, int(ttl), class_, type_, rest)


def message(
    *answer: str, authority: tuple[str, ...] = (), rcode: str = "NOERROR", question: Question = QUESTION
) -> dns.message.Message:
    """A response to `question`."""
    made = dns.message.make_response(dns.message.from_wire(query_wire(question)))
    made.set_rcode(dns.rcode.from_text(rcode))
    for section, records in ((made.answer, answer), (made.authority, authority)):
        for record in map(rrset, records):
            section.append(record)
    return made


def read(*answer: str, authority: tuple[str, ...] = (), rcode: str = "NOERROR", question: Question = QUESTION) -> Answer:
    """What is read of such a response."""
    made = message(*answer, authority=authority, rcode=rcode, question=question)
    return read_answer(question, made.to_wire(max_size=65535))


# ---- Questions ----


def test_a_question_has_the_id_0_and_asks_for_authenticity_without_signatures() -> None:
    asked = dns.message.from_wire(query_wire(QUESTION))
    assert asked.id == 0
    assert asked.flags == dns.flags.RD | dns.flags.AD
    assert (asked.edns, asked.ednsflags, asked.payload, asked.options) == (0, 0, 1232, ())
    assert [str(question) for question in asked.question] == [f"{NAME}. IN TXT"]
    assert query_wire(QUESTION) == query_wire(QUESTION)


def test_with_checking_off_a_question_says_so() -> None:
    assert dns.message.from_wire(query_wire(Question("a.example", "CAA", checking=False))).flags & dns.flags.CD


def test_the_root_can_be_asked() -> None:
    assert str(dns.message.from_wire(query_wire(Question("", "NS"))).question[0]) == ". IN NS"


@pytest.mark.parametrize("name", [f"{'a' * 64}.example", ".".join(["abcdefg"] * 40), "a..example", ".example"])
def test_what_cannot_be_a_name_is_not_asked(name: str) -> None:
    with pytest.raises(ValueError, match="a"):
        query_wire(Question(name, "TXT"))


# ---- Records ----


@pytest.mark.parametrize(
    ("type_", "records", "expected"),
    [
        ("TXT", ['"abc" "def"', '"b\\200"'], (Txt((b"abc", b"def")), Txt((b"b\xc8",)))),
        (
            "CAA",
            ['0 issue ";"', '128 IssueWild "ca.example; x=1"'],
            (Caa(0, "issue", ";"), Caa(128, "issuewild", "ca.example; x=1")),
        ),
        ("NS", ["NS1.Host.Example.", "ns2.host.example."], (Host("ns1.host.example"), Host("ns2.host.example"))),
        ("CNAME", ["Other.Example."], (Host("other.example"),)),
        ("A", ["192.0.2.1"], (Address(ip_address("192.0.2.1")),)),
        ("AAAA", ["2001:db8::1"], (Address(ip_address("2001:db8::1")),)),
        ("SOA", ["NS.Host.Example. h.example. 1 2 3 4 900"], (Soa("shop.example", "ns.host.example", 900),)),
    ],
)
def test_records_are_read(type_: RecordType, records: list[str], expected: tuple[object, ...]) -> None:
    question = Question("shop.example", type_)
    answer = read(*(f"Shop.Example. 300 IN {type_} {record}" for record in records), question=question)
    assert sorted(answer.records, key=str) == sorted(expected, key=str)
    assert (answer.question, answer.rcode, answer.ttl, answer.aliases) == (question, "NOERROR", 300, ())


def test_a_value_is_what_the_strings_say_together() -> None:
    assert read(f'{NAME}. 300 IN TXT "abc" "d\\195\\188" "\\255"').texts == ("abcdü\\xff",)


def test_odd_bytes_in_names_are_escaped() -> None:
    assert read(f"{NAME}. 300 IN CNAME a\\.b.\\000X\\@.example.").aliases == ("a\\.b.\\000x\\@.example",)


def test_records_come_in_the_same_order_whatever_the_resolver_does() -> None:
    records = [f'{NAME}. 300 IN TXT "{letter}"' for letter in "cabd"]
    assert read(*records).texts == read(*reversed(records)).texts == ("a", "b", "c", "d")


def test_other_records_and_other_names_do_not_count() -> None:
    answer = read(
        f'{NAME}. 300 IN SPF "no"',
        f'{NAME}. 300 CH TXT "no"',
        'shop.example. 300 IN TXT "no"',
        authority=(f'{NAME}. 300 IN TXT "no"',),
    )
    assert (answer.records, answer.texts, answer.ttl) == ((), (), None)


def test_the_flags_of_an_answer_are_read() -> None:
    made = message(f'{NAME}. 300 IN TXT "a"')
    assert not read_answer(QUESTION, made.to_wire()).authentic
    made.flags |= dns.flags.AD
    assert read_answer(QUESTION, made.to_wire()).authentic


@pytest.mark.parametrize(("rcode", "name"), [(2, "SERVFAIL"), (5, "REFUSED"), (16, "BADVERS"), (2748, "2748")])
def test_each_code_has_a_name(rcode: int, name: str) -> None:
    made = message()
    made.use_edns(0)
    made.set_rcode(dns.rcode.Rcode.make(rcode))
    answer = read_answer(QUESTION, made.to_wire())
    assert (answer.rcode, answer.is_answered) == (name, False)


# ---- Aliases ----


def test_aliases_are_followed_within_the_answer() -> None:
    answer = read(
        'end.other.example. 60 IN TXT "a"',
        f"{NAME}. 300 IN CNAME Middle.Other.example.",
        "middle.other.example. 300 IN CNAME end.other.example.",
    )
    assert (answer.aliases, answer.texts, answer.ttl) == (("middle.other.example", "end.other.example"), ("a",), 60)


def test_an_alias_by_dname_is_followed_by_the_cname_beside_it() -> None:
    answer = read(
        "shop.example. 300 IN DNAME other.example.",
        f"{NAME}. 300 IN CNAME _acme-challenge.other.example.",
        '_acme-challenge.other.example. 300 IN TXT "a"',
    )
    assert (answer.aliases, answer.texts) == (("_acme-challenge.other.example",), ("a",))


def test_who_asks_for_the_alias_gets_the_alias() -> None:
    question = Question(NAME, "CNAME")
    answer = read(f"{NAME}. 300 IN CNAME a.example.", "a.example. 300 IN CNAME b.example.", question=question)
    assert (answer.aliases, answer.records) == ((), (Host("a.example"),))


def test_where_an_alias_ends_there_may_be_nothing() -> None:
    other = "other.example. 60 IN SOA ns.other.example. h.other.example. 1 2 3 4 30"
    answer = read(f"{NAME}. 300 IN CNAME x.other.example.", authority=(START, other), rcode="NXDOMAIN")
    assert (answer.rcode, answer.aliases, answer.zone) == ("NXDOMAIN", ("x.other.example",), "other.example")
    assert (answer.forgotten_in, answer.zone_minimum) == (30, 30)


def test_aliases_in_a_circle_end_where_they_began() -> None:
    answer = read(f"{NAME}. 300 IN CNAME a.example.", f"a.example. 300 IN CNAME {NAME}.")
    assert (answer.aliases, answer.records) == (("a.example",), ())
    assert read(f"{NAME}. 300 IN CNAME {NAME}.").aliases == ()


def test_a_long_row_of_aliases_is_not_followed_to_its_end() -> None:
    row = [f"a{number}.example. 300 IN CNAME a{number + 1}.example." for number in range(40)]
    assert len(read(f"{NAME}. 300 IN CNAME a0.example.", *row).aliases) == messages.MAX_ALIASES


# ---- Nothing there ----


@pytest.mark.parametrize("rcode", ["NOERROR", "NXDOMAIN"])
def test_nothing_is_remembered_as_long_as_the_zone_says(rcode: str) -> None:
    answer = read(authority=(START,), rcode=rcode)
    assert (answer.rcode, answer.zone, answer.forgotten_in, answer.zone_minimum) == (rcode, "shop.example", 600, 900)
    assert answer.is_answered


def test_a_failure_is_not_remembered_as_nothing() -> None:
    answer = read(authority=(START,), rcode="SERVFAIL")
    assert (answer.forgotten_in, answer.zone_minimum) == (None, 900)


def test_without_a_start_of_zone_nobody_knows_how_long() -> None:
    answer = read(authority=("shop.example. 600 IN NS ns.shop.example.",))
    assert (answer.zone, answer.forgotten_in, answer.zone_minimum) == ("", None, None)


@pytest.mark.parametrize("owner", ["evil.example.", f"below.{NAME}.", "op.example."])
def test_a_start_of_zone_that_belongs_elsewhere_says_nothing(owner: str) -> None:
    answer = read(authority=(START.replace("shop.example. 600", f"{owner} 600"),))
    assert (answer.zone, answer.forgotten_in) == ("", None)


def test_no_zone_is_believed_that_it_is_remembered_for_years() -> None:
    start = f"shop.example. {2**31 - 1} IN SOA ns.shop.example. h.shop.example. 1 2 3 4 {2**32 - 1}"
    answer = read(authority=(start,))
    assert (answer.forgotten_in, answer.zone_minimum) == (messages.MAX_SECONDS, messages.MAX_SECONDS)


def test_the_start_of_a_zone_names_the_zone() -> None:
    answer = read(START, question=Question("shop.example", "SOA"))
    assert (answer.zone, answer.zone_minimum, answer.forgotten_in) == ("shop.example", 900, None)


# ---- Extended errors ----


def test_extended_errors_are_read() -> None:
    made = message(rcode="SERVFAIL")
    made.use_edns(options=[dns.edns.EDEOption(dns.edns.EDECode(6), "bad signature"), dns.edns.EDEOption(dns.edns.EDECode(22))])
    answer = read_answer(QUESTION, made.to_wire())
    assert answer.extended == (ExtendedError(6, "bad signature"), ExtendedError(22, ""))
    assert answer.says_bogus


def test_extended_errors_are_cut() -> None:
    made = message(rcode="SERVFAIL")
    made.use_edns(options=[dns.edns.EDEOption(dns.edns.EDECode(0), "x" * 3000)] * 20)
    answer = read_answer(QUESTION, made.to_wire(max_size=65535))
    assert answer.extended == (ExtendedError(0, "x" * messages.MAX_EXTENDED_TEXT),) * messages.MAX_EXTENDED


# ---- What is no answer ----


def _set(*, id_: int | None = None, flags: int = 0, without: int = 0) -> Callable[[bytes], bytes]:
    """Changes the header of a message."""

    def change(wire: bytes) -> bytes:
        old_id, old_flags = struct.unpack_from("!HH", wire)
        return struct.pack("!HH", old_id if id_ is None else id_, (old_flags | flags) & ~without) + wire[4:]

    return change


def _counts(questions: int, answers: int) -> Callable[[bytes], bytes]:
    return lambda wire: wire[:4] + struct.pack("!HH", questions, answers) + wire[8:]


def _other(question: Question) -> Callable[[bytes], bytes]:
    return lambda _: message(question=question).to_wire()


def _with(rdata: bytes, type_: int, name: bytes = b"\xc0\x0c") -> Callable[[bytes], bytes]:
    """An answer with one record of these bytes."""
    record = name + struct.pack("!HHIH", type_, 1, 300, len(rdata)) + rdata
    return lambda _: message().to_wire()[:6] + struct.pack("!HHH", 1, 0, 0) + message().to_wire()[12:-11] + record


POINTER_TO_ITSELF = b"\xc0" + bytes([len(message().to_wire()) - 11])

NO_ANSWERS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "a header cut off": lambda wire: wire[:11],
    "cut off": lambda wire: wire[:-3],
    "more at its end": lambda wire: wire + b"x",
    "longer than any": lambda wire: wire + bytes(65536),
    "text": lambda _: b"<!DOCTYPE html><title>Log in</title>",
    "another id": _set(id_=7),
    "a question": _set(without=dns.flags.QR),
    "said to be cut off": _set(flags=dns.flags.TC),
    "an update": _set(flags=dns.opcode.to_flags(dns.opcode.UPDATE)),
    "an unknown operation": _set(flags=dns.opcode.to_flags(dns.opcode.Opcode.make(11))),
    "no question": _counts(0, 1),
    "several questions": _counts(2, 0),
    "more records than there are": _counts(1, 2),
    "very many records": _counts(1, 60000),
    "about another name": _other(Question("evil.example", "TXT")),
    "about another type": _other(Question(NAME, "CAA")),
    "about another class": lambda wire: wire.replace(b"\x07example\0\0\x10\0\x01", b"\x07example\0\0\x10\0\x03"),
    "a pointer to itself": _with(b"\x03abc", 16, POINTER_TO_ITSELF),
    "a pointer ahead": _with(b"\x03abc", 16, b"\xff\xff"),
    "a pointer to itself as a value": _with(b"\xc0" + bytes([POINTER_TO_ITSELF[1] + 12]), 5),
    "a label of an unknown kind": _with(b"\x03abc", 16, b"\x80"),
    "a string longer than the record": _with(b"\xffabc", 16),
    "a TXT record without a string": _with(b"", 16),
    "an address of three bytes": _with(b"abc", 1),
    "a CAA record without a tag": _with(b"\0\0ca.example", 257),
    "a CAA record with an odd tag": _with(b"\0\x03is\xffx", 257),
    "signed by somebody (TSIG)": _with(bytes(30), 250),
    "a place on earth that is nowhere (LOC)": _with(b"\xff" * 16, 29),
    "an odd list of networks (APL)": _with(b"\0\1\xff\xff" * 4, 42),
    "odd parameters of a service (SVCB)": _with(b"\0\0\0\0\1\xff\xff\xff", 64),
}


@pytest.mark.parametrize("what", NO_ANSWERS)
def test_what_is_no_answer_is_refused(what: str) -> None:
    good = message(f'{NAME}. 300 IN TXT "abc"').to_wire()
    assert read_answer(QUESTION, good).texts == ("abc",)
    with pytest.raises(UnreadableAnswerError):
        read_answer(QUESTION, NO_ANSWERS[what](good))


def test_the_name_in_an_answer_may_have_other_cases_of_letters() -> None:
    wire = message(f'{NAME}. 300 IN TXT "abc"').to_wire().replace(b"shop", b"sHOp")
    assert read_answer(QUESTION, wire).texts == ("abc",)


# ---- Too much ----


def test_of_very_many_records_some_are_kept() -> None:
    assert len(read(*(f'{NAME}. 300 IN TXT "{number}"' for number in range(400))).records) == messages.MAX_RECORDS


@pytest.mark.parametrize("size", [0, 1, 255])
def test_of_a_very_long_record_the_start_is_kept(size: int) -> None:
    string = bytes([size]) + b"x" * size
    answer = read_answer(QUESTION, _with(string * (40000 // len(string)), 16)(b""))
    (record,) = answer.records
    assert isinstance(record, Txt)
    assert 0 < sum(len(string) + 1 for string in record.strings) <= messages.MAX_VALUE


def test_of_a_very_long_caa_record_the_start_is_kept() -> None:
    question = Question("shop.example", "CAA")
    (record,) = read(f'shop.example. 300 IN CAA 0 issue "{"x" * 9000}"', question=question).records
    assert record == Caa(0, "issue", "x" * messages.MAX_VALUE)
