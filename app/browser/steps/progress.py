"""Step 2: how far the proofs are, one line for each name, and what can be done while the page waits."""

from typing import Any

import js

from app.browser.page.dom import by_id, fill
from app.browser.page.marks import new_state
from app.ui.steps.prove_models import ProofLine, Standing


def show_standing(standing: Standing | None) -> None:
    """Show `standing`, or nothing. Lines that say what they said stay, so that only news is announced."""
    by_id("standing").hidden = standing is None
    if standing is None:
        by_id("proof-lines").replaceChildren()
        return
    by_id("while-working").hidden = not standing.working
    _show_bars(standing)
    fill(by_id("while-working"), "asked", standing.asked)
    _show_lines(by_id("proof-lines"), standing.lines)
    by_id("proof-more").textContent = standing.more
    by_id("proof-more").hidden = not standing.more


def _show_bars(standing: Standing) -> None:
    """How many records are there, or that somebody is at work."""
    bar, first_look = by_id("records-there"), bool(standing.look and not standing.look.looked and standing.look.looking)
    by_id("at-work").hidden = not (standing.working or first_look)
    bar.hidden = standing.seen is None
    if standing.seen:
        bar.value, bar.max = standing.seen


def _show_lines(place: Any, lines: tuple[ProofLine, ...]) -> None:
    for number, line in enumerate(lines):
        shown = place.children[number] if number < place.children.length else None
        if shown and shown.textContent == line.words and shown.firstElementChild.dataset.state == line.mark:
            continue
        if shown:
            shown.replaceWith(_item(line))
        else:
            place.append(_item(line))
    while place.children.length > len(lines):
        place.lastElementChild.remove()


def _item(line: ProofLine) -> Any:
    before, name, after = line.words.partition(line.name) if line.name else (line.words, "", "")
    strong = js.document.createElement("a" if line.place else "strong")
    strong.textContent = name
    if line.place:
        strong.href = f"#{line.place}"
    item = js.document.createElement("li")
    item.append(new_state("span", line.mark, before, *([strong] if name else []), after))
    return item
