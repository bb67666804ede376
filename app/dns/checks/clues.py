"""Asks further, where a record is not there: why that may be.

All this is asked only once a person says that the records were added. Even then, a question for the bare name can plant "there
is nothing" for what is below it (RFC 8020); but the name of the record itself was asked before, so that is remembered anyway.
`app.dns.checks.records.forget_record` makes a resolver forget both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from zlib import crc32

from app.dns.checks.places import Place, wildcards_above, wrong_places
from app.dns.checks.values import looks_like, missing_values
from app.dns.entries import RecordEntry
from app.dns.lookup.client import ResolverClient
from app.dns.lookup.question import Answer, Question, Reply
from app.dns.resolvers import Resolver

Replies = Mapping[str, Mapping[str, Reply]]
"""Full name → id of a resolver → what it answered to the question for the TXT records there."""

MAX_UNCHECKED: Final = 20
MAX_ZONES: Final = 10
MAX_WILDCARDS: Final = 20
MAX_ELSEWHERE: Final = 60
MAX_SAME_MISTAKE: Final = 100
"""Questions of each kind in one look. Whoever makes a mistake makes it with each record, so one that was found is looked for at
all names."""


@dataclass(frozen=True)
class Wildcard:
    """What the wildcard `name` answers: `texts`, where `aliases` lead."""

    name: str
    texts: frozenset[str]
    aliases: tuple[str, ...]

    def is_behind(self, answer: Answer) -> bool:
        """Whether `answer` says nothing that does not come from this wildcard."""
        return frozenset(answer.texts) == self.texts and answer.aliases == self.aliases


@dataclass(frozen=True)
class Misplaced:
    """The `values` of an entry that are at `place`, as they are or spoilt."""

    place: Place
    values: tuple[str, ...]


@dataclass(frozen=True)
class Clues:
    """What was found out beside the records.

    `misplaced`: number of an entry → where its values are, the likeliest place first. `wildcards`: name of a record → the
    wildcard that answers for it, or None where none does; names that were not looked into are missing. `unchecked`: id of a
    resolver and name of a record → what it answers with checking off. `gone`: zones that do not exist. `silent`: zones of which
    resolvers learn nothing at all, not even where they begin and with checking off: no name server answers for them.
    """

    misplaced: Mapping[int, tuple[Misplaced, ...]] = field(default_factory=dict)
    wildcards: Mapping[str, Wildcard | None] = field(default_factory=dict)
    unchecked: Mapping[tuple[str, str], Reply] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()


async def find_clues(client: ResolverClient, entries: Sequence[RecordEntry], replies: Replies, now: float) -> Clues:
    """Ask what tells why those of `entries` are not there that no resolver sees, and why a question fails.

    The number of questions is bounded; who gets their turn changes with `now`. Raises `PackageError`.
    """
    asked = _in_turn((entry for entry in entries if entry.name in replies), now)
    scout = _scout(client, replies)
    unchecked = await _without_checking(client, asked, replies)
    gone = await _missing_zones(client, asked, replies)
    silent = await _silent_zones(client, asked, replies)
    if scout is None:
        return Clues(unchecked=unchecked, gone=gone, silent=silent)
    lost = [entry for entry in asked if _is_lost(entry, replies[entry.name], now)]
    search = _Search(client, scout, {name: by_id[scout.id] for name, by_id in replies.items()})
    wildcards = await _wildcards(search, lost)
    return Clues(await _elsewhere(search, lost, now), wildcards, unchecked, gone, silent)


def _in_turn(entries: Iterable[RecordEntry], now: float) -> list[RecordEntry]:
    """The entries in an order that differs from one look to the next, so that a bound does not always meet the same ones."""
    return sorted(entries, key=lambda entry: (crc32(f"{int(now)} {entry.name}".encode()), entry.number))


def _scout(client: ResolverClient, replies: Replies) -> Resolver | None:
    """Who is asked about other places: the first resolver that answers at all. That place is right or wrong for all of them."""
    for resolver in client.resolvers:
        if any(is_answer(by_id.get(resolver.id)) for by_id in replies.values()):
            return resolver
    return None


def is_answer(reply: Reply | None) -> bool:
    """Whether `reply` says what there is, or that there is nothing."""
    return isinstance(reply, Answer) and reply.is_answered


def _is_lost(entry: RecordEntry, by_id: Mapping[str, Reply], now: float) -> bool:
    """Whether a resolver answers, and none has all values of `entry`."""
    answers = [reply for reply in by_id.values() if isinstance(reply, Answer) and reply.is_answered]
    return bool(answers) and all(missing_values(entry, answer.texts, now) for answer in answers)


async def _without_checking(
    client: ResolverClient, entries: Sequence[RecordEntry], replies: Replies
) -> dict[tuple[str, str], Reply]:
    """What the resolvers that fail, and check DNSSEC, answer with checking off."""
    answers: dict[tuple[str, str], Reply] = {}
    for resolver in client.resolvers:
        failed = [entry.name for entry in entries if resolver.validates and _fails(replies[entry.name].get(resolver.id))]
        questions = [Question(name, "TXT", checking=False) for name in dict.fromkeys(failed)]
        found = await client.ask_several(resolver, questions[: MAX_UNCHECKED // len(client.resolvers)])
        answers.update(((resolver.id, question.name), reply) for question, reply in found.items())
    return answers


def _fails(reply: Reply | None) -> bool:
    return isinstance(reply, Answer) and reply.rcode == "SERVFAIL"


async def _missing_zones(client: ResolverClient, entries: Iterable[RecordEntry], replies: Replies) -> frozenset[str]:
    """The zones that do not exist, of those of which a resolver's answer makes one think so."""
    doubtful = dict.fromkeys(entry.zone for entry in entries if _may_be_gone(entry, replies[entry.name].values()))
    zones = list(doubtful)[:MAX_ZONES]
    found = await client.ask_each(Question(zone, "SOA") for zone in zones) if zones else {}
    return frozenset(question.name for question, by_id in found.items() if _denied(by_id.values()))


async def _silent_zones(client: ResolverClient, entries: Iterable[RecordEntry], replies: Replies) -> frozenset[str]:
    """The zones of which nobody learns anything, of those in which a question fails. Not all resolvers say so (RFC 8914)."""
    doubtful = dict.fromkeys(entry.zone for entry in entries if any(map(_fails, replies[entry.name].values())))
    questions = [Question(zone, "SOA", checking=False) for zone in list(doubtful)[:MAX_ZONES]]
    found = await client.ask_each(questions) if questions else {}
    return frozenset(question.name for question, by_id in found.items() if _all_fail(by_id.values()))


def _all_fail(found: Iterable[Reply]) -> bool:
    answers = [reply for reply in found if isinstance(reply, Answer)]
    return bool(answers) and all(map(_fails, answers))


def _may_be_gone(entry: RecordEntry, found: Iterable[Reply]) -> bool:
    """Whether it was a zone above the one of `entry` that said that the name does not exist."""
    zones = [reply.zone for reply in found if isinstance(reply, Answer) and reply.rcode == "NXDOMAIN" and not reply.aliases]
    return any(zone and entry.zone.endswith(f".{zone}") for zone in zones)


def _denied(found: Iterable[Reply]) -> bool:
    answers = [reply.rcode for reply in found if isinstance(reply, Answer) and reply.is_answered]
    return bool(answers) and all(rcode == "NXDOMAIN" for rcode in answers)


class _Search:
    """Asks the resolver `scout` for TXT records, each name once; `known` is what it answered before."""

    def __init__(self, client: ResolverClient, scout: Resolver, known: Mapping[str, Reply]) -> None:
        self._client = client
        self._scout = scout
        self.known = dict(known)

    async def ask(self, names: Iterable[str], most: int) -> None:
        """Ask for those of `names` that are not known yet, at most `most`."""
        new = [name for name in dict.fromkeys(names) if name not in self.known][:most]
        found = await self._client.ask_several(self._scout, (Question(name, "TXT") for name in new))
        self.known.update((question.name, reply) for question, reply in found.items())

    def answer(self, name: str) -> Answer | None:
        """What it answered for `name`, where it did."""
        reply = self.known.get(name)
        return reply if isinstance(reply, Answer) and reply.is_answered else None


async def _wildcards(search: _Search, lost: Iterable[RecordEntry]) -> dict[str, Wildcard | None]:
    above = {entry.name: wildcards_above(entry) for entry in lost if _says_something(search.answer(entry.name))}
    await search.ask((wildcard for wildcards in above.values() for wildcard in wildcards), MAX_WILDCARDS)
    return {
        name: _wildcard_for(search, name, wildcards)
        for name, wildcards in above.items()
        if all(search.answer(wildcard) for wildcard in wildcards)
    }


def _says_something(answer: Answer | None) -> bool:
    return answer is not None and bool(answer.texts or answer.aliases)


def _wildcard_for(search: _Search, name: str, above: Iterable[str]) -> Wildcard | None:
    """The wildcard that answers for `name`: the highest one that says the same, for it answers for those below it, too."""
    own = search.answer(name)
    answers = {wildcard: search.answer(wildcard) for wildcard in above}
    wildcards = [Wildcard(name, frozenset(answer.texts), answer.aliases) for name, answer in answers.items() if answer]
    same = [wildcard for wildcard in wildcards if own and wildcard.is_behind(own)]
    return same[-1] if same else None


async def _elsewhere(search: _Search, lost: Sequence[RecordEntry], now: float) -> dict[int, tuple[Misplaced, ...]]:
    """The values that are at the places to which mistakes lead: number of an entry → where its values are."""
    places = {entry.number: wrong_places(entry) for entry in lost}
    await search.ask((place.name for of_entry in places.values() for place in of_entry), MAX_ELSEWHERE)
    found = _misplaced(search, lost, places, now)
    made = {misplaced.place.mistake for of_entry in found.values() for misplaced in of_entry}
    if not made:
        return {}
    again = (place.name for of_entry in places.values() for place in of_entry if place.mistake in made)
    await search.ask(again, MAX_SAME_MISTAKE)
    return _misplaced(search, lost, places, now)


def _misplaced(
    search: _Search, lost: Iterable[RecordEntry], places: Mapping[int, tuple[Place, ...]], now: float
) -> dict[int, tuple[Misplaced, ...]]:
    found: dict[int, tuple[Misplaced, ...]] = {}
    for entry in lost:
        for place in places[entry.number]:
            answer = search.answer(place.name)
            texts = answer.texts if answer else ()
            values = tuple(wanted for wanted in entry.texts if texts and looks_like(entry.kind, wanted, texts, now))
            if values:
                found[entry.number] = (*found.get(entry.number, ()), Misplaced(place, values))
    return found
