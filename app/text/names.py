"""How the names box was read, and names in a sentence."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.text.catalog import N_, _, ngettext
from app.text.message import sentences

LEFT_OUT: Final[Mapping[str, str]] = {
    "user": N_("the user name"),
    "port": N_("the port"),
    "path": N_("the path"),
    "rest": N_("what came after the name"),
}
"""A part of a pasted URL (RFC 3986 §3) → how it is named in the list of what was left out."""


def understood(word: str, name: str) -> str:
    """What a typed `word` was understood as: the `name`."""
    return name if word == name else f"{word} → {name}"


def understood_in_part(word: str, name: str, left_out: Sequence[str], *, invisible: bool) -> str:
    """The same where some of the word does not count: the parts `left_out` (of `LEFT_OUT`), or something `invisible`."""
    parts = [_(LEFT_OUT[part]) for part in left_out]
    return sentences(
        f"{understood(word, name)}.",
        _("Left out, because a certificate is for the name alone: {parts:and}.", parts=parts) if parts else "",
        _("An invisible character in it was left out.") if invisible else "",
    )


def merged(word: str, first: str) -> str:
    """A name that is in the list before: `word` now, `first` then, as they were typed."""
    if word == first:
        return _("{name} is in the list twice. It counts once.", name=word)
    return _("“{name}” is the same name as “{first}”. It counts once.", name=word, first=first)


def first_of_wrong(first: str, more: int) -> str:
    """The sentence on the `first` wrong name, and how many `more` are marked."""
    return sentences(first, ngettext("One more name is marked.", "{n} more names are marked.", more) if more else "")


def names_understood(count: int) -> str:
    """That nothing is wrong with the names, of which there are `count`."""
    return ngettext("{n} name understood.", "{n} names understood.", count) if count else ""


def names_up_to(names: Sequence[str], most: int) -> str:
    """`names` as a list for a sentence; where there are more than `most`, the first of them and how many more."""
    more = len(names) - most
    if more <= 0:
        return _("{names:list}", names=names)
    return ngettext("{names:list} and {n} more", "{names:list} and {n} more", more, names=names[:most])
