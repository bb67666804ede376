"""Step 3, below the files: the chains to choose from, and revocation. Clicks go to `app.ui.steps.certificate`."""

from typing import Any

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import Act, by_id, make_link
from app.ui.steps.certificate import CertificatePresenter
from app.ui.views import CertificateModel


def bind_aftercare(act: Act, aftercare: CertificatePresenter) -> None:
    """Connect the controls to their clicks."""
    chain, revoke = by_id("chain"), by_id("revoke-now")
    add_event_listener(chain, "change", lambda _: act(lambda: aftercare.choose_chain(chain.selectedIndex)))
    add_event_listener(by_id("ask-window"), "click", lambda _: act(aftercare.ask_window))
    add_event_listener(revoke, "click", lambda _: act(lambda: aftercare.revoke(by_id("revoke-reason").value)))


def show_aftercare(certificate: CertificateModel) -> None:
    """Show what can be done with the certificate of step 3."""
    by_id("chain-row").hidden = len(certificate.chains) < 2
    by_id("chain").replaceChildren(*(_option(top) for top in certificate.chains))
    by_id("chain").selectedIndex = certificate.chain
    by_id("renewal-window").textContent = certificate.window
    by_id("window-why").hidden = not certificate.window_why
    links = [make_link(certificate.window_why, "The CA’s page on that")] if certificate.window_why else []
    by_id("window-why").replaceChildren(*links)
    by_id("revoked").textContent = certificate.revoked
    by_id("revoked").hidden = not certificate.revoked
    by_id("revoke").hidden = bool(certificate.revoked)
    by_id("extra-names").textContent = certificate.extra_names
    by_id("extra-names").hidden = not certificate.extra_names


def _option(text: str) -> Any:
    option = js.document.createElement("option")
    option.textContent = text
    return option
