"""Whose DNS it is: one select for all domains, and one for each further domain; in the form, then above the records."""

import json
from typing import Any

import js
from pyodide.ffi.wrappers import add_event_listener

from app.acme.identifier import readable
from app.browser.page.dom import by_id, fill, from_template, paragraph, warning
from app.text.dns_zones import another_provider, elsewhere
from app.ui.session import Session
from app.ui.steps.prove_models import ProviderModel, ProviderQuestion

UNKNOWN = "unknown"
"""The value that says that the provider is not in the list; "" there is the provider of all, or whom the name servers tell."""


class DomProviders:
    """The row of the form that asks for the DNS provider. It is one element, which moves between the first two steps."""

    def __init__(self) -> None:
        self._at_form, self._at_records = ProviderModel(), ProviderModel()
        self._shown: ProviderModel | None = None
        self._rows: dict[str, Any] = {}  # by zone
        self._options = [child.cloneNode(True) for child in by_id("provider").children]  # noqa: FBT003 – the DOM’s own signature
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
        by_id("provider-warning").replaceChildren(*map(warning, model.warnings))
        by_id("provider-told").replaceChildren(*map(paragraph, model.told))
        self._offer_automatic(model)
        self._ask(model.question)
        if model.zones != zones_before:
            self._rows = {
                zone: row for zone, row in self._rows.items() if zone in model.zones or row.querySelector("select").value
            }
            by_id("provider-of-zones").replaceChildren(*map(self._row, model.zones))
            by_id("provider-zones").hidden = not model.zones

    def _offer_automatic(self, model: ProviderModel) -> None:
        """Let the first line of the list say that the name servers are followed, and another one that they are not."""
        first = by_id("provider").options[0]
        first.textContent = model.automatic or self._options[0].textContent
        known = model.automatic or model.question
        if known and not by_id("provider").querySelector(f"[value={UNKNOWN}]"):
            # It stays: a person may have chosen it when the form is shown again.
            first.after(js.Option.new(another_provider(), UNKNOWN))

    def _ask(self, question: ProviderQuestion | None) -> None:
        box = by_id("provider-question")
        if question is None and box.contains(js.document.activeElement):
            by_id("provider").focus()
        box.hidden = question is None
        if question:
            by_id("title-provider-question").textContent = question.words
            answers = (*question.providers, (UNKNOWN, elsewhere()))
            by_id("provider-answers").replaceChildren(*(self._answer(question, *answer) for answer in answers))

    def _answer(self, question: ProviderQuestion, id_: str, name: str) -> Any:
        def choose(_: Any) -> None:
            selects = [self._row(zone).querySelector("select") for zone in question.zones] or [by_id("provider")]
            for select in selects:
                select.value = id_
            by_id("provider-row").dispatchEvent(js.Event.new("input"))  # as if by hand, for form.mjs, too

        button = js.document.createElement("button")
        button.type, button.className, button.textContent = "button", "outline", name
        add_event_listener(button, "click", choose)
        return button

    def _row(self, zone: str) -> Any:
        if zone not in self._rows:
            self._rows[zone] = self._new_row(zone)
        return self._rows[zone]

    def _new_row(self, zone: str) -> Any:
        item = from_template("template-provider-of")
        fill(item, "zone", readable(zone))
        select = item.querySelector("select")
        select.dataset.zone = zone
        for child in self._options:
            copy = child.cloneNode(True)  # noqa: FBT003 – the DOM’s own signature
            if copy.matches("option[value='']"):
                copy.value = UNKNOWN
            select.append(copy)
        return item
