"""The tools under the steps: open while the form is shown, one closed row beside the other steps unless they are in use."""

from typing import Any

import js

from app.browser.page.dom import by_id


def show_tools(step: str) -> None:
    """Another step is shown: open or close the tools, but never over a panel that someone has opened or works in."""
    tools = by_id("tools")
    in_use = tools.contains(js.document.activeElement) or tools.querySelector(":scope > section > details[open]")
    tools.open = step == "names" or bool(in_use)


def reveal(panel: Any) -> None:
    """Unfold `panel`, a `details`, and all that it is inside of."""
    fold = panel
    while fold:
        fold.open = True
        fold = fold.parentElement.closest("details")
