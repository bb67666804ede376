"""DNS questions in the panel of what was sent: as rows, in parts, in the picture, in the file."""

import base64
import json
import sys
from contextlib import suppress
from dataclasses import replace

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from app.dns.lookup.messages import query_wire
from app.dns.lookup.question import Question
from app.dns.lookup.shown_answer import MAX_SHOWN, text_of
from app.dns.resolvers import Resolver
from app.encoding.base64url import b64url
from app.errors import NetworkError
from app.network.request_log import Entry
from app.ports import Request, Response
from app.ui.request_log.index import RequestIndex
from app.ui.request_log.tour import tour_steps
from tests.unit.har_spec import assert_har
from tests.unit.records import CA
from tests.unit.script import ScriptedHttp
from tests.unit.scripted_ca import NoonClock
from tests.unit.ui.panels.test_request_log import Visit, issued, presenters
from tests.unit.ui.request_log.test_diagram import labels, picture

RESOLVERS = (
    Resolver("one", "One DNS", "https://dns.example/dns-query", purge="https://dns.example/purge"),
    Resolver("other", "Other DNS", "https://other.example/dns-query"),
    Resolver("practice", "Practice DNS", "https://page.example/practice/dns-query", practice=True),
)
NAME = "_acme-challenge.xn--bcher-kva.example"
TXT = Question(NAME, "TXT")


def asking(question: Question = TXT, resolver: Resolver = RESOLVERS[0]) -> Request:
    return Request("GET", f"{resolver.url}?dns={b64url(query_wire(question))}")


def came(*values: str, rcode: str = "NOERROR", question: Question = TXT) -> Response:
    """The answer of a resolver to `question`."""
    message = dns.message.make_response(dns.message.from_wire(query_wire(question)))
    message.set_rcode(dns.rcode.from_text(rcode))
    if values:
        message.answer.append(dns.rrset.from_text(f"{NAME}.", 60, "IN", "TXT", *(f'"{value}"' for value in values)))
    return Response(200, {"content-type": "application/dns-message"}, message.to_wire(max_size=65535))


PURGE = Request("POST", f"https://dns.example/purge?domain={NAME}&type=TXT", no_cors=True)


async def visit_of(*sent: tuple[Request, Response | Exception]) -> Visit:
    """A visit in which these requests were sent, and came back so."""
    script: dict[str, list[Response | Exception]] = {}
    for request, response in sent:
        script.setdefault(f"{request.method} {request.url}", []).append(response)
    visit = Visit(ScriptedHttp(dict(script)))
    ports = replace(visit.workflow.ports, clock=NoonClock())
    visit.sent, visit.presenter = presenters(visit.request_log, visit.panel, ports, (CA,), RESOLVERS)
    for request, _ in sent:
        with suppress(NetworkError):
            await visit.request_log.send(request)
    visit.presenter.refresh()
    return visit


async def test_each_row_says_what_was_asked_of_whom_and_how_it_went() -> None:
    visit = await visit_of(
        (asking(), came("value")),
        (asking(Question("shop.example", "CAA"), RESOLVERS[1]), came(rcode="SERVFAIL")),
        (asking(Question("", "NS"), RESOLVERS[2]), NetworkError("u")),
        (PURGE, Response(0, {}, b"")),
    )
    rows = [(row.kind, row.title, row.place, row.state) for row in visit.panel.rows]
    shown = "\u2068_acme-challenge.bücher.example (_acme-challenge.xn--bcher-kva.example)\u2069"
    assert rows == [
        ("dnsQuestion", f"DNS question: TXT at {shown}", "One DNS", "200 NOERROR"),
        ("dnsQuestion", "DNS question: CAA at shop.example", "Other DNS", "200 SERVFAIL"),
        ("dnsQuestion", "DNS question: NS of the root", "Practice DNS", "no answer"),
        ("dnsPurge", f"Forget what you know of {shown}", "One DNS", "something answers"),
    ]
    assert visit.panel.counted == "4 requests sent, 0 private keys"


async def test_a_look_is_one_arrow_to_all_resolvers_and_what_crosses_are_names() -> None:
    visit = await visit_of(
        *((asking(resolver=resolver), came("value")) for resolver in RESOLVERS),
        (PURGE, NetworkError("u")),
        (asking(resolver=RESOLVERS[1]), NetworkError("u")),
    )
    assert labels(visit) == ["1 Look into DNS ×4 → 3 answers (DNS resolvers, 5 requests)"]
    shown = picture(visit)
    assert [lane.lines for lane in shown.lanes] == [("DNS", "resolvers")]
    assert shown.arrows[0].answered
    assert shown.crossed == "Of what is yours, only names cross it."
    silent = await visit_of((asking(), NetworkError("u")))
    assert labels(silent) == ["1 Look into DNS → no answer (DNS resolvers)"]


async def test_question_and_answer_can_be_read() -> None:
    visit = await visit_of((asking(Question(NAME, "TXT", checking=False)), came("a\u202eb", "second")))
    detail = visit.presenter.detail(1)
    assert detail
    sent, question, head, body = detail.parts
    assert sent.text == f"GET {asking(Question(NAME, 'TXT', checking=False)).url}"
    assert question.text == f"{NAME}. IN TXT"
    assert any("DNSSEC" in note for note in question.notes)
    assert head.text.startswith("200 OK")
    assert f'{NAME}. 60 IN TXT "second"' in body.text
    assert "\u202e" not in body.text
    assert body.notes == ("NOERROR: there are 2 records.",)
    assert detail.facts.answer.startswith("200 NOERROR.")


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (came(), "NOERROR without an answer: "),
        (came(rcode="NXDOMAIN"), "NXDOMAIN: there is no such name"),
        (came(rcode="BADVERS"), "NOERROR"),  # the rest of that code is elsewhere in the message
        (came(rcode="YXDOMAIN"), "RCODE6: the resolver reports an error."),
        (Response(200, {"content-type": "application/dns-message"}, b"<html>"), "It is no DNS answer."),
        (Response(200, {"content-type": "application/dns-message"}, came().body[:2] + b"\x81\x80" + b"\xff" * 99), "bytes"),
    ],
)
async def test_each_answer_is_explained(response: Response, words: str) -> None:
    visit = await visit_of((asking(), response))
    detail = visit.presenter.detail(1)
    assert detail
    assert words in " ".join(detail.parts[-1].notes)


async def test_what_is_no_dns_message_is_shown_as_it_is() -> None:
    visit = await visit_of((asking(), Response(200, {"content-type": "text/html"}, b"<p>Log in")))
    detail = visit.presenter.detail(1)
    assert detail
    assert detail.parts[-1].text == "<p>Log in"
    assert visit.panel.rows[0].state == "200 OK"


async def test_the_tour_stops_at_the_last_question_after_the_order() -> None:
    visit = await issued()
    index = RequestIndex((CA,), RESOLVERS)
    last = visit.request_log.entries[-1].number
    asked = [Entry(last + n, 0.0, asking(), ended=1.0, response=came("value")) for n in (1, 2)]
    entries = (*visit.request_log.entries, *asked, Entry(last + 3, 0.0, asking(), ended=1.0, failure="lost"))
    index.read(entries)
    steps = tour_steps(entries, index)
    kinds = [step.kind for step in steps]
    assert kinds.index("authorization") < kinds.index("dnsQuestion") < kinds.index("challenge")
    (step,) = [step for step in steps if step.kind == "dnsQuestion"]
    assert (step.numbers, step.shown) == ((last + 1, last + 2), last + 2)


async def test_without_the_library_an_answer_is_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = await visit_of((asking(), came("value")))
    monkeypatch.delitem(sys.modules, "dns.message")
    detail = visit.presenter.detail(1)
    assert detail
    assert detail.parts[-1].text == ""
    assert detail.parts[-1].notes[0] == "NOERROR: there is 1 record."
    assert f"{len(came('value').body)} bytes" in detail.parts[-1].notes[1]


def test_a_long_or_broken_answer_is_not_taken_apart() -> None:
    assert text_of(came("value").body)
    assert len(came(*(f"{n:0>200}" for n in range(30))).body) > MAX_SHOWN
    assert not text_of(came("value").body[:-3])
    assert not text_of(came(*(f"{n:0>200}" for n in range(30))).body)


async def test_the_file_holds_the_bytes_and_the_words() -> None:
    visit = await visit_of((asking(), came("value")))
    visit.presenter.export()
    har = json.loads(visit.panel.files[0].body)
    assert_har(har)
    (entry,) = har["log"]["entries"]
    content = entry["response"]["content"]
    assert base64.b64decode(content["text"]) == came("value").body
    assert (content["encoding"], content["mimeType"]) == ("base64", "application/dns-message")
    assert [pair["name"] for pair in entry["request"]["queryString"]] == ["dns"]
    assert "DNS question: TXT at" in entry["comment"]
    assert f'{NAME}. 60 IN TXT "value"' in entry["comment"]
