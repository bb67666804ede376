"""Step 3: the certificate and its files, the chains to choose from, what comes next, and revocation."""

from functools import partial
from typing import Any, Final

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, make_link, set_collapsible, slot
from app.pki.formats import FORMATS
from app.pki.formats.zip_archive import ZIP
from app.text.page import renewal_page
from app.ui.session import Session
from app.ui.steps.certificate import CertificatePresenter
from app.ui.views import CertificateModel

DOWNLOADS: Final = {f"download-{format_.id}": format_.name for format_ in FORMATS} | {f"download-{ZIP}": ZIP}
"""Id of a button → the file that it gives; `ZIP` stands for the archive of all."""


class DomCertificate:
    """Step 3 on the document."""

    def bind(self, actions: Actions, session: Session, presenter: CertificatePresenter) -> None:
        """Connect the controls to their clicks."""
        actions.on_click(by_id("same-at-production"), session.same_at_production)
        actions.on_click(by_id("order-again"), session.order_again)
        for id_, name in DOWNLOADS.items():
            actions.on_click(by_id(id_), partial(session.download, name))
        chain, reason = by_id("chain"), by_id("revoke-reason")
        add_event_listener(chain, "change", lambda _: actions.act(lambda: presenter.choose_chain(chain.selectedIndex)))
        actions.on_click(by_id("ask-window"), presenter.ask_window)
        actions.on_click(by_id("revoke-now"), lambda: presenter.revoke(reason.value))

    def show(self, model: CertificateModel) -> None:
        """Show the certificate, and what can be done with it."""
        step = by_id("step-certificate")
        if slot(step, "fingerprint").textContent != model.fingerprint:  # another certificate: whoever moved one comes back here
            by_id("move-out").value, by_id("move-out-more").hidden, by_id("move-out-blocked").hidden = "", True, True
        for name, text in _texts(model).items():
            fill(step, name, text)
        js.document.querySelector("main").dataset.key = model.key
        by_id("extra-names").textContent = model.extra_names
        by_id("extra-names").hidden = not model.extra_names
        by_id("tidy-list").replaceChildren(*map(_paragraph, model.tidy_up))
        self._show_revocation(model)
        self._show_rehearsal(model)
        self._show_chains(model)
        self._show_window(model)

    def _show_revocation(self, model: CertificateModel) -> None:
        """Take away what a revoked certificate is not for any more, and fold its files."""
        revoked = bool(model.revoked)
        if revoked and by_id("revoke").contains(js.document.activeElement):
            by_id("title-certificate").focus()  # which says what has just happened
        by_id("revoked").textContent = model.revoked
        for selector, hidden in ((".only-valid", revoked), (".only-revoked", not revoked)):
            for element in by_id("step-certificate").querySelectorAll(selector):
                element.hidden = hidden
        by_id("tidy").hidden = revoked or not model.tidy_up
        by_id("with-new-key").hidden = model.key == "elsewhere"  # the request that was brought has the old key
        set_collapsible(by_id("files"), collapsible=revoked)

    def _show_rehearsal(self, model: CertificateModel) -> None:
        by_id("rehearsal").hidden = not model.rehearsal or bool(model.revoked)
        by_id("production").hidden = not model.production
        # One filled button: the one that leads on.
        by_id("download-zip").classList.toggle("outline", bool(model.production or model.revoked))

    def _show_chains(self, model: CertificateModel) -> None:
        by_id("chain-row").hidden = len(model.chains) < 2
        by_id("chain").replaceChildren(*map(js.Option.new, model.chains))
        by_id("chain").selectedIndex = model.chain

    def _show_window(self, model: CertificateModel) -> None:
        by_id("renewal-window").textContent = model.window
        by_id("window-why").hidden = not model.window_url
        links = [make_link(model.window_url, renewal_page())] if model.window_url else []
        by_id("window-why").replaceChildren(*links)


def _texts(model: CertificateModel) -> dict[str, str]:
    """What stands where in the step, by the name of the slot."""
    return {
        "title": model.title,
        "names": model.names_in_short,
        "all-names": model.names,
        "ca": model.ca,
        "issuer": model.issuer,
        "valid-from": model.valid_from,
        "valid-until": model.valid_until,
        "last-day": model.last_day,
        "come-back": model.come_back,
        "serial": model.serial,
        "fingerprint": model.fingerprint,
        "key": model.key_words,
        "production": model.production,
        "difference": model.difference,
    }


def _paragraph(text: str) -> Any:
    paragraph = js.document.createElement("p")
    paragraph.textContent = text
    return paragraph
