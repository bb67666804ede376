"""The cards of step 2, made from the templates in index.html."""

from typing import Any

from app.acme.identifier import readable
from app.browser.page.dom import fill, fill_value, from_template, make_link, slot
from app.ui.views import Card, FileCard, RecordCard, TlsCard


def make_card(card: Card) -> Any:
    """The element that shows `card`."""
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
        both.textContent = f"{len(card.values)} values at this name. Add them all, each as a record of its own."
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
