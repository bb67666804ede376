"""The names as understood, below the box: how each word was read, and a button that mends a wrong one."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import by_id, fill, from_template
from app.browser.page.item_list import ItemList
from app.browser.page.marks import Mark, new_mark
from app.ui.form.names import Line, Reading, State

QUIET: Final = 1.0  # seconds without typing before a screen reader is told of the result

_MARKS: Final[dict[State, Mark]] = {"good": "good", "merged": "note", "changed": "note", "wrong": "bad"}


class NamesList:
    """The list, and the line that a screen reader reads out once a person stops typing."""

    def __init__(self) -> None:
        self._announcing: asyncio.Task[None] | None = None
        self._list: ItemList[Line] = ItemList(lambda: by_id("understood"), _item)

    def bind(self, use: Callable[[int], None]) -> None:
        """Call `use` with the number of the line whose button was pressed; the focus goes back into the box."""

        def clicked(event: Any) -> None:
            button = event.target.closest("button")
            if button:
                item = button.closest("li")
                use(next(number for number, other in enumerate(self._list.items) if other.isSameNode(item)))
                by_id("domains").focus()

        add_event_listener(by_id("understood"), "click", clicked)

    def show(self, reading: Reading) -> None:
        """Show how each word was read."""
        # Where a word stands in the box does not show in the list.
        self._list.show([replace(line, start=0, end=0) for line in reading.lines])
        if self._announcing:
            self._announcing.cancel()
        self._announcing = asyncio.ensure_future(_announce(reading.announcement))


async def _announce(announcement: str) -> None:
    await asyncio.sleep(QUIET)
    place = by_id("names-verdict")
    if place.textContent != announcement:  # the same words are not read out again
        place.textContent = announcement


def _item(line: Line) -> Any:
    """A name that is good as it stands is a chip; whatever there is to say of a word makes it a row (class `told`)."""
    item = from_template("template-name")
    item.dataset.state, item.dataset.name = line.state, line.name
    fill(item, "text", line.shown)
    fill(item, "reason", line.reason)
    if line.reason:
        item.classList.add("told")
        item.querySelector(".mark").replaceWith(new_mark("note" if line.state == "good" else _MARKS[line.state]))
    wanted = "" if line.state != "wrong" else "use" if line.suggestion else "remove"
    for button in item.querySelectorAll("button"):
        if button.dataset.action == wanted:
            fill(button, "suggestion", line.suggestion)
            fill(button, "of", f" {line.shown}")
        else:
            button.remove()
    return item
