"""Helpers for the DOM. Text is inserted as text, never as markup."""

from collections.abc import Collection, Mapping
from typing import Any

import js


def by_id(id_: str) -> Any:
    """The element with this id."""
    return js.document.getElementById(id_)


def slot(root: Any, name: str) -> Any:
    """The place for the value `name` inside `root`."""
    return root.querySelector(f'[data-slot="{name}"]')


def fill(root: Any, name: str, text: str) -> None:
    """Write `text` into every place for the value `name` inside `root`."""
    for place in root.querySelectorAll(f'[data-slot="{name}"]'):
        place.textContent = text


def fill_value(root: Any, name: str, text: str) -> None:
    """Write `text` into every place for the value `name` inside `root`, as something that people copy (`value_of`)."""
    fill(root, name, text)
    for place in root.querySelectorAll(f'[data-slot="{name}"]'):
        place.dataset.value = text


def value_of(place: Any) -> str:
    """What `place` holds for people to copy. A browser that translates the page changes its text, but not this."""
    value = place.value if place.tagName == "INPUT" else place.getAttribute("data-value")
    text: str = place.textContent if value is None else value
    return text


def set_collapsible(details: Any, *, collapsible: bool) -> None:
    """Fold `details` under its summary where it is `collapsible`; else show all of it, without a summary."""
    summary = details.querySelector("summary")
    if summary.hidden == collapsible:
        summary.hidden = not collapsible
        details.open = not collapsible


def open_around(element: Any) -> None:
    """Open every fold that `element` is in, and itself if it is one."""
    fold = element.closest("details")
    while fold:
        fold.open = True
        fold = fold.parentElement.closest("details")


def from_template(id_: str) -> Any:
    """A new copy of the first element of the template `id_`."""
    return by_id(id_).content.firstElementChild.cloneNode(True)  # noqa: FBT003 – the DOM’s own signature


class Pattern:
    """Makes copies of `element` and fills them in: its places are looked up once, so a hundred copies take half the time."""

    def __init__(self, element: Any) -> None:
        self._element = element
        self._names = [place.dataset.slot for place in element.querySelectorAll("[data-slot]")]

    def copy(self, texts: Mapping[str, str], values: Collection[str] = ()) -> Any:
        """A copy with `texts` in the places of these names; those in `values` are something that people copy (`value_of`)."""
        made = self._element.cloneNode(True)  # noqa: FBT003 – the DOM’s own signature
        for name, place in zip(self._names, made.querySelectorAll("[data-slot]"), strict=True):
            if name in texts:
                place.textContent = texts[name]
            if name in values:
                place.setAttribute("data-value", texts[name])
        return made


def make_link(url: str, text: str = "") -> Any:
    """A new link to `url` in another tab, which says `text` or else where it leads. Never empty, unlike one in a template."""
    link = js.document.createElement("a")
    link.href, link.target, link.rel = url, "_blank", "noopener noreferrer"
    link.textContent = text or url
    return link


def paragraph(text: str, class_name: str = "") -> Any:
    """A new `p` that says `text`."""
    made = js.document.createElement("p")
    made.className, made.textContent = class_name, text
    return made


def warning(text: str) -> Any:
    """A new notice that says `text`, about what will stop a person."""
    return paragraph(text, "notice warn")


def list_item(text: str) -> Any:
    """A new `li` that says `text`."""
    item = js.document.createElement("li")
    item.textContent = text
    return item
