"""The copy buttons: each copies the value beside it."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any, Final

import js
from pyodide.ffi import JsException
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import by_id, slot, value_of
from app.text.page import copied, copy_by_hand

ANSWER_SHOWN: Final = 2.0  # seconds that a copy button says "Copied"
_TIMES: Final = count()  # numbers the copies made


def watch_copy_buttons(spawn: Callable[[Awaitable[None]], None]) -> None:
    """From now on, copy on each click on a copy button. Buttons come and go, so the listener is on the document."""

    def click(event: Any) -> None:
        button = event.target.closest("[data-copy]")
        if button:
            spawn(_copy_beside(button))

    add_event_listener(js.document, "click", click)


async def _copy_beside(button: Any) -> None:
    """Copy the value beside `button`; the button answers, and so does a line that screen readers read out."""
    line = by_id("copied")
    this = button.dataset.time = line.dataset.time = str(next(_TIMES))
    line.textContent = ""  # otherwise the same word as before would be no news
    wanted = button.dataset.copy
    card = button.closest("li, article, .notice")
    source = js.document.querySelector(wanted) if wanted.startswith("#") else slot(card, wanted)
    label = button.firstElementChild
    if not button.hasAttribute("data-label"):
        button.dataset.label = label.textContent
    if await _copy_text(value_of(source)):
        answer = copied()
    else:
        if source.tagName == "INPUT":
            source.select()
        else:
            js.getSelection().selectAllChildren(source)
        answer = copy_by_hand()
    label.textContent = line.textContent = answer
    await asyncio.sleep(ANSWER_SHOWN)
    for element, place, words in ((button, label, button.dataset.label), (line, line, "")):
        if element.dataset.time == this:  # no later copy has been answered there
            place.textContent = words


async def _copy_text(text: str) -> bool:
    """Put `text` on the clipboard; False where the browser refuses."""
    try:
        await js.navigator.clipboard.writeText(text)
    except JsException:
        return False
    return True
