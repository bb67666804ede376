"""Step 2: cards of DNS records, made from the templates in index.html, and the same records as text."""

from functools import cache
from typing import Any, Final

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.form.provider import DomProviders
from app.browser.page.dom import Pattern, by_id, fill, from_template, slot
from app.browser.page.soon import Soon
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
        self._show_texts_soon = Soon(self._show_texts)  # they are in a fold, and take a while for a hundred names

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
        self._show_texts_soon()

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
    rows = bool(card.host_label), bool(card.name_label), bool(card.same_host), bool(card.lines)
    texts = {"record-title": card.title, "proves": card.proves, "same-host": card.same_host, "lines": card.lines}
    texts |= {"host-label": card.host_label, "name-label": card.name_label, "value-label": card.value_label}
    texts |= {"host": card.host, "name": card.name}
    texts |= {f"of-{name}": copy_label(name, card.number) for name in ("host", "name", "value")}
    element = _pattern(*rows).copy(texts, values=("host", "name"))
    element.id = record_place(card.number)
    for name, value in (("number", str(card.number)), ("type", card.kind), ("identifier", card.identifier)):
        element.setAttribute(f"data-{name}", value)
    if card.long:
        slot(element, "long").hidden = False
    _fill_values(slot(element, "value"), card.values)
    return element


@cache
def _pattern(has_host: bool, has_name: bool, has_same_host: bool, has_lines: bool) -> Pattern:  # noqa: FBT001 – each a row
    """A record with the rows that it needs: a provider's form may lack one, and the full name may have a row of its own."""
    unused = [] if has_host else [".only-host"]
    unused += [".only-host > .aside"] if has_name else [".only-name"]
    unused += [] if has_same_host else ['[data-slot="same-host"]']
    unused += [] if has_lines else ['[data-slot="lines"]']
    element = from_template("template-dns-record")
    for place in element.querySelectorAll(", ".join(unused)):
        place.remove()
    return Pattern(element)


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
