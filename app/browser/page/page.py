"""The page as a whole: shows a `PageModel` in the DOM, and passes on clicks. Its only state is the model shown last.

Steps 2 and 3 are made once the form is used, and when an order is first shown at the latest: until then, nothing of them is
imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import js
from pyodide.ffi import to_js
from pyodide.ffi.wrappers import add_event_listener

from app import VERSION
from app.browser.form.account import show_credentials
from app.browser.form.order import DomOrderForm
from app.browser.form.profiles import link_terms
from app.browser.form.provider import DomProviders
from app.browser.form.target import show_target
from app.browser.page.actions import Actions
from app.browser.page.clipboard import watch_copy_buttons
from app.browser.page.dom import by_id, fill
from app.browser.page.focus import focus_soon, switch, switch_all
from app.browser.page.messages import Dialog, show_message
from app.browser.page.tools import show_tools
from app.browser.ports.system import save_file
from app.errors import FieldError
from app.text.errors import message_for
from app.text.message import Message, Question
from app.text.page import failed_title, page_title, version, waiting_since
from app.ui.form.names import Reading
from app.ui.form.order import Form
from app.ui.form.outline import FormOutline
from app.ui.form.target import TargetModel
from app.ui.session import Session
from app.ui.steps.prove_models import ProviderModel
from app.ui.views import PageModel

if TYPE_CHECKING:
    from app.browser.page.later_steps import DomLaterSteps
    from app.pki.formats.file import File

BUTTONS: Final = ("#practice-publish", "#retry", "#step-certificate button", "#saved button")
"""The buttons that start work: off while other work goes on. That of step 2 takes a click that waits (`DomProve`)."""
CHANGING: Final = (
    *("#practice-publish", "#retry", "#certificates-to-show [data-action]", "#chain", "#install-target", "#revoke-now"),
    "#ask-window",
)
"""The controls that change the open order: also off while another tab works on it."""


class DomPage:
    """`app.ui.views.PageView` on the document."""

    def __init__(self, dialog: Dialog) -> None:
        self.actions = Actions(self._begin_action, self.tell_fault)
        self._dialog = dialog
        self.providers = DomProviders()
        """The select of DNS providers, which stands in the form or above the records."""
        self._form = DomOrderForm(self.providers)
        self._later: DomLaterSteps | None = None
        self._shown = PageModel(step="names", busy=False)
        self._failure: Message | None = None

    def bind(self, session: Session, later_steps: Callable[[], DomLaterSteps]) -> None:
        """Connect every control of step 1 to its click; `later_steps` makes the other steps and connects theirs."""
        self._make_later = later_steps
        self._form.bind(self.actions, session)
        self.providers.bind(session)
        add_event_listener(by_id("look-again"), "click", lambda _: session.poll_now())
        for id_ in ("back", "stop-waiting", "again", "follower-leave"):
            self.actions.on_click(by_id(id_), session.back)
        watch_copy_buttons(self.actions.spawn)

    def ready(self, session: Session) -> None:
        """Python is ready: announce that, and run the start that was clicked while it loaded."""
        js.document.documentElement.dataset.app = "ready"
        by_id("version").textContent = version(VERSION)
        self._update_title()
        queued = self._form.take_queued_start()
        self.say(self._form.notice())
        if queued:
            self.actions.act(session.start)

    def make_later_steps(self) -> None:
        """Make steps 2 and 3, unless they are there."""
        self._later = self._later or self._make_later()

    def _begin_action(self) -> None:
        if self._later:
            self._later.failure.forget()
        self.show_error(None)

    def tell_fault(self, error: Exception) -> None:
        """Show `error`, which nobody turned into a message: a fault in the page."""
        self.show_error(message_for(error))

    # ---- the view ----

    def form(self) -> Form:
        """See `app.ui.views.PageView.form`."""
        return self._form.read()

    def show(self, view: PageModel) -> None:
        """See `app.ui.views.PageView.show`."""
        before, self._shown = self._shown, view
        self._form.switch(off=view.busy or view.is_follower or view.step != "names")
        by_id("follower").hidden = not view.is_follower
        self._show_waiting(view)
        if view.step != "names":
            self.make_later_steps()
        if self._later:
            self._later.show(view, before)
        for selectors, off in ((BUTTONS, view.busy), (CHANGING, view.busy or view.is_follower)):
            switch_all(js.document, *selectors, off=off)
        for id_ in ("back", "change-order"):
            switch(by_id(id_), off=view.busy and not view.can_leave)
        if view.step != before.step:
            self._show_step(view.step)
        elif _starts_to_look(view, before):
            self._focus_title(view.step)
        if self._later:
            self._later.show_failure(view, checked=_is_checked(view))
        self._update_title()

    def show_click(self) -> None:
        """See `app.ui.views.PageView.show_click`."""
        button = js.document.activeElement
        if button and button.matches(", ".join(("#start", "#verify", *BUTTONS))):
            switch(button, off=True)

    def _update_title(self) -> None:
        # While a proof is missing, the heading says what the message does, and stays true while it is corrected.
        failure = None if self._shown.trouble else self._failure
        js.document.title = failed_title(failure.title) if failure else page_title(self._shown.title)

    def _show_step(self, step: str) -> None:
        js.document.querySelector("main").dataset.step = step
        self._show_rail(step)
        for fold in js.document.querySelectorAll("#order-strip, details.aside"):
            fold.open = fold.firstElementChild.hidden  # what has no summary is no fold now
        show_tools(step)
        if self._later:
            self._later.leave()
        self.providers.place(at_records=step == "prove")
        self._focus_title(step)

    def _show_rail(self, step: str) -> None:
        steps = ("names", "prove", "certificate")
        for item, name in zip(by_id("rail").children, steps, strict=True):
            done = steps.index(name) < steps.index(step)
            item.classList.toggle("done", done)
            if item.firstElementChild:
                item.firstElementChild.hidden = not done
            if name == step:
                item.setAttribute("aria-current", "step")
            else:
                item.removeAttribute("aria-current")

    def _focus_title(self, step: str) -> None:
        if not by_id("panels").contains(js.document.activeElement):  # the focus stays with someone who works there
            focus_soon(by_id(f"title-{step}"))

    def _show_waiting(self, view: PageModel) -> None:
        waiting = by_id("waiting")
        waiting.hidden = not view.waiting or view.step != "names"  # step 2 has a place of its own for that
        fill(waiting, "what", view.waiting)
        fill(waiting, "since", waiting_since(view.since))

    def show_outline(self, outline: FormOutline) -> None:
        """See `app.ui.views.PageView.show_outline`."""
        self._form.show_outline(outline)

    def show_target(self, model: TargetModel) -> None:
        """See `app.ui.views.PageView.show_target`."""
        show_target(model)

    def show_reading(self, reading: Reading) -> None:
        """See `app.ui.views.PageView.show_reading`."""
        self._form.show_reading(reading)

    def show_providers(self, model: ProviderModel) -> None:
        """See `app.ui.views.PageView.show_providers`."""
        self.providers.show_at_form(model)

    def fill_names(self, text: str) -> None:
        """See `app.ui.views.PageView.fill_names`."""
        self._form.fill_names(text)

    def fill_form(self, form: Form) -> None:
        """See `app.ui.views.PageView.fill_form`."""
        self._form.fill(form)

    def tick_dns(self, *, allowed: bool, kept: bool) -> None:
        """See `app.ui.views.PageView.tick_dns`."""
        self._form.tick_dns(allowed=allowed, kept=kept)

    def show_field_errors(self, errors: tuple[FieldError, ...], *, fresh: bool = True) -> None:
        """See `app.ui.views.PageView.show_field_errors`."""
        self._form.show_errors(errors, fresh=fresh)

    async def confirm(self, question: Question) -> bool:
        """See `app.ui.views.ConfirmView.confirm`."""
        return await self._dialog.confirm(question)

    def show_private(self, format_id: str, text: str) -> None:
        """See `app.ui.views.PageView.show_private`."""
        if self._later:
            self._later.show_private(format_id, text)

    def show_password_error(self, error: FieldError | None) -> None:
        """See `app.ui.views.PageView.show_password_error`."""
        if self._later:
            self._later.show_password_error(error)

    def show_error(self, message: Message | None) -> None:
        """See `app.ui.views.PageView.show_error`."""
        if message is None and self._failure is None:
            return
        region = by_id("error")
        if message is None and region.contains(js.document.activeElement):
            by_id(f"title-{self._shown.step}").focus()
        show_message(region, message)
        self._failure = message
        self._update_title()
        if message and self._shown.trouble and self._later:
            self._later.failure.focus_message(self._shown.trouble)
        elif message:
            region.scrollIntoView(to_js({"block": "nearest"}))

    def ask_terms(self, url: str) -> None:
        """See `app.ui.views.PageView.ask_terms`."""
        link_terms(url, agreed=False)

    def show_credentials(self, *, wanted: bool) -> None:
        """See `app.ui.views.PageView.show_credentials`."""
        show_credentials(wanted=wanted)

    def say(self, text: str) -> None:
        """See `app.ui.views.PageView.say`."""
        by_id("status").textContent = text

    def save(self, file: File) -> None:
        """See `app.ui.views.PageView.save`."""
        save_file(file)


def _starts_to_look(view: PageModel, before: PageModel) -> bool:
    """Whether this tab waits for the CA, or looks into DNS, from now on: the step begins anew, on top."""
    was, is_ = (
        bool(model.progress and model.progress.standing and model.progress.standing.working) for model in (before, view)
    )
    return (is_ and not was and not view.is_follower) or (_is_checked(view) and not _is_checked(before))


def _is_checked(view: PageModel) -> bool:
    """Whether the page looks, or has looked, for the records in DNS."""
    return bool(view.check and view.check.is_added and view.check.count)
