"""Whose DNS it is: one select for all domains, and one for each further domain; in the form, then above the records."""

import json
from typing import Any

import js
from pyodide.ffi.wrappers import add_event_listener

from app.acme.identifier import readable
from app.browser.page.dom import by_id, fill, from_template
from app.ui.session import Session
from app.ui.steps.prove_models import ProviderModel

UNKNOWN = "unknown"
"""The value that says of a single domain that its provider is not in the list; "" there is the provider of all."""


class DomProviders:
    """The row of the form that asks for the DNS provider. It is one element, which moves between the first two steps."""

    def __init__(self) -> None:
        self._at_form, self._at_records = ProviderModel(), ProviderModel()
        self._shown: ProviderModel | None = None
        self._rows: dict[str, Any] = {}  # by zone
        for zone, id_ in json.loads(by_id("names").getAttribute("data-zones") or "{}").items():  # from before a reload
            if id_:
                self._row(zone).querySelector("select").value = id_

    def bind(self, session: Session) -> None:
        """Connect the selects to what they mean in `session`."""
        add_event_listener(by_id("provider-row"), "input", lambda _: session.choose_provider())

    def chosen(self) -> tuple[tuple[str, str], ...]:
        """Zone and provider for each zone that has one of its own."""
        values = ((zone, row.querySelector("select").value) for zone, row in self._rows.items())
        return tuple((zone, value) for zone, value in values if value)

    def show_at_form(self, model: ProviderModel) -> None:
        """From now on, show this while the form is shown."""
        self._at_form = model
        self._show()

    def show_at_records(self, model: ProviderModel) -> None:
        """From now on, show this above the records."""
        self._at_records = model
        self._show()

    def place(self, *, at_records: bool) -> None:
        """Let the row stand above the records, or else in the form."""
        place = by_id("provider-place-at-records" if at_records else "provider-place")
        if not place.contains(by_id("provider-row")):
            place.append(by_id("provider-row"))
            self._show()

    def _show(self) -> None:
        at_records = by_id("provider-place-at-records").contains(by_id("provider-row"))
        model = self._at_records if at_records else self._at_form
        if model == self._shown:
            return
        zones_before, self._shown = self._shown.zones if self._shown else None, model
        by_id("provider-warning").replaceChildren(*map(_warning, model.warnings))
        if model.zones != zones_before:
            self._rows = {
                zone: row for zone, row in self._rows.items() if zone in model.zones or row.querySelector("select").value
            }
            by_id("provider-of-zones").replaceChildren(*map(self._row, model.zones))
            by_id("provider-zones").hidden = not model.zones

    def _row(self, zone: str) -> Any:
        if zone not in self._rows:
            self._rows[zone] = _new_row(zone)
        return self._rows[zone]


def _new_row(zone: str) -> Any:
    item = from_template("template-provider-of")
    fill(item, "zone", readable(zone))
    select = item.querySelector("select")
    select.dataset.zone = zone
    for child in by_id("provider").children:
        copy = child.cloneNode(True)  # noqa: FBT003 – the DOM’s own signature
        if copy.matches("option[value='']"):
            copy.value = UNKNOWN
        select.append(copy)
    return item


def _warning(text: str) -> Any:
    warning = js.document.createElement("p")
    warning.className, warning.textContent = "notice warn", text
    return warning
