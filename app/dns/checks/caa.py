"""CAA records (RFC 8659, RFC 8657): whether they let a CA issue for a name, and what to add where they do not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.acme.directory import Directory
from app.acme.identifier import Identifier
from app.ca.catalog import CertificateAuthority
from app.dns.checks.caa_policy import CaaJudgement, CaaPolicy, CaaVerdict, IssueTag, judge
from app.dns.checks.replies import best_answer, words_of
from app.dns.checks.zones import registered_domains
from app.dns.lookup.client import ResolverClient
from app.dns.lookup.question import Answer, Caa, Question

__all__ = ["MAX_LEVELS", "CaaFinding", "CaaPolicy", "CaaVerdict", "ca_identities", "look_at_caa"]

MAX_LEVELS: Final = 150
"""How many names are asked for CAA records in one look. An order of 100 names below one domain has fewer."""

MAX_FAILED: Final = 20
"""How many of them that failed are asked again, without DNSSEC."""

_Levels = Mapping[str, Answer | None]


@dataclass(frozen=True)
class CaaFinding:
    """What the CAA records at `domain` (the nearest at or above the `names`) mean for `names`.

    `names` are as in the certificate, with `*.` for wildcards. Where there are no records, `domain` is the registered domain.
    `records` are those that count. `add` is the value of the one to add there so that the CA may issue, "" where none is needed
    or none helps; `tag` is its tag (issue, or issuewild where such records stand and a wildcard is wanted). `alias` is where a
    CNAME led to find them, which is then where one is added, or "". `bogus` is whether a failure comes from broken DNSSEC;
    `detail` are the resolver's words about the failure, untrusted, or "".
    """

    domain: str
    names: tuple[str, ...]
    verdict: CaaVerdict
    records: tuple[Caa, ...] = ()
    tag: IssueTag = "issue"
    add: str = ""
    alias: str = ""
    bogus: bool = False
    detail: str = ""

    @property
    def keeps_from_issuing(self) -> bool:
        """Whether the CA will refuse."""
        return self.verdict not in ("allowed", "none", "unknown")


def ca_identities(authority: CertificateAuthority, directory: Directory | None = None) -> tuple[str, ...]:
    """By which names CAA records name `authority`: what its `directory` says, else what the list of CAs knows."""
    return (directory.caa_identities if directory else ()) or authority.caa


async def look_at_caa(
    client: ResolverClient, names: Sequence[Identifier], policy: CaaPolicy, *, domains_only: bool = False
) -> tuple[CaaFinding, ...]:
    """Find and judge the CAA records for `names`: each finding once, in the order of the names. Addresses have none.

    With `domains_only`, only the registered domains are asked, because a question for a name below could plant "there is
    nothing" (RFC 8020); else the tree is climbed from each name (RFC 8659 §3). Raises `PackageError`.
    """
    wanted = tuple(name for name in dict.fromkeys(names) if name.type == "dns")
    registered = await registered_domains(client, (name.base for name in wanted))
    paths = {name: (registered[name.base],) if domains_only else name.domains for name in wanted}
    levels = await _ask(client, paths.values())
    policies = policy.by_names(name.value for name in wanted)
    findings = _grouped(_find(name, paths[name], registered[name.base], levels, policies[name.value]) for name in wanted)
    broken = await _broken(client, [finding.domain for finding in findings if finding.verdict == "failure"])
    return tuple(replace(finding, bogus=finding.domain in broken) for finding in findings)


async def _ask(client: ResolverClient, paths: Iterable[tuple[str, ...]]) -> dict[str, Answer | None]:
    """The answer for each level, whichever has one; the RFC asks one after the other, but all at once costs less time."""
    levels = tuple(dict.fromkeys(level for path in paths for level in path))[:MAX_LEVELS]
    replies = await client.ask_each(Question(level, "CAA") for level in levels)
    return {level: best_answer(client.resolvers, replies[Question(level, "CAA")]) for level in levels}


async def _broken(client: ResolverClient, levels: Sequence[str]) -> set[str]:
    """Those of `levels`, which failed, that answer with checking off: there DNSSEC is broken."""
    asked = levels[:MAX_FAILED]
    replies = await client.ask_each(Question(level, "CAA", checking=False) for level in asked)
    best = {level: best_answer(client.resolvers, replies[Question(level, "CAA", checking=False)]) for level in asked}
    return {level for level, answer in best.items() if answer and (answer.is_answered or answer.says_bogus)}


def _find(name: Identifier, path: tuple[str, ...], domain: str, levels: _Levels, policy: CaaPolicy) -> CaaFinding:
    """Climb from `name`: the first set that is not empty counts, and the first failure ends the search (RFC 8659 §3)."""
    for level in path:
        answer = levels.get(level)
        if answer is None:
            return CaaFinding(domain, (name.value,), "unknown")
        if not answer.is_answered:
            return CaaFinding(level, (name.value,), "failure", detail=words_of(answer))
        records = tuple(record for record in answer.records if isinstance(record, Caa))
        if records:
            judgement = judge(records, policy, wildcard=name.is_wildcard)
            return _finding(level, name, answer, records, judgement)
    return CaaFinding(domain, (name.value,), "none")


def _finding(level: str, name: Identifier, answer: Answer, records: tuple[Caa, ...], judgement: CaaJudgement) -> CaaFinding:
    alias = answer.aliases[-1] if answer.aliases else ""
    return CaaFinding(level, (name.value,), judgement.verdict, records, judgement.tag, judgement.add, alias)


def _grouped(findings: Iterable[CaaFinding]) -> tuple[CaaFinding, ...]:
    """Each finding once, with all its names."""
    names: dict[CaaFinding, tuple[str, ...]] = {}
    for finding in findings:
        same = replace(finding, names=())
        names[same] = (*names.get(same, ()), *finding.names)
    return tuple(replace(finding, names=these) for finding, these in names.items())
