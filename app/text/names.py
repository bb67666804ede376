"""How the names box was read, and names in a sentence."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.acme.identifier import readable
from app.text.catalog import N_, _, ngettext
from app.text.message import sentences

LEFT_OUT: Final[Mapping[str, str]] = {
    "user": N_("the user name"),
    "port": N_("the port"),
    "path": N_("the path"),
    "rest": N_("what came after the name"),
}
"""A part of a pasted URL (RFC 3986 §3) → how it is named in the list of what was left out."""


SPELLING: Final[Mapping[str, str]] = {
    "case": N_("In lower case: that is the same name."),
    "dot": N_("The dot at the end was left out."),
    "form": N_("Written in its usual form."),
    "invisible": N_("An invisible character in it was left out."),
}
"""How the spelling of a word differs from that of the name in it → what the list says of it."""

_PATHS: Final = frozenset({"path", "rest"})


def readable_as_typed(host: str, name: str) -> str:
    """A `name` in ASCII as people write it, and in ASCII; `host` is how it was typed, for what has no other readable form."""
    text = readable(name)
    return f"{host} ({name})" if text == name and "xn--" in name and not host.isascii() else text


def how_read(left_out: Sequence[str], spelling: Sequence[str], *, from_address: bool) -> str:
    """How a name was read from a word that has more in it: `left_out` are of `LEFT_OUT`, `spelling` is of `SPELLING`.

    `from_address` tells that the word is a web address, which has a path by its nature. "" where there is nothing to say.
    """
    parts = [_(LEFT_OUT[part]) for part in left_out]
    if from_address and _PATHS.issuperset(left_out):
        taken = _("Taken from the web address that you pasted.")
    elif from_address:
        taken = _("Taken from the web address that you pasted, without {parts:and}.", parts=parts)
    else:
        taken = _("Taken without {parts:and}: a certificate is for the name alone.", parts=parts) if parts else ""
    return sentences(taken, *(_(SPELLING[code]) for code in spelling))


def merged(first: str, *, twice: bool) -> str:
    """Why a name that is in the list before as `first` counts once. `twice` tells that both were typed alike."""
    if twice:
        return _("It is in the list twice, and counts once.")
    return _("The same as {first}. It counts once.", first=first)


def name_and_reason(name: str, reason: str) -> str:
    """A word of the box and what there is to say of it, in one line; either may be ""."""
    # Translators: {name} is a name as it was typed, {reason} one or two whole sentences on what is wrong with it.
    return _("{name}: {reason}", name=name, reason=reason) if name and reason else name or reason


def first_of_wrong(first: str, more: int) -> str:
    """The sentence on the `first` wrong name, and how many `more` are marked."""
    return sentences(first, ngettext("One more name is marked.", "{n} more names are marked.", more) if more else "")


def names_to_change(count: int) -> str:
    """What stands beside the box where the list below it marks `count` names as wrong."""
    return ngettext(
        "One name cannot get a certificate. See below what to change.",
        "{n} names cannot get a certificate. See below what to change.",
        count,
    )


def names_understood(count: int) -> str:
    """That nothing is wrong with the names, of which there are `count`."""
    return ngettext("{n} name understood.", "{n} names understood.", count) if count else ""


def names_up_to(names: Sequence[str], most: int) -> str:
    """`names` as a list for a sentence; where there are more than `most`, the first of them and how many more."""
    more = len(names) - most
    if more <= 0:
        return _("{names:list}", names=names)
    return ngettext("{names:list} and {n} more", "{names:list} and {n} more", more, names=names[:most])
