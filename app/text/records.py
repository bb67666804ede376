"""Step 2: the words on the card of a DNS record, and the records as a text to send to somebody."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

from app.acme.dns_persist import LABEL
from app.acme.identifier import readable
from app.dns.entries import RecordEntry
from app.dns.text_forms.tools import RecordTool
from app.text.catalog import N_, _, ngettext
from app.text.message import paragraphs

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


# ---- the records as text ----


def records_letter(entries: Sequence[RecordEntry]) -> str:
    """A text to send to whoever runs the DNS: what to add where, and for how long. There is no secret in it."""
    names = list(dict.fromkeys(identifier.readable for entry in entries for identifier in entry.identifiers))
    lasting = [entry for entry in entries if entry.kind == "dns-persist-01"]
    return paragraphs(
        _(
            "A certificate authority looks for these DNS records before it issues a TLS certificate for {names:and}.",
            names=names,
        ),
        _("Each is a record of its own. Some may have the same name: all of them are needed. Records that are there stay."),
        *(_in_zone(zone, list(group)) for zone, group in groupby(entries, attrgetter("zone"))),
        _("Records at {name} stay for good. Without them, later certificates need a new proof.", name=LABEL) if lasting else "",
        _("The others can be removed as soon as the certificate is there.") if 0 < len(lasting) < len(entries) else "",
        _("They can be removed as soon as the certificate is there.") if not lasting else "",
    )


def _in_zone(zone: str, entries: Sequence[RecordEntry]) -> str:
    title = _("In {zone}:", zone=readable(zone))
    return paragraphs(title, *(_letter_record(entry.name, text) for entry in entries for text in entry.texts))


def _letter_record(name: str, text: str) -> str:
    # Translators: a DNS record, field by field. TXT is its type.
    return _("Name: {name}\nType: TXT\nValue: {value}", name=name, value=text)


def tool_needs(tool: RecordTool) -> str:
    """What must be there before one runs the commands of `tool`."""
    programs = [tool.program, "jq"] if tool.needs_jq else [tool.program]
    return ngettext(
        "These commands add the records. They need a POSIX shell and the program {programs:and}, signed in to your account.",
        "These commands add the records. They need a POSIX shell and the programs {programs:and}, signed in to your account.",
        len(programs),
        programs=programs,
    )


def not_for_zones(zones: Sequence[str]) -> str:
    """That the commands leave out `zones`, which are managed elsewhere; "" where there are none."""
    return _("They leave out {zones:and}, managed elsewhere.", zones=[readable(zone) for zone in zones]) if zones else ""


def tool_removes(tool: RecordTool) -> str:
    """What the commands do that remove the records."""
    if tool.removes_all:
        return _("These remove them once you have the certificate, and with them every other TXT record at the same names.")
    return _("These remove exactly these records again, once you have the certificate.")
