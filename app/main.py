"""The composition root: builds the adapters, hands them to the core, and starts the page."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable, Iterable
from gettext import GNUTranslations
from io import BytesIO
from typing import TYPE_CHECKING, TypeVar
from zipimport import zipimporter

import js
from pyodide.ffi.wrappers import add_event_listener

from app.accounts.broadcasting_store import BroadcastingStore
from app.browser.event_loop import take_fewer_turns, tell_faults
from app.browser.form.account import DomAccountChoice
from app.browser.form.ca import DomCa
from app.browser.form.csr import DomCsr
from app.browser.form.profiles import DomProfiles
from app.browser.opening import CA_LIST, RESOLVER_LIST, SERVICE_LIST, Opening, site_address
from app.browser.page.actions import Actions
from app.browser.page.dom import by_id
from app.browser.page.focus import watch_focus
from app.browser.page.late import bind_at_first_use
from app.browser.page.late_panels import LatePanels, bind_request_log_late
from app.browser.page.messages import Dialog
from app.browser.page.page import DomPage
from app.browser.panels.orders import DomOrders
from app.browser.panels.sent import DomSent
from app.browser.panels.storage import DomStorage, show_storage_closed, watch_tab
from app.browser.ports.formats import IntlFormats
from app.browser.ports.indexeddb import open_stores
from app.browser.ports.packages import PyodidePackages
from app.browser.ports.secret_store import WebCryptoSecretStore
from app.browser.ports.stores import RecordStore
from app.browser.ports.system import BrowserStorageManager
from app.browser.ports.tabs import BrowserTabs
from app.browser.ports.visibility import PageVisibility
from app.browser.ports.webcrypto import WebCryptoCipher, WebCryptoKeyStore, WebCryptoVerifier
from app.ca.catalog import CertificateAuthority, parse_catalog
from app.dns import providers
from app.dns.permission import DnsPermission
from app.dns.providers import DnsProvider, parse_providers
from app.dns.resolvers import Resolver, parse_resolvers
from app.dns.services.catalog import ServiceEntry, parse_services
from app.dns.services.tokens import Tokens
from app.errors import KeystayError
from app.install import targets
from app.install.targets import Target, iter_targets
from app.issuance.delegated_proofs import DelegatedProofs
from app.issuance.site_lists import Lists, SiteLists
from app.issuance.workflow import Workflow
from app.network.reachability import Probe
from app.network.request_log import RequestLog
from app.network.tracking_key_store import TrackingKeyStore
from app.ports import Ports, Store
from app.text import ca_list, provider_list, target_list
from app.text.catalog import translated, use_language
from app.turns import Turns
from app.ui.delegated_order import DelegatedOrder
from app.ui.form.account import AccountChoicePresenter
from app.ui.form.ca import CaPresenter
from app.ui.form.csr import CsrPresenter
from app.ui.form.profiles import ProfilesPresenter
from app.ui.panels.due_renewals import DueRenewals
from app.ui.panels.orders import OrdersPresenter
from app.ui.panels.sent import SentPresenter
from app.ui.panels.storage import StoragePresenter
from app.ui.reminder import Reminders
from app.ui.request_log.counter import SentCounter
from app.ui.request_log.index import RequestIndex
from app.ui.session import Session

if TYPE_CHECKING:
    from app.browser.page.later_steps import DomLaterSteps

PROVIDER_LIST = f"static/data/{providers.LIST_NAME}"
TARGET_LIST = f"static/data/{targets.LIST_NAME}"

T = TypeVar("T")


async def start(opening: Opening) -> DomPage:
    """Bring the page to life, and give it. Raises `KeystayError` where this browser lacks what Keystay needs."""
    take_fewer_turns(asyncio.get_running_loop())
    _use_language(js.document.documentElement.lang)
    known, clock, request_log, gate = opening.known, opening.clock, opening.request_log, opening.gate
    (authorities, dns_resolvers, dns_services), stores = await asyncio.gather(
        asyncio.gather(_authorities(opening), _resolvers(opening), _services(opening)), open_stores(show_storage_closed)
    )
    turns = Turns()  # all of the rest at once would keep a slow browser from answering
    gate.open_to(authorities, dns_resolvers, dns_services)
    watch_tab(stores)
    tokens = Tokens(dns_services, WebCryptoSecretStore(stores.records), known.note)
    opening.token_header.token_for = tokens.token_for
    keys, tabs = TrackingKeyStore(WebCryptoKeyStore(stores.keys), known), BrowserTabs()
    store = BroadcastingStore(RecordStore(stores.records), tabs)
    ports = Ports(Probe(gate), keys, store, clock, WebCryptoCipher(), tabs, WebCryptoVerifier(), PyodidePackages())
    workflow = Workflow(ports, authorities, dns_resolvers, SiteLists(read=lambda: _long_lists(opening)))
    workflow.accounts.on_secret = known.note
    watch_focus()
    dialog = Dialog()
    page = DomPage(dialog)
    tell_faults(asyncio.get_running_loop(), page.tell_fault)
    await turns.take()
    permission = DnsPermission(store, dns_resolvers)
    permission.on_change(lambda: gate.allow(dns_resolvers if permission.given else ()))  # before anybody asks
    delegated = DelegatedOrder(workflow, DelegatedProofs(workflow, tokens), tokens)
    session = Session(workflow, page, _new_id, permission, PageVisibility(), delegated)
    reminders = Reminders(workflow, session, page, _home())
    await turns.take()
    page.bind(session, lambda: _later_steps(page, workflow, session, dialog, reminders, delegated))
    await turns.take()
    for callback in (workflow.on_record_written, page.actions.on_record_written):
        tabs.listen(callback)
    account_choice = _bind_form(page.actions, workflow)
    await turns.take()
    orders = _bind_orders(page.actions, workflow, session, dialog, reminders, delegated)
    await turns.take()
    _bind_request_log(page.actions, workflow, request_log, RequestIndex(authorities, dns_resolvers, dns_services))
    LatePanels(page.actions, workflow, session, dialog, stores.persistent, known.note_key).bind()
    await asyncio.gather(_bind_storage(page.actions, store, persistent=stores.persistent), permission.read(), tokens.read())
    session.open()
    await account_choice.refresh()
    await orders.open()
    page.actions.spawn(_read_lists(session, orders))  # it gets its turn after what follows
    page.ready(session)
    await orders.follow_link(js.location.hash)
    add_event_listener(js.window, "hashchange", lambda _: page.actions.spawn(orders.follow_link(js.location.hash)))
    page.actions.spawn(orders.ask_windows())
    return page


def when_form_is_used(work: Callable[[], Awaitable[None]]) -> None:
    """Begin `work` once, when something is typed or chosen in step 1; now, where that happened while Python was loading."""

    def begin() -> None:
        asyncio.ensure_future(work())  # noqa: RUF006 – the event loop holds on to it

    if by_id("domains").value:
        begin()
    else:
        bind_at_first_use((by_id("names"),), begin, ("input",))


def _new_id() -> str:
    """A fresh id for the record of an order."""
    return secrets.token_hex(8)


def _later_steps(
    page: DomPage, workflow: Workflow, session: Session, dialog: Dialog, reminders: Reminders, delegated: DelegatedOrder
) -> DomLaterSteps:
    """Steps 2 and 3, which are imported now."""
    from app.browser.page.later_steps import DomLaterSteps

    steps = DomLaterSteps(page.providers)
    steps.bind(page.actions, workflow, session, dialog, reminders, delegated)
    return steps


def _bind_form(actions: Actions, workflow: Workflow) -> AccountChoicePresenter:
    """Connect what surrounds the fields of step 1."""
    ca, profiles, csr, account_choice = DomCa(), DomProfiles(), DomCsr(), DomAccountChoice()
    ca.bind(actions, CaPresenter(workflow, ca))
    profiles.bind(actions, ProfilesPresenter(workflow, profiles))
    csr.bind(actions, CsrPresenter(workflow, csr))
    presenter = AccountChoicePresenter(workflow, account_choice)
    account_choice.bind(actions, presenter)
    return presenter


def _bind_orders(
    actions: Actions, workflow: Workflow, session: Session, dialog: Dialog, reminders: Reminders, delegated: DelegatedOrder
) -> OrdersPresenter:
    """The list of orders above the form."""
    orders = DomOrders()
    due = DueRenewals(workflow, session, orders, _new_id, go_on=delegated.go_on)
    presenter = OrdersPresenter(workflow, orders, dialog, session, reminders, due)
    orders.bind(actions, presenter)
    return presenter


def _bind_request_log(actions: Actions, workflow: Workflow, request_log: RequestLog, index: RequestIndex) -> None:
    """The line in the header, which counts from the start, and the panel that it leads to."""
    sent, counter = DomSent(), SentCounter(index)
    sent.bind(request_log, SentPresenter(request_log, sent, counter))
    bind_request_log_late(actions, workflow, request_log, index, sent, counter)


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
    file_name = f"/keystay-{language.lower()}.zip"
    archive = next(path for path in sys.path if path.endswith(file_name))  # static/start.js put it there
    with BytesIO(zipimporter(archive).get_data(f"app/locale/{language}.mo")) as file:
        use_language(IntlFormats(language), GNUTranslations(file))


async def _authorities(site: Opening) -> tuple[CertificateAuthority, ...]:
    listed = parse_catalog(await site.text(CA_LIST))
    return tuple(ca_list.localized(authority.relative_to(site_address()), translated) for authority in listed)


async def _read_lists(session: Session, orders: OrdersPresenter) -> None:
    """Read the long lists of this site, after hundreds of orders. A click that needs the lists does not wait for that."""
    await orders.listed()
    await session.read_lists()


async def _long_lists(site: Opening) -> Lists:
    """What is read once the form can be used."""
    return await asyncio.gather(_providers(site), _targets(site))


async def _providers(site: Opening) -> tuple[DnsProvider, ...]:
    """The DNS providers; without them, records have a general form."""
    return await _listed(site, PROVIDER_LIST, parse_providers, lambda one: provider_list.localized(one, translated))


async def _resolvers(site: Opening) -> tuple[Resolver, ...]:
    """Whom this site may ask about DNS; without them, nobody is asked."""
    return await _listed(site, RESOLVER_LIST, parse_resolvers, lambda one: one.relative_to(site_address()))


async def _targets(site: Opening) -> tuple[Target, ...]:
    """The places for certificates; without them, everybody gets all files."""
    return await _listed(site, TARGET_LIST, iter_targets, lambda one: target_list.localized(one, translated))


async def _services(site: Opening) -> tuple[ServiceEntry, ...]:
    """Where this site may write records; without them, people do."""
    return await _listed(site, SERVICE_LIST, parse_services)


async def _listed(
    site: Opening, path: str, parse: Callable[[str], Iterable[T]], here: Callable[[T], T] = lambda one: one
) -> tuple[T, ...]:
    """The entries of a list of this site, as they are `here`; none where it cannot be used: an order goes on without it."""
    turns, entries = Turns(), list[T]()
    try:
        for entry in parse(await site.text(path)):
            entries.append(here(entry))
            await turns.take()
    except (KeystayError, UnicodeDecodeError):
        return ()
    return tuple(entries)


def _home() -> str:
    """The address of this page, as a link in a calendar has it."""
    return str(js.URL.new(js.location.pathname, js.location.href).href)
