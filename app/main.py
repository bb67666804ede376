"""The composition root: builds the adapters, hands them to the core, and starts the page."""

import secrets
from gettext import GNUTranslations
from pathlib import Path

import js

from app.accounts.broadcasting_store import BroadcastingStore
from app.browser.form.account_choice import DomAccountChoice
from app.browser.form.ca import DomCa
from app.browser.form.csr import DomCsr
from app.browser.form.profiles import DomProfiles
from app.browser.page.dialog import Dialog
from app.browser.page.focus import watch_focus
from app.browser.page.page import DomPage
from app.browser.panels.accounts import DomAccounts
from app.browser.panels.backup import DomBackup
from app.browser.panels.keys import DomKeys
from app.browser.panels.orders import DomOrders
from app.browser.panels.request_log import DomRequestLog
from app.browser.panels.revocation import DomRevocation
from app.browser.panels.storage import DomStorage, tell_loss, watch_tab
from app.browser.ports.cipher import WebCryptoCipher
from app.browser.ports.clock import BrowserClock
from app.browser.ports.fetch import FetchHttp
from app.browser.ports.formats import IntlFormats
from app.browser.ports.indexeddb import open_shelves
from app.browser.ports.storage_manager import BrowserStorageManager
from app.browser.ports.stores import RecordStore
from app.browser.ports.tabs import BrowserTabs
from app.browser.ports.verifier import WebCryptoVerifier
from app.browser.ports.webcrypto import WebCryptoKeyStore
from app.browser.steps.certificate import bind_aftercare
from app.ca.catalog import CertificateAuthority, parse_catalog
from app.issuance.workflow import Workflow
from app.network.gate import Gate
from app.network.reachability import Probe
from app.network.request_log import RequestLog
from app.network.secret_scanner import SecretScanner
from app.network.tracking_key_store import TrackingKeyStore
from app.ports import Http, Ports, Request, Store
from app.text.ca_list import localized
from app.text.catalog import _, use_language
from app.ui.form.account import AccountChoicePresenter
from app.ui.form.ca import CaPresenter
from app.ui.form.csr import CsrPresenter
from app.ui.form.profiles import ProfilesPresenter
from app.ui.panels.accounts import AccountsPresenter
from app.ui.panels.backup import BackupPresenter
from app.ui.panels.keys import KeysPresenter
from app.ui.panels.orders import OrdersPresenter
from app.ui.panels.request_log import RequestLogPresenter
from app.ui.panels.revocation import RevocationPresenter
from app.ui.panels.storage import StoragePresenter
from app.ui.session import Session
from app.ui.steps.certificate import CertificatePresenter

CA_LIST = "static/data/cas.json"


async def start() -> None:
    """Bring the page to life. Raises `KeystayError` where this browser lacks what Keystay needs."""
    _use_language(js.document.documentElement.lang)
    known, clock = SecretScanner(), BrowserClock()
    request_log = RequestLog(FetchHttp(), clock, known)
    gate = Gate(request_log, known, js.document.baseURI, request_log.hold)
    authorities = await _authorities(gate)
    gate.open_to(authorities)
    shelves = await open_shelves(tell_loss)
    watch_tab(shelves)
    keys, tabs = TrackingKeyStore(WebCryptoKeyStore(shelves.keys), known), BrowserTabs()
    store = BroadcastingStore(RecordStore(shelves.records), tabs)
    workflow = Workflow(Ports(Probe(gate), keys, store, clock, WebCryptoCipher(), tabs, WebCryptoVerifier()), authorities)
    workflow.accounts.on_secret = known.note
    watch_focus()
    dialog = Dialog()
    page = DomPage(dialog)
    session = Session(workflow, page, new_id=lambda: secrets.token_hex(8))
    page.bind(session)
    bind_aftercare(page.act, CertificatePresenter(workflow, session, dialog))
    for heard in (workflow.heard, page.heard):
        tabs.listen(heard)
    choice = _bind_form(page, workflow)
    saved = _bind_panels(page, workflow, session, dialog, lasting=shelves.lasting)
    ledger_panel = DomRequestLog()
    ledger_panel.bind(request_log, RequestLogPresenter(request_log, clock, ledger_panel, authorities))
    await _bind_storage(page, store, lasting=shelves.lasting)
    session.open()
    await choice.look()
    await saved.open()
    page.ready(session)


def _bind_form(page: DomPage, workflow: Workflow) -> AccountChoicePresenter:
    """What stands around the fields of step 1."""
    ca_panel, profile_panel, request_box, account_list = DomCa(), DomProfiles(), DomCsr(), DomAccountChoice()
    ca_panel.bind(CaPresenter(workflow, ca_panel))
    profile_panel.bind(page.spawn, ProfilesPresenter(workflow, profile_panel))
    request_box.bind(page.spawn, CsrPresenter(workflow, request_box))
    choice = AccountChoicePresenter(workflow, account_list)
    account_list.bind(page, choice)
    return choice


def _bind_panels(page: DomPage, workflow: Workflow, session: Session, dialog: Dialog, *, lasting: bool) -> OrdersPresenter:
    """The list of orders above the form, and the panels under the steps."""
    revocation_panel, account_panel, keys_panel, backup_panel = DomRevocation(), DomAccounts(), DomKeys(), DomBackup()
    revocation_panel.bind(page.act, RevocationPresenter(workflow, revocation_panel, dialog))
    account_panel.bind(page, AccountsPresenter(workflow, account_panel, dialog, session))
    keys_panel.bind(page, KeysPresenter(workflow, keys_panel, dialog, session, lasting=lasting))
    backup_panel.bind(page, BackupPresenter(workflow, backup_panel, dialog, session))
    saved_panel = DomOrders()
    saved = OrdersPresenter(workflow, saved_panel, dialog, session)
    saved_panel.bind(page, saved)
    return saved


async def _bind_storage(page: DomPage, store: Store, *, lasting: bool) -> None:
    panel = DomStorage()
    presenter = StoragePresenter(BrowserStorageManager(), panel, store, lasting=lasting)
    panel.bind(page, presenter)
    await presenter.begin()


def _use_language(language: str) -> None:
    """Say everything in `language` (BCP 47), whose catalogue the page of that language has loaded beside the app."""
    if language == "en":
        use_language(IntlFormats("en-GB"))
        return
    with (Path(__file__).parent / "locale" / f"{language}.mo").open("rb") as file:
        use_language(IntlFormats(language), GNUTranslations(file))


async def _authorities(http: Http) -> tuple[CertificateAuthority, ...]:
    site = js.URL.new(js.document.documentElement.getAttribute("data-root") or ".", js.document.baseURI).href
    response = await http.send(Request("GET", js.URL.new(CA_LIST, site).href))
    listed = parse_catalog(response.body.decode("utf-8"))
    return tuple(localized(authority.relative_to(site), _) for authority in listed)
