"""The ledger of a whole life at a real Pebble: complete, decoded, read by other tools, and without a private key."""

import base64
import json
from collections.abc import Iterator
from typing import Final

import pytest
from cryptography.hazmat.primitives import serialization
from haralyzer import HarParser

from app.accounts.commands import change_contact, close, roll_over
from app.accounts.stored_account import NewAccount, StoredAccount
from app.acme.eab import ExternalAccount
from app.encoding.base64url import b64url
from app.issuance.renewal import ask_window
from app.issuance.revocation import revoke_by_key
from app.issuance.workflow import Workflow
from app.network.gate import Gate
from app.network.reachability import Probe
from app.network.request_log import Entry, RequestLog
from app.network.secret_scanner import SecretScanner
from app.network.tracking_key_store import TrackingKeyStore
from app.pki.certificate import read_chain
from app.pki.pem import read_certificates
from app.ports import KeyHandle, KeySpec, Ports, Request
from app.ui.form.external_account import read_hmac_key
from tests.adapters import (
    HttpxHttp,
    InstalledPackages,
    MemoryStore,
    MemoryTabs,
    NativeCipher,
    NativeKeyStore,
    NativeVerifier,
    PrivateKey,
    SystemClock,
)
from tests.browser.secrets import assert_absent, forms_of, private_forms
from tests.browser.watch import Sent
from tests.conftest import PracticeFactory
from tests.integration.test_accounts import BINDING, MAC_KEY
from tests.integration.test_issuance import authority, choices, issue
from tests.unit.har_spec import assert_har
from tests.unit.ui.panels.test_request_log import Panel, presenters
from tools.practice import PracticeCA

SECRET: Final = read_hmac_key(MAC_KEY)
PKCS8: Final = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


class OpenKeys(NativeKeyStore):
    """A key store that lets the test see every private key that it ever had."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[PrivateKey] = []

    async def generate(self, name: str, spec: KeySpec, *, extractable: bool) -> KeyHandle:
        """See `app.ports.KeyStore.generate`."""
        handle = await super().generate(name, spec, extractable=extractable)
        self.all.append(self._keys[name].private)
        return handle


class Visit:
    """What app/main.py puts together, around CPython's adapters."""

    def __init__(self, practice: PracticeCA) -> None:
        self.network, self.keys, self.secrets, clock = (
            HttpxHttp(practice.ssl_context),
            OpenKeys(),
            SecretScanner(),
            SystemClock(),
        )
        self.request_log = RequestLog(self.network, clock)
        ca = authority(practice)
        gate = Gate(self.request_log, self.secrets, "https://page.example/", self.request_log.add_blocked)
        gate.open_to((ca,))
        keys = TrackingKeyStore(self.keys, self.secrets)
        self.workflow = Workflow(
            Ports(Probe(gate), keys, MemoryStore(), clock, NativeCipher(), MemoryTabs(), NativeVerifier(), InstalledPackages()),
            (ca,),
        )
        self.workflow.accounts.on_secret = self.secrets.note
        self.panel = Panel()
        _, self.presenter = presenters(self.request_log, self.panel, self.workflow.ports, (ca,))

    @property
    def entries(self) -> list[Entry]:
        """The ledger's."""
        return [entry for entry in self.request_log.entries if isinstance(entry, Entry)]

    def har(self) -> bytes:
        """The ledger as a file."""
        self.presenter.export()
        return self.panel.files[-1].body

    async def account(self) -> StoredAccount:
        """The one account."""
        (account,) = await self.workflow.accounts.all()
        return account


async def whole_life(practice: PracticeCA) -> Visit:
    """An account bound to a customer, an order of two names, renewal information, a key change, revocation, the end."""
    visit = Visit(practice)
    wanted = NewAccount(external=ExternalAccount("kid-1", SECRET), extractable=True)
    visit.workflow.accounts.set_wanted(practice.directory_url, wanted)
    issued = await issue(visit.workflow, choices(practice, "life.example", "*.life.example"))
    assert issued.state == "issued"
    await ask_window(visit.workflow, issued)
    await change_contact(visit.workflow, await visit.account(), ("mailto:new@life.example",))
    await roll_over(visit.workflow, await visit.account())
    pkcs8 = await visit.workflow.ports.keys.export_pkcs8(issued.certificate_key)
    der = read_certificates(issued.certificate_pem)[0]
    certificate = read_chain(issued.certificate_pem).certificate
    await revoke_by_key(visit.workflow, visit.workflow.authorities[0], certificate, der, ("ec-p256", pkcs8), 4)
    await close(visit.workflow, await visit.account())
    await visit.network.close()
    return visit


@pytest.fixture
async def life(practice_with: PracticeFactory) -> Visit:
    return await whole_life(practice_with(config=BINDING))


def both_ways(visit: Visit) -> Iterator[Sent]:
    """All that the ledger holds: what went out, what came back, and the file of it."""
    for entry in visit.entries:
        yield Sent(entry.request.method, entry.request.url, dict(entry.request.headers), entry.request.body)
        if entry.response:
            yield Sent("answer to", entry.request.url, dict(entry.response.headers), entry.response.body)
    yield Sent("file", "keystay.har", {}, visit.har())
    yield from (Sent("text", "", {}, entry["comment"].encode()) for entry in json.loads(visit.har())["log"]["entries"])


def all_forms(visit: Visit) -> dict[str, bytes]:
    """Every secret of the visit in every form: three keys, and the secret of the binding."""
    forms = dict(forms_of("the binding's secret", SECRET)) | {"the binding's secret as typed": MAC_KEY.encode()}
    for n, key in enumerate(visit.keys.all):
        pem = key.private_bytes(serialization.Encoding.PEM, *PKCS8)
        forms |= {f"key {n}: {label}": data for label, data in private_forms(pem)}
    return forms


async def test_no_private_key_is_in_the_ledger_of_a_whole_life(life: Visit) -> None:
    assert len(life.keys.all) == 3  # of the account, of the certificate, the account's next one
    forms = all_forms(life)
    assert_absent(forms, both_ways(life))
    for key in life.keys.all:  # and as the gate looks: also those that it had not seen as bytes
        life.secrets.note_pkcs8(key.private_bytes(serialization.Encoding.DER, *PKCS8))
    for sent in both_ways(life):
        if sent.method != "file":  # as large as all others together
            assert not life.secrets.found_in(sent.body), f"{sent.method} {sent.url}"


async def test_a_key_that_were_in_it_would_be_found(life: Visit) -> None:
    forms = all_forms(life)
    numbers = [key.private_numbers().private_value.to_bytes(32) for key in life.keys.all]  # type: ignore[union-attr]
    for secret in (*numbers, SECRET):
        for planted in (secret, secret.hex().encode(), base64.b64encode(secret), b64url(secret).encode()):
            for body in (planted, json.dumps({"payload": b64url(b'{"key":"' + planted + b'"}')}).encode()):
                with pytest.raises(AssertionError, match="holds the private key"):
                    assert_absent(forms, [Sent("POST", "https://ca.example/", {}, body)])


async def test_it_holds_everything_that_went_over_the_network_in_order(life: Visit) -> None:
    assert [entry.request for entry in life.entries] == life.network.requests
    assert all(entry.response and not entry.cut for entry in life.entries)
    assert not life.request_log.dropped


async def test_every_request_of_a_real_ca_is_known_for_what_it_is(life: Visit) -> None:
    life.presenter.refresh()
    known = {row.kind for row in life.panel.rows}
    assert "other" not in known
    assert known >= {
        *("directory", "newNonce", "newAccount", "newOrder", "authorization", "records", "challenge", "finalize"),
        *("certificate", "renewalInfo", "updateAccount", "keyChange", "findAccount", "revokeCert", "closeAccount"),
    }
    life.presenter.begin_tour()
    titles = []
    while life.panel.tour and life.panel.tour.title not in titles:
        titles.append(life.panel.tour.title)
        life.presenter.step(1)
    assert titles[:4] == ["The directory", "A nonce", "The account", "The order"]
    assert titles[-1] == "The end of the account"


async def test_its_file_is_read_by_a_foreign_reader(life: Visit) -> None:
    har = json.loads(life.har())
    assert_har(har)
    (page,) = HarParser(har).pages
    read = [(entry.request.method, entry.request.url, entry.request.text, entry.status) for entry in page.entries]
    assert read == [
        (sent.method, sent.url, sent.body.decode() if sent.method == "POST" else None, entry.response and entry.response.status)
        for sent, entry in zip(life.network.requests, life.entries, strict=True)
    ]


async def test_the_secret_of_the_binding_is_held_back_when_it_stands_in_a_request(practice_with: PracticeFactory) -> None:
    visit = Visit(practice_with(config=BINDING))
    visit.workflow.accounts.set_wanted("any", NewAccount(external=ExternalAccount("kid-1", SECRET)))
    await visit.network.close()
    leak = Request("GET", f"{visit.workflow.authorities[0].directory}?key={MAC_KEY}")
    with pytest.raises(Exception, match="gate-private-key"):
        await visit.workflow.ports.http.send(leak)
    assert MAC_KEY not in repr(visit.request_log.entries)
    assert not visit.network.requests
