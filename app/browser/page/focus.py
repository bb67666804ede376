"""Keyboard focus: keeps it when the page changes.

A browser moves the focus to the body when the focused element is disabled, hidden or removed: someone who uses a keyboard or a
screen reader is then back at the top. So a control that has the focus is disabled by `aria-disabled`, which keeps the focus
(`switch`). When the focused element is gone all the same, the focus moves to the element that replaced it, or else to the
nearest heading above it (`watch_focus`).

Whether an element is seen makes the browser lay out the whole page. So that is asked at once where a change was made to the
element or around it, before a frame can be drawn without the focus; and with the next frame, where it costs nothing, for all
other changes.
"""

from typing import Any, Final

import js
from pyodide.ffi import create_proxy, to_js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.soon import BeforeFrame

_WATCHED: Final = ("hidden", "disabled", "open", "data-step", "data-challenge", "data-key")
"""The attributes that hide or disable elements."""
_HEADINGS: Final = ":scope > :is(summary, h2, h3, h4):first-child, :scope > header:first-child > :is(h2, h3, h4)"
"""The headings that name the element that contains them."""
_FOLDED: Final = "details:not([open]) > :not(summary:first-of-type)"
_UNFOCUSABLE: Final = f":disabled, {_FOLDED}, {_FOLDED} *"
_ITEM_ATTRIBUTES: Final = ("data-record", "data-key-name", "data-number", "data-identifier")
"""The attributes that identify an item of a list, which is rendered again whenever it changes."""

MAX_CHANGES: Final = 20
"""Changes that are looked at one by one."""


class _FocusTracker:
    """Tracks the element that has the focus or gets it back when the dialog closes. `path`: the element, then its ancestors."""

    def __init__(self) -> None:
        self.path: tuple[Any, ...] = ()
        self._next: Any = None
        self._soon = BeforeFrame(self._settle)

    def focus_soon(self, element: Any) -> None:
        """See the function of this name."""
        self._next = element
        self._soon()

    def look(self, changes: Any) -> None:
        """The page has changed; `changes` are the records of that (DOM §4.3.3)."""
        if self._next or (self.path and (_is_dropped() or self._is_concerned(changes))):
            self._settle()
        elif self.path:
            self._soon()

    def _is_concerned(self, changes: Any) -> bool:
        """Whether one of `changes` was made to the element or around it. Of many, that takes longer than to look."""
        attributes = (change.target for change in changes if change.type == "attributes")
        return changes.length > MAX_CHANGES or any(target.contains(self.path[0]) for target in attributes)

    def _settle(self) -> None:
        element, self._next = self._next, None
        if element:
            element.focus(to_js({"preventScroll": True}))
            element.scrollIntoView()
        self.restore()

    def note(self, event: Any) -> None:
        """An element got the focus. Whatever gave it that knew more than who wanted to move it before."""
        self._next = None
        if not _closest(event, "dialog"):
            self.path = tuple(node for node in event.composedPath() if getattr(node, "nodeType", 0) == 1)

    def forget(self, event: Any) -> None:
        """A press elsewhere: the element that takes the focus then reports that itself."""
        if self.path and not _closest(event, "dialog") and not self.path[0].contains(event.target):
            self.path = ()

    def has_focus(self, element: Any) -> bool:
        """Whether `element` has the focus."""
        return bool(self.path) and bool(self.path[0].isSameNode(element))

    def restore(self) -> None:
        """Give the focus back to an element that was moved, or to the replacement of one that is gone."""
        if not self.path or js.document.querySelector("dialog[open]"):
            return
        active, holder, dropped = js.document.activeElement, self.path[0], _is_dropped()
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
    """From now on, restore the focus whenever the page changes, and block clicks on disabled controls."""
    add_event_listener(js.document, "focusin", _tracker.note)
    add_event_listener(js.document, "pointerdown", _tracker.forget)
    observer = js.MutationObserver.new(create_proxy(lambda changes, _: _tracker.look(changes)))
    observer.observe(js.document.body, to_js({"subtree": True, "childList": True, "attributeFilter": _WATCHED}))
    stop = create_proxy(_stop)
    for event in ("click", "mousedown", "keydown"):
        js.document.addEventListener(event, stop, True)  # noqa: FBT003 – on its way down, before any other listener gets it


def focus_soon(title: Any) -> None:
    """Give `title` the focus and bring it to the top, once all is shown that is shown with it.

    What gets the focus before keeps it.
    """
    _tracker.focus_soon(title)


def switch(control: Any, *, off: bool) -> None:
    """Switch a button or a select `off`, or on again. If it has the focus, it keeps it."""
    held = off and _tracker.has_focus(control)
    control.disabled = off and not held
    if held:
        control.setAttribute("aria-disabled", "true")
    else:
        control.removeAttribute("aria-disabled")


def switch_all(root: Any, *selectors: str, off: bool) -> None:
    """Switch all that `selectors` find in `root` off, or on again; a long list of orders has thousands of buttons.

    Each selector by itself: a browser looks for that only below the id it begins with, but for several of them everywhere.
    """
    for selector in selectors:
        for control in root.querySelectorAll(f"{selector}:{'not' if off else 'is'}([disabled], [aria-disabled])"):
            switch(control, off=off)


def _stop(event: Any) -> None:
    """Nothing happens on a control that is switched off. Its keys still lead away from it and scroll the page."""
    control = _closest(event, "[aria-disabled=true]")
    if control and (event.type == "click" or (control.matches("select") and getattr(event, "key", "") != "Tab")):
        event.preventDefault()
        event.stopImmediatePropagation()


def _is_dropped() -> bool:
    """Whether nothing has the focus."""
    active = js.document.activeElement
    return not active or bool(active.isSameNode(js.document.body))


def _closest(event: Any, selector: str) -> Any:
    """The closest element for `selector` around the target of an event, or None."""
    return event.target.closest(selector) if event.target.nodeType == js.Node.ELEMENT_NODE else None


def _replacement(path: tuple[Any, ...]) -> Any:
    """The element that replaced the first one of `path` when the list around it was rendered again, or None."""
    gone = path[0]
    container = next((element for element in path[1:] if element.isConnected), None)
    if gone.isConnected or not container:
        return None
    candidates = (element for element in container.querySelectorAll(gone.tagName) if _marks(element) == _marks(gone))
    return next(filter(_is_usable, candidates), None)


def _marks(element: Any) -> tuple[Any, ...]:
    """What identifies a control: the one that replaces it has the same."""
    owners = (element.closest(f"[{name}]") for name in _ITEM_ATTRIBUTES)
    names = (owner and owner.getAttribute(name) for owner, name in zip(owners, _ITEM_ATTRIBUTES, strict=True))
    return element.id, element.getAttribute("data-action"), element.textContent, *names


def _heading(path: tuple[Any, ...]) -> Any:
    """The nearest visible heading or summary; if there is none, the heading of the step."""
    for element in path[1:]:
        if _is_usable(element):
            for heading in element.querySelectorAll(_HEADINGS):
                if _is_usable(heading):
                    return heading
    step = js.document.querySelector("main").dataset.step
    return js.document.getElementById(f"title-{step}")


def _is_usable(element: Any) -> bool:
    return bool(element.isConnected and element.getClientRects().length and not element.matches(_UNFOCUSABLE))
