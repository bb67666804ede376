"""A message in its place: what happened, why probably and what next, with the other side's words folded away."""

from typing import Any

import js

from app.browser.page.dom import by_id, make_link
from app.text.message import Message
from app.text.untrusted import Segment


def show_message(region: Any, message: Message | None) -> None:
    """Show `message` in `region` (an element with the parts .error-…, or an empty one that gets them), or hide it."""
    if not region.firstElementChild:
        region.append(by_id("template-error").content.cloneNode(True))  # noqa: FBT003 – the DOM’s own signature
    region.hidden = message is None
    message = message or Message("", "")
    region.querySelector(".error-title").textContent = message.title
    region.querySelector(".error-text").textContent = message.text
    region.querySelector(".error-detail").replaceChildren(*map(_node, message.linkify))
    region.querySelector(".error-more").hidden = not message.detail
    place = region.querySelector(".error-link")
    place.hidden = not message.link
    place.replaceChildren(*([make_link(message.link)] if message.link else []))


def _node(piece: Segment) -> Any:
    """A part of a stranger's text: words as they are, or a link whose text is where it leads."""
    return make_link(piece.text) if piece.link else js.document.createTextNode(piece.text)


def mark_field(field: Any, line: Any, fault: str | None) -> None:
    """Mark `field` as wrong with a text in the `line` beside it, or as right (None)."""
    line.textContent = fault or ""
    line.hidden = not fault
    if fault is None:
        field.removeAttribute("aria-invalid")
    else:
        field.setAttribute("aria-invalid", "true")
