"""Step 1: where the certificate will go. static/form.mjs searches the list, and chooses the key."""

from typing import Any

import js
from pyodide.ffi import to_js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import by_id
from app.install.targets import RSA
from app.ui.form.target import TargetModel


def bind_target() -> None:
    """Connect the button that chooses an RSA key."""

    def choose(_: Any) -> None:
        by_id("key-type").value = RSA
        for event in ("input", "change"):  # as if by hand
            by_id("key-type").dispatchEvent(js.Event.new(event, to_js({"bubbles": True})))
        by_id("target").focus()  # the button is gone now

    add_event_listener(by_id("use-rsa"), "click", choose)


def show_target(model: TargetModel) -> None:
    """Show what the choice leads to."""
    by_id("target-effect").textContent = model.effect
    shown = [line.textContent for line in by_id("target-warnings").children]
    if shown != list(model.warnings):  # it is read out at each change
        by_id("target-warnings").replaceChildren(*map(_warning, model.warnings))
    by_id("use-rsa").hidden = not model.offers_rsa


def _warning(text: str) -> Any:
    warning = js.document.createElement("p")
    warning.className, warning.textContent = "notice warn", text
    return warning
