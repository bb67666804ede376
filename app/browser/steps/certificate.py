"""Step 3: the certificate and its files, the chains to choose from, when to renew, and revocation."""

from functools import partial
from typing import Final

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, make_link, set_collapsible
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
        for id_, name in DOWNLOADS.items():
            actions.on_click(by_id(id_), partial(session.download, name))
        chain, reason = by_id("chain"), by_id("revoke-reason")
        add_event_listener(chain, "change", lambda _: actions.act(lambda: presenter.choose_chain(chain.selectedIndex)))
        actions.on_click(by_id("ask-window"), presenter.ask_window)
        actions.on_click(by_id("revoke-now"), lambda: presenter.revoke(reason.value))

    def show(self, model: CertificateModel) -> None:
        """Show the certificate, and what can be done with it."""
        step = by_id("step-certificate")
        for name in ("title", "names", "issuer", "valid_from", "valid_until", "serial", "fingerprint", "renew_on"):
            fill(step, name.replace("_", "-"), getattr(model, name))
        js.document.querySelector("main").dataset.key = model.key
        by_id("renewal").hidden = False
        set_collapsible(by_id("files"), collapsible=bool(model.revoked))
        for element in (by_id("save-now"), by_id("next-steps"), by_id("revoke")):
            element.hidden = bool(model.revoked)
        for id_, text in (("revoked", model.revoked), ("extra-names", model.extra_names)):
            by_id(id_).textContent = text
            by_id(id_).hidden = not text
        self._show_chains(model)
        self._show_window(model)

    def _show_chains(self, model: CertificateModel) -> None:
        by_id("chain-row").hidden = len(model.chains) < 2
        by_id("chain").replaceChildren(*map(js.Option.new, model.chains))
        by_id("chain").selectedIndex = model.chain

    def _show_window(self, model: CertificateModel) -> None:
        by_id("renewal-window").textContent = model.window
        by_id("window-why").hidden = not model.window_url
        links = [make_link(model.window_url, renewal_page())] if model.window_url else []
        by_id("window-why").replaceChildren(*links)
