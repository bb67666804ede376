"""Step 2 in words while the page looks into DNS: its heading, the hints at its buttons, what resolvers remember."""

from collections.abc import Sequence
from typing import Final

from app.dns.providers import DnsProvider
from app.text.catalog import N_, _, ngettext
from app.text.message import sentences

_ALL_THERE: Final = (
    N_("The record is there"),
    N_("Both records are there"),
    N_("All three records are there"),
    N_("All four records are there"),
    N_("All five records are there"),
    N_("All six records are there"),
    N_("All seven records are there"),
    N_("All eight records are there"),
    N_("All nine records are there"),
)
_SAVED: Final = (
    N_("Saved it?"),
    N_("Saved both?"),
    N_("Saved all three?"),
    N_("Saved all four?"),
    N_("Saved all five?"),
    N_("Saved all six?"),
    N_("Saved all seven?"),
    N_("Saved all eight?"),
    N_("Saved all nine?"),
)
"""For one record, two, and so on."""
_MINUTE: Final = 60
_HOUR: Final = 3600


# ---- the heading, and what stands below it ----


def looking_title(count: int) -> str:
    """The heading during the first look for `count` records."""
    return ngettext("Looking for the record", "Looking for the records", count)


def seen_title(there: int, count: int) -> str:
    """The heading once it was looked for `count` records, `there` of which are there."""
    if there == count:
        return _(_ALL_THERE[count - 1]) if count <= len(_ALL_THERE) else _("All {n} records are there", n=count)
    if there == 0:
        return ngettext("The record is not there yet", "None of the {n} records is there yet", count)
    return ngettext("{n} of {total} records is there", "{n} of {total} records are there", there, total=count)


def not_checked_title(count: int) -> str:
    """The heading where nobody could be asked about any of `count` records."""
    return ngettext("The record could not be checked", "The records could not be checked", count)


def more_lines(count: int) -> str:
    """The end of a list that leaves out `count` lines."""
    return ngettext("And {n} more record.", "And {n} more records.", count)


def all_answer(resolvers: Sequence[str], count: int) -> str:
    """That the `resolvers` with these names answer with `count` records."""
    if count == 1:
        return ngettext(
            "{resolvers:and} answers with the value.",
            "{resolvers:and} answer with the value.",
            len(resolvers),
            resolvers=resolvers,
        )
    return ngettext(
        "{resolvers:and} answers with all values.",
        "{resolvers:and} answer with all values.",
        len(resolvers),
        resolvers=resolvers,
    )


def not_reachable(resolvers: Sequence[str]) -> str:
    """That the `resolvers` with these names cannot be reached, while others can."""
    return ngettext(
        "{resolvers:and} cannot be reached from your network. That does not matter.",
        "{resolvers:and} cannot be reached from your network. That does not matter.",
        len(resolvers),
        resolvers=resolvers,
    )


def last_check(looked: float) -> str:
    """When it was looked last (Unix seconds)."""
    return _("Last checked at {looked:clock}.", looked=looked)


def next_check(seconds: int) -> str:
    """That it is looked again in so many `seconds`."""
    if seconds <= 0:
        return _("The next check is due as soon as this tab is in view.")
    return ngettext(
        "Next check in one second, while this tab is in view.",
        "Next check in {n} seconds, while this tab is in view.",
        seconds,
    )


def checking() -> str:
    """That a look is under way."""
    return _("Checking now.")


def ended_by(words: str) -> str:
    """What ended a look; `words` is the text of a message."""
    return _("This page cannot look into DNS now. {text}", text=words)


def is_over() -> str:
    """That the page has stopped to look."""
    return _("This page has stopped looking by itself. “Check now” goes on.")


# ---- the buttons ----


def check_words(count: int, *, added: bool, there: bool) -> str:
    """The button that looks for `count` records: before anybody said that they were `added`, later, once all are `there`."""
    if there:
        return _("Check again")
    if added or not count:
        return _("Check now")
    return ngettext("I have added it: check now", "I have added them: check now", count)


def go_on_unchecked() -> str:
    """The button that goes to the CA before anything was looked for."""
    return _("Go on without a check")


def go_on_anyway() -> str:
    """The same button while something is missing."""
    return _("Go on anyway")


def get_certificate(ca: str) -> str:
    """The same button once all is there."""
    return _("Get the certificate from {ca}", ca=ca)


def saved_title(count: int) -> str:
    """The question above the buttons before `count` records are looked for."""
    return _(_SAVED[count - 1]) if count <= len(_SAVED) else ngettext("Saved it?", "Saved all {n}?", count)


def why_check(ca: str, limit: str) -> str:
    """Why to let the page look; `limit` is how many failed tries the CA allows, in a sentence, or ""."""
    return sentences(
        _(
            "Then let this page look before {ca} does. A failed try there usually ends the order, and new values are needed.",
            ca=ca,
        ),
        limit,
    )


def cost_of_going_on(ca: str, limit: str) -> str:
    """What “Go on anyway” may cost; `limit` as in `why_check`."""
    return sentences(
        _("“Go on anyway” lets {ca} look at once. A failed try usually ends the order, and new values are needed.", ca=ca),
        limit,
    )


def ca_looks_itself(ca: str) -> str:
    """What comes after the button once all is there."""
    return _("{ca} then looks itself, from several places. That usually takes less than a minute.", ca=ca)


# ---- what resolvers remember ----


def own_servers(provider: DnsProvider | None) -> str:
    """How long the provider's own name servers may take, or ""."""
    if provider is None or provider.minutes is None:
        return ""
    return ngettext(
        "The name servers of {provider} need up to a minute for a new record.",
        "The name servers of {provider} need up to {n} minutes for a new record.",
        provider.minutes,
        provider=provider.name,
    )


def nothing_wrong() -> str:
    """What to think of a record that is not there yet."""
    return _("Nothing is wrong so far.")


def remembers_nothing(resolvers: Sequence[str], until: float, now: float) -> tuple[str, str]:
    """That the `resolvers` with these names remember that there was nothing: the sentence, and the part of it that counts."""
    time = until_words(until, now)
    words = ngettext(
        "{resolvers:and} remembers that there was nothing, {until}.",
        "{resolvers:and} remember that there was nothing, {until}.",
        len(resolvers),
        resolvers=resolvers,
        until=time,
    )
    return words, time


def remembers_old(resolvers: Sequence[str], until: float, now: float) -> tuple[str, str]:
    """The same where they remember what was there before."""
    time = until_words(until, now)
    words = ngettext(
        "{resolvers:and} remembers what was there before, {until}.",
        "{resolvers:and} remember what was there before, {until}.",
        len(resolvers),
        resolvers=resolvers,
        until=time,
    )
    return words, time


def until_words(until: float, now: float) -> str:
    """Until when (Unix seconds), and how long that still is at `now`."""
    left = max(0, round(until - now))
    if left == 0:
        return _("until now")
    return _("until {until:minute} ({left})", until=until, left=_duration(left))


def _duration(seconds: int) -> str:
    if seconds < _MINUTE:
        return _("{n} s", n=seconds)
    if seconds < _HOUR:
        return _("{minutes} min {seconds} s", minutes=seconds // _MINUTE, seconds=seconds % _MINUTE)
    return _("{hours} h {minutes} min", hours=seconds // _HOUR, minutes=seconds % _HOUR // _MINUTE)


def look_again_words(resolver: str) -> str:
    """The button that makes the resolver with this name forget what it remembers."""
    return _("Make {resolver} look again", resolver=resolver)


def forget_page(resolver: str) -> str:
    """The link to the page on which a person can do that."""
    return _("Make {resolver} look again, on its own page", resolver=resolver)


def own_words(text: str) -> str:
    """What a resolver itself says, in its own `text`."""
    return _("The resolver says: {text}", text=text)


def expires_soon(until: float) -> str:
    """That a dns-persist-01 record is over soon (Unix seconds)."""
    return _("This record counts until {until:date}. Give it a later persistUntil before that.", until=until)
