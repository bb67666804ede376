"""The tools under the steps: open while the form is shown, one closed row beside the other steps."""

from typing import Any

import js

from app.browser.page.dom import by_id


def show_tools(step: str) -> None:
    """Another step is shown: open or close the tools, but never over someone who works in them."""
    tools = by_id("tools")
    tools.open = step == "names" or tools.contains(js.document.activeElement)


def reveal(panel: Any) -> None:
    """Unfold `panel`, a `details`, and all that it is inside of."""
    fold = panel
    while fold:
        fold.open = True
        fold = fold.parentElement.closest("details")
