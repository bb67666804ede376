"""Step 2: what was seen in DNS, for each record, for CAA records and for addresses."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.dns.checks.addresses import AddressFinding
from app.dns.checks.caa import CaaFinding
from app.dns.checks.findings import Finding, Reason, Seen, Sighting
from app.dns.checks.report import DnsReport
from app.dns.choices import ProviderChoices
from app.dns.entries import RecordEntry, host_in_form
from app.dns.resolvers import Resolver
from app.text import caa as caa_text
from app.text import dns_check as text
from app.text.addresses import address_words
from app.text.dns import host_label
from app.text.dns_findings import record_words, resolver_words
from app.text.errors import message_for
from app.text.message import sentences
from app.text.records import record_title
from app.text.untrusted import one_line
from app.ui.steps.dns_check_models import (
    AddressNote,
    CaaNotice,
    CaaState,
    DnsCheckModel,
    ForgetButton,
    Memory,
    RecordCheck,
    ResolverLine,
)
from app.ui.steps.prove_models import LastLook, ProofLine, ProofMark

CAA_PLACE: Final = "caa"
"""The id of the part of the page that is about CAA records."""

MARKS: Final[Mapping[Seen, ProofMark]] = {"unknown": "note", "waiting": "wait", "there": "good", "wrong": "bad"}
EXPIRES_SOON: Final = 30 * 86400.0
"""Seconds before the end of a dns-persist-01 record from which on a person is told."""

_STALE: Final[Sequence[Reason]] = (
    "remembered",
    "old-value",
    "other-value",
    "one-of-two",
    "wildcard",
    "quotes",
    "blanks",
    "doubled",  # where it remembers that there is nothing at the right name, as in the next ones
    "apex",
    "no-underscore",
    "elsewhere",
)
"""What a resolver that is made to look again may see otherwise."""


def record_place(number: int) -> str:
    """The id of the card of record `number`."""
    return f"record-{number}"


def dns_check(report: DnsReport, entries: Sequence[RecordEntry], choices: ProviderChoices, ca: str) -> DnsCheckModel:
    """What `report` says about an order with these `entries` at the CA with the name `ca`."""
    sightings = {sighting.number: sighting for sighting in report.sightings}
    seen = [_Seen(entry, sightings[entry.number], ca) for entry in entries if entry.number in sightings]
    blocking = [finding for finding in report.caa if finding.keeps_from_issuing]
    notices = tuple(_caa_notice(finding, choices, ca) for finding in blocking)
    state, words = _caa_in_short(report.caa, ca)
    addresses = tuple(note for finding in report.addresses if (note := _address_note(finding, ca)))
    about_caa = _caa_lines(blocking, notices)
    lines = (*_record_lines(seen), *_all_there_lines(entries, seen, report.resolvers))
    return DnsCheckModel(
        count=len(entries),
        there=sum(one.sighting.seen == "there" for one in seen),
        unknown=sum(one.sighting.seen == "unknown" for one in seen),
        is_added=bool(report.added),
        records=tuple(_record_check(one, report.resolvers, report.looked) for one in seen),
        caa_state=state,
        caa_words=words,
        caa=notices,
        caa_said=sentences(*(line.words for line in about_caa)),
        addresses=addresses,
        # Before anything else is in that list, the notice itself is enough.
        lines=(*lines, *(about_caa if report.added else ()), *_error_line(report.error)),
        look=LastLook(report.looked, report.next_look, report.looking, report.is_over) if report.added else None,
    )


# ---- records ----


class _Seen:
    """An entry that was looked for, and the words for it: made once, because there may be a hundred."""

    def __init__(self, entry: RecordEntry, sighting: Sighting, ca: str) -> None:
        self.entry, self.sighting, self.title = entry, sighting, record_title(entry.number)
        self.words = record_words(self.title, entry, sighting.finding, ca)


def _record_check(seen: _Seen, resolvers: Sequence[Resolver], now: float) -> RecordCheck:
    entry, sighting, words = seen.entry, seen.sighting, seen.words
    finding = sighting.finding
    memories = _memories(sighting, resolvers)
    asked = [resolver for resolver in resolvers if resolver.id in sighting.by_resolver]
    stale = [resolver for resolver in asked if sighting.by_resolver[resolver.id].reason in _STALE]
    return RecordCheck(
        number=entry.number,
        seen=sighting.seen,
        mark=MARKS[sighting.seen],
        state=words.state,
        title=words.title,
        means=words.means or _waiting_words(entry, finding) or _expiry_words(finding, now),
        todo=words.todo,
        facts=words.facts,
        own_words=text.own_words(one_line(finding.detail)) if finding.detail else "",
        memories=memories,
        resolvers=tuple(_resolver_line(resolver, sighting.by_resolver[resolver.id]) for resolver in asked),
        buttons=tuple(ForgetButton(r.id, text.look_again_words(r.name)) for r in stale if r.purge),
        pages=tuple((r.purge_page, text.forget_page(r.name)) for r in stale if r.purge_page and not r.purge),
    )


def _waiting_words(entry: RecordEntry, finding: Finding) -> str:
    """What to think of a record that is not there yet; what resolvers remember is said by itself."""
    if finding.seen != "waiting":
        return ""
    return sentences(text.own_servers(entry.provider), text.nothing_wrong())


def _expiry_words(finding: Finding, now: float) -> str:
    """That a dns-persist-01 record is over soon by its own words, or ""."""
    if finding.expires is None or finding.expires - now >= EXPIRES_SOON:
        return ""
    return text.expires_soon(finding.expires)


def _memories(sighting: Sighting, resolvers: Sequence[Resolver]) -> tuple[Memory, ...]:
    """What the resolvers remember; those that do so until the same time together."""
    together: dict[tuple[float, bool], list[str]] = defaultdict(list)
    for resolver in resolvers:
        finding = sighting.by_resolver.get(resolver.id)
        if finding and finding.until and finding.seen != "there":
            together[finding.until, not finding.values].append(resolver.name)
    return tuple(Memory(tuple(names), until, nothing) for (until, nothing), names in together.items())


def _resolver_line(resolver: Resolver, finding: Finding) -> ResolverLine:
    return ResolverLine(MARKS[finding.seen], resolver_words(resolver.name, finding))


def _record_lines(seen: Iterable[_Seen]) -> list[ProofLine]:
    """A line for each record that is not there."""
    return [
        ProofLine(MARKS[one.sighting.seen], one.title, one.words.line, record_place(one.entry.number))
        for one in seen
        if one.sighting.seen != "there"
    ]


def _all_there_lines(entries: Sequence[RecordEntry], seen: Sequence[_Seen], resolvers: Sequence[Resolver]) -> list[ProofLine]:
    """Who says so, once all records are there, and who could not be asked."""
    if len(seen) < len(entries) or not seen or any(one.sighting.seen != "there" for one in seen):
        return []
    found = [one.sighting.by_resolver for one in seen]
    reasons = {resolver.name: {by[resolver.id].reason for by in found if resolver.id in by} for resolver in resolvers}
    there = [name for name, said in reasons.items() if said == {"there"}]
    silent = [name for name, said in reasons.items() if "unreachable" in said]
    lines = [ProofLine("good", "", text.all_answer(there, len(seen)))] if there else []
    return lines + ([ProofLine("note", "", text.not_reachable(silent))] if silent else [])


# ---- CAA records ----


def _caa_in_short(findings: Sequence[CaaFinding], ca: str) -> tuple[CaaState, str]:
    if not findings:
        return "", ""
    if any(finding.keeps_from_issuing for finding in findings):
        return "warn", ""
    fine = [finding.domain for finding in findings if finding.verdict != "unknown"]
    return ("good", caa_text.caa_fine(ca, fine)) if len(fine) == len(findings) else ("note", caa_text.caa_unknown())


def _caa_notice(finding: CaaFinding, choices: ProviderChoices, ca: str) -> CaaNotice:
    name = finding.alias or finding.domain  # an alias cannot have a record of its own
    zone = choices.zone_of(name)
    provider = choices.provider_of(zone)
    words = caa_text.caa_words(finding, ca, provider.name if provider else "")
    own_words = text.own_words(one_line(finding.detail)) if finding.detail else ""
    if not finding.add:
        return CaaNotice(words.title, words.means, words.todo, own_words=own_words)
    return CaaNotice(
        words.title,
        words.means,
        words.todo,
        type=caa_text.caa_type(finding.tag),
        host=host_in_form(name, zone, provider),
        host_label=host_label(provider),
        value=finding.add,
        own_words=own_words,
    )


def _caa_lines(findings: Sequence[CaaFinding], notices: Sequence[CaaNotice]) -> list[ProofLine]:
    return [
        ProofLine("warn", notice.title, caa_text.caa_line(notice.title, add=bool(finding.add)), CAA_PLACE)
        for finding, notice in zip(findings, notices, strict=True)
    ]


# ---- addresses, and what ended a look ----


def _address_note(finding: AddressFinding, ca: str) -> AddressNote | None:
    words = address_words(finding, ca)
    mark: ProofMark = "warn" if finding.verdict == "two-machines" else "bad"
    return AddressNote(finding.name, mark, words.title, words.means) if words else None


def _error_line(error: Exception | None) -> list[ProofLine]:
    if error is None:
        return []
    return [ProofLine("warn", "", text.ended_by(message_for(error).text))]
