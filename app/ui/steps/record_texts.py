"""Step 2: the DNS records as text, for whoever or whatever does not use a provider's form."""

from dataclasses import dataclass

from app.dns.entries import RecordEntry
from app.dns.text_forms.tools import RECORD_TOOLS, RecordTool
from app.dns.text_forms.zone_file import csv_table, zone_lines
from app.text.message import sentences
from app.text.record_texts import text_to_send, tool_notes
from app.text.records import not_for_zones
from app.ui.steps.prove_models import RecordsModel

DEFAULT_TOOL = next(iter(RECORD_TOOLS))
"""The id of the tool that comes first where no provider has one of its own."""


@dataclass(frozen=True)
class RecordTexts:
    """The records as a `letter` to whoever runs the DNS, as lines of a `zone_file`, and as a table (`csv`).

    `add` are the commands of one tool that add them, `remove` those that remove them; `needs` and `removes` say what to know
    before one runs them. `tool` is its id.
    """

    letter: str
    zone_file: str
    csv: str
    tool: str
    needs: str
    add: str
    removes: str
    remove: str


def record_texts(model: RecordsModel, tool_id: str = "") -> RecordTexts:
    """The records of `model` as text, with the commands of the tool `tool_id`, or else the provider’s own, or else nsupdate."""
    tool = RECORD_TOOLS.get(tool_id) or RECORD_TOOLS.get(model.tool) or RECORD_TOOLS[DEFAULT_TOOL]
    reached, elsewhere = _split(model.entries, tool)
    return RecordTexts(
        letter=text_to_send(model.entries, model.ca),
        zone_file=zone_lines(model.entries),
        csv=csv_table(model.entries),
        tool=tool.id,
        needs=sentences(*tool_notes(tool), not_for_zones(elsewhere)),
        add=tool.commands(reached),
        removes=sentences(*tool_notes(tool, removing=True)),
        remove=tool.commands(reached, removing=True),
    )


def _split(entries: tuple[RecordEntry, ...], tool: RecordTool) -> tuple[tuple[RecordEntry, ...], tuple[str, ...]]:
    """The entries that `tool` can reach, and the zones of the others, which are managed by somebody with another tool.

    Where that is true of all, a person has chosen this tool nevertheless, and gets them all.
    """
    reached = tuple(entry for entry in entries if _reaches(tool, entry))
    if not reached:
        return entries, ()
    return reached, tuple(dict.fromkeys(entry.zone for entry in entries if not _reaches(tool, entry)))


def _reaches(tool: RecordTool, entry: RecordEntry) -> bool:
    return not tool.service or not entry.provider or entry.provider.tool == tool.id


def record_tools() -> tuple[tuple[str, str], ...]:
    """Id and name of each tool, in the order in which they are offered."""
    return tuple((tool.id, tool.name) for tool in RECORD_TOOLS.values())
