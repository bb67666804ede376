"""The page: a View into the DOM, events out. It holds no state but what it has shown last."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any, Final

import js
from pyodide.ffi import to_js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.form.account import ACCOUNT_FIELDS, read_account_fields, show_credentials
from app.browser.form.challenges import ChallengeChoices
from app.browser.form.error_summary import ErrorSummary
from app.browser.form.names import NamesList
from app.browser.form.terms import link_terms
from app.browser.page.dialog import Dialog
from app.browser.page.dom import by_id, fill, hook, put_aside, slot, value_of
from app.browser.page.focus import switch
from app.browser.page.message import mark_field, show_message
from app.browser.ports.download import copy_beside, save_file
from app.browser.steps.certificate import show_aftercare
from app.browser.steps.proof_failure import ProofFailure
from app.browser.steps.prove import make_card
from app.errors import FieldError
from app.pki.formats.pem_files import File
from app.text.message import Message
from app.ui.form.names import Reading
from app.ui.form.order import Form
from app.ui.refreshing import Refreshes
from app.ui.session import Session
from app.ui.views import CertificateModel, PageModel, ProveModel, Question

FIELDS: Final = (
    *("domains", "ca", "directory-url", "challenge", "persist-until", "key-type", "profile", "csr"),
    *ACCOUNT_FIELDS,
    "agree-tos",
)
DOWNLOADS: Final = {
    "download-zip": "zip",
    "download-fullchain": "fullchain.pem",
    "download-cert": "cert.pem",
    "download-chain": "chain.pem",
    "download-privkey": "privkey.pem",
}
BUTTONS: Final = "#step-prove .only-current button, #step-certificate button, #saved button"
CHANGING: Final = (
    "#practice button, #step-prove button:is([data-testid], [data-hand-out]), #chain, #revoke button, [data-testid=ask-window]"
)
"""What changes the order at hand: for one tab only."""


class DomPage:
    """`app.ui.views.PageView` on the document."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._main = js.document.querySelector("main")
        self._form = by_id("names")
        self._shown = PageModel(step="names", busy=False)
        self._verdict = ProofFailure()
        self._names = NamesList()
        self._proofs = ChallengeChoices()
        self._summary = ErrorSummary()
        self._failure: Message | None = None
        self._tasks: set[asyncio.Future[None]] = set()
        self._refreshes = Refreshes()

    # ---- events out ----

    def bind(self, session: Session) -> None:
        """Connect every control to its click in `session`."""
        add_event_listener(self._form, "submit", lambda _: self._submit(session))
        for event in ("input", "change"):
            add_event_listener(self._form, event, lambda _: self.spawn(session.check_again()))
        for field in ("domains", "challenge", "directory-url"):
            add_event_listener(hook(field), "input", lambda _: session.read_names())
        add_event_listener(by_id("proofs"), "input", lambda _: session.read_names())
        self._names.bind(session.use_suggestion)
        add_event_listener(hook("ca"), "change", lambda _: session.choose_ca())
        self._on_click(hook("practice-publish"), session.publish)
        self._on_click(hook("verify"), session.verify)
        self._on_click(hook("retry"), session.retry)
        add_event_listener(hook("look-again"), "click", lambda _: session.look_again())
        for element in (by_id("back"), by_id("again"), hook("follower-leave")):
            self._on_click(element, session.back)
        for id_, name in DOWNLOADS.items():
            self._on_click(hook(id_), partial(session.download, name))
        add_event_listener(by_id("records"), "click", lambda event: self._hand_out(event, session))
        add_event_listener(js.document, "click", self._click_anywhere)

    def ready(self, session: Session) -> None:
        """Python is up: tell everybody, and do the start that was clicked while it loaded."""
        js.document.documentElement.dataset.app = "ready"
        self._name_page()
        queued = self._form.hasAttribute("data-queued")
        self._form.removeAttribute("data-queued")
        self.say(self._form.getAttribute("data-notice") or "")
        if queued:
            self.act(session.start)

    def _submit(self, session: Session) -> None:
        hook("start").focus()  # also after Enter in a field, which is off while the work lasts
        self.act(session.start)

    def _on_click(self, element: Any, action: Callable[[], Awaitable[None]]) -> None:
        add_event_listener(element, "click", lambda _: self.act(action))

    def act(self, action: Callable[[], Awaitable[None]]) -> None:
        """Do what a click means, and take the last error away."""
        # At once, not when the task gets its turn: an error that is seen after a click belongs to that click.
        self._verdict.forget()
        self.show_error(None)
        self.spawn(self._do(action))

    async def _do(self, action: Callable[[], Awaitable[None]]) -> None:
        await action()
        self._refreshes.run()

    def heard(self, _: str) -> None:
        """Another tab has written a record: refresh all that is shown of the store."""
        self._refreshes.run()

    def afterwards(self, panel: Any, refresh: Callable[[], Awaitable[None]]) -> None:
        """From now on, when the work of any click is done, `refresh` what `panel` shows of the store, if it is unfolded.

        What no panel holds is always refreshed.
        """
        self._refreshes.add(lambda: panel is None or panel.open, refresh)

    def spawn(self, work: Awaitable[None]) -> None:
        """Let `work` go on beside everything else."""
        # asyncio keeps only weak references to tasks
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hand_out(self, event: Any, session: Session) -> None:
        """The button of a tls-alpn-01 card: its file is made only now, since it holds a key."""
        if event.target.closest("[data-hand-out]"):
            card = event.target.closest("[data-testid=record]")
            self.act(partial(session.hand_out, value_of(slot(card, "server-name"))))

    def _click_anywhere(self, event: Any) -> None:
        """Copy and download buttons of cards, which come and go."""
        button = event.target.closest("[data-copy], [data-download]")
        if not button:
            return
        if button.hasAttribute("data-download"):
            card = button.closest("[data-testid=record]")
            name, content = value_of(slot(card, "filename")), value_of(slot(card, "content"))
            save_file(File(name, "application/octet-stream", content.encode("utf-8")))
        else:
            self.spawn(copy_beside(button))

    # ---- a View into the DOM ----

    def form(self) -> Form:
        """See `app.ui.views.PageView.form`."""
        values = {field: hook(field).value for field in FIELDS if field != "agree-tos"}
        return Form(
            domains=values["domains"],
            ca=values["ca"],
            directory_url=values["directory-url"],
            challenge=values["challenge"],
            key_type=values["key-type"],
            agree_tos=hook("agree-tos").checked,
            persist_until=values["persist-until"],
            challenges=self._proofs.chosen(),
            profile=values["profile"],
            csr=values["csr"],
            account=read_account_fields(),
        )

    def show(self, view: PageModel) -> None:
        """See `app.ui.views.PageView.show`."""
        before, self._shown = self._shown, view
        off = view.busy or view.is_follower or view.step != "names"
        switch(hook("start"), off=off)
        by_id("names-fields").disabled = off
        by_id("follower").hidden = not view.is_follower
        self._show_waiting(view)
        fill(by_id("step-names"), "summary", view.names_summary)
        fill(by_id("step-prove"), "summary", view.prove_summary)
        fill(by_id("step-prove"), "title", view.prove_title)
        if view.prove and view.prove != before.prove:
            self._show_prove(view.prove)
        if view.certificate and view.certificate != before.certificate:
            self._show_certificate(view.certificate)
        for selector, off in ((BUTTONS, view.busy), (CHANGING, view.busy or view.is_follower)):
            for control in js.document.querySelectorAll(selector):
                switch(control, off=off)
        switch(by_id("back"), off=view.busy and not view.can_leave)
        if view.step != before.step:
            self._turn_to(view.step)
        self._verdict.show(view.trouble)
        self._name_page()

    def _name_page(self) -> None:
        title = f"Failed: {self._failure.title}" if self._failure else self._shown.title
        js.document.title = f"{title} – Keystay"

    def _turn_to(self, step: str) -> None:
        self._main.dataset.step = step
        for item, name in zip(by_id("rail").children, ("names", "prove", "certificate"), strict=True):
            if name == step:
                item.setAttribute("aria-current", "step")
            else:
                item.removeAttribute("aria-current")
        for fold in js.document.querySelectorAll(".fold, .aside"):
            fold.open = fold.firstElementChild.hidden  # what has no summary is no fold now
        self._verdict.leave()
        if not by_id("panels").contains(js.document.activeElement):  # who works there is not called away
            title = by_id(f"title-{step}")
            title.focus()
            title.scrollIntoView()

    def _show_waiting(self, view: PageModel) -> None:
        waiting = by_id("waiting")
        waiting.hidden = not view.waiting
        hook("look-again").hidden = not view.can_look
        fill(waiting, "what", view.waiting)
        fill(waiting, "since", f"Since {datetime.fromtimestamp(view.since):%H:%M:%S}.")  # noqa: DTZ006 – the person's own clock

    def _show_prove(self, prove: ProveModel) -> None:
        self._main.dataset.challenge = " ".join(prove.kinds)
        by_id("records").replaceChildren(*(make_card(card) for card in prove.cards))
        by_id("practice").hidden = not prove.practice or prove.failed
        by_id("check-commands").textContent = by_id("check-commands").dataset.value = prove.commands
        hook("check").hidden = not prove.commands
        put_aside(by_id("compare"), aside=prove.failed)
        for element in (hook("verify"), by_id("when-to-verify"), by_id("instructions")):
            element.hidden = prove.failed
        for element in (hook("retry"), by_id("stale")):
            element.hidden = not prove.failed

    def _show_certificate(self, certificate: CertificateModel) -> None:
        step = by_id("step-certificate")
        for name in ("title", "names", "issuer", "valid_from", "valid_until", "serial", "fingerprint", "renew_on"):
            fill(step, name.replace("_", "-"), getattr(certificate, name))
        by_id("renewal").hidden = False
        put_aside(by_id("files"), aside=bool(certificate.revoked))
        for element in (by_id("save-now"), by_id("next-steps")):
            element.hidden = bool(certificate.revoked)
        self._main.dataset.key = certificate.key
        show_aftercare(certificate)

    def show_reading(self, reading: Reading) -> None:
        """See `app.ui.views.PageView.show_reading`."""
        self._names.show(reading)
        self._proofs.show(reading.understood)
        by_id("about-ip").hidden = not reading.has_ip
        if reading.error is None:
            _mark_field("domains", None)

    def fill_names(self, text: str) -> None:
        """See `app.ui.views.PageView.fill_names`."""
        hook("domains").value = text
        hook("domains").dispatchEvent(js.Event.new("input", to_js({"bubbles": True})))  # form.mjs keeps what is typed

    def show_field_errors(self, errors: tuple[FieldError, ...], *, fresh: bool = True) -> None:
        """See `app.ui.views.PageView.show_field_errors`."""
        texts = {error.field: str(error) for error in errors}
        if "domains" in texts and by_id("understood").querySelector("[data-state=wrong]"):
            texts["domains"] = ""  # the list beside the box says it already, name by name
        for field in FIELDS:
            _mark_field(field, texts.get(field))
        self._summary.show(errors, fresh=fresh)

    async def confirm(self, question: Question) -> bool:
        """See `app.ui.views.Asks.confirm`."""
        return await self._dialog.confirm(question)

    def show_error(self, message: Message | None) -> None:
        """See `app.ui.views.PageView.show_error`."""
        region = hook("error")
        if message is None and region.contains(js.document.activeElement):
            by_id(f"title-{self._shown.step}").focus()
        show_message(region, message)
        self._failure = message
        self._name_page()
        if message and self._shown.trouble:
            self._verdict.lead(self._shown.trouble)
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
        hook("status").textContent = text

    def save(self, file: File) -> None:
        """See `app.ui.views.PageView.save`."""
        save_file(file)


def _mark_field(field: str, fault: str | None) -> None:
    mark_field(hook(field), by_id(f"error-{field}"), fault)
