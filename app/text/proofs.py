"""What a CA found in place of a proof, in a person's words, and the probable cause.

CAs have types for what went wrong (RFC 8555 §6.7), but use them loosely, and the rest is English text. So both are read: the
words of Boulder, Pebble, step-ca, OpenBao and of CAs that write like them, and the type where the words say nothing. What a CA
quotes is untrusted text: only what can be a value is repeated, and a value of the same order is recognized.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.acme.challenge import DnsRecord, TlsCertificate, WebFile
from app.acme.problem import Problem
from app.issuance.issuance import Issuance, Proof
from app.text.catalog import N_, _

Cause = Literal["nothing", "other", "wrong", "denied", "silent", "nameless", "caa", "unknown"]
"""What was found: nothing at all; another value of the same order; something wrong; a refusal; no server that answers; no
address or no answer in the DNS; a CAA record; or what nobody can tell."""

_CAA: Final = re.compile(r"\bCAA\b")
_NOTHING: Final = re.compile(
    r"\bno (?:valid |matching |such )?(?:TXT )?records?\b|\bNXDOMAIN\b|\bno such host\b|\bNODATA\b|\bno answer\b"
    r"|\bgot \[\s*\]|\brecords? (?:was |were )?(?:not found|missing)|\b404\b",
    re.IGNORECASE,
)
_WRONG: Final = re.compile(
    r"\bincorrect\b|\bcorrect value not found\b|\b(?:does|did|do) ?n[o']t match\b|\bmismatch|\bwrong\b|\bunexpected\b|\bgot \[",
    re.IGNORECASE,
)
_SILENT: Final = re.compile(
    r"\btime(?:d )?.?out\b|\brefused\b|\bno route\b|\bunreachable\b|\breset by\b|\bfailed to connect\b", re.I
)
_DENIED: Final = re.compile(r"\b(?:401|403)\b|\bforbidden\b", re.IGNORECASE)
_DNS_TROUBLE: Final = re.compile(r"\bSERVFAIL\b|\bREFUSED\b|\bDNSSEC\b|\bserver misbehaving\b|\bunsuccessful response\b")
_ADDRESS_LOOKUP: Final = re.compile(
    r"\bDNS problem\b|\blooking up A{1,4}\b|\bno valid (?:IP|A|AAAA)\b|\bno such host\b|\blookup\b", re.I
)
_VALUE: Final = re.compile(
    r"""(?:record|got|found|value)[\s:=("'\[“]{1,4}([\w+/=.~-]{1,100})["'\])”]""", re.IGNORECASE | re.ASCII
)

_DNS: Final[dict[Cause, tuple[str, str]]] = {
    "nothing": (
        N_("{ca} found no TXT record at {place}."),
        N_(
            "Probably the record is not saved yet, it has a longer name because the form added the domain once more, or "
            "the name servers do not have it yet."
        ),
    ),
    "other": (
        N_("At {place}, {ca} found the value of the other record for this name, but not the value for {name}."),
        N_("Probably only one of the two was saved. They have the same name, and some forms keep just one of them."),
    ),
    "wrong": (
        N_("At {place}, {ca} found another value, which is not the right one."),
        N_(
            "Probably a value from an earlier order is still there, the new one was changed when it was copied, or the "
            "name servers still give out the old one."
        ),
    ),
    "nameless": (
        N_("{ca} got no usable answer from the name servers about {place}."),
        N_("Probably they were slow or did not answer, or DNSSEC is set up wrongly for the domain."),
    ),
    "unknown": (
        N_("{ca} did not find what it wanted at {place}."),
        N_("Probably the record is not there yet, or has another value. The CA’s own words below say more."),
    ),
}
_WRONG_VALUE: Final = N_("At {place}, {ca} found the value “{value}”, which is not the right one.")
_FILE: Final[dict[Cause, tuple[str, str]]] = {
    "nothing": (
        N_("{ca} found no file at {place}."),
        N_(
            "Probably it is in another folder, its name got an extension such as .txt, or another server answers for the "
            "name: does the name have an IPv6 address (AAAA) that leads elsewhere?"
        ),
    ),
    "wrong": (
        N_("At {place}, {ca} found something other than the file."),
        N_(
            "Probably the server answers with a page of its own for addresses that it does not know, or the file is from an "
            "earlier order."
        ),
    ),
    "denied": (
        N_("The web server did not let {ca} read {place}."),
        N_("Probably a login, a firewall or a rule against folders whose names start with a dot blocks it."),
    ),
    "silent": (
        N_("{ca} could not connect to the web server of {name} on port 80."),
        N_(
            "Probably a firewall or router keeps port 80 closed, or the name leads to another computer: also look at its IPv6 "
            "address (AAAA)."
        ),
    ),
    "nameless": (
        N_("{ca} found no address for {name} in the DNS."),
        N_("Probably the name has no A or AAAA record yet, or its name servers did not answer."),
    ),
    "unknown": (
        N_("{ca} did not find what it wanted at {place}."),
        N_("Probably the file is not there, or another server answers for the name. The CA’s own words below say more."),
    ),
}
_TLS: Final[dict[Cause, tuple[str, str]]] = {
    "silent": (
        N_("{ca} could not connect to {name} on port 443."),
        N_(
            "Probably a firewall or router keeps the port closed, the command is no longer running, or the name leads to "
            "another computer."
        ),
    ),
    "nameless": _FILE["nameless"],
    "unknown": (
        N_("{ca} did not get the right certificate from {name} on port 443."),
        N_("Probably another program, such as a web server, still answers there, or the file is from an earlier order."),
    ),
}
_CAA_WORDS: Final = (
    N_("A CAA record keeps {ca} from issuing for {name}."),
    N_("Probably the DNS of the domain lists other CAs only. Change the CAA record, or choose another CA."),
)


@dataclass(frozen=True)
class Finding:
    """What was `found` in place of one proof, and the probable cause (`why`)."""

    found: str
    why: str


def finding(issuance: Issuance, proof: Proof, problem: Problem, ca: str) -> Finding:
    """What `ca` found in place of `proof`, one of `issuance`, by the `problem` that it told."""
    words = problem.full_detail
    types = {problem.type, *(child.type for child in problem.subproblems)}
    facts = {"ca": ca, "name": proof.identifier.readable}
    if is_about_caa(problem):
        return _in_words(_CAA_WORDS, facts)
    match proof.publication:
        case DnsRecord(name, values):
            others = {value for other in issuance.proofs for value in _values_at(name, other)} - set(values)
            cause = _dns_cause(words, types, others)
            found, why = _DNS[cause]
            value = _quoted_value(words, values)
            return _in_words(
                (_WRONG_VALUE if cause == "wrong" and value else found, why), {**facts, "place": name, "value": value}
            )
        case WebFile(url, _):
            cause = _server_cause(words, types)
            return _in_words(_FILE[cause], {**facts, "place": url})
        case TlsCertificate():
            cause = _server_cause(words, types)
            return _in_words(_TLS.get(cause, _TLS["unknown"]), facts)


def is_about_caa(problem: Problem) -> bool:
    """Whether a CAA record (RFC 8659) is what kept the CA from issuing."""
    types = {problem.type, *(child.type for child in problem.subproblems)}
    return "caa" in types or bool(_CAA.search(problem.full_detail))


def _in_words(words: tuple[str, str], facts: Mapping[str, str]) -> Finding:
    found, why = (_(text, **facts) for text in words)
    return Finding(found, why)


def _values_at(name: str, proof: Proof) -> tuple[str, ...]:
    what = proof.publication
    return what.values if isinstance(what, DnsRecord) and what.name == name else ()


def _dns_cause(words: str, types: set[str], others: set[str]) -> Cause:
    if any(value in words for value in others):
        return "other"
    if _DNS_TROUBLE.search(words) or _SILENT.search(words):
        return "nameless"
    if _NOTHING.search(words):
        return "nothing"
    return "wrong" if _WRONG.search(words) or "incorrectResponse" in types else "unknown"


def _server_cause(words: str, types: set[str]) -> Cause:
    if "dns" in types or (_ADDRESS_LOOKUP.search(words) and not _SILENT.search(words)):
        return "nameless"
    if _SILENT.search(words):
        return "silent"
    if _DENIED.search(words):
        return "denied"
    if _NOTHING.search(words):
        return "nothing"
    if _WRONG.search(words) or "incorrectResponse" in types:
        return "wrong"
    return "silent" if "connection" in types else "unknown"


def _quoted_value(words: str, values: tuple[str, ...]) -> str:
    """The value that the CA says it found, where it says one that is not ours; else ""."""
    return next((value for value in _VALUE.findall(words) if value not in values), "")
