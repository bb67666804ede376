"""Step 3: moving to a program on a server: `app.ui.steps.move_out.MoveOutView` on the document."""

from collections.abc import Iterable
from typing import Any

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, fill_value, from_template, slot
from app.browser.page.messages import show_only_error
from app.browser.ports.system import save_file
from app.errors import FieldError
from app.pki.formats.file import File
from app.ui.steps.move_out import FIELDS, MoveOutForm, MoveOutModel, MoveOutPresenter, MoveOutStep


class DomMoveOut:
    """`app.ui.steps.move_out.MoveOutView` on the document."""

    def __init__(self) -> None:
        self._shown: MoveOutModel | None = None

    def bind(self, actions: Actions, presenter: MoveOutPresenter) -> None:
        """Connect the fields and the button to what is done with them."""
        for id_ in ("move-out", "move-out-proof", "move-out-webroot"):
            # Not an action of the page: its messages stay while one chooses.
            add_event_listener(by_id(id_), "change", lambda _: actions.spawn(presenter.choose()))
        actions.on_submit(by_id("move-out-form"), presenter.download)
        actions.refresh_after(None, presenter.refresh)

    def form(self) -> MoveOutForm:
        """See `app.ui.steps.move_out.MoveOutView.form`."""
        client, proof, webroot = (by_id(id_).value for id_ in ("move-out", "move-out-proof", "move-out-webroot"))
        return MoveOutForm(client, proof, webroot)

    def show(self, model: MoveOutModel | None) -> None:
        """See `app.ui.steps.move_out.MoveOutView.show`."""
        more, blocked = by_id("move-out-more"), by_id("move-out-blocked")
        offered = model is not None and not model.blocked
        if model == self._shown and more.hidden != offered:
            return
        self._shown = model
        blocked.textContent = model.blocked if model else ""
        blocked.hidden = not blocked.textContent
        more.hidden = not offered
        if model is None or model.blocked:
            return
        self._show_proofs(model)
        by_id("move-out-webroot-row").hidden = not model.asks_webroot
        by_id("move-out-key").textContent = model.key_note
        by_id("move-out-key").hidden = not model.key_note
        by_id("move-out-download").textContent = model.download
        by_id("move-out-steps").replaceChildren(*map(_step, model.steps))

    def _show_proofs(self, model: MoveOutModel) -> None:
        select, group = by_id("move-out-proof"), js.document.createElement("optgroup")
        group.label = model.by_dns_of
        group.replaceChildren(*_options(model.providers))
        select.replaceChildren(*_options(model.proofs), *([group] if model.providers else []))
        select.value = model.chosen

    def show_errors(self, error: FieldError | None) -> None:
        """See `app.ui.steps.move_out.MoveOutView.show_errors`."""
        show_only_error(FIELDS, error)

    def save(self, file: File) -> None:
        """See `app.ui.steps.move_out.MoveOutView.save`."""
        save_file(file)


def _options(choices: Iterable[tuple[str, str]]) -> list[Any]:
    return [js.Option.new(name, value) for value, name in choices]


def _step(step: MoveOutStep) -> Any:
    element = from_template("template-move-out-step")
    fill(element, "title", step.title)
    fill(element, "text", step.text)
    fill(element, "of", step.of)
    fill_value(element, "command", step.command)
    slot(element, "command").parentElement.hidden = not step.command
    return element
