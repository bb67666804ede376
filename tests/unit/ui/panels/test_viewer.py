"""The panel that looks into certificate files."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from app.errors import FieldError
from app.issuance.issuance import Issuance
from app.issuance.workflow import Workflow
from app.network.secret_scanner import SecretScanner
from app.pki.viewer.contents import MAX_FILE
from app.text.message import Message
from app.text.sentences import sentence
from app.ui.panels.viewer import ViewerForm, ViewerModel, ViewerPresenter
from tests.unit.chains import chain, intermediate, leaf
from tests.unit.keys import native_key
from tests.unit.records import CA, record
from tests.unit.script import ScriptedHttp
from tests.unit.scripted_ca import ports_to

CHAIN = chain("shop.example", "xn--bcher-kva.example")
WORD, WRONG = "word", "another word"


def key(password: str = "", n: int = 0) -> bytes:
    encryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return native_key(n=n).private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def issued() -> Issuance:
    return record("shop.example", state="issued", certificate_pem=CHAIN)


class Panel:
    """A panel that only remembers what it is shown."""

    def __init__(self) -> None:
        self.files: list[bytes] = []
        self.text = ""
        self.password = ""
        self.asks = False
        self.model: ViewerModel | None = None
        self.opened = False
        self.said = ""
        self.error: FieldError | None = None
        self.message: Message | None = None
        self.on_read: Callable[[], None] = lambda: None

    def form(self) -> ViewerForm:
        """See `app.ui.panels.viewer.ViewerView.form`."""
        return ViewerForm(self.text, self.password)

    def file_size(self) -> int:
        """See `app.ui.panels.viewer.ViewerView.file_size`."""
        return sum(map(len, self.files))

    async def read_files(self) -> list[bytes]:
        """See `app.ui.panels.viewer.ViewerView.read_files`."""
        self.on_read()
        return list(self.files)

    def ask_password(self, *, needed: bool) -> None:
        """See `app.ui.panels.viewer.ViewerView.ask_password`."""
        self.asks = needed
        self.password = self.password if needed else ""

    def show(self, model: ViewerModel | None) -> None:
        """See `app.ui.panels.viewer.ViewerView.show`."""
        self.model = model

    def open(self) -> None:
        """See `app.ui.panels.viewer.ViewerView.open`."""
        self.opened = True

    def tell(self, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None) -> None:
        """See `app.ui.panels.viewer.ViewerView.tell`."""
        if not busy:
            self.said, self.error, self.message = said, error, message


class Visit:
    """A visit to the panel, with `order` open."""

    def __init__(self, *files: bytes | str, order: Issuance | None = None) -> None:
        self.order = order
        self.panel = Panel()
        self.panel.files = [file if isinstance(file, bytes) else file.encode() for file in files]
        self.scanner = SecretScanner()
        self.http = ScriptedHttp({})
        self.workflow = Workflow(ports_to(self.http), (CA,))
        self.presenter = ViewerPresenter(self.workflow, self.panel, self, self.scanner.note_key)

    @property
    def issuance(self) -> Issuance | None:
        """See `app.ui.panels.viewer.OrderReader.issuance`."""
        return self.order

    def shown(self) -> ViewerModel:
        """What the panel shows."""
        assert self.panel.error is None
        assert self.panel.message is None
        assert self.panel.model
        return self.panel.model


async def test_a_chain_and_its_key_are_shown_together() -> None:
    visit = Visit(CHAIN, key())
    await visit.presenter.take()
    shown = visit.shown()
    assert shown.title == "shop.example, bücher.example (xn--bcher-kva.example)"
    assert [entry.role for entry in shown.certificates] == ["The server’s certificate", "Intermediate certificate of the CA"]
    words = [finding.words for finding in shown.findings]
    assert "The private key belongs to the certificate." in words
    assert shown.keys[0].title == "Private key, EC P-256"
    assert "It belongs to this certificate: shop.example" in shown.keys[0].words
    assert visit.panel.said.startswith("2 certificates. 1 private key.")
    assert visit.http.requests == []


async def test_facts_of_a_certificate() -> None:
    visit = Visit(leaf("shop.example"))
    await visit.presenter.take()
    facts = visit.shown().certificates[0].facts
    assert facts["names"] == "shop.example"
    assert facts["subject"] == "Empty"
    assert facts["issuer"] == "Test CA, Intermediate"
    assert facts["signature"] == "ECDSA with SHA-256"
    assert facts["key"] == "EC P-256"
    assert len(facts["sha256"].split(":")) == 32
    assert len(facts["sha1"].split(":")) == 20


async def test_pasted_text_counts_with_the_files() -> None:
    visit = Visit(CHAIN)
    visit.panel.text = key(n=1).decode()
    await visit.presenter.take()
    assert visit.shown().findings[0].weight == "bad"
    assert "It belongs to none of these certificates." in visit.shown().keys[0].words


async def test_a_private_key_that_was_read_here_is_blocked_in_requests() -> None:
    visit = Visit(key())
    await visit.presenter.take()
    number = native_key().private.private_numbers().private_value  # type: ignore[union-attr]
    assert visit.scanner.found_in(number.to_bytes(32))
    assert b"PRIVATE" not in repr(visit.panel.model).encode()
    assert WORD not in repr(ViewerForm("x", WORD))


async def test_a_password_is_asked_for_and_used_and_goes_with_the_file() -> None:
    visit = Visit(key(WORD))
    await visit.presenter.take()
    assert visit.panel.asks
    assert visit.panel.error
    assert (visit.panel.error.field, visit.panel.error.code) == ("viewer-password", "key-needs-password")
    visit.panel.password = WRONG
    await visit.presenter.look()
    assert visit.panel.error.code == "key-wrong-password"
    visit.panel.password = WORD
    await visit.presenter.look()
    assert "locked with the password" in visit.shown().keys[0].words
    visit.panel.files = [CHAIN.encode()]
    await visit.presenter.take()
    assert not visit.panel.asks
    assert visit.panel.password == ""


async def test_a_locked_key_beside_a_chain_is_a_note() -> None:
    visit = Visit(CHAIN, key(WORD))
    await visit.presenter.take()
    assert visit.panel.asks
    note = visit.shown().findings[0]
    assert (note.weight, "With its password" in note.words) == ("note", True)


@pytest.mark.parametrize(
    ("file", "code"), [(b" ", "file-empty"), (b"hello", "file-without-certificates"), (b"x" * (MAX_FILE + 1), "file-too-large")]
)
async def test_what_cannot_be_read_is_told_at_the_field(file: bytes, code: str) -> None:
    visit = Visit(CHAIN)
    await visit.presenter.take()
    visit.panel.files = [file]
    await visit.presenter.take()
    assert visit.panel.model is None, "what was shown before is not about this file"
    assert visit.panel.error
    assert (visit.panel.error.field, visit.panel.error.code) == ("viewer-file", code)
    assert sentence(visit.panel.error)


async def test_nothing_is_told_only_where_somebody_asks() -> None:
    visit = Visit()
    await visit.presenter.take()
    assert visit.panel.error is None
    await visit.presenter.look()
    assert visit.panel.error
    assert visit.panel.error.code == "no-file-to-look-into"


async def test_what_changes_meanwhile_is_looked_into_afterwards() -> None:
    visit = Visit(leaf("first.example"))

    def change() -> None:
        visit.panel.on_read = lambda: None
        visit.panel.files = [leaf("second.example").encode()]
        with pytest.raises(StopIteration):
            visit.presenter.take().send(None)

    visit.panel.on_read = change
    await visit.presenter.take()
    assert visit.shown().title == "second.example"


async def test_the_certificate_of_the_open_order() -> None:
    order = issued()
    visit = Visit(order=order)
    await visit.presenter.look_into_order()
    assert visit.panel.opened
    assert visit.panel.said.startswith("This is the certificate of the order that is open.")
    assert visit.shown().certificates
    visit = Visit(order=replace(order, certificate_pem=""))
    await visit.presenter.look_into_order()
    assert visit.panel.model is None


async def test_the_key_in_this_browser_counts_for_the_order() -> None:
    order = issued()
    visit = Visit(order=order)
    await visit.workflow.ports.keys.generate(order.certificate_key, "ec-p256", extractable=False)
    await visit.presenter.look_into_order()
    assert "In this browser." in visit.shown().keys[0].words


async def test_what_could_not_be_read_is_not_passed_over() -> None:
    visit = Visit(CHAIN + intermediate().replace("MII", "MIJ", 1))
    await visit.presenter.take()
    assert visit.shown().findings[0].words == "A certificate in this file is damaged, or of a kind that this page cannot read."
