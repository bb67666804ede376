"""The records as lines of a zone file (RFC 1035 §5.1), and as a table in CSV (RFC 4180)."""

import csv
import io
from collections.abc import Iterable

from app.dns.entries import RecordEntry
from app.dns.text_forms.record_sets import TTL, absolute, record_sets, txt_data

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a cell begins with that a spreadsheet would run


def zone_lines(entries: Iterable[RecordEntry]) -> str:
    """One line a record, names in full with their final dot, so that they fit into any zone file."""
    return "\n".join(
        f"{absolute(records.name)} {TTL} IN TXT {txt_data(text)}"
        for in_zone in record_sets(entries).values()
        for records in in_zone
        for text in records.texts
    )


def csv_table(entries: Iterable[RecordEntry]) -> str:
    """A table with a heading: zone, name, type, TTL in seconds, and value.

    The value is quoted as in a zone file. So no value, which may begin with a hyphen, is a formula to a spreadsheet, and none
    has to be changed for that. A name that would be one gets an apostrophe in front, as spreadsheets mark a text.
    """
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(("zone", "name", "type", "ttl", "value"))
    for zone, in_zone in record_sets(entries).items():
        for records in in_zone:
            for text in records.texts:
                table.writerow((_harmless(zone), _harmless(records.name), "TXT", TTL, txt_data(text)))
    return file.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
