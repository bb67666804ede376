"""Which of several resolvers to believe, where a question has one answer."""

from collections.abc import Iterable, Mapping

from app.dns.lookup.question import Answer, Reply
from app.dns.resolvers import Resolver


def in_order(resolvers: Iterable[Resolver], replies: Mapping[str, Reply]) -> tuple[Answer, ...]:
    """What was answered, failures included: first by the `resolvers` that check DNSSEC, because CAs do, too."""
    order = sorted(resolvers, key=lambda resolver: not resolver.validates)
    came = (replies.get(resolver.id) for resolver in order)
    return tuple(reply for reply in came if isinstance(reply, Answer))


def believed(resolvers: Iterable[Resolver], replies: Mapping[str, Reply]) -> tuple[Answer, ...]:
    """As `in_order`, but where one that checks DNSSEC says anything, without those that do not: CAs would not believe them."""
    checked = {resolver.id for resolver in resolvers if resolver.validates}
    return in_order(resolvers, {id_: reply for id_, reply in replies.items() if id_ in checked}) or in_order(resolvers, replies)


def best_answer(resolvers: Iterable[Resolver], replies: Mapping[str, Reply]) -> Answer | None:
    """The first believed one that says what there is; else the first failure; None where nobody could be asked.

    One that finds DNSSEC broken counts more than all others: a CA may find the same.
    """
    answers = believed(resolvers, replies)
    first = (answer for counts in (_is_bogus, _says_what_there_is) for answer in answers if counts(answer))
    return next(first, answers[0] if answers else None)


def _is_bogus(answer: Answer) -> bool:
    return answer.says_bogus and not answer.is_answered


def _says_what_there_is(answer: Answer) -> bool:
    return answer.is_answered


def words_of(answer: Answer) -> str:
    """What the resolver says about a failure (RFC 8914), untrusted; its code where it says nothing."""
    said = [error.text for error in answer.extended if error.text]
    return "; ".join(said)[:500] or answer.rcode
