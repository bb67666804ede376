"""The words of the request log for DNS questions."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_, _, ngettext
from app.text.untrusted import isolate_bidi, one_line

_RCODES: Final[Mapping[str, str]] = {
    "NXDOMAIN": N_("NXDOMAIN: there is no such name, and nothing below it."),
    "SERVFAIL": N_("SERVFAIL: the resolver found no answer that it trusts. Name servers are silent, or DNSSEC is broken."),
    "REFUSED": N_("REFUSED: the resolver does not answer such questions."),
    "FORMERR": N_("FORMERR: the resolver did not understand the question."),
    "NOTIMP": N_("NOTIMP: the resolver does not know this kind of question."),
}


def question_title(type_: str, name: str) -> str:
    """The title of a question for records of `type_` at `name`."""
    if not name:
        return _("DNS question: {type} of the root", type=type_)
    # Translators: such as “DNS question: TXT at _acme-challenge.shop.example”
    return _("DNS question: {type} at {name}", type=type_, name=isolate_bidi(name))


def purge_title(name: str) -> str:
    """The title of a request that makes a resolver forget what it knows of `name`."""
    return _("Forget what you know of {name}", name=isolate_bidi(name))


def rcode_note(rcode: str, records: int) -> str:
    """The note on how a resolver says that it went, and on how many `records` it brings."""
    if rcode in _RCODES:
        return _(_RCODES[rcode])
    if rcode == "NOERROR" and not records:
        return _("NOERROR without an answer: the name exists, or a name below it, but no such record is there.")
    if rcode == "NOERROR":
        return ngettext("NOERROR: there is {n} record.", "NOERROR: there are {n} records.", records)
    return _("{rcode}: the resolver reports an error.", rcode=one_line(rcode))
