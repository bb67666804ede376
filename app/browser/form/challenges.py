"""Another kind of proof for some of the names: a small select for each, under "More options"."""

import json
from typing import Any

import js

from app.acme.identifier import Identifier
from app.browser.page.dom import by_id, fill, from_template


class ChallengeChoices:
    """The list of selects. It is made anew only when the names change, so that none loses the focus."""

    def __init__(self) -> None:
        self._shown: tuple[Identifier, ...] = ()
        self._kept: dict[str, str] = json.loads(by_id("names").getAttribute("data-proofs") or "{}")  # from before a reload

    def chosen(self) -> tuple[tuple[str, str], ...]:
        """Name and kind for each name that has one of its own."""
        return tuple((select.dataset.identifier, select.value) for select in _selects() if select.value)

    def show(self, names: tuple[Identifier, ...]) -> None:
        """Offer a choice for each of `names`, where there are several; what was chosen for a name stays."""
        if names == self._shown:
            return
        self._shown = names
        self._kept.update((select.dataset.identifier, select.value) for select in _selects())
        by_id("proofs").replaceChildren(*(_item(name, self._kept.get(name.value, "")) for name in names))
        by_id("proofs-row").hidden = len(names) < 2
        by_id("names").dispatchEvent(js.Event.new("change"))  # form.mjs shows what belongs to the kinds that are chosen


def _selects() -> Any:
    return by_id("proofs").querySelectorAll("select")


def _item(name: Identifier, kind: str) -> Any:
    item = from_template("template-proof-choice")
    fill(item, "name", name.readable)
    select = item.querySelector("select")
    select.dataset.identifier = name.value
    for option in by_id("challenge").options:
        select.append(option.cloneNode(True))  # noqa: FBT003 – the DOM’s own signature
    select.value = kind
    return item
