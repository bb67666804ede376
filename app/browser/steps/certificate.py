"""Step 3: the certificate and its files, the chains to choose from, what comes next, and revocation."""

from collections.abc import Callable
from functools import partial
from typing import Final

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, fill, fill_value, make_link, paragraph, set_collapsible, slot
from app.browser.page.messages import show_only_error
from app.browser.steps.install import bind_install, show_install
from app.errors import FieldError
from app.pki.formats import FORMATS
from app.pki.formats.zip_archive import ZIP
from app.text.page import renewal_page
from app.ui.reminder import Reminders
from app.ui.session import Session
from app.ui.steps.certificate import CertificatePresenter
from app.ui.steps.certificate_files import PASSWORD_FIELD, TARGET
from app.ui.views import CertificateModel

DOWNLOADS: Final = (*(format_.id for format_ in FORMATS), ZIP, TARGET)
"""The button `download-ID` for each gives a file; `ZIP` stands for the archive of all, `TARGET` for what the target wants."""
FROM_KEYBOARD: Final = "pfx-legacy"
"""What Enter in the field of the password gives, unless the target has the field: the file that opens everywhere."""


class DomCertificate:
    """Step 3 on the document. Each certificate gets a password of its own for its files: it is made when it is first shown."""

    def __init__(self) -> None:
        self._shown = ""
        self._new_password: Callable[[], str] = str

    def bind(self, actions: Actions, session: Session, presenter: CertificatePresenter, reminders: Reminders) -> None:
        """Connect the controls to their clicks."""
        actions.on_click(by_id("calendar"), reminders.of_open)
        actions.on_click(by_id("same-at-production"), session.same_at_production)
        actions.on_click(by_id("order-again"), session.order_again)
        self._new_password = session.files.new_password
        for id_ in DOWNLOADS:
            if by_id(f"download-{id_}").type != "submit":
                actions.on_click(by_id(f"download-{id_}"), partial(_download, session, id_))
        actions.on_submit(by_id("pfx-form"), partial(_download, session, FROM_KEYBOARD))
        actions.on_submit(by_id("for-target"), partial(_download, session, TARGET))
        bind_install(actions, session, presenter)
        chain, reason = by_id("chain"), by_id("revoke-reason")
        add_event_listener(chain, "change", lambda _: actions.act(lambda: presenter.choose_chain(chain.selectedIndex)))
        actions.on_click(by_id("ask-window"), presenter.ask_window)
        keep = by_id("keep-key")
        add_event_listener(keep, "change", lambda _: actions.act(lambda: presenter.keep_key(keep=keep.checked)))
        actions.on_click(by_id("revoke-now"), lambda: presenter.revoke(reason.value))

    def show(self, model: CertificateModel) -> None:
        """Show the certificate, and what can be done with it."""
        step = by_id("step-certificate")
        if slot(step, "fingerprint").textContent != model.fingerprint:  # another certificate: whoever moved one comes back here
            by_id("move-out").value, by_id("move-out-more").hidden, by_id("move-out-blocked").hidden = "", True, True
        for name, text in _texts(model).items():
            fill(step, name, text)
        fill_value(step, "keytool", model.keytool)
        js.document.querySelector("main").dataset.key = model.key
        by_id("extra-names").textContent = model.extra_names
        by_id("extra-names").hidden = not model.extra_names
        by_id("tidy-list").replaceChildren(*map(paragraph, model.tidy_up))
        show_install(model.install)
        self._show_formats(model)
        self._show_revocation(model)
        self._show_rehearsal(model)
        self._show_chains(model)
        self._show_window(model)
        _show_keep_key(model)

    def _show_formats(self, model: CertificateModel) -> None:
        """Leave out the files that there are none of, and make the password of the others."""
        for format_ in FORMATS:
            by_id(f"download-{format_.id}").closest("li").hidden = format_.id not in model.formats
        if self._shown != model.fingerprint:
            self._shown = model.fingerprint
            by_id(PASSWORD_FIELD).value = self._new_password()
            show_password_error(None)

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
        leads_on = bool(model.production or model.revoked)
        by_id("download-target").classList.toggle("outline", leads_on)
        by_id("download-zip").classList.toggle("outline", leads_on or bool(model.install.target))

    def _show_chains(self, model: CertificateModel) -> None:
        by_id("chain-row").hidden = len(model.chains) < 2
        by_id("chain").replaceChildren(*map(js.Option.new, model.chains))
        by_id("chain").selectedIndex = model.chain

    def _show_window(self, model: CertificateModel) -> None:
        by_id("renewal-window").textContent = model.window
        by_id("window-why").hidden = not model.window_url
        links = [make_link(model.window_url, renewal_page())] if model.window_url else []
        by_id("window-why").replaceChildren(*links)


def _show_keep_key(model: CertificateModel) -> None:
    """Show whether a renewal keeps the key, and the record that stays the same then."""
    by_id("keep-key-row").hidden = not model.can_keep_key
    by_id("keep-key").checked = model.keep_key
    by_id("dane").hidden = not model.tlsa
    fill_value(by_id("dane"), "tlsa", model.tlsa)


async def _download(session: Session, id_: str) -> None:
    await session.files.download(id_, by_id(PASSWORD_FIELD).value)


def show_password_error(error: FieldError | None) -> None:
    """See `app.ui.views.PageView.show_password_error`."""
    show_only_error((PASSWORD_FIELD,), error)


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
        "download-pfx": model.download_pfx,
        "production": model.production,
        "difference": model.difference,
    }
