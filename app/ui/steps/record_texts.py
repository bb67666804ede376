"""Step 2: the DNS records as text, for whoever or whatever does not use a provider's form."""

from dataclasses import dataclass

from app.dns.text_forms.tools import RECORD_TOOLS
from app.dns.text_forms.zone_file import csv_table, zone_lines
from app.text.records import records_letter, tool_needs, tool_removes
from app.ui.views import RecordsModel

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
    return RecordTexts(
        letter=records_letter(model.entries),
        zone_file=zone_lines(model.entries),
        csv=csv_table(model.entries),
        tool=tool.id,
        needs=tool_needs(tool),
        add=tool.commands(model.entries),
        removes=tool_removes(tool),
        remove=tool.commands(model.entries, removing=True),
    )


def record_tools() -> tuple[tuple[str, str], ...]:
    """Id and name of each tool, in the order in which they are offered."""
    return tuple((tool.id, tool.name) for tool in RECORD_TOOLS.values())
