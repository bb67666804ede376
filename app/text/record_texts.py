"""Step 2: the DNS records as a text to send to whoever runs the DNS, and what to know about commands that add them."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.acme.identifier import readable
from app.dns.entries import RecordEntry
from app.dns.text_forms.tools import RecordTool
from app.text.catalog import N_, _
from app.text.dns import same_host_note

_TOOL_NOTES: Final[Mapping[str, str]] = {
    "nsupdate": N_("Put the path of the TSIG key that may change the zone into the variable TSIG_KEY_FILE first."),
    "cloudflare": N_("Put an API token that may edit the DNS of the zone into the variable CLOUDFLARE_API_TOKEN first."),
    "route53": N_("Where a name has other TXT values, this changes nothing: Route 53 then refuses the command."),
    "gcloud": N_("Where a name has other TXT values, this changes nothing: Google Cloud then refuses the transaction."),
    "hetzner": N_("For domains in Hetzner Console, not in the older DNS Console. It needs an hcloud that knows “hcloud zone”."),
    "powerdns": N_("For PowerDNS 5.0 and later. Before that it was “pdnsutil add-record”, with the name without the domain."),
}


def text_to_send(entries: Sequence[RecordEntry], ca: str, until: float | None = None) -> str:
    """All `entries` in plain text, with what to do and when to remove them; `ca` is the CA's name. There is no secret in it.

    `until` is when the CA stops waiting for them, in Unix seconds; None where that is not known.
    """
    names = list(dict.fromkeys(name.readable for entry in entries for name in entry.identifiers))
    lasting = [entry for entry in entries if entry.kind == "dns-persist-01"]
    paragraphs = [
        _("For a TLS certificate from {ca}, these DNS records must prove control of {names:and}.", ca=ca, names=names),
        _("Add each of them as a new record. Leave the records that are there as they are."),
        *(_paragraph(entry) for entry in entries),
        _("They must be there by {until:datetime}.", until=until) if until is not None else "",
        _after(len(lasting), len(entries)),
        _("The values are no secret."),
    ]
    return "\n\n".join(filter(None, paragraphs)) + "\n"


def tool_notes(tool: RecordTool, *, removing: bool = False) -> tuple[str, ...]:
    """What to know before one runs the commands of `tool`, those that remove records if `removing`."""
    notes = (
        _("For a shell on Linux, macOS or WSL."),
        _("The program jq must be installed, too.") if tool.needs_jq and (removing or tool.id == "cloudflare") else "",
        _(_TOOL_NOTES[tool.id]) if tool.id in _TOOL_NOTES else "",
        _all_note(tool) if removing and tool.removes_all else "",
    )
    return tuple(filter(None, notes))


def _all_note(tool: RecordTool) -> str:
    return _("{program} can remove only all TXT records of a name together, also those of others.", program=tool.program)


def _paragraph(entry: RecordEntry) -> str:
    lines = (
        _("Record {number}, in {zone}", number=str(entry.number), zone=readable(entry.zone)),
        _("Type: {type}", type="TXT"),
        _("Name: {name}", name=entry.name),
        *(_("Value: {value}", value=text) for text in entry.texts),
        same_host_note(entry),
    )
    return "\n".join(filter(None, lines))


def _after(lasting: int, count: int) -> str:
    """When the records may go again: `lasting` of the `count` are to stay."""
    if not lasting:
        return _("They can be removed once the certificate is issued.")
    if lasting == count:
        return _("They are to stay: the CA looks at them at each renewal.")
    return _(
        "Those whose name begins with _validation-persist are to stay: the CA looks at them at each renewal. The others can be "
        "removed once the certificate is issued."
    )
