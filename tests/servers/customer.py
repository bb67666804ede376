"""A customer of a running CA: the core on CPython behind the relay, and the page's presenters without a browser."""

import asyncio
from itertools import count, pairwise

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from app.accounts.stored_account import StoredAccount
from app.acme.identifier import Identifier
from app.dns.permission import DnsPermission
from app.issuance.issuance import Issuance, OrderOptions
from app.issuance.store import load
from app.issuance.workflow import Workflow
from app.ports import KeySpec
from app.text.message import Message
from app.ui.form.order import Form
from app.ui.panels.accounts import AccountsPresenter
from app.ui.session import Session
from app.ui.steps.certificate import CertificatePresenter
from app.ui.views import PageModel
from tests.adapters import AlwaysVisible, HttpxHttp, native_ports
from tests.publishing import publish
from tests.servers.ca_server import CAServer
from tests.unit.fake_page import FakePage, FakePanel
from tests.unit.ui.panels.test_accounts import Panel


def flow_to(ca: CAServer, relay: str, http: HttpxHttp) -> Workflow:
    """A fresh browser's flow to `ca`, which the list of CAs has once for each of its settings."""
    return Workflow(native_ports(http), tuple(ca.authority(settings, relay) for settings in ca.directories))


def choices(
    ca: CAServer, *names: str, challenge: str = "dns-01", key: KeySpec = "ec-p256", settings: str = "acme"
) -> OrderOptions:
    """An order for `names`, addresses among them, at `ca` with these `settings`."""
    identifiers = tuple(Identifier("ip" if name[0].isdecimal() else "dns", name) for name in names)
    directory = ca.directories[settings]
    return OrderOptions(identifiers, settings, directory, directory, challenge, key, terms_agreed=True)


async def account_of(workflow: Workflow, ca: CAServer, settings: str = "acme") -> StoredAccount:
    """The account at `ca` that this browser has."""
    account = await workflow.accounts.saved(ca.directories[settings])
    assert account is not None
    return account


async def assert_certificate(workflow: Workflow, issuance: Issuance, ca: CAServer) -> x509.Certificate:
    """The chain verifies up to the root of `ca`, carries the names, and the key is the one that was made; the certificate."""
    assert issuance.state == "issued", issuance.problem
    chain = x509.load_pem_x509_certificates(issuance.certificate_pem.encode())
    for lower, upper in pairwise([*chain, x509.load_pem_x509_certificate(ca.root.encode())]):
        lower.verify_directly_issued_by(upper)
    alternative = chain[0].extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(entry.value) for entry in alternative} == {entry.value for entry in issuance.choices.identifiers}
    private = serialization.load_der_private_key(await workflow.ports.keys.export_pkcs8(issuance.certificate_key), None)
    der = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert private.public_key().public_bytes(*der) == chain[0].public_key().public_bytes(*der)
    return chain[0]


class WatchedPage(FakePage):
    """A page whose changes can be waited for."""

    def __init__(self, fields: Form) -> None:
        super().__init__(fields)
        self._changed = asyncio.Event()

    def show(self, view: PageModel) -> None:
        """See `app.ui.views.PageView.show`."""
        super().show(view)
        self._changed.set()

    def show_error(self, message: Message | None) -> None:
        """See `app.ui.views.PageView.show_error`."""
        super().show_error(message)
        self._changed.set()

    def say(self, text: str) -> None:
        """See `app.ui.views.PageView.say`."""
        super().say(text)
        self._changed.set()

    async def changed(self) -> None:
        """Wait until something else is shown."""
        self._changed.clear()
        await self._changed.wait()


class Customer:
    """Someone at the page: everything that is under the DOM, at a running CA."""

    def __init__(self, ca: CAServer, relay: str, http: HttpxHttp, *names: str, challenge: str = "dns-01") -> None:
        self.ca = ca
        self.workflow = flow_to(ca, relay, http)
        self.page = WatchedPage(Form(" ".join(names), "acme", "", challenge, "ec-p256", agree_tos=True))
        self._ids = count(1)
        self.open()

    def open(self) -> None:
        """Open the page, or open it again."""
        self.session = Session(
            self.workflow,
            self.page,
            new_id=lambda: str(next(self._ids)),
            permission=DnsPermission(self.workflow.ports.store, ()),
            visibility=AlwaysVisible(),
        )
        self.session.open()
        self.questions = FakePanel()
        self.aftercare = CertificatePresenter(self.workflow, self.session, self.questions)
        self.accounts = Panel()
        self.presenter = AccountsPresenter(self.workflow, self.accounts, self.accounts, self.session)

    async def saved(self) -> Issuance:
        """The newest record as it is kept."""
        (newest, *_) = await self.workflow.saved()
        kept = await load(self.workflow, newest.id)
        assert kept
        return kept

    async def publish(self) -> None:
        """Publish what the newest order asks for."""
        await publish(self.workflow.ports.http, f"{self.ca.records.url}/", (await self.saved()).publications)

    async def issue(self) -> None:
        """All the clicks of the good way."""
        await self.session.start()
        await self.publish()
        await self.session.verify()
        assert self.page.view.step == "certificate", self.page.error
