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
from app.issuance.issuance import ORDER_GONE, Issuance, Proof
from app.text.catalog import N_, _
from app.text.server_findings import certificate_cause, file_cause
from app.text.server_words import FILE, TLS

DnsCause = Literal["nothing", "other", "wrong", "elsewhere", "nameless", "unsaid", "unknown"]
"""What was found in the DNS: nothing at all; another value of the same order; something wrong; one of these, but only from some
places; no answer; what the CA does not say; or what nobody can tell."""

_CAA: Final = re.compile(r"\bCAA\b")
_NOTHING: Final = re.compile(
    r"\bno (?:valid |matching |such )?(?:TXT )?records?\b|\bNXDOMAIN\b|\bno such host\b|\bNODATA\b|\bno answer\b"
    r"|\bgot \[\s*\]|\brecords? (?:was |were )?(?:not found|missing)|\bagainst 0 records\b",
    re.IGNORECASE,
)
_WRONG: Final = re.compile(
    r"\bincorrect\b|\bcorrect value not found\b|\b(?:does|did|do) ?n[o']t match\b|\bmismatch|\bwrong\b|\bunexpected\b|\bgot \["
    r"|\bagainst [1-9]\d* records\b",
    re.IGNORECASE,
)
_SILENT: Final = re.compile(
    r"\btime(?:d )?.?out\b|\brefused\b|\bno route\b|\bunreachable\b|\breset by\b|\bfailed to connect\b", re.I
)
_DNS_TROUBLE: Final = re.compile(
    r"\bSERVFAIL\b|\bREFUSED\b|\bDNSSEC\b|\bserver misbehaving\b|\bnetworking error\b|\bunsuccessful response\b"
)
_VALUE: Final = re.compile(
    r"""(?:record|got|found|value)[\s:=("'\[“]{1,4}([\w+/=.~-]{1,100})["'\])”]""", re.IGNORECASE | re.ASCII
)

_DNS: Final[dict[DnsCause, tuple[str, str]]] = {
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
    "elsewhere": (
        N_("{ca} looks from several places in the world. Not all of them found the right value at {place}."),
        N_("Probably not all name servers have the record yet. Wait a little longer before the next try."),
    ),
    "unsaid": (
        N_("{ca} did not accept what is at {place}, and does not say what it found."),
        N_("Probably the record is not there yet, or has another value."),
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
    unsaid = problem.type == ORDER_GONE
    facts = {"ca": ca, "name": proof.identifier.readable}
    if is_about_caa(problem):
        return _in_words(_CAA_WORDS, facts)
    match proof.publication:
        case DnsRecord(name, values):
            others = {value for other in issuance.proofs for value in _values_at(name, other)} - set(values)
            cause = "unsaid" if unsaid else _dns_cause(words, types, others)
            found, why = _DNS[cause]
            value = _quoted_value(words, values)
            return _in_words(
                (_WRONG_VALUE if cause == "wrong" and value else found, why), {**facts, "place": name, "value": value}
            )
        case WebFile(url, body):
            found_there = "unsaid" if unsaid else file_cause(words, types, body)
            return _in_words(FILE[found_there], {**facts, "place": url})
        case TlsCertificate():
            return _in_words(TLS["unsaid" if unsaid else certificate_cause(words, types)], facts)


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


def _dns_cause(words: str, types: set[str], others: set[str]) -> DnsCause:
    if any(value in words for value in others):
        return "other"
    if _DNS_TROUBLE.search(words) or _SILENT.search(words):
        return "nameless"
    nothing, wrong = _NOTHING.search(words), _WRONG.search(words) or "incorrectResponse" in types
    if (nothing or wrong) and "secondary validation" in words:  # Boulder: from where it looked first, all was well
        return "elsewhere"
    return "nothing" if nothing else "wrong" if wrong else "unknown"


def _quoted_value(words: str, values: tuple[str, ...]) -> str:
    """The value that the CA says it found, where it says one that is not ours; else ""."""
    return next((value for value in _VALUE.findall(words) if value not in values), "")
