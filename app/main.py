"""The composition root: builds the adapters, hands them to the core, and starts the page."""

import secrets

import js

from app.acme.authority import Authority, parse_authorities
from app.browser.account_choice import AccountChoicePanel
from app.browser.account_panel import AccountPanel
from app.browser.aftercare_panel import bind_aftercare
from app.browser.backup_panel import BackupPanel
from app.browser.ca_panel import DomCaPanel
from app.browser.cipher import WebCryptoCipher
from app.browser.clock import BrowserClock
from app.browser.confirm import Dialog
from app.browser.fetch import FetchHttp
from app.browser.focus import watch_focus
from app.browser.indexeddb import open_shelves
from app.browser.keeper import BrowserKeeper
from app.browser.keys_panel import KeysPanel
from app.browser.ledger_panel import LedgerPanel
from app.browser.page import DomPage
from app.browser.profile_panel import ProfilePanel
from app.browser.request_box import DomRequestBox
from app.browser.revocation_panel import RevocationPanel
from app.browser.saved_panel import SavedPanel
from app.browser.shelves import RecordStore
from app.browser.storage_panel import StoragePanel, tell_loss, watch_tab
from app.browser.tabs import BrowserTabs
from app.browser.verifier import WebCryptoVerifier
from app.browser.webcrypto import WebCryptoKeyStore
from app.flow.advance import Flow
from app.ports import Http, Ports, Request, Store
from app.ui.account_panel import AccountDesk
from app.ui.accounts import AccountChoice
from app.ui.aftercare import Aftercare
from app.ui.authorities import CaDesk
from app.ui.backup import BackupDesk
from app.ui.keys import KeyDesk
from app.ui.ledger import LedgerDesk
from app.ui.own_request import RequestDesk
from app.ui.profiles import Profiles
from app.ui.revocation import Revocation
from app.ui.saved import SavedDesk
from app.ui.session import Session
from app.ui.storage import StorageDesk
from app.wire.gate import Gate
from app.wire.ledger import Ledger
from app.wire.probe import Probe
from app.wire.secrets import Secrets
from app.wire.told_store import ToldStore
from app.wire.watched_keys import WatchedKeys

CA_LIST = "static/data/cas.json"


async def start() -> None:
    """Bring the page to life. Raises `KeystayError` where this browser lacks what Keystay needs."""
    known, clock = Secrets(), BrowserClock()
    ledger = Ledger(FetchHttp(), clock, known)
    gate = Gate(ledger, known, js.document.baseURI, ledger.hold)
    authorities = await _authorities(gate)
    gate.open_to(authorities)
    shelves = await open_shelves(tell_loss)
    watch_tab(shelves)
    keys, tabs = WatchedKeys(WebCryptoKeyStore(shelves.keys), known), BrowserTabs()
    store = ToldStore(RecordStore(shelves.records), tabs)
    flow = Flow(Ports(Probe(gate), keys, store, clock, WebCryptoCipher(), tabs, WebCryptoVerifier()), authorities)
    flow.accounts.on_secret = known.note
    watch_focus()
    dialog = Dialog()
    page = DomPage(dialog)
    session = Session(flow, page, new_id=lambda: secrets.token_hex(8))
    page.bind(session)
    bind_aftercare(page.act, Aftercare(flow, session, dialog))
    for heard in (flow.heard, page.heard):
        tabs.listen(heard)
    choice = _bind_form(page, flow)
    saved = _bind_panels(page, flow, session, dialog, lasting=shelves.lasting)
    ledger_panel = LedgerPanel()
    ledger_panel.bind(ledger, LedgerDesk(ledger, clock, ledger_panel, authorities))
    await _bind_storage(page, store, lasting=shelves.lasting)
    session.open()
    await choice.look()
    await saved.open()
    page.ready(session)


def _bind_form(page: DomPage, flow: Flow) -> AccountChoice:
    """What stands around the fields of step 1."""
    ca_panel, profile_panel, request_box, account_list = DomCaPanel(), ProfilePanel(), DomRequestBox(), AccountChoicePanel()
    ca_panel.bind(CaDesk(flow, ca_panel))
    profile_panel.bind(page.spawn, Profiles(flow, profile_panel))
    request_box.bind(page.spawn, RequestDesk(flow, request_box))
    choice = AccountChoice(flow, account_list)
    account_list.bind(page, choice)
    return choice


def _bind_panels(page: DomPage, flow: Flow, session: Session, dialog: Dialog, *, lasting: bool) -> SavedDesk:
    """The list of orders above the form, and the panels under the steps."""
    revocation_panel, account_panel, keys_panel, backup_panel = RevocationPanel(), AccountPanel(), KeysPanel(), BackupPanel()
    revocation_panel.bind(page.act, Revocation(flow, revocation_panel, dialog))
    account_panel.bind(page, AccountDesk(flow, account_panel, dialog, session))
    keys_panel.bind(page, KeyDesk(flow, keys_panel, dialog, session, lasting=lasting))
    backup_panel.bind(page, BackupDesk(flow, backup_panel, dialog, session))
    saved_panel = SavedPanel()
    saved = SavedDesk(flow, saved_panel, dialog, session)
    saved_panel.bind(page, saved)
    return saved


async def _bind_storage(page: DomPage, store: Store, *, lasting: bool) -> None:
    panel = StoragePanel()
    desk = StorageDesk(BrowserKeeper(), panel, store, lasting=lasting)
    panel.bind(page, desk)
    await desk.begin()


async def _authorities(http: Http) -> tuple[Authority, ...]:
    url = js.URL.new(CA_LIST, js.document.baseURI).href
    response = await http.send(Request("GET", url))
    listed = parse_authorities(response.body.decode("utf-8"))
    return tuple(authority.seen_from(js.document.baseURI) for authority in listed)
