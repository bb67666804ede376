"""The composition root: builds the adapters, hands them to the core, and starts the page."""

import asyncio
import secrets
from collections.abc import Callable
from gettext import GNUTranslations
from pathlib import Path
from typing import TypeVar

import js
from pyodide.ffi.wrappers import add_event_listener

from app.accounts.broadcasting_store import BroadcastingStore
from app.browser.form.account import DomAccountChoice
from app.browser.form.ca import DomCa
from app.browser.form.csr import DomCsr
from app.browser.form.profiles import DomProfiles
from app.browser.page.actions import Actions
from app.browser.page.focus import watch_focus
from app.browser.page.messages import Dialog
from app.browser.page.page import DomPage
from app.browser.panels.accounts import DomAccounts
from app.browser.panels.backup import DomBackup
from app.browser.panels.keys import DomKeys
from app.browser.panels.orders import DomOrders
from app.browser.panels.request_log import DomRequestLog
from app.browser.panels.revocation import DomRevocation
from app.browser.panels.storage import DomStorage, show_storage_closed, watch_tab
from app.browser.panels.viewer import DomViewer
from app.browser.ports.clock import BrowserClock
from app.browser.ports.fetch import FetchHttp
from app.browser.ports.formats import IntlFormats
from app.browser.ports.indexeddb import open_stores
from app.browser.ports.packages import PyodidePackages
from app.browser.ports.secret_store import WebCryptoSecretStore
from app.browser.ports.stores import RecordStore
from app.browser.ports.system import BrowserStorageManager
from app.browser.ports.tabs import BrowserTabs
from app.browser.ports.visibility import PageVisibility
from app.browser.ports.webcrypto import WebCryptoCipher, WebCryptoKeyStore, WebCryptoVerifier
from app.browser.steps.delegate import DomDelegate
from app.browser.steps.move_out import DomMoveOut
from app.ca.catalog import CertificateAuthority, parse_catalog
from app.dns import providers, resolvers
from app.dns.permission import DnsPermission
from app.dns.providers import DnsProvider, parse_providers
from app.dns.resolvers import Resolver, parse_resolvers
from app.dns.services import catalog as services
from app.dns.services.catalog import ServiceEntry, parse_services
from app.dns.services.tokens import Tokens
from app.errors import KeystayError
from app.install import targets
from app.install.targets import Target, parse_targets
from app.issuance.delegated_proofs import DelegatedProofs
from app.issuance.workflow import Workflow
from app.network.gate import Gate
from app.network.reachability import Probe
from app.network.request_log import RequestLog
from app.network.secret_scanner import SecretScanner
from app.network.token_header import TokenHeader
from app.network.tracking_key_store import TrackingKeyStore
from app.ports import Http, Ports, Request, Store
from app.text import ca_list, provider_list, target_list
from app.text.catalog import translated, use_language
from app.ui.delegated_order import DelegatedOrder
from app.ui.form.account import AccountChoicePresenter
from app.ui.form.ca import CaPresenter
from app.ui.form.csr import CsrPresenter
from app.ui.form.profiles import ProfilesPresenter
from app.ui.panels.accounts import AccountsPresenter
from app.ui.panels.backup import BackupPresenter
from app.ui.panels.due_renewals import DueRenewals
from app.ui.panels.keys import KeysPresenter
from app.ui.panels.orders import OrdersPresenter
from app.ui.panels.request_log import RequestLogPresenter
from app.ui.panels.revocation import RevocationPresenter
from app.ui.panels.storage import StoragePresenter
from app.ui.panels.viewer import ViewerPresenter
from app.ui.reminder import Reminders
from app.ui.session import Session
from app.ui.steps.certificate import CertificatePresenter
from app.ui.steps.delegate import DelegatePresenter
from app.ui.steps.move_out import MoveOutPresenter

CA_LIST = "static/data/cas.json"
PROVIDER_LIST = f"static/data/{providers.LIST_NAME}"
RESOLVER_LIST = f"static/data/{resolvers.LIST_NAME}"
TARGET_LIST = f"static/data/{targets.LIST_NAME}"
SERVICE_LIST = f"static/data/{services.LIST_NAME}"

T = TypeVar("T")


async def start() -> None:
    """Bring the page to life. Raises `KeystayError` where this browser lacks what Keystay needs."""
    _use_language(js.document.documentElement.lang)
    known, clock = SecretScanner(), BrowserClock()
    token_header = TokenHeader(FetchHttp())
    request_log = RequestLog(token_header, clock, known)
    gate = Gate(request_log, known, js.document.baseURI, request_log.add_blocked)
    authorities, dns_providers, dns_resolvers, dns_services, listed_targets = await asyncio.gather(
        _authorities(gate), _providers(gate), _resolvers(gate), _services(gate), _targets(gate)
    )
    gate.open_to(authorities, dns_resolvers, dns_services)
    stores = await open_stores(show_storage_closed)
    watch_tab(stores)
    tokens = Tokens(dns_services, WebCryptoSecretStore(stores.records), known.note)
    token_header.token_for = tokens.token_for
    keys, tabs = TrackingKeyStore(WebCryptoKeyStore(stores.keys), known), BrowserTabs()
    store = BroadcastingStore(RecordStore(stores.records), tabs)
    ports = Ports(Probe(gate), keys, store, clock, WebCryptoCipher(), tabs, WebCryptoVerifier(), PyodidePackages())
    workflow = Workflow(ports, authorities, dns_providers, dns_resolvers, listed_targets)
    workflow.accounts.on_secret = known.note
    watch_focus()
    dialog = Dialog()
    page = DomPage(dialog)
    permission = DnsPermission(store, dns_resolvers)
    permission.on_change(lambda: gate.allow(dns_resolvers if permission.given else ()))  # before anybody asks
    delegated = DelegatedOrder(workflow, DelegatedProofs(workflow, tokens), tokens)
    session = Session(workflow, page, _new_id, permission, PageVisibility(), delegated)
    reminders = Reminders(workflow, session, page, _home())
    page.bind(session, CertificatePresenter(workflow, session, dialog), reminders)
    _bind_step_parts(page, workflow, session, dialog, delegated)
    for callback in (workflow.on_record_written, page.actions.on_record_written):
        tabs.listen(callback)
    account_choice = _bind_form(page.actions, workflow)
    orders = _bind_panels(page.actions, workflow, session, dialog, reminders, delegated, persistent=stores.persistent)
    panel = DomRequestLog()
    panel.bind(
        page.actions,
        request_log,
        RequestLogPresenter(request_log, clock, panel, authorities, keys.names, dns_resolvers, dns_services),
    )
    viewer = DomViewer()
    viewer.bind(page.actions, ViewerPresenter(workflow, viewer, session, known.note_key))
    await _bind_storage(page.actions, store, persistent=stores.persistent)
    await permission.read()
    await tokens.read()
    session.open()
    await account_choice.refresh()
    await orders.open()
    page.ready(session)
    await orders.follow_link(js.location.hash)
    add_event_listener(js.window, "hashchange", lambda _: page.actions.spawn(orders.follow_link(js.location.hash)))
    page.actions.spawn(orders.ask_windows())


def _new_id() -> str:
    """A fresh id for the record of an order."""
    return secrets.token_hex(8)


def _bind_step_parts(page: DomPage, workflow: Workflow, session: Session, dialog: Dialog, delegated: DelegatedOrder) -> None:
    """The parts of steps 2 and 3 that have a presenter of their own."""
    delegate, move_out = DomDelegate(), DomMoveOut()
    delegate.bind(page.actions, session, DelegatePresenter(delegated, delegate))
    move_out.bind(page.actions, MoveOutPresenter(workflow, session, move_out, dialog, lambda: page.form().provider))


def _bind_form(actions: Actions, workflow: Workflow) -> AccountChoicePresenter:
    """Connect what surrounds the fields of step 1."""
    ca, profiles, csr, account_choice = DomCa(), DomProfiles(), DomCsr(), DomAccountChoice()
    ca.bind(actions, CaPresenter(workflow, ca))
    profiles.bind(actions, ProfilesPresenter(workflow, profiles))
    csr.bind(actions, CsrPresenter(workflow, csr))
    presenter = AccountChoicePresenter(workflow, account_choice)
    account_choice.bind(actions, presenter)
    return presenter


def _bind_panels(
    actions: Actions,
    workflow: Workflow,
    session: Session,
    dialog: Dialog,
    reminders: Reminders,
    delegated: DelegatedOrder,
    *,
    persistent: bool,
) -> OrdersPresenter:
    """The list of orders above the form, and the panels under the steps."""
    revocation, accounts, keys, backup, orders = DomRevocation(), DomAccounts(), DomKeys(), DomBackup(), DomOrders()
    revocation.bind(actions, RevocationPresenter(workflow, revocation, dialog))
    accounts.bind(actions, AccountsPresenter(workflow, accounts, dialog, session))
    keys.bind(actions, KeysPresenter(workflow, keys, dialog, session, persistent=persistent))
    backup.bind(actions, BackupPresenter(workflow, backup, dialog, session))
    due = DueRenewals(workflow, session, orders, _new_id, go_on=delegated.go_on)
    presenter = OrdersPresenter(workflow, orders, dialog, session, reminders, due)
    orders.bind(actions, presenter)
    return presenter


async def _bind_storage(actions: Actions, store: Store, *, persistent: bool) -> None:
    panel = DomStorage()
    presenter = StoragePresenter(BrowserStorageManager(), panel, store, persistent=persistent)
    panel.bind(actions, presenter)
    await presenter.begin()


def _use_language(language: str) -> None:
    """Use `language` (BCP 47) for all messages. The page in that language has loaded its catalogue together with the app."""
    if language == "en":
        use_language(IntlFormats("en-GB"))
        return
    with (Path(__file__).parent / "locale" / f"{language}.mo").open("rb") as file:
        use_language(IntlFormats(language), GNUTranslations(file))


async def _authorities(http: Http) -> tuple[CertificateAuthority, ...]:
    listed = parse_catalog(await _text(http, CA_LIST))
    return tuple(ca_list.localized(authority.relative_to(_site()), translated) for authority in listed)


async def _providers(http: Http) -> tuple[DnsProvider, ...]:
    """The DNS providers; without them, records have a general form."""
    listed = await _listed(http, PROVIDER_LIST, parse_providers)
    return tuple(provider_list.localized(provider, translated) for provider in listed)


async def _resolvers(http: Http) -> tuple[Resolver, ...]:
    """Whom this site may ask about DNS; without them, nobody is asked."""
    return tuple(resolver.relative_to(_site()) for resolver in await _listed(http, RESOLVER_LIST, parse_resolvers))


async def _targets(http: Http) -> tuple[Target, ...]:
    """The places for certificates; without them, everybody gets all files."""
    return tuple(target_list.localized(target, translated) for target in await _listed(http, TARGET_LIST, parse_targets))


async def _services(http: Http) -> tuple[ServiceEntry, ...]:
    """Where this site may write records; without them, people do."""
    return await _listed(http, SERVICE_LIST, parse_services)


async def _listed(http: Http, path: str, parse: Callable[[str], tuple[T, ...]]) -> tuple[T, ...]:
    """The entries of a list of this site; none where it cannot be used, because an order goes on without it."""
    try:
        return parse(await _text(http, path))
    except (KeystayError, UnicodeDecodeError):
        return ()


async def _text(http: Http, path: str) -> str:
    """A file of this site. Raises what `Http.send` raises."""
    response = await http.send(Request("GET", js.URL.new(path, _site()).href))
    return response.body.decode("utf-8")


def _home() -> str:
    """The address of this page, as a link in a calendar has it."""
    return str(js.URL.new(js.location.pathname, js.location.href).href)


def _site() -> str:
    return str(js.URL.new(js.document.documentElement.getAttribute("data-root") or ".", js.document.baseURI).href)
