"""Step 2: setting up delegated proofs. `app.ui.steps.delegate.DelegateView` on the document."""

from typing import Any

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, fill_value, from_template, make_link, slot
from app.browser.page.messages import mark_field, show_field_error
from app.errors import FieldError
from app.text.delegation import copy_label
from app.ui.session import Session
from app.ui.steps.delegate import CnameCard, DelegateForm, DelegateModel, DelegatePresenter

TOKEN_FIELD = "delegate-token"  # noqa: S105 – the name of the field


class DomDelegate:
    """`app.ui.steps.delegate.DelegateView` on the document."""

    def __init__(self) -> None:
        self._shown: DelegateModel | None = None

    def bind(self, actions: Actions, session: Session, presenter: DelegatePresenter) -> None:
        """Connect the form to what is done with it, and show it whenever the open order waits for proofs."""

        async def forget() -> None:
            by_id("status").textContent = await presenter.forget()

        actions.on_submit(by_id("delegate-form"), lambda: session.go_on_after(presenter.set_up))
        actions.on_click(by_id("delegate-forget"), forget)
        add_event_listener(by_id("delegate-service"), "change", lambda _: presenter.describe())
        session.on_waiting(lambda issuance: actions.spawn(presenter.note(issuance)))

    def form(self) -> DelegateForm:
        """See `DelegateView.form`."""
        token, keep = by_id(TOKEN_FIELD).value, by_id("delegate-keep").checked
        return DelegateForm(by_id("delegate-service").value, token, bool(keep), by_id("delegate-zone").value)

    def show(self, model: DelegateModel | None) -> None:
        """See `DelegateView.show`."""
        if model == self._shown:
            return
        self._shown = model
        by_id("delegation").hidden = model is None
        if model is None:
            self.clear_token()
            return
        _fill_select("delegate-service", model.services or ((model.service, model.service),), model.service)
        by_id("delegate-service-row").hidden = not model.services
        _fill_select("delegate-zone", tuple((zone, zone) for zone in model.zones), by_id("delegate-zone").value)
        by_id("delegate-zone-row").hidden = not model.zones
        by_id("hint-delegate-token").textContent = model.token_hint
        by_id("delegate-cnames").hidden = not model.cards
        by_id("delegate-records").replaceChildren(*(_card(card, number) for number, card in enumerate(model.cards, 1)))
        for id_, text in (("delegate-direct", model.direct), ("delegate-limits", model.limits)):
            by_id(id_).textContent, by_id(id_).hidden = text, not text
        by_id("delegate").textContent = model.button
        by_id("delegate-forget").hidden = not model.can_forget
        by_id("delegate-page").hidden = not model.token_page
        slot(by_id("delegate-page"), "link").replaceChildren(*([make_link(model.token_page)] if model.token_page else []))

    def show_error(self, error: FieldError | None) -> None:
        """See `DelegateView.show_error`."""
        if error:
            show_field_error(TOKEN_FIELD, error)
            by_id(TOKEN_FIELD).focus()
        else:
            mark_field(TOKEN_FIELD, None)

    def tell(self, doing: str) -> None:
        """See `DelegateView.tell`."""
        by_id("delegate-doing").textContent, by_id("delegate-doing").hidden = doing, not doing

    def clear_token(self) -> None:
        """See `DelegateView.clear_token`."""
        by_id(TOKEN_FIELD).value = ""


def _fill_select(id_: str, options: tuple[tuple[str, str], ...], chosen: str) -> None:
    select = by_id(id_)
    select.replaceChildren()
    for value, name in options:
        select.append(js.Option.new(name, value, False, value == chosen))  # noqa: FBT003 – the DOM’s own signature


def _card(card: CnameCard, number: int) -> Any:
    element = from_template("template-cname-record")
    fill(element, "cname-title", card.title)
    fill(element, "for-name", card.of)
    for name in ("host", "target"):
        fill_value(element, name, getattr(card, name))
        fill(element, f"of-{name}", copy_label(name, number))
    return element
