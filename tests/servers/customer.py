"""A customer of a running CA: the core on CPython behind the relay, and the page's presenters without a browser."""

import asyncio
from itertools import count, pairwise

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from app.acme.identifier import Identifier
from app.flow.accounts import SavedAccount
from app.flow.advance import Flow
from app.flow.issuance import Choices, Issuance
from app.flow.shelf import load
from app.ports import KeySpec
from app.ui.account_panel import AccountDesk
from app.ui.aftercare import Aftercare
from app.ui.form import Form
from app.ui.session import Session
from app.ui.view import Message, View
from tests.adapters import HttpxHttp, native_ports
from tests.servers.ca_server import CAServer
from tests.unit.fake_page import FakePage, FakePanel
from tests.unit.test_account_panel import Panel


def flow_to(ca: CAServer, relay: str, http: HttpxHttp) -> Flow:
    """A fresh browser's flow to `ca`, which the list of CAs has once for each of its settings."""
    return Flow(native_ports(http), tuple(ca.authority(settings, relay) for settings in ca.directories))


def choices(ca: CAServer, *names: str, challenge: str = "dns-01", key: KeySpec = "ec-p256", settings: str = "acme") -> Choices:
    """An order for `names`, addresses among them, at `ca` with these `settings`."""
    identifiers = tuple(Identifier("ip" if name[0].isdecimal() else "dns", name) for name in names)
    directory = ca.directories[settings]
    return Choices(identifiers, settings, directory, directory, challenge, key, terms_agreed=True)


async def account_of(flow: Flow, ca: CAServer, settings: str = "acme") -> SavedAccount:
    """The account at `ca` that this browser has."""
    account = await flow.accounts.saved(ca.directories[settings])
    assert account is not None
    return account


async def assert_certificate(flow: Flow, issuance: Issuance, ca: CAServer) -> x509.Certificate:
    """The chain verifies up to the root of `ca`, carries the names, and the key is the one that was made; the certificate."""
    assert issuance.state == "issued", issuance.problem
    chain = x509.load_pem_x509_certificates(issuance.certificate_pem.encode())
    for lower, upper in pairwise([*chain, x509.load_pem_x509_certificate(ca.root.encode())]):
        lower.verify_directly_issued_by(upper)
    alternative = chain[0].extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(entry.value) for entry in alternative} == {entry.value for entry in issuance.choices.identifiers}
    private = serialization.load_der_private_key(await flow.ports.keys.export_pkcs8(issuance.certificate_key), None)
    der = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert private.public_key().public_bytes(*der) == chain[0].public_key().public_bytes(*der)
    return chain[0]


class WatchedPage(FakePage):
    """A page whose changes can be waited for."""

    def __init__(self, fields: Form) -> None:
        super().__init__(fields)
        self._changed = asyncio.Event()

    def show(self, view: View) -> None:
        """See `app.ui.view.Page.show`."""
        super().show(view)
        self._changed.set()

    def show_error(self, message: Message | None) -> None:
        """See `app.ui.view.Page.show_error`."""
        super().show_error(message)
        self._changed.set()

    def say(self, text: str) -> None:
        """See `app.ui.view.Page.say`."""
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
        self.flow = flow_to(ca, relay, http)
        self.page = WatchedPage(Form(" ".join(names), "acme", "", challenge, "ec-p256", agree_tos=True))
        self._ids = count(1)
        self.open()

    def open(self) -> None:
        """Open the page, or open it again."""
        self.session = Session(self.flow, self.page, new_id=lambda: str(next(self._ids)))
        self.session.open()
        self.questions = FakePanel()
        self.aftercare = Aftercare(self.flow, self.session, self.questions)
        self.accounts = Panel()
        self.desk = AccountDesk(self.flow, self.accounts, self.accounts, self.session)

    async def saved(self) -> Issuance:
        """The newest record as it is kept."""
        (newest, *_) = await self.flow.saved()
        kept = await load(self.flow, newest.id)
        assert kept
        return kept

    async def issue(self) -> None:
        """All the clicks of the good way."""
        await self.session.start()
        await self.session.publish()
        await self.session.verify()
        assert self.page.view.step == "certificate", self.page.error
