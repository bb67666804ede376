"""Marks: the shape beside the words of a state. The symbols are in index.html, their colours in the stylesheet."""

from typing import Any, Final, Literal

import js

Mark = Literal["good", "wait", "warn", "bad", "note"]
"""A disc with a tick, a clock, a triangle, an octagon with a cross, a square with an i."""

_SVG: Final = "http://www.w3.org/2000/svg"
_SYMBOLS: Final[dict[Mark, str]] = {
    "good": "#mark-good",
    "wait": "#mark-wait",
    "warn": "#mark-warn",
    "bad": "#mark-bad",
    "note": "#mark-note",
}


def set_state(element: Any, mark: Mark) -> None:
    """Put `mark` in front of what `element` says, in place of the one that it had, and note it in `data-state`."""
    element.dataset.state = mark
    before = element.querySelector(":scope > svg.mark")
    if before:
        before.replaceWith(new_mark(mark))
    else:
        element.prepend(new_mark(mark))


def new_state(tag: str, mark: Mark, *words: Any) -> Any:
    """A new element `tag` with `mark` in front of the `words`: texts, and elements among them."""
    state, span = js.document.createElement(tag), js.document.createElement("span")
    state.className = "state"
    span.append(*words)
    state.append(span)
    set_state(state, mark)
    return state


def new_mark(mark: Mark) -> Any:
    """A new mark. Screen readers pass over it: the words beside it say the same."""
    svg = js.document.createElementNS(_SVG, "svg")
    svg.setAttribute("class", f"mark {mark}")
    svg.setAttribute("aria-hidden", "true")
    use = js.document.createElementNS(_SVG, "use")
    use.setAttribute("href", _SYMBOLS[mark])
    svg.append(use)
    return svg
