"""What this page asks of resolvers is read without a library; anything else is no question of this page."""

import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import pytest

from app.dns.lookup.messages import query_wire
from app.dns.lookup.question import Question, RecordType
from app.dns.lookup.sent_question import CODES, forgotten_name, question_in
from app.encoding.base64url import b64url

URL = "https://dns.example/dns-query"
PURGE = "https://dns.example/purge"


def query(name: str, type_: str, *, checking: bool = True, options: bool = True) -> bytes:
    """A query as RFC 8484 §4.1 wants it for GET, made by the library."""
    message = dns.message.make_query(name, type_, use_edns=0 if options else False, want_dnssec=options, id=0)
    message.flags |= 0 if checking else dns.flags.CD
    return message.to_wire()


def asked(message: bytes) -> Question | None:
    sent = question_in(f"{URL}?dns={b64url(message)}")
    return sent.question if sent else None


@pytest.mark.parametrize("type_", CODES.values())
@pytest.mark.parametrize("name", ["_acme-challenge.shop.example", "xn--bcher-kva.example", "", ".".join(["a" * 60] * 4)])
def test_each_question_of_this_page_is_read(name: str, type_: RecordType) -> None:
    assert asked(query(f"{name}.", type_)) == Question(name, type_)
    assert asked(query(f"{name}.", type_, checking=False, options=False)) == Question(name, type_, checking=False)


def test_odd_bytes_in_a_name_are_escaped_as_the_library_does_it() -> None:
    """Where an alias leads may be any bytes."""
    name = dns.name.Name(
        [bytes(byte for byte in range(16 * n, 16 * n + 16) if not 65 <= byte <= 90) for n in range(12)] + [b""]
    )
    message = dns.message.make_query(name, "A", id=0).to_wire()
    assert asked(message) == Question(name.to_text(omit_final_dot=True), "A")
    sent = question_in(f"{URL}?dns={b64url(message)}")
    assert sent
    assert sent.labels == name.labels[:-1]


def test_what_is_really_asked_is_read() -> None:
    for question in (Question("_acme-challenge.shop.example", "TXT"), Question("shop.example", "CAA", checking=False)):
        assert asked(query_wire(question)) == question


def test_codes_are_those_of_the_library() -> None:
    assert {code: dns.rdatatype.to_text(dns.rdatatype.RdataType(code)) for code in CODES} == CODES


GOOD = query("shop.example.", "TXT")


@pytest.mark.parametrize(
    "message",
    [
        b"",
        GOOD[:16],
        GOOD + b"more",
        b"\1\1" + GOOD[2:],  # an id, which would mark this browser
        GOOD[:2] + b"\x81\0" + GOOD[4:],  # an answer
        GOOD.replace(b"\4shop", b"\4Shop"),  # capitals could carry something
        GOOD.replace(b"\4shop", b"\xc0\x0cop!"),  # a pointer
        query("shop.example.", "AXFR"),
        query("shop.example.", "TXT")[:-1],
        GOOD[:5] + b"\2" + GOOD[6:],  # two questions
        b"\0\0\1\0\0\1\0\0\0\0\0\0" + b"\x3f" + b"a" * 63,  # a name without an end
        query("shop.example.", "TXT", options=False)[:-2] + b"\0\3",  # another class
    ],
)
def test_anything_else_is_none(message: bytes) -> None:
    assert asked(message) is None


@pytest.mark.parametrize(
    "url",
    [
        URL,
        f"{URL}?name=shop.example",
        f"{URL}?dns=",
        f"{URL}?dns={b64url(GOOD)}&x=1",
        f"{URL}?dns={b64url(GOOD)}=",
        f"{URL}?x=1&dns={b64url(GOOD)}",
        f"{URL}?dns={'A' * 5000}",
        f"{URL}?dns={b64url(GOOD)}#x",
    ],
)
def test_nor_is_another_url(url: str) -> None:
    assert question_in(url) is None


def test_the_name_that_a_resolver_should_forget_is_read() -> None:
    assert forgotten_name(f"{PURGE}?domain=_acme-challenge.shop.example&type=TXT") == "_acme-challenge.shop.example"
    for query_ in (
        "domain=a.example",
        "type=TXT&domain=a.example",
        "domain=a.example&type=NS",
        "domain=A.example&type=TXT",
        "domain=&type=TXT",
        "domain=a.example&type=TXT&x=1",
        f"domain={'a.' * 127}a&type=TXT",
        "",
    ):
        assert not forgotten_name(f"{PURGE}?{query_}")
