"""A list on the document whose items stay as they are while others come and go."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from app.browser.page.soon import Soon
from app.ui.changes import change_between

T = TypeVar("T")


class ItemList(Generic[T]):
    """The items of an element, which `place` finds: one for each entry of a list. `make` gives a new element for an entry.

    Typing one letter into a box of a hundred names changes one of them: the elements of the others are kept. Of many new ones,
    `at_once` are made before the browser has its turn.
    """

    def __init__(self, place: Callable[[], Any], make: Callable[[T], Any], at_once: int = 1000) -> None:
        self._place = place
        self._make = make
        self._at_once = at_once
        self._wanted: Sequence[T] = ()
        self._entries: list[T] = []
        self._items: list[Any] = []
        self._go_on = Soon(self._change)

    @property
    def items(self) -> Sequence[Any]:
        """The elements, in their order."""
        return self._items

    def show(self, entries: Sequence[T]) -> None:
        """Show `entries`, and no others: make new elements between the first and the last one that changed."""
        self._wanted = tuple(entries)
        self._change()

    def finish(self) -> None:
        """Make the elements that are still missing at once."""
        while len(self._entries) < len(self._wanted):
            self._change()

    def _change(self) -> None:
        change = change_between(self._entries, self._wanted)
        end = change.start + change.removed
        entries = self._wanted[change.start : change.start + min(change.added, self._at_once)]
        new = [self._make(entry) for entry in entries]
        for item in self._items[change.start : end]:
            item.remove()
        if end < len(self._items):
            self._items[end].before(*new)
        else:
            self._place().append(*new)
        self._entries[change.start : end] = entries
        self._items[change.start : end] = new
        if len(entries) < change.added:
            self._go_on()
