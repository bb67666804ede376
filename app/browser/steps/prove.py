"""Step 2: the cards of what to publish, made from the templates in index.html, and where messages stand while a proof fails."""

from functools import partial
from typing import Any

import js
from pyodide.ffi import to_js
from pyodide.ffi.wrappers import add_event_listener

from app.acme.identifier import readable
from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, fill_value, from_template, make_link, set_collapsible, slot, value_of
from app.browser.ports.system import save_file
from app.pki.formats.file import File
from app.text.page import values_of_record
from app.ui.session import Session
from app.ui.views import Card, FileCard, ProofTrouble, ProveModel, RecordCard, TlsCard


class DomProve:
    """Step 2 on the document."""

    def bind(self, actions: Actions, session: Session) -> None:
        """Connect the buttons to their clicks."""
        actions.on_click(by_id("practice-publish"), session.publish)
        actions.on_click(by_id("verify"), session.verify)
        actions.on_click(by_id("retry"), session.retry)

        def click(event: Any) -> None:
            card = event.target.closest(".record")
            if event.target.closest("[data-download]"):
                name, content = value_of(slot(card, "filename")), value_of(slot(card, "content"))
                save_file(File(name, "application/octet-stream", content.encode("utf-8")))
            elif event.target.closest("[data-action]"):  # of a tls-alpn-01 card: its file holds a key, so it is made only now
                actions.act(partial(session.download_proof_file, value_of(slot(card, "server-name"))))

        add_event_listener(by_id("records"), "click", click)

    def show(self, model: ProveModel) -> None:
        """Show what to publish, or once the proof has failed, what was to be published."""
        js.document.querySelector("main").dataset.challenge = " ".join(model.kinds)
        by_id("records").replaceChildren(*(_card(card) for card in model.cards))
        by_id("practice").hidden = not model.practice or model.failed
        by_id("check-commands").textContent = by_id("check-commands").dataset.value = model.commands
        by_id("check").hidden = not model.commands
        set_collapsible(by_id("compare"), collapsible=model.failed)
        for element in (by_id("verify"), by_id("when-to-verify"), by_id("instructions")):
            element.hidden = model.failed
        for element in (by_id("retry"), by_id("stale")):
            element.hidden = not model.failed


def _card(card: Card) -> Any:
    match card:
        case RecordCard():
            element = _record(card)
        case FileCard():
            element = _file(card)
        case TlsCard():
            element = _tls(card)
    element.dataset.type = card.kind
    element.dataset.identifier = card.identifier
    fill(element, "identifier", readable(card.identifier))
    return element


def _record(card: RecordCard) -> Any:
    element = from_template("template-dns-record")
    fill(element, "zone", card.zone)
    for name in ("name", "host"):
        fill_value(element, name, getattr(card, name))
    if len(card.values) > 1:
        both = slot(element, "both")
        both.textContent = values_of_record(len(card.values))
        both.hidden = False
    slot(element, "long").hidden = not card.long
    for value in card.values:
        item = from_template("template-value")
        fill_value(item, "value", value)
        slot(element, "values").append(item)
    return element


def _file(card: FileCard) -> Any:
    element = from_template("template-web-file")
    fill_value(element, "path", card.folder)
    for name in ("filename", "content", "url"):
        fill_value(element, name, getattr(card, name))
    link = make_link(card.url)
    link.dataset.testid = "file-url"
    slot(element, "url").replaceChildren(link)
    return element


def _tls(card: TlsCard) -> Any:
    element = from_template("template-tls-certificate")
    for name in ("filename", "command"):
        fill_value(element, name, getattr(card, name))
    fill_value(element, "server-name", card.server_name)
    return element


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
