"""DNS questions in the request log: what was asked, of whom, and what came."""

from collections.abc import Iterator

from app.acme.identifier import Identifier
from app.dns.lookup.sent_question import SentQuestion, forgotten_name, question_in
from app.dns.lookup.shown_answer import answers_in, rcode_in, text_of
from app.network.request_log import Entry
from app.text import request_log_dns as text
from app.text.request_log_kinds import RequestKind, kind_text
from app.text.request_log_notes import note
from app.text.untrusted import escape_as_json

MESSAGE = "application/dns-message"  # RFC 8484 §6


def title_of(entry: Entry, kind: RequestKind) -> str:
    """The title of a request in the list: that of its kind, or what was asked."""
    if kind == "dnsQuestion":
        sent = question_in(entry.request.url)
        return text.question_title(sent.question.type, _readable(sent.question.name)) if sent else kind_text(kind).title
    return text.purge_title(_readable(forgotten_name(entry.request.url))) if kind == "dnsPurge" else kind_text(kind).title


def _readable(name: str) -> str:
    """`name` as people write it: labels that begin with an underscore stand before the domain, and belong to no IDN."""
    labels = name.split(".")
    start = next((n for n, label in enumerate(labels) if not label.startswith("_")), 0)
    typed = ".".join([*labels[:start], Identifier("dns", ".".join(labels[start:])).typed])
    return name if typed == name else f"{typed} ({name})"


def rcode_of(entry: Entry) -> str:
    """How a resolver says that it went; "" for what is no DNS answer."""
    return rcode_in(entry.response.body) if is_dns_message(entry) and entry.response else ""


def is_dns_message(entry: Entry) -> bool:
    """Whether its response is a DNS message."""
    return entry.response is not None and entry.response.headers.get("content-type", "").lower() == MESSAGE


def question_text(sent: SentQuestion) -> str:
    """The question in the form of zone files."""
    return escape_as_json(f"{sent.question.name}. IN {sent.question.type}")


def question_notes(sent: SentQuestion) -> Iterator[str]:
    """What the question means."""
    yield note("dns-question")
    if not sent.question.checking:
        yield note("dns-unchecked")


def answer_text(entry: Entry) -> str:
    """The answer in lines, as far as it can be read."""
    return escape_as_json(text_of(entry.response.body)) if entry.response and not entry.cut else ""


def answer_notes(entry: Entry) -> Iterator[str]:
    """What the answer means: how it went, and how long it is where it cannot be shown."""
    body = entry.response.body if entry.response else b""
    rcode = rcode_in(body)
    if not rcode:
        yield note("dns-unreadable")
        return
    yield text.rcode_note(rcode, answers_in(body))
    if not answer_text(entry):
        yield note("dns-binary", length=entry.size)
