"""Step 2: what it shows when, and where messages stand while a proof fails."""

import js
from pyodide.ffi import to_js

from app.browser.form.provider import DomProviders
from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, set_collapsible
from app.browser.steps.files import bind_files, show_files
from app.browser.steps.records import DomRecords
from app.ui.session import Session
from app.ui.views import ProofTrouble, ProveModel, RecordCard


class DomProve:
    """Step 2 on the document."""

    def __init__(self, providers: DomProviders) -> None:
        self._records = DomRecords(providers)

    def bind(self, actions: Actions, session: Session) -> None:
        """Connect the buttons to their clicks."""
        actions.on_click(by_id("practice-publish"), session.publish)
        actions.on_click(by_id("verify"), session.verify)
        actions.on_click(by_id("retry"), session.retry)
        self._records.bind()
        bind_files(actions, session)

    def show(self, model: ProveModel) -> None:
        """Show what to publish, or once the proof has failed, what was to be published."""
        js.document.querySelector("main").dataset.challenge = " ".join(model.kinds)
        self._records.show(model.records)
        show_files([card for card in model.cards if not isinstance(card, RecordCard)])
        by_id("practice").hidden = not model.practice or model.failed
        by_id("check-commands").textContent = by_id("check-commands").dataset.value = model.commands
        by_id("check").hidden = not model.commands
        set_collapsible(by_id("compare"), collapsible=model.failed)
        for element in (by_id("verify"), by_id("when-to-verify"), *js.document.querySelectorAll(".instructions")):
            element.hidden = model.failed
        for element in (by_id("retry"), by_id("stale")):
            element.hidden = not model.failed


class ProofFailure:
    """While a proof is missing or has failed, `#messages` and `#prove-actions` stand under the heading of the step.

    The page scrolls there, because someone who has scrolled down to the records would otherwise miss the message.
    """

    def __init__(self) -> None:
        self._focused_for: ProofTrouble = ""

    def show(self, trouble: ProofTrouble) -> None:
        """Put them under the heading while there is `trouble`. They stay until the step is left, so that no button moves."""
        if trouble and not by_id("verdict").firstElementChild:
            by_id("verdict").append(by_id("messages"), by_id("prove-actions"))

    def leave(self) -> None:
        """Another step is shown: put them back."""
        self._focused_for = ""
        if by_id("verdict").firstElementChild:
            by_id("verdict").parentElement.append(by_id("prove-actions"))
            by_id("panels").before(by_id("messages"))

    def forget(self) -> None:
        """A person did something: the next message gets the focus, even if it is the same as before."""
        self._focused_for = ""

    def focus_message(self, trouble: ProofTrouble) -> None:
        """Give the message the focus – once for each kind of `trouble`, because a CA that goes on looking may say it often."""
        if trouble != self._focused_for:
            self._focused_for = trouble
            by_id("title-prove").scrollIntoView()
            by_id("error").focus(to_js({"preventScroll": True}))
