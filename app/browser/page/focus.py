"""The keyboard's place on the page, which is never lost.

A browser drops the focus to the body when what holds it is disabled, hidden or taken out of the page: whoever works by keyboard
or listens to a screen reader is then back at the top. So a control that has the focus is switched off by `aria-disabled`, which
keeps it there (`switch`), and when what held the focus is gone all the same, the focus moves to what took its place, or else to
the nearest heading above it (`watch_focus`).
"""

from typing import Any, Final

import js
from pyodide.ffi import create_proxy, to_js
from pyodide.ffi.wrappers import add_event_listener

_WATCHED: Final = ("hidden", "disabled", "open", "data-step", "data-challenge", "data-key")
"""The attributes by which things go out of sight or out of use."""
_HEADINGS: Final = ":scope > :is(summary, h2, h3, h4):first-child, :scope > header:first-child > :is(h2, h3)"
"""What names the thing that it is the first part of."""
_FOLDED: Final = "details:not([open]) > :not(summary:first-of-type)"
_UNFOCUSABLE: Final = f":disabled, {_FOLDED}, {_FOLDED} *"
_ITEM_ATTRIBUTES: Final = ("data-record", "data-key-name", "data-number", "data-identifier")
"""What names one thing of a list that is made anew whenever it changes."""


class _FocusTracker:
    """What has the focus, or gets it back when the dialog closes: `path` is it and all that it was in, from the inside out."""

    def __init__(self) -> None:
        self.path: tuple[Any, ...] = ()

    def note(self, event: Any) -> None:
        """Something got the focus."""
        if not _closest(event, "dialog"):
            self.path = tuple(node for node in event.composedPath() if getattr(node, "nodeType", 0) == 1)

    def forget(self, event: Any) -> None:
        """Somebody pressed elsewhere: what takes the focus then says so itself."""
        if self.path and not _closest(event, "dialog") and not self.path[0].contains(event.target):
            self.path = ()

    def has_focus(self, element: Any) -> bool:
        """Whether `element` is what has the focus."""
        return bool(self.path) and bool(self.path[0].isSameNode(element))

    def restore(self) -> None:
        """Give the focus back if what holds it was moved, and a new place if that is gone."""
        if not self.path or js.document.querySelector("dialog[open]"):
            return
        active, holder = js.document.activeElement, self.path[0]
        dropped = not active or active.isSameNode(js.document.body)
        if _is_usable(holder):
            if dropped and js.document.hasFocus():
                holder.focus()
        elif dropped or self.has_focus(active):
            place = _replacement(self.path) or _heading(self.path)
            if place.tabIndex < 0:
                place.tabIndex = -1  # so that it takes the focus by script
            place.focus()


_tracker: Final = _FocusTracker()


def watch_focus() -> None:
    """From now on, mend the focus whenever the page changes, and let nothing happen on what is switched off."""
    add_event_listener(js.document, "focusin", _tracker.note)
    add_event_listener(js.document, "pointerdown", _tracker.forget)
    observer = js.MutationObserver.new(create_proxy(lambda *_: _tracker.restore()))
    observer.observe(js.document.body, to_js({"subtree": True, "childList": True, "attributeFilter": _WATCHED}))
    stop = create_proxy(_stop)
    for event in ("click", "mousedown", "keydown"):
        js.document.addEventListener(event, stop, True)  # noqa: FBT003 – on its way down, before anybody else hears it


def switch(control: Any, *, off: bool) -> None:
    """Switch a button or a select `off`, or on again. If it has the focus, it keeps it."""
    held = off and _tracker.has_focus(control)
    control.disabled = off and not held
    if held:
        control.setAttribute("aria-disabled", "true")
    else:
        control.removeAttribute("aria-disabled")


def switch_buttons(root: Any, *, off: bool) -> None:
    """Switch all buttons in `root` off, or on again."""
    for button in root.querySelectorAll("button"):
        switch(button, off=off)


def _stop(event: Any) -> None:
    """Nothing happens on a control that is switched off. Its keys still lead away from it and scroll the page."""
    control = _closest(event, "[aria-disabled=true]")
    if control and (event.type == "click" or (control.matches("select") and getattr(event, "key", "") != "Tab")):
        event.preventDefault()
        event.stopImmediatePropagation()


def _closest(event: Any, selector: str) -> Any:
    """What an event happened in; None also where it happened to the document as a whole."""
    return event.target.closest(selector) if event.target.nodeType == js.Node.ELEMENT_NODE else None


def _replacement(path: tuple[Any, ...]) -> Any:
    """What took the place of the first element of `path` when the list around it was made anew, or None."""
    gone = path[0]
    container = next((element for element in path[1:] if element.isConnected), None)
    if gone.isConnected or not container:
        return None
    candidates = (element for element in container.querySelectorAll(gone.tagName) if _marks(element) == _marks(gone))
    return next(filter(_is_usable, candidates), None)


def _marks(element: Any) -> tuple[Any, ...]:
    """What a control has in common with the one that takes its place."""
    owners = (element.closest(f"[{name}]") for name in _ITEM_ATTRIBUTES)
    names = (owner and owner.getAttribute(name) for owner, name in zip(owners, _ITEM_ATTRIBUTES, strict=True))
    return element.id, element.getAttribute("data-action"), element.textContent, *names


def _heading(path: tuple[Any, ...]) -> Any:
    """The nearest heading or summary that can be seen; at last that of the step."""
    for element in path[1:]:
        if _is_usable(element):
            for heading in element.querySelectorAll(_HEADINGS):
                if _is_usable(heading):
                    return heading
    step = js.document.querySelector("main").dataset.step
    return js.document.getElementById(f"title-{step}")


def _is_usable(element: Any) -> bool:
    return bool(element.isConnected and element.getClientRects().length and not element.matches(_UNFOCUSABLE))
