"""Shows messages and field errors, and asks in a dialog before something that cannot be undone."""

import asyncio
from collections.abc import Iterable
from typing import Any

import js
from pyodide.ffi import create_once_callable
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import by_id, fill, list_item, make_link, paragraph
from app.browser.page.focus import switch_all
from app.errors import FieldError
from app.text.message import Message, Question
from app.text.page import working
from app.text.sentences import sentence
from app.text.untrusted import Segment


def show_message(region: Any, message: Message | None) -> None:
    """Show `message` in `region`, an error box (static/partials/error-box.html), or hide the box."""
    region.hidden = message is None
    message = message or Message("", "")
    region.querySelector(".error-title").textContent = message.title
    region.querySelector(".error-text").replaceChildren(*map(paragraph, message.text.split("\n\n")))
    region.querySelector(".error-detail").replaceChildren(*map(_node, message.linkify))
    region.querySelector(".error-more").hidden = not message.detail
    place = region.querySelector(".error-link")
    place.hidden = not message.link
    place.replaceChildren(*([make_link(message.link)] if message.link else []))


def _node(segment: Segment) -> Any:
    """A part of an untrusted text: words as they are, or a link that shows where it leads."""
    return make_link(segment.text) if segment.link else js.document.createTextNode(segment.text)


def show_field_error(field: str, error: FieldError | None) -> None:
    """Mark `field` as wrong and say beside it why, or mark it as right (None)."""
    mark_field(field, sentence(error) if error else None)


def mark_field(field: str, fault: str | None) -> None:
    """Mark `field` as wrong, with the text `fault` beside it unless that is "", or as right (None)."""
    element, line = by_id(field), by_id(f"error-{field}")
    fill(line, "fault", fault or "")
    line.hidden = not fault
    if fault is None:
        element.removeAttribute("aria-invalid")
    else:
        element.setAttribute("aria-invalid", "true")


def show_only_error(fields: Iterable[str], error: FieldError | None) -> None:
    """Mark the one of `fields` that `error` is about, and no other; it gets the focus."""
    for field in fields:
        if error and error.field == field:
            show_field_error(field, error)
            by_id(field).focus()
        else:
            mark_field(field, None)


def show_progress(root: Any, name: str, *, busy: bool, said: str, message: Message | None) -> None:
    """Show how work goes on in the elements `name`-status and `name`-error. While it does, the buttons in `root` are off."""
    switch_all(root, "button", off=busy)
    show_result(name, working() if busy else said, message)


def show_result(name: str, said: str, message: Message | None) -> None:
    """Show in the elements `name`-status and `name`-error what came of some work, or "" and None for nothing."""
    show_message(by_id(f"{name}-error"), message)
    by_id(f"{name}-status").textContent = said


class Dialog:
    """`app.ui.views.ConfirmView` on the page's one dialog. Escape and a page that goes away mean no."""

    def __init__(self) -> None:
        self._dialog = by_id("confirm")
        for id_, answer in (("confirm-yes", "yes"), ("confirm-no", "no")):
            add_event_listener(by_id(id_), "click", lambda _, answer=answer: self._dialog.close(answer))
        add_event_listener(by_id("confirm-tick"), "change", self._tick)

    def _tick(self, _: Any) -> None:
        by_id("confirm-yes").disabled = not by_id("confirm-tick").checked

    async def confirm(self, question: Question) -> bool:
        """See `app.ui.views.ConfirmView.confirm`."""
        by_id("confirm-tick-row").hidden = not question.tick
        by_id("confirm-tick").checked = False
        by_id("confirm-yes").disabled = bool(question.tick)
        for name in ("title", "text", "yes", "no", "tick"):
            fill(self._dialog, name, getattr(question, name))
        by_id("confirm-list").replaceChildren(*map(list_item, question.lines))
        by_id("confirm-list").hidden = not question.lines
        closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._dialog.returnValue = ""

        def close(_: Any) -> None:
            if not closed.done():  # else nobody waits for it any more
                closed.set_result(None)

        self._dialog.onclose = create_once_callable(close)
        self._dialog.showModal()
        await closed
        self._dialog.onclose = None
        return bool(self._dialog.returnValue == "yes")
