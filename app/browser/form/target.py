"""Step 1: where the certificate will go. static/form.mjs searches the list, and chooses the key."""

from app.browser.page.dom import by_id, warning
from app.ui.form.target import TargetModel


def show_target(model: TargetModel) -> None:
    """Show what the choice leads to. index.html says what it means that there is none."""
    by_id("target-effect").textContent = model.effect
    by_id("target-unsure").hidden = bool(model.effect)
    shown = [line.textContent for line in by_id("target-warnings").children]
    if shown != list(model.warnings):  # it is read out at each change
        by_id("target-warnings").replaceChildren(*map(warning, model.warnings))
