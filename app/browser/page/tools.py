"""The tools under the steps: open while the form is shown, one closed row beside the other steps unless they are in use."""

import js

from app.browser.page.dom import by_id


def show_tools(step: str) -> None:
    """Another step is shown: open or close the tools, but never over a panel that someone has opened or works in."""
    tools = by_id("tools")
    in_use = tools.contains(js.document.activeElement) or tools.querySelector(":scope > section > details[open]")
    tools.open = step == "names" or bool(in_use)
