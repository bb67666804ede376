"""Step 2: cards of files on the web server and of certificates on port 443, made from the templates in index.html."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from pyodide.ffi.wrappers import add_event_listener

from app.acme.identifier import readable
from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, fill_value, from_template, make_link, slot, value_of
from app.browser.ports.system import save_file
from app.pki.formats.file import File
from app.pki.formats.proof_zip import WEB_CONFIG
from app.text.files import (
    CERTIFICATE_PARTS,
    FILE_PARTS,
    certificate_title,
    download_certificate,
    download_file,
    file_title,
    open_address,
    open_address_of,
    part_of,
    proves,
)
from app.ui.session import Session
from app.ui.steps.files import files_guide
from app.ui.steps.prove_models import FileCard, TlsCard


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
            actions.act(partial(session.files.download_proof_file, value_of(slot(card, "server-name"))))

    by_id("web-config").textContent = by_id("web-config").dataset.value = WEB_CONFIG
    # Not an action of the page: the message of a failed proof stays.
    add_event_listener(by_id("files-zip"), "click", lambda _: session.files.download_proof_files())
    add_event_listener(by_id("files-to-publish"), "click", download)
    add_event_listener(by_id("certificates-to-show"), "click", make)


def show_files(cards: Sequence[FileCard | TlsCard]) -> None:
    """Show these files and certificates, and no others."""
    files = [card for card in cards if isinstance(card, FileCard)]
    certificates = [card for card in cards if isinstance(card, TlsCard)]
    for name, words in asdict(files_guide(cards)).items():
        place = by_id(f"guide-{name}")
        place.textContent, place.hidden = words, not words
    by_id("files-to-publish").replaceChildren(*(_file(number, card) for number, card in enumerate(files, 1)))
    by_id("certificates-to-show").replaceChildren(*(_tls(number, card) for number, card in enumerate(certificates, 1)))


def _file(number: int, card: FileCard) -> Any:
    element = _common(from_template("template-web-file"), card)
    fill(element, "number", file_title(number))
    fill(element, "download", download_file(number))
    for part in FILE_PARTS:
        fill(element, f"of-{part}", part_of(FILE_PARTS, part, number))
    fill(element, "path", card.folder)
    for name in ("filename", "content", "url"):
        fill_value(element, name, getattr(card, name))
    address, link = make_link(card.url), make_link(card.url, open_address())
    address.dataset.testid = "file-url"
    slot(element, "url").replaceChildren(address)
    link.ariaLabel = open_address_of(number)
    slot(element, "open").replaceWith(link)
    return element


def _tls(number: int, card: TlsCard) -> Any:
    element = _common(from_template("template-tls-certificate"), card)
    fill(element, "number", certificate_title(number))
    fill(element, "download", download_certificate(card.filename))
    for part in CERTIFICATE_PARTS:
        fill(element, f"of-{part}", part_of(CERTIFICATE_PARTS, part, number))
    for name in ("filename", "command"):
        fill_value(element, name, getattr(card, name))
    fill_value(element, "server-name", card.server_name)
    return element


def _common(element: Any, card: FileCard | TlsCard) -> Any:
    element.dataset.type, element.dataset.identifier = card.kind, card.identifier
    fill(element, "proves", proves(readable(card.identifier)))
    return element
