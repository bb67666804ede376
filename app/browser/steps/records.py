"""Step 2: cards of DNS records, made from the templates in index.html."""

from collections.abc import Sequence
from typing import Any

from app.acme.identifier import readable
from app.browser.page.dom import by_id, fill, fill_value, from_template, slot
from app.text.page import values_of_record
from app.ui.views import RecordCard


def show_records(cards: Sequence[RecordCard]) -> None:
    """Show these records, and no others."""
    by_id("records").replaceChildren(*map(_record, cards))


def _record(card: RecordCard) -> Any:
    element = from_template("template-dns-record")
    element.dataset.type, element.dataset.identifier = card.kind, card.identifier
    fill(element, "identifier", readable(card.identifier))
    fill(element, "zone", card.zone)
    for name in ("name", "host"):
        fill_value(element, name, getattr(card, name))
    if len(card.values) > 1:
        both = slot(element, "both")
        both.textContent = values_of_record(len(card.values))
        both.hidden = False
    slot(element, "long").hidden = not card.long
    for value in card.values:
        item = from_template("template-value")
        fill_value(item, "value", value)
        slot(element, "values").append(item)
    return element
