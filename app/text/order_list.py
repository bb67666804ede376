"""What a person reads around the list of orders: its parts, its fold, and the question before one is deleted."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from app.text.catalog import _, ngettext
from app.text.message import Question, paragraphs, sentences

_KINDS: Final[Mapping[str, Callable[[int], str]]] = {
    "need": lambda n: ngettext("{n} needs you", "{n} need you", n),
    "fine": lambda n: ngettext("{n} valid", "{n} valid", n),
    "issued": lambda n: ngettext("{n} replaced", "{n} replaced", n),
    "ended": lambda n: ngettext("{n} ended", "{n} ended", n),
    "revoked": lambda n: ngettext("{n} revoked", "{n} revoked", n),
    "failed": lambda n: ngettext("{n} not issued", "{n} not issued", n),
}
"""What is in the fold: a part of the list, or the status of something that is over."""


def reading() -> str:
    """While many orders are read."""
    return _("Reading your orders …")


def how_many_need(need: int, count: int) -> str:
    """How many of `count` orders and certificates need a person."""
    if count < 2:
        return ""
    if not need:
        return _("There is nothing to do now.")
    return ngettext("{n} of {count} needs you.", "{n} of {count} need you.", need, count=count)


def need_title(count: int) -> str:
    """Above those that need a person."""
    return ngettext("This one needs you", "These need you", count)


def fine_title(count: int) -> str:
    """Above those that need nothing."""
    return ngettext("This one is fine", "These are fine", count)


def folded_title(count: int, *, only_past: bool) -> str:
    """The fold of `count` orders; `only_past` tells that all of them are over."""
    return ngettext("{n} past order", "{n} past orders", count) if only_past else ngettext("{n} more", "{n} more", count)


def kinds(folded: Iterable[tuple[str, str]]) -> str:
    """What is in the fold: how many of each kind, by the part of the list and the status of each."""
    counts = Counter(status if group == "past" else group for group, status in folded)
    return _("{kinds:list}", kinds=[_KINDS[kind](counts[kind]) for kind in _KINDS if counts[kind]])


# ---- changing one ----


def form_filled(names: str) -> str:
    """The form holds what the order for `names` asked for."""
    return _("The form is filled in as for {names}. That order stays in the list.", names=names)


# ---- deleting one ----


def nothing_deleted() -> str:
    """After a no."""
    return _("Nothing was deleted.")


def deleted() -> str:
    """After a yes."""
    return _("It is deleted.")


def deleting_certificate(names: str, end: datetime | None, *, key_here: bool) -> Question:
    """The question before a certificate is deleted. `end` is when it ends, None where it is not valid any more.

    `key_here` tells whether its private key is in this browser.
    """
    lost = _("If you have not saved the files, the certificate is lost: you can order another one, but not get this one back.")
    key = _("Its private key is in this browser only.") if key_here else ""
    valid = _("The certificate itself stays valid until {end:date}. To end it, revoke it first.", end=end) if end else ""
    return _question(
        _("Delete the certificate for {names}?", names=names),
        paragraphs(sentences(key, lost), valid),
        tick=_("I have saved the files, or do not need them"),
    )


def deleting_order(names: str) -> Question:
    """The question before an order that has no certificate is deleted."""
    return _question(
        _("Delete the order for {names}?", names=names),
        _("It is deleted from this browser, with its keys. Nothing changes at the CA: an open order ends by itself."),
    )


def deleting_unreadable() -> Question:
    """The question before a record that cannot be read is deleted."""
    return _question(
        _("Delete this order?"),
        _("It cannot be read, so this page cannot say what it is for. Its keys are deleted with it."),
    )


def _question(title: str, text: str, tick: str = "") -> Question:
    return Question(title, text, yes=_("Delete it for good"), no=_("Keep it"), tick=tick)
