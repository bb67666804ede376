"""What a person reads in the panel of where things are stored."""

from collections.abc import Mapping
from typing import Final

from app.text.catalog import N_, _
from app.text.message import sentences

NEARLY_FULL: Final = 0.9
"""The part of the allowed bytes from which on a person should know."""

_PLACES: Final[Mapping[bool | None, str]] = {
    True: N_("The browser has promised to keep it until you delete it, even when the disk gets full."),
    False: N_("The browser has not promised to keep it: it may delete it without notice when the disk gets full."),
    None: N_("This browser does not say whether it would delete it when the disk gets full."),
}


def place(*, persisted: bool | None, persistent: bool) -> str:
    """Where things are stored, and how safe they are there; `persistent` tells whether they outlive the tab.

    `persisted` is whether the browser promised to keep them, None where it does not tell.
    """
    if not persistent:
        return _("In the memory of this tab only. When the tab closes or reloads, orders, accounts and keys are gone.")
    where = _("In this browser’s own storage for this page (IndexedDB), on this computer only.")
    return sentences(where, _(_PLACES[persisted]))


def usage(used: int | None, allowed: int | None) -> str:
    """How many bytes are used, of how many; None where the browser does not tell."""
    if used is None or not allowed:
        return _("This browser does not say how much room there is.")
    words = _(
        "{used:size} are used of the {allowed:size} that the browser allows this page.",
        used=used,
        allowed=allowed,
    )
    if used < NEARLY_FULL * allowed:
        return words
    advice = _("That is nearly all: free some space on the disk, or make a backup and destroy what you do not need.")
    return sentences(words, advice)


def asked() -> str:
    """While the browser decides."""
    return _("The browser was asked. It may ask you for permission.")


def answer(*, persisted: bool) -> str:
    """What the browser decided."""
    if persisted:
        return _("The browser keeps it from now on until you delete it.")
    return _(
        "The browser does not promise it, and does not say why. Chrome and Edge say yes to pages that you use often, have "
        "bookmarked or installed; Firefox asks you; Safari decides by itself. You can ask again later. A backup is safe anyway."
    )
