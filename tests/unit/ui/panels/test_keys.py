"""The panel of the keys in this browser, on a page that only remembers what it is shown."""

import asyncio
import hashlib
import io
import subprocess
import zipfile
from dataclasses import replace

import pytest

from app.accounts.stored_account import RECORD_PREFIX
from app.acme.jws import thumbprint
from app.ui.panels.keys import KeyEntry, KeysPresenter
from app.ui.steps.certificate import CertificatePresenter
from tests.unit.fake_page import FakePanel
from tests.unit.records import DIRECTORY
from tests.unit.script import html
from tests.unit.scripted_ca import READ_ORDER
from tests.unit.visit import Visit

ACCOUNT_KEY = RECORD_PREFIX + DIRECTORY


class Panel(FakePanel):
    """`app.ui.panels.keys.KeysView` that only remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: tuple[KeyEntry, ...] = ()

    def show(self, cards: tuple[KeyEntry, ...]) -> None:
        """See `app.ui.panels.keys.KeysView.show`."""
        self.cards = cards
        self.shown += 1

    def card(self, name: str) -> KeyEntry:
        """The card of the key `name`."""
        return next(card for card in self.cards if card.name == name)


def presenter_of(visit: Visit, *, persistent: bool = True) -> tuple[KeysPresenter, Panel]:
    panel = Panel()
    return KeysPresenter(visit.workflow, panel, panel, visit.session, persistent=persistent), panel


async def with_certificate() -> tuple[Visit, KeysPresenter, Panel]:
    visit = Visit()
    await visit.issued()
    presenter, panel = presenter_of(visit)
    await presenter.open()
    return visit, presenter, panel


def printed(command: str, data: bytes) -> str:
    """The first word that a shell command prints about `data`."""
    return subprocess.run(["sh", "-c", command], input=data, capture_output=True, check=True).stdout.decode().split()[0]


async def test_each_key_says_what_it_is_for_and_whether_it_can_be_taken_out() -> None:
    visit, presenter, panel = await with_certificate()
    await visit.ports.keys.generate("proof 1", "ec-p256", extractable=True)
    await visit.ports.keys.generate("forgotten", "rsa-2048", extractable=True)
    await presenter.open()
    assert [(card.purpose, card.title) for card in panel.cards] == [
        ("account", "Account at Test CA"),
        ("certificate", "Certificate for shop.example"),
        ("proof", "Proof of control for shop.example"),
        ("left-over", "Unused: no order or account needs it"),
    ]
    account, certificate, _, other = panel.cards
    assert account.extractability.startswith("No: ")
    assert certificate.extractability.startswith("Yes: ")
    assert certificate.kind == "EC P-256, order of 22 November 2026"
    assert certificate.place == "this browser’s IndexedDB"
    assert other.kind == "RSA 2048"


async def test_fingerprint_is_what_openssl_prints_and_the_thumbprint_what_the_ca_computes() -> None:
    visit, _, panel = await with_certificate()
    pkcs8 = await visit.ports.keys.export_pkcs8("certificate 1")
    assert panel.card("certificate 1").spki == printed("openssl pkey -inform DER -pubout -outform DER | sha256sum", pkcs8)
    assert panel.card("certificate 1").thumbprint == ""
    assert visit.ca.account_jwk
    assert panel.card(ACCOUNT_KEY).thumbprint == thumbprint(visit.ca.account_jwk)
    account = await visit.ports.keys.load(ACCOUNT_KEY)
    assert account
    assert panel.card(ACCOUNT_KEY).spki == hashlib.sha256(account.public_spki).hexdigest()


async def test_without_indexeddb_the_panel_says_how_long_keys_last() -> None:
    visit = Visit()
    await visit.session.start()
    presenter, panel = presenter_of(visit, persistent=False)
    await presenter.open()
    assert "gone when the tab closes" in panel.cards[0].place


async def test_no_leaves_everything_as_it_is() -> None:
    visit, presenter, panel = await with_certificate()
    panel.says = False
    for card in panel.cards:
        await presenter.destroy(card.name)
        assert panel.said == "Nothing was destroyed."
    await presenter.destroy_all()
    assert panel.said == "Nothing was destroyed."
    assert await visit.ports.keys.names() == [ACCOUNT_KEY, "certificate 1"]


async def test_no_does_not_set_a_stopped_order_going() -> None:
    visit = Visit()
    await visit.session.start()
    visit.ca.script[READ_ORDER] = [html(503)]
    await visit.session.verify()
    presenter, panel = presenter_of(visit)
    before, panel.says = len(visit.ca.requests), False
    await presenter.destroy(ACCOUNT_KEY)
    assert panel.said == "Nothing was destroyed."
    assert len(visit.ca.requests) == before
    assert visit.page.message.title == "Test CA is not available now"


async def test_destroyed_certificate_key_is_gone_and_the_record_says_so() -> None:
    visit, presenter, panel = await with_certificate()
    await presenter.destroy("certificate 1")
    assert "worthless, unless you have downloaded the key" in panel.questions[0].text
    assert panel.questions[0].tick
    assert panel.said == "The key is destroyed."
    assert await visit.ports.keys.names() == [ACCOUNT_KEY]
    assert visit.page.view.certificate
    assert visit.page.view.certificate.key == "destroyed"
    await visit.reload()
    await visit.resume()
    assert visit.page.view.certificate
    assert visit.page.view.certificate.key == "destroyed"


async def test_zip_without_its_key_says_why() -> None:
    visit, presenter, _ = await with_certificate()
    await presenter.destroy("certificate 1")
    await visit.session.files.download("zip")
    archive = zipfile.ZipFile(io.BytesIO(visit.page.files[-1].body))
    assert b"destroyed in Keystay" in archive.read("README.txt")
    assert "privkey.pem" not in archive.namelist()


async def test_destroyed_account_key_takes_the_account_with_it() -> None:
    visit, presenter, panel = await with_certificate()
    await presenter.destroy(ACCOUNT_KEY)
    assert "can never use the account again" in panel.questions[0].text
    assert panel.questions[0].tick
    assert await visit.ports.keys.names() == ["certificate 1"]
    assert await visit.workflow.accounts.all() == []
    assert visit.page.view.step == "certificate"


async def test_everything_goes_at_once() -> None:
    visit, presenter, panel = await with_certificate()
    await visit.ports.keys.generate("forgotten", "ec-p256", extractable=True)
    await presenter.destroy_all()
    assert panel.questions[0].tick
    assert panel.cards == ()
    assert await visit.ports.keys.names() == []
    assert await visit.ports.store.keys() == []
    assert visit.page.view.step == "names"


async def test_nothing_is_destroyed_under_an_order_that_is_under_way() -> None:
    visit = Visit()
    await visit.session.start()
    presenter, panel = presenter_of(visit)
    await asyncio.gather(visit.session.verify(), presenter.destroy_all())
    assert panel.message
    assert panel.message.title == "Not now"
    assert "An order is under way" in panel.message.text
    assert panel.questions == []
    assert visit.page.view.step == "certificate"


async def test_key_that_is_gone_already_is_no_error() -> None:
    _, presenter, panel = await with_certificate()
    await presenter.destroy("never made")
    assert panel.said == "That key was already gone."
    assert panel.questions == []


async def test_open_panel_follows_what_happens_elsewhere_and_is_left_alone_otherwise() -> None:
    visit = Visit()
    presenter, panel = presenter_of(visit)
    await presenter.open()
    shown = panel.shown
    await presenter.refresh()
    assert panel.shown == shown
    await visit.session.start()
    await presenter.refresh()
    assert panel.shown == shown + 1
    assert [card.purpose for card in panel.cards] == ["account"]


async def test_change_of_an_accounts_key_that_was_broken_off_shows_both_keys() -> None:
    visit, presenter, panel = await with_certificate()
    (account,) = await visit.workflow.accounts.all()
    await visit.ports.keys.generate("account new", "ec-p256", extractable=False)
    await visit.workflow.accounts.save(replace(account, next_key="account new"))
    await presenter.open()
    assert [card.title for card in panel.cards if card.purpose == "account"] == [
        "Account at Test CA",
        "Account at Test CA, its next key",
    ]
    await presenter.destroy("account new")
    assert await visit.ports.keys.names() == ["certificate 1"]


async def test_ca_that_is_gone_from_the_list_is_named_by_its_address() -> None:
    visit, _, _ = await with_certificate()
    await visit.reload(authorities=())
    presenter, panel = presenter_of(visit)
    await presenter.open()
    assert panel.cards[0].title == f"Account at {DIRECTORY}"


async def test_record_that_cannot_be_read_does_not_hide_the_keys() -> None:
    visit, presenter, panel = await with_certificate()
    for key in await visit.ports.store.keys():
        await visit.ports.store.put(key, {"version": 99})
    await presenter.open()
    assert [card.purpose for card in panel.cards] == ["left-over", "left-over"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("certificate 1", "would be worthless then"),
        ("proof 1", "the server needs that one"),
        ("forgotten", "Nothing in this browser uses it"),
    ],
)
async def test_question_says_what_is_lost(name: str, words: str) -> None:
    visit = Visit()
    await visit.session.start()
    await visit.ports.keys.generate(name, "ec-p256", extractable=True)
    presenter, panel = presenter_of(visit)
    await presenter.destroy(name)
    assert words in panel.questions[0].text
    assert name not in await visit.ports.keys.names()


async def test_copy_of_a_kept_key_says_that_the_other_one_stays() -> None:
    visit, presenter, panel = await with_certificate()
    await CertificatePresenter(visit.workflow, visit.session, visit.page).keep_key(keep=True)
    await visit.session.renew("1")
    await presenter.open()
    assert panel.card("certificate 1").spki == panel.card("certificate 2").spki
    assert "the same key as another one here" in panel.card("certificate 1").kind
    await presenter.destroy("certificate 1")
    assert "its copy stays" in panel.questions[0].text
    assert "certificate 2" in await visit.ports.keys.names()
    assert "the same key" not in panel.card("certificate 2").kind
