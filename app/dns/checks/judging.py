"""Judges what one resolver answered for one entry: whether it is there, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.dns.checks.clues import Clues, is_answer
from app.dns.checks.findings import Finding, Reason
from app.dns.checks.values import (
    PERSIST,
    bounded,
    end_of,
    has_quotes,
    is_digest,
    is_there,
    missing_values,
    rivals,
    spoilt,
)
from app.dns.entries import RecordEntry
from app.dns.lookup.question import Answer, NoAnswer, Reply

OldValues = Mapping[str, frozenset[str]]
"""Full name of a record → the values that earlier orders of this browser wanted there."""

MAX_DETAIL: Final = 500

_LAME: Final = frozenset({22, 23})  # No Reachable Authority, Network Error (RFC 8914 §4.23, §4.24)
_CENSORED: Final = frozenset({15, 16, 17, 18})  # Blocked, Censored, Filtered, Prohibited (§4.16–4.19)


@dataclass(frozen=True)
class Look:
    """What one needs to judge the answers of one look.

    `order` are all entries of the order, `old` the values of earlier ones, `clues` what was asked beside, `now` is in seconds.
    """

    order: Sequence[RecordEntry]
    old: OldValues
    clues: Clues
    now: float


def judge(look: Look, entry: RecordEntry, resolver: str, reply: Reply) -> Finding:
    """What the reply of the resolver with this id says of `entry`."""
    if isinstance(reply, NoAnswer):
        return Finding(reply.reason, detail=reply.detail[:MAX_DETAIL])
    if reply.rcode == "SERVFAIL":
        return _failure(look, entry, resolver, reply)
    if not reply.is_answered or any(error.code in _CENSORED for error in reply.extended):
        return Finding("refused", detail=_words(reply))
    missing = missing_values(entry, reply.texts, look.now)
    place = reply.aliases[-1] if reply.aliases else ""
    if not missing:
        return Finding("there", place, expires=end_of(entry, reply.texts, look.now))
    case = _Case(look, entry, reply, missing)
    why = next(filter(None, (rule(case) for rule in _RULES)))
    place, values, until = why.place or place, why.values or bounded(reply.texts), _kept_until(reply, look.now)
    return replace(why, place=place, values=values, missing=missing, until=until, detail=_words(reply))


def _failure(look: Look, entry: RecordEntry, resolver: str, reply: Answer) -> Finding:
    """Why the question failed. `place` is where a CNAME leads: then it is the zone of that which fails."""
    place = reply.aliases[-1] if reply.aliases else ""
    unchecked = _without_checking(look, entry, resolver)
    extended = (*reply.extended, *(unchecked.extended if isinstance(unchecked, Answer) else ()))
    is_silent = not reply.aliases and entry.zone in look.clues.silent
    return Finding(
        _why(reply, unchecked, is_silent=is_silent),
        place,
        missing=entry.texts,
        detail=_words(replace(reply, extended=extended)),
    )


def _why(reply: Answer, unchecked: Reply | None, *, is_silent: bool) -> Reason:
    """What the resolver itself says, or else what asking with checking off tells, or for the whole zone (`is_silent`)."""
    if reply.says_bogus:
        return "bogus"
    if _is_lame(reply):
        return "lame"
    if is_answer(unchecked):
        return "bogus"
    is_lame = is_silent or (isinstance(unchecked, Answer) and _is_lame(unchecked))
    return "lame" if is_lame else "server-failure"


def _is_lame(answer: Answer) -> bool:
    return any(error.code in _LAME for error in answer.extended)


def _without_checking(look: Look, entry: RecordEntry, resolver: str) -> Reply | None:
    """What the resolver answers with checking off: for this name, or else for another one in its zone."""
    unchecked = look.clues.unchecked
    in_zone = (other.name for other in look.order if other.zone == entry.zone)
    return next((reply for name in (entry.name, *in_zone) if (reply := unchecked.get((resolver, name)))), None)


def _words(answer: Answer) -> str:
    return next((error.text for error in answer.extended if error.text), "")[:MAX_DETAIL]


def _kept_until(answer: Answer, now: float) -> float | None:
    """Until when the resolver keeps this answer."""
    seconds = answer.ttl if answer.records else answer.forgotten_in
    return now + seconds if seconds else None


@dataclass(frozen=True)
class _Case:
    """The values `missing` of `entry` are not in `answer`."""

    look: Look
    entry: RecordEntry
    answer: Answer
    missing: Sequence[str]


def _spoilt(case: _Case) -> Finding | None:
    """The value is there, but for quotes or blanks."""
    found = [text for wanted in case.missing if (text := spoilt(wanted, case.answer.texts)) is not None]
    if not found:
        return None
    return Finding("quotes" if any(map(has_quotes, found)) else "blanks", values=bounded(found))


def _elsewhere(case: _Case) -> Finding | None:
    """The value is at a name that is not the right one."""
    for misplaced in case.look.clues.misplaced.get(case.entry.number, ()):
        if not set(misplaced.values).isdisjoint(case.missing):
            return Finding(misplaced.place.mistake, misplaced.place.name)
    return None


def _one_of_two(case: _Case) -> Finding | None:
    """Another value that the order wants at this name is there."""
    if len(case.missing) < len(case.entry.texts):
        return Finding("one-of-two")
    for other in case.look.order if case.answer.texts else ():
        values = [text for text in other.texts if text not in case.entry.texts] if other.name == case.entry.name else []
        if any(is_there(other.kind, text, case.answer.texts, case.look.now) for text in values):
            return Finding("one-of-two", other=other.number)
    return None


def _wildcard(case: _Case) -> Finding | None:
    """A wildcard answers, because no record of its own is there."""
    wildcard = case.look.clues.wildcards.get(case.entry.name)
    return Finding("wildcard", wildcard.name) if wildcard and wildcard.is_behind(case.answer) else None


def _alias(case: _Case) -> Finding | None:
    """A CNAME leads to another name."""
    if not case.answer.aliases:
        return None
    return Finding("alias-dead-end" if case.answer.rcode == "NXDOMAIN" else "alias", case.answer.aliases[-1])


def _delegated(case: _Case) -> Finding | None:
    """The name is a zone of its own, and so is not filled from the zone above it."""
    return Finding("delegated", case.answer.zone) if case.answer.zone == case.entry.name else None


def _another_value(case: _Case) -> Finding | None:
    """Something else is at the name: a value of an earlier order, or one that this browser does not know.

    Where nobody looked whether it comes from a wildcard, only what any ACME client could have published counts.
    """
    others = rivals(case.entry, case.answer.texts)
    old = [text for text in others if text in case.look.old.get(case.entry.name, ())]
    if old:
        return Finding("old-value", values=bounded(old))
    looked = case.entry.kind == PERSIST or case.entry.name in case.look.clues.wildcards
    strange = [text for text in others if looked or is_digest(text)]
    return Finding("other-value", values=bounded(strange)) if strange else None


def _no_domain(case: _Case) -> Finding | None:
    """The whole zone does not exist."""
    is_gone = case.answer.rcode == "NXDOMAIN" and case.entry.zone in case.look.clues.gone
    return Finding("no-domain", case.entry.zone) if is_gone else None


def _nothing(case: _Case) -> Finding:
    """There is nothing yet, and the resolver may remember that."""
    remembered = not case.answer.texts and case.answer.forgotten_in
    return Finding("remembered" if remembered else "not-yet")


# Why a value is not there: the first that applies. What is certain and names the place to mend comes first. A value that was
# found at another name tells more than what is at the right one; what an old or a foreign value tells is the least.
_RULES: Final = (
    _spoilt,
    _elsewhere,
    _one_of_two,
    _wildcard,
    _alias,
    _delegated,
    _another_value,
    _no_domain,
    _nothing,
)
