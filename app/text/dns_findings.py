"""What was found for a DNS record, in words: how it stands, what that is and means, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.acme.identifier import readable
from app.dns.checks.findings import Finding, Reason
from app.dns.entries import RecordEntry
from app.text.catalog import N_, _
from app.text.dns import host_label
from app.text.untrusted import one_line

MAX_SHOWN: Final = 3
"""Values found at a name that are shown; there may be any number, of strangers."""


@dataclass(frozen=True)
class _Words:
    """The messages for one reason; those that are not said are "".

    `state` stands in the record's heading, `line` in the list on top of the step, `resolver` behind the name of a resolver.
    `title`, `means` and `todo` stand at the foot of the record: what it is, what it means, what to do.
    """

    state: str
    line: str
    resolver: str
    title: str = ""
    means: str = ""
    todo: str = ""


_AT_ANOTHER_NAME: Final = N_("At the wrong name")
_NOT_YET: Final = N_("Not there yet")
_NOT_CHECKED: Final = N_("Not checked")
_MOVE: Final = N_("open that record at {provider}, put only {host} into “{label}”, and save.")
_LINE_MOVE: Final = N_("{record} is at the wrong name: change it at {provider}.")
_LINE_NOT_YET: Final = N_("{record} is not there yet.")
_LINE_UNKNOWN: Final = N_("{record} could not be checked.")
_NO_HARM: Final = N_("That says nothing about the record.")

_WORDS: Final[Mapping[Reason, _Words]] = {
    "there": _Words(N_("There"), N_("{record} is there."), N_("{resolver}: there")),
    "doubled": _Words(
        _AT_ANOTHER_NAME,
        _LINE_MOVE,
        N_("{resolver}: wrong name"),
        N_("The domain is doubled."),
        N_("The form adds it by itself to what you type."),
        _MOVE,
    ),
    "apex": _Words(
        _AT_ANOTHER_NAME,
        _LINE_MOVE,
        N_("{resolver}: wrong name"),
        N_("It is at the domain itself."),
        N_("The part in front of it is missing, and the CA does not look there."),
        _MOVE,
    ),
    "no-underscore": _Words(
        _AT_ANOTHER_NAME,
        _LINE_MOVE,
        N_("{resolver}: wrong name"),
        N_("The underscore at the start is missing."),
        N_("It belongs to the name."),
        _MOVE,
    ),
    "elsewhere": _Words(
        _AT_ANOTHER_NAME,
        _LINE_MOVE,
        N_("{resolver}: wrong name"),
        N_("It is at another name."),
        N_("The CA does not look there."),
        _MOVE,
    ),
    "one-of-two": _Words(
        N_("This value is missing"),
        N_("{record} is missing: the name needs both values at the same time."),
        N_("{resolver}: only the other value"),
        N_("The other value at this name is there, this one is not."),
        N_("A name and its wildcard need both at the same time."),
        N_("add this value too, and keep the other. A new value that replaces the other one is not enough."),
    ),
    "old-value": _Words(
        N_("An old value is there"),
        N_("{record} has the value of an earlier order: change it at {provider}."),
        N_("{resolver}: an old value"),
        N_("The value there is one of an earlier order."),
        N_("Each order has new values. Old ones do no harm, but do not count."),
        N_(
            "put the value from above into that record, or into a new one. If you have done that, wait: resolvers remember the "
            "old value for a while."
        ),
    ),
    "other-value": _Words(
        N_("Another value is there"),
        N_("{record} is missing: another value is at its name."),
        N_("{resolver}: another value"),
        N_("Another value is at this name."),
        N_("No order of this browser has it. It may belong to another program, and does no harm."),
        N_("add the value from above as a new record. If you have copied it only in part, correct that record."),
    ),
    "quotes": _Words(
        N_("Quotation marks in the value"),
        N_("{record} has quotation marks in its value: take them out at {provider}."),
        N_("{resolver}: with quotation marks"),
        N_("The quotation marks have become a part of the value."),
        N_("The form adds its own, so the CA would see a different value."),
        N_("open that record at {provider}, take the quotation marks out of the value, and save."),
    ),
    "blanks": _Words(
        N_("Blanks in the value"),
        N_("{record} has blanks in its value: take them out at {provider}."),
        N_("{resolver}: with blanks"),
        N_("There are blanks or line breaks in the value."),
        N_("To the CA that is a different value."),
        N_("open that record at {provider}, copy the value from above once more, and save."),
    ),
    "alias": _Words(
        N_("A CNAME leads elsewhere"),
        N_("{record} is not there: a CNAME record leads elsewhere."),
        N_("{resolver}: leads elsewhere"),
        N_("A CNAME record at this name leads elsewhere."),
        N_("The CA looks where it leads, and the value is not there."),
        N_("add the value where it leads, or remove the CNAME record if nothing needs it."),
    ),
    "alias-dead-end": _Words(
        N_("A CNAME leads nowhere"),
        N_("{record} is not there: a CNAME record leads nowhere."),
        N_("{resolver}: leads nowhere"),
        N_("A CNAME record at this name leads to a name that does not exist."),
        N_("The CA looks where it leads, and finds nothing."),
        N_("add a TXT record with the value where it leads, or remove the CNAME record if nothing needs it."),
    ),
    "wildcard": _Words(
        N_("A wildcard answers instead"),
        N_("{record} is missing: a wildcard record answers in its place."),
        N_("{resolver}: a wildcard answers"),
        N_("A wildcard record answers in its place."),
        N_("There is no record at the name itself."),
        N_("add the record as shown. As soon as it is there, the wildcard record does not count for this name."),
    ),
    "delegated": _Words(
        N_("In a zone of its own"),
        N_("{record} is missing: its name is a zone of its own."),
        N_("{resolver}: another zone"),
        N_("This name is a zone of its own."),
        N_("NS records lead to other name servers, so what you add in {zone} is not seen."),
        N_("add the value at those name servers, or remove the NS records at this name if nothing needs them."),
    ),
    "no-domain": _Words(
        N_("The domain is not in DNS"),
        N_("{record} cannot be there: the domain is not in DNS."),
        N_("{resolver}: no such domain"),
        N_("The domain is not in DNS."),
        N_("It may be spelt differently, not be registered yet, or have expired."),
        N_("check the name, and ask whoever registered the domain."),
    ),
    "bogus": _Words(
        N_("DNSSEC is broken"),
        N_("{record} cannot be read: DNSSEC is broken in {zone}."),
        N_("{resolver}: DNSSEC is broken"),
        N_("The signatures of {zone} (DNSSEC) do not fit."),
        N_("Resolvers that check them refuse every answer, and so does {ca}."),
        N_(
            "ask {provider} to sign the zone anew. If the domain has moved there from elsewhere, the old DS record must go at "
            "the registrar."
        ),
    ),
    "lame": _Words(
        N_("No name server answers"),
        N_("{record} cannot be read: no name server of {zone} answers."),
        N_("{resolver}: name servers are silent"),
        N_("No name server of {zone} answers."),
        N_("Nobody can read a record there, and neither can {ca}."),
        N_("ask {provider}, and check at the registrar which name servers are entered for the domain."),
    ),
    "server-failure": _Words(
        N_("The question fails"),
        N_("{record} cannot be read: the question fails."),
        N_("{resolver}: fails"),
        N_("Resolvers find no answer at this name."),
        N_("{ca} would probably find none either."),
        N_("wait a few minutes. If it stays so, ask {provider}."),
    ),
    "not-yet": _Words(_NOT_YET, _LINE_NOT_YET, N_("{resolver}: not yet")),
    "remembered": _Words(_NOT_YET, _LINE_NOT_YET, N_("{resolver}: remembers “nothing”")),
    "disagree": _Words(
        N_("Not everywhere yet"),
        N_("{record} is not seen everywhere yet."),
        N_("{resolver}: not yet"),
        "",
        N_("Some resolvers have it, others not yet. Nothing is wrong so far."),
    ),
    "unreachable": _Words(
        _NOT_CHECKED,
        _LINE_UNKNOWN,
        N_("{resolver}: not reachable from here"),
        N_("No resolver can be reached from your network."),
        _NO_HARM,
    ),
    "refused": _Words(
        _NOT_CHECKED, _LINE_UNKNOWN, N_("{resolver}: refuses to answer"), N_("The resolvers refuse to answer."), _NO_HARM
    ),
    "unreadable": _Words(
        _NOT_CHECKED,
        _LINE_UNKNOWN,
        N_("{resolver}: no answer that can be read"),
        N_("What the resolvers sent is no answer."),
        _NO_HARM,
    ),
    "skipped": _Words(
        _NOT_CHECKED,
        _LINE_UNKNOWN,
        N_("{resolver}: not asked"),
        N_("It was not asked about this record."),
        N_("This page asks only so many questions at a time, and in one visit."),
    ),
}

_FOUND_AT: Final[frozenset[Reason]] = frozenset({"doubled", "apex", "no-underscore", "elsewhere"})
_FAILURES: Final[frozenset[Reason]] = frozenset({"bogus", "lame", "server-failure"})
_VALUES: Final[frozenset[Reason]] = frozenset({"old-value", "other-value", "quotes", "blanks"})
_SOME_OF_SEVERAL: Final = _Words(
    N_("Not all values are there"),
    N_("{record} is not complete: it needs all of its values at the same time."),
    N_("{resolver}: not all values"),
    N_("Some of its values are there, others are not."),
    N_("The names need all of them at the same time."),
    N_("open that record at {provider}, add the missing value on a line of its own, and save."),
)
"""One record with several lines is there in part."""
_PLACES: Final[Mapping[Reason, str]] = {
    "alias": N_("It leads to"),
    "alias-dead-end": N_("It leads to"),
    "wildcard": N_("Answered by"),
    "delegated": N_("The zone"),
    "no-domain": N_("The domain"),
}


@dataclass(frozen=True)
class RecordWords:
    """What is said about one record, or "" where that is not said: see `_Words`. `facts` are labels with what was found."""

    state: str
    line: str
    title: str
    means: str
    todo: str
    facts: tuple[tuple[str, str], ...]


def record_words(record: str, entry: RecordEntry, finding: Finding, ca: str) -> RecordWords:
    """What is said about `entry`, which the page calls `record`, for which `finding` was found. `ca` is the CA's name."""
    in_part = finding.reason == "one-of-two" and len(entry.texts) > 1
    words = _SOME_OF_SEVERAL if in_part else _WORDS[finding.reason]
    values = {
        "record": record,
        "provider": entry.provider.name if entry.provider else _("your DNS provider"),
        "host": entry.host,
        "label": host_label(entry.provider),
        # Where a CNAME leads to what fails, that is elsewhere.
        "zone": readable(finding.place if finding.place and finding.reason in _FAILURES else entry.zone),
        "ca": ca,
    }

    def said(message: str) -> str:
        return _(message, **values) if message else ""

    return RecordWords(
        said(words.state), said(words.line), said(words.title), said(words.means), said(words.todo), _facts(entry, finding)
    )


def resolver_words(resolver: str, finding: Finding) -> str:
    """What the resolver with this name answers, in a few words."""
    return _(_WORDS[finding.reason].resolver, resolver=resolver)


def _facts(entry: RecordEntry, finding: Finding) -> tuple[tuple[str, str], ...]:
    if finding.reason in _FOUND_AT and finding.place:
        return (_("Found at"), _shown(finding.place)), (_("Must be at"), entry.name)
    if finding.reason == "one-of-two" and len(entry.texts) > 1:
        return tuple((_("Missing"), value) for value in finding.missing[:MAX_SHOWN])
    if finding.reason in _VALUES and finding.values:
        return tuple((_("Found"), _shown(value)) for value in finding.values[:MAX_SHOWN])
    if finding.reason in _PLACES and finding.place:
        return ((_(_PLACES[finding.reason]), _shown(finding.place)),)
    return ()


def _shown(text: str) -> str:
    """What a stranger may have published, as it can be shown."""
    return one_line(text, most=120)
