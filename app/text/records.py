"""Step 2: the words on the card of a DNS record, and beside the commands that add it."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.acme.identifier import readable
from app.text.catalog import N_, _, ngettext

_COPIED: Final[Mapping[str, str]] = {
    "host": N_("the host name of record {number}"),
    "name": N_("the full name of record {number}"),
    "value": N_("the value of record {number}"),
}


def record_title(number: int) -> str:
    """The heading of the card of record `number` (from 1)."""
    return _("Record {number}", number=str(number))


def proves(names: Sequence[str]) -> str:
    """What stands beside it: the `names` that this record proves."""
    return _("proves {names:and}", names=names)


def short_name() -> str:
    """The label of the name without the domain, where nobody knows what the form calls it."""
    return _("Short name")


def full_name() -> str:
    """The label of the full name, where nobody knows what the form calls it."""
    return _("Full name")


def value_label(count: int) -> str:
    """The label of `count` values."""
    return ngettext("Value", "Values", count)


def keep_lines(count: int) -> str:
    """What stands below `count` values of one record; "" for a single one."""
    return _("One record with all of these lines.") if count > 1 else ""


def copy_label(what: str, number: int) -> str:
    """What a screen reader says after “Copy”: `what` ("host", "name" or "value") of record `number`."""
    return _(_COPIED[what], number=str(number))


def not_for_zones(zones: Sequence[str]) -> str:
    """That the commands leave out `zones`, which are managed elsewhere; "" where there are none."""
    return _("They leave out {zones:and}, managed elsewhere.", zones=[readable(zone) for zone in zones]) if zones else ""
