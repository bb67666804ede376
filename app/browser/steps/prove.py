"""Step 2: what it shows when, and where messages stand while a proof fails."""

import js
from pyodide.ffi import to_js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.form.provider import DomProviders
from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, set_collapsible
from app.browser.page.focus import switch
from app.browser.steps.dns_check import DomDnsCheck
from app.browser.steps.files import bind_files, show_files
from app.browser.steps.progress import show_standing
from app.browser.steps.records import DomRecords
from app.text.prove import waits_for_work
from app.ui.session import Session
from app.ui.steps.prove_models import OrderFacts, ProofTrouble, ProveModel, ProveProgress, RecordCard
from app.ui.views import PageModel


class DomProve:
    """Step 2 on the document."""

    def __init__(self, providers: DomProviders) -> None:
        self._records = DomRecords(providers)
        self._check = DomDnsCheck()

    def bind(self, actions: Actions, session: Session) -> None:
        """Connect the buttons to their clicks."""
        actions.on_click(by_id("practice-publish"), session.publish)
        actions.on_click(by_id("verify"), session.verify)
        actions.on_click(by_id("retry"), session.retry)
        self._records.bind()
        self._check.bind(actions, session)
        actions.on_click(by_id("change-order"), session.change_open_names)
        add_event_listener(by_id("dns-allow-now"), "click", lambda _: actions.spawn(session.allow_dns()))
        bind_files(actions, session)

    def show(self, view: PageModel, before: PageModel) -> None:
        """Show step 2 of `view`, where that has it; `before` is what was shown."""
        if view.order and view.order != before.order:
            self._show_order(view.order)
        if view.prove and view.prove != before.prove:
            self._show_publications(view.prove)
        if before.prove and not view.prove:
            self._check.leave()
        if view.prove:
            self._check.show(view.check, fresh=view.prove != before.prove)
        _show_question(view.ask_dns)
        if view.progress:
            self._show_progress(view.progress, view)

    def _show_order(self, order: OrderFacts) -> None:
        for name in ("title", "summary", "names", "proof", "ca", "profile", "key", "started"):
            fill(by_id("order-strip"), name, getattr(order, name))
        for element in js.document.querySelectorAll("#order-strip .only-profile"):
            element.hidden = not order.profile

    def _show_publications(self, model: ProveModel) -> None:
        """What to publish, or once the proof has failed, what was to be published."""
        js.document.querySelector("main").dataset.challenge = " ".join(model.kinds)
        self._records.show(model.records)
        show_files([card for card in model.cards if not isinstance(card, RecordCard)])
        by_id("check-commands").textContent = by_id("check-commands").dataset.value = model.commands
        set_collapsible(by_id("compare"), collapsible=model.failed)
        by_id("compare").classList.toggle("fold", model.failed)

    def _show_progress(self, progress: ProveProgress, view: PageModel) -> None:
        failed = view.trouble == "failed"
        waits = progress.standing is not None and progress.standing.working
        prove = view.prove
        by_id("practice").hidden = not (prove and prove.practice) or failed or waits
        by_id("check").hidden = not (prove and prove.commands) or failed
        for element in js.document.querySelectorAll(".instructions"):
            element.hidden = failed or waits or progress.stopped or progress.complete  # nothing is to be added then
        by_id("title-prove").textContent = progress.title
        by_id("prove-lead").textContent = progress.lead
        by_id("prove-lead").hidden = not progress.lead
        show_standing(progress.standing)
        self._check.show_look(progress.standing.look if progress.standing else None)
        by_id("look-again").hidden = not view.can_poll_now
        by_id("waiting-actions").hidden = not view.can_leave
        _show_check(progress)
        by_id("verify").textContent, by_id("retry").textContent = progress.verify, progress.retry
        hint = waits_for_work() if view.verify_waits else progress.hint
        by_id("prove-hint").textContent = hint
        by_id("prove-hint").hidden = not hint
        by_id("verify").hidden, by_id("retry").hidden = failed, not failed
        switch(by_id("verify"), off=not view.can_verify)


def _show_check(progress: ProveProgress) -> None:
    """The button that looks into DNS, what stands above it, and which of the two buttons comes first."""
    for id_, words in (("title-saved-records", progress.saved), ("why-check", progress.why), ("dns-check", progress.check)):
        by_id(id_).textContent, by_id(id_).hidden = words, not words
    by_id("up-to-standing").hidden = not (progress.check_first and progress.standing and progress.standing.look)
    check, verify = by_id("dns-check"), by_id("verify")
    first, second = (check, verify) if progress.check_first else (verify, check)
    first.classList.remove("outline")
    second.classList.toggle("outline", bool(progress.check))
    if second.nextElementSibling and second.nextElementSibling.isSameNode(first):
        if first.isSameNode(js.document.activeElement):  # what is moved loses the focus for a moment
            first.after(second)
        else:
            second.before(first)


def _show_question(whom: str) -> None:
    """Ask whether the page may look into DNS, or do not any more."""
    question = by_id("ask-dns")
    if not whom and question.contains(js.document.activeElement):
        by_id("title-prove").focus(to_js({"preventScroll": True}))
    fill(question, "whom", whom)
    question.hidden = not whom


class ProofFailure:
    """While a proof is missing or the work has stopped, `#messages` stands under the heading.

    Once it has failed or stopped, `#prove-actions` stands under the list of names; while the page looks into DNS, in it. The
    page scrolls there, because who has scrolled down to the records would otherwise miss the message.
    """

    def __init__(self) -> None:
        self._focused_for: ProofTrouble = ""

    def show(self, trouble: ProofTrouble, *, stopped: bool, checked: bool) -> None:
        """Put them there for `trouble`, or where the work `stopped` or the page has `checked` the records.

        They stay until the step is left: no button moves back.
        """
        if (trouble or stopped) and not by_id("verdict").firstElementChild:
            by_id("verdict").append(by_id("messages"))
        if (trouble in ("again", "failed") or stopped) and not by_id("lead-on").firstElementChild:
            by_id("lead-on").append(by_id("prove-actions"))
        elif checked and not by_id("standing").contains(by_id("prove-actions")) and not by_id("lead-on").firstElementChild:
            by_id("standing-actions").append(by_id("prove-actions"))

    def leave(self) -> None:
        """Another step is shown: put them back."""
        self._focused_for = ""
        if by_id("verdict").firstElementChild:
            by_id("panels").before(by_id("messages"))
        if by_id("lead-on").firstElementChild or by_id("standing-actions").firstElementChild:
            by_id("leave-actions").before(by_id("prove-actions"))

    def forget(self) -> None:
        """A person did something: the next message gets the focus, even if it is the same as before."""
        self._focused_for = ""

    def focus_message(self, trouble: ProofTrouble) -> None:
        """Give the message the focus – once for each kind of `trouble`, because a CA that goes on looking may say it often."""
        if trouble != self._focused_for:
            self._focused_for = trouble
            by_id("title-prove").scrollIntoView()
            by_id("error").focus(to_js({"preventScroll": True}))
