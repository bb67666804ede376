"""Step 2: cards of files on the web server and of certificates on port 443, made from the templates in index.html."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from pyodide.ffi.wrappers import add_event_listener

from app.acme.identifier import readable
from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, fill_value, from_template, make_link, slot, value_of
from app.browser.ports.system import save_file
from app.pki.formats.file import File
from app.ui.session import Session
from app.ui.views import FileCard, TlsCard


def bind_files(actions: Actions, session: Session) -> None:
    """Connect the buttons of the cards to their clicks."""

    def download(event: Any) -> None:
        if event.target.closest("[data-download]"):
            card = event.target.closest(".record")
            name, content = value_of(slot(card, "filename")), value_of(slot(card, "content"))
            save_file(File(name, "application/octet-stream", content.encode("utf-8")))

    def make(event: Any) -> None:
        if event.target.closest("[data-action]"):  # the file holds a key, so it is made only now
            card = event.target.closest(".record")
            actions.act(partial(session.download_proof_file, value_of(slot(card, "server-name"))))

    add_event_listener(by_id("files-to-publish"), "click", download)
    add_event_listener(by_id("certificates-to-show"), "click", make)


def show_files(cards: Sequence[FileCard | TlsCard]) -> None:
    """Show these files and certificates, and no others."""
    by_id("files-to-publish").replaceChildren(*(_file(card) for card in cards if isinstance(card, FileCard)))
    by_id("certificates-to-show").replaceChildren(*(_tls(card) for card in cards if isinstance(card, TlsCard)))


def _file(card: FileCard) -> Any:
    element = _common(from_template("template-web-file"), card)
    fill_value(element, "path", card.folder)
    for name in ("filename", "content", "url"):
        fill_value(element, name, getattr(card, name))
    link = make_link(card.url)
    link.dataset.testid = "file-url"
    slot(element, "url").replaceChildren(link)
    return element


def _tls(card: TlsCard) -> Any:
    element = _common(from_template("template-tls-certificate"), card)
    for name in ("filename", "command"):
        fill_value(element, name, getattr(card, name))
    fill_value(element, "server-name", card.server_name)
    return element


def _common(element: Any, card: FileCard | TlsCard) -> Any:
    element.dataset.type, element.dataset.identifier = card.kind, card.identifier
    fill(element, "identifier", readable(card.identifier))
    return element
