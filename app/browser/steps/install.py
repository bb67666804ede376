"""Step 3: what the target of the certificate wants, and the steps that put it there, made from the templates in index.html."""

from functools import partial
from typing import Any

from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, fill_value, from_template, slot, warning
from app.text.install import code_of_step, content_for, show_private_words
from app.ui.form.target import NOT_SURE
from app.ui.session import Session
from app.ui.steps.certificate import CertificatePresenter
from app.ui.steps.install import InstallModel, PasteBox, StepModel


def bind_install(actions: Actions, session: Session, presenter: CertificatePresenter) -> None:
    """Connect the choice of the target and the buttons of the steps to what they mean."""
    choice = by_id("install-target")

    def show_key(event: Any) -> None:
        button = event.target.closest("[data-action=show-private]")
        if button:
            actions.act(partial(session.files.show_private, button.dataset.format))

    add_event_listener(choice, "change", lambda _: actions.act(partial(presenter.choose_target, choice.value)))
    add_event_listener(by_id("target-steps"), "click", show_key)


def show_install(model: InstallModel) -> None:
    """Show how the certificate gets to where it goes."""
    by_id("install-target").value = model.chosen or NOT_SURE
    by_id("install-warnings").replaceChildren(*map(warning, model.warnings))
    by_id("for-target").hidden = not model.target
    fill(by_id("for-target"), "download-target", model.download)
    fill(by_id("for-target"), "target-hint", model.hint)
    place = by_id("password-at-target" if model.locked else "password-at-pfx")
    if not place.contains(by_id("password-row")):
        place.append(by_id("password-row"))
    by_id("target-steps").replaceChildren(*(_step(number, step) for number, step in enumerate(model.steps, 1)))
    by_id("target-traps").replaceChildren(*(_trap(sign, text) for sign, text in model.traps))
    by_id("target-steps").hidden = not model.target
    by_id("general-steps").hidden = bool(model.target)
    by_id("outside").hidden = not model.check
    fill_value(by_id("outside"), "outside-command", model.check)
    by_id("outside-hint").textContent = model.check_hint


def show_private(format_id: str, text: str) -> None:
    """See `app.ui.views.PageView.show_private`."""
    for button in by_id("target-steps").querySelectorAll("[data-format]"):
        if button.dataset.format == format_id:
            item = button.closest("li")
            _fill_box(item, text)
            item.querySelector(".copy").focus()  # the button is gone now


def hide_private() -> None:
    """The step is left: private keys that were shown are not in the page any more."""
    for button in by_id("target-steps").querySelectorAll("[data-format]"):
        _fill_box(button.closest("li"), "")


def _step(number: int, step: StepModel) -> Any:
    item = from_template("template-install-step")
    for name in ("title", "way", "text", "lead"):
        text = getattr(step, name)
        fill(item, name, text)
        slot(item, name).hidden = not text
    copies = [_lines(number, lines) for lines in step.code] + [_box(box) for box in step.boxes]
    slot(item, "copies").replaceChildren(*copies)
    slot(item, "copies").hidden = not copies
    return item


def _lines(number: int, lines: str) -> Any:
    item = from_template("template-install-copy")
    slot(item, "label").hidden = True
    fill(item, "of", code_of_step(number))
    _fill_box(item, lines)
    return item


def _box(box: PasteBox) -> Any:
    item = from_template("template-install-copy")
    content = item.querySelector(".copybox")
    content.className, content.tabIndex, content.role, content.ariaLabel = "copybox long", 0, "figure", box.label  # it scrolls
    fill(item, "label", box.label)
    fill(item, "of", content_for(box.label))
    _fill_box(item, box.text)
    if not box.text:  # it has the private key
        slot(item, "show").textContent, slot(item, "show").dataset.format = show_private_words(box.label), box.format
    return item


def _fill_box(item: Any, text: str) -> None:
    """Put `text` into the copy box of `item`; without one there is the button that shows it."""
    fill_value(item, "lines", text)
    item.querySelector(".copybox").hidden = not text
    slot(item, "show").hidden = bool(text)


def _trap(sign: str, text: str) -> Any:
    details = from_template("template-install-trap")
    fill(details, "sign", sign)
    fill(details, "text", text)
    return details
