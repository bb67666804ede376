"""A list on the document whose items stay as they are while others come and go."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from app.browser.page.dom import by_id
from app.ui.changes import change_between

T = TypeVar("T")


class ItemList(Generic[T]):
    """The items of the element `id_`: one for each entry of a list. `make` gives a new element for an entry.

    Typing one letter into a box of a hundred names changes one of them: the elements of the others are kept.
    """

    def __init__(self, id_: str, make: Callable[[T], Any]) -> None:
        self._id = id_
        self._make = make
        self._entries: tuple[T, ...] = ()
        self._items: list[Any] = []

    @property
    def items(self) -> Sequence[Any]:
        """The elements, in their order."""
        return self._items

    def show(self, entries: Sequence[T]) -> None:
        """Show `entries`, and no others: make new elements between the first and the last one that changed."""
        change = change_between(self._entries, entries)
        end = change.start + change.removed
        new = [self._make(entry) for entry in entries[change.start : change.start + change.added]]
        for item in self._items[change.start : end]:
            item.remove()
        if end < len(self._items):
            self._items[end].before(*new)
        else:
            by_id(self._id).append(*new)
        self._entries = tuple(entries)
        self._items[change.start : end] = new
