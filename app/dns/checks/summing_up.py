"""Sums up what several resolvers say of one entry.

The resolvers that check DNSSEC see what a CA sees, so they decide where one of them answers; else all decide. The first line
that applies counts:

==============================  =============================================================================
they say                        the sum
==============================  =============================================================================
one: DNSSEC is broken           that
all who answer: there           there
one of all resolvers: there     disagree, until the last of them forgets what it remembers
one: something is wrong         that, the most telling first (`TELLING`)
one: there is nothing           that; remembered until the last of them forgets it, where one remembers it
no answer from anybody          why not, the most telling first (`TELLING`)
==============================  =============================================================================

Values beside the right one do no harm, since CAs look at all.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.dns.checks.findings import SEEN_OF, Finding, Reason

TELLING: Final[tuple[Reason, ...]] = (
    "quotes",
    "blanks",
    "doubled",
    "apex",
    "no-underscore",
    "elsewhere",
    "one-of-two",
    "wildcard",
    "alias-dead-end",
    "alias",
    "delegated",
    "no-domain",
    "old-value",
    "other-value",
    "lame",
    "server-failure",
    "remembered",
    "not-yet",
    "unreachable",
    "refused",
    "unreadable",
    "skipped",
)
"""Reasons why a record is not seen, the most telling first."""


def sum_up(by_resolver: Mapping[str, Finding], validating: Iterable[str]) -> Finding:
    """What the resolvers, id → finding, say together. `validating` are the ids of those that check DNSSEC."""
    everybody = [finding for finding in by_resolver.values() if finding.seen != "unknown"]
    judges = [by_resolver[id_] for id_ in validating if id_ in by_resolver and by_resolver[id_].seen != "unknown"]
    for rule in _RULES:
        if found := rule(_Votes(judges or everybody, everybody)):
            return found
    return _most_telling(by_resolver.values()) or Finding("unreachable")


@dataclass(frozen=True)
class _Votes:
    """What `everybody` says who answers, and what the `judges` among them say."""

    judges: Sequence[Finding]
    everybody: Sequence[Finding]


def _bogus(votes: _Votes) -> Finding | None:
    return next((finding for finding in votes.judges if finding.reason == "bogus"), None)


def _there(votes: _Votes) -> Finding | None:
    return votes.judges[0] if votes.judges and all(finding.seen == "there" for finding in votes.judges) else None


def _disagree(votes: _Votes) -> Finding | None:
    """Whoever sees it proves that it is published; so the others remember something old, or their way there is broken."""
    if not any(finding.seen == "there" for finding in votes.everybody):
        return None
    others = [finding for finding in votes.everybody if finding.seen != "there"]
    telling = _most_telling(others) or Finding("not-yet")
    return Finding("disagree", telling.place, telling.values, telling.missing, _last_end(others))


def _wrong(votes: _Votes) -> Finding | None:
    return _most_telling(finding for finding in votes.judges if SEEN_OF[finding.reason] == "wrong")


def _waiting(votes: _Votes) -> Finding | None:
    return _most_telling(finding for finding in votes.judges if finding.seen == "waiting")


_RULES: Final[tuple[Callable[[_Votes], Finding | None], ...]] = (_bogus, _there, _disagree, _wrong, _waiting)


def _most_telling(findings: Iterable[Finding]) -> Finding | None:
    """The first in the order of `TELLING`; of several, the one that lasts longest."""
    rank = {reason: n for n, reason in enumerate(("bogus", *TELLING))}
    return min(findings, key=lambda finding: (rank[finding.reason], -(finding.until or 0.0)), default=None)


def _last_end(findings: Iterable[Finding]) -> float | None:
    return max((finding.until for finding in findings if finding.until is not None), default=None)
