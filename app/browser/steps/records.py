"""Step 2: cards of DNS records, made from the templates in index.html, and the same records as text."""

from typing import Any, Final

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.form.provider import DomProviders
from app.browser.page.dom import by_id, fill, fill_value, from_template, slot
from app.text.records import copy_label
from app.ui.steps.dns_check import record_place
from app.ui.steps.prove_models import RecordCard, RecordsModel, RecordZone
from app.ui.steps.record_texts import record_texts, record_tools

TEXTS: Final = ("text", "zone", "csv", "command", "command-remove")


class DomRecords:
    """The records of the order, domain by domain, and as text."""

    def __init__(self, providers: DomProviders) -> None:
        self._providers = providers
        self._model = RecordsModel()
        self._tool = ""  # that a person chose

    def bind(self) -> None:
        """Connect the select of tools."""
        for id_, name in record_tools():
            by_id("records-tool").append(js.Option.new(name, id_))
        add_event_listener(by_id("records-tool"), "change", lambda _: self._choose_tool())

    def show(self, model: RecordsModel) -> None:
        """Show these records, and no others; once they have failed, only to compare them."""
        if model.tool != self._model.tool:
            self._tool = ""
        self._model = model
        self._providers.show_at_records(model.providers)
        by_id("records").replaceChildren(*map(_zone, model.zones))
        self._show_texts()

    def _choose_tool(self) -> None:
        self._tool = by_id("records-tool").value
        self._show_texts()

    def _show_texts(self) -> None:
        texts = record_texts(self._model, self._tool)
        by_id("records-tool").value = texts.tool
        by_id("records-needs").textContent, by_id("records-removes").textContent = texts.needs, texts.removes
        for name, text in zip(TEXTS, (texts.letter, texts.zone_file, texts.csv, texts.add, texts.remove), strict=True):
            place = by_id(f"records-{name}")
            place.textContent = place.dataset.value = text


def _zone(zone: RecordZone) -> Any:
    section = from_template("template-dns-zone")
    fill(section, "heading", zone.heading)
    for name in ("way", "trap"):
        _fill_or_leave_out(section, name, getattr(zone, name))
    slot(section, "records").append(*map(_record, zone.cards))
    return section


def _record(card: RecordCard) -> Any:
    element = from_template("template-dns-record")
    element.id, element.dataset.number = record_place(card.number), str(card.number)
    element.dataset.type, element.dataset.identifier = card.kind, card.identifier
    _leave_out(element, card)
    fill(element, "record-title", card.title)
    for name in ("proves", "host-label", "name-label", "value-label"):
        fill(element, name, getattr(card, name.replace("-", "_")))
    for name in ("name", "host"):
        fill_value(element, name, getattr(card, name))
    for name in ("host", "name", "value"):
        fill(element, f"of-{name}", copy_label(name, card.number))
    for name in ("same_host", "lines"):
        _fill_or_leave_out(element, name.replace("_", "-"), getattr(card, name))
    slot(element, "long").hidden = not card.long
    _fill_values(slot(element, "value"), card.values)
    return element


def _leave_out(element: Any, card: RecordCard) -> None:
    """Take out the row that this provider's form does not have, and the full name where it has a row of its own."""
    unused = [] if card.host_label else [".only-host"]
    unused += [".only-host > .aside"] if card.name_label else [".only-name"]
    for place in element.querySelectorAll(", ".join(unused)):
        place.remove()


def _fill_values(place: Any, values: tuple[str, ...]) -> None:
    """Write the values as the lines of one box. All of them are copied at once."""
    for number, value in enumerate(values):
        line = js.document.createElement("span")
        line.dataset.testid = "record-value"
        line.textContent = value
        place.append(*(("\n", line) if number else (line,)))
    place.dataset.value = "\n".join(values)


def _fill_or_leave_out(root: Any, name: str, text: str) -> None:
    """Write `text` into every place for `name` inside `root`, or take these out where it is ""."""
    fill(root, name, text)
    if not text:
        for place in root.querySelectorAll(f'[data-slot="{name}"]'):
            place.remove()
