"""Every field that a person can fill: any text gives a value or a clear message, never a traceback.

The texts are of three kinds: anything at all (lone surrogates included, which a browser may hand over), good ones, and good
ones in which a part was replaced. The list of fields comes from the page itself, so that no field can be forgotten.
"""

import asyncio
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Final

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from app.acme.eab import bind
from app.acme.identifier import Identifier
from app.backup.file_format import open_file, seal_file
from app.ca.catalog import CertificateAuthority, usable_ca
from app.dns.services.tokens import Tokens
from app.errors import BackupError, FieldError
from app.handover.proofs import read_proof
from app.issuance.workflow import Workflow
from app.network.secret_scanner import SecretScanner
from app.pki.jwk import read_key, to_jwk
from app.pki.viewer.decryption import FileTools
from app.pki.viewer.findings import inspect
from app.pki.viewer.reader import read_certificate_files
from app.ports import Sealing
from app.text.sentences import sentence
from app.ui.form.account import read_contact
from app.ui.form.csr import CsrForm, CsrPresenter, check_request
from app.ui.form.external_account import read_external_account
from app.ui.form.fields import at_field
from app.ui.form.names import read_names
from app.ui.form.order import Form, read_form, read_persist_until
from app.ui.panels.backup import BackupForm, check_passphrase
from app.ui.panels.revocation import RevocationForm, RevocationRequest, read_revocation
from app.ui.panels.viewer import viewer_model
from app.ui.steps.certificate_files import read_file_password
from tests.adapters import InstalledPackages, MemorySecretStore, NativeCipher, NativeVerifier
from tests.unit.chains import chain
from tests.unit.keys import native_key
from tests.unit.pki.test_jwk import FORM
from tests.unit.private_keys import key_files
from tests.unit.records import CA
from tests.unit.requests import der, pem, request_for
from tests.unit.scripted_ca import ScriptedCA, ports_to
from tools.partials import read_page
from tools.paths import ROOT

NOW: Final = 1_790_000_000.0
OPEN: Final = serialization.NoEncryption()
PEM: Final = serialization.Encoding.PEM
KEYS: Final = [native_key(spec).private for spec in ("ec-p256", "ec-p384", "rsa-2048")]
PEM_KEYS: Final = [
    key.private_bytes(PEM, form, OPEN).decode()
    for key in KEYS
    for form in (serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL)
]
JWKS: Final = [to_jwk(key.private_bytes(*FORM)) for key in KEYS]
CHAIN: Final = chain("shop.example", "*.shop.example")
REQUESTS: Final = [pem(request_for("shop.example", key=key)) for key in KEYS]
NAMES: Final = ["shop.example *.shop.example", "https://bücher.example/", "192.0.2.1, [2001:db8::1]", "xn--bcher-kva.example"]
URLS: Final = ["https://ca.example/dir", "https://[2001:db8::1]:14000/dir?x#y", "HTTPS://ca.example:443/"]
CONTACTS: Final = ["me@shop.example", "a+b%c@shop.example; d@e.example"]
HMAC_KEYS: Final = ["zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W", "AQID+/8="]
PASSPHRASES: Final = ["fünf Wörter, die niemand kennt"]


class Box:
    """A box for a certificate request that only remembers what it is filled with."""

    def __init__(self) -> None:
        self.text = ""

    def form(self) -> CsrForm:
        """See `app.ui.form.csr.CsrView.form`."""
        return CsrForm(self.text, "", "test")

    def fill(self, *, request: str | None = None, names: str | None = None) -> None:
        """See `app.ui.form.csr.CsrView.fill`."""
        self.text = self.text if request is None else request
        assert names is None or names

    def show_request(self, summary: str, error: FieldError | None) -> None:
        """See `app.ui.form.csr.CsrView.show_request`."""
        assert bool(summary) != bool(error) or not self.text.strip()


def names(text: str) -> None:
    reading = read_names(text, "dns-01")
    if reading.error:
        raise reading.error
    assert reading.identifiers


def webroot(text: str) -> object:
    """The folder of a website, for a program that goes on on a server."""
    with at_field("move-out-webroot"):
        return read_proof("webroot", text, ("webroot",))


def directory(text: str) -> None:
    listed = (CA, replace(CA, id="other", directory="https://[2001:db8::1]:14000/dir"))
    with at_field("directory-url"):
        authority: CertificateAuthority = usable_ca(listed, "custom", text)
    assert authority.relay_url(authority.directory)


def import_key(text: str) -> None:
    with at_field("import-key"):
        read_key(text)


def token(text: str) -> None:
    with at_field("delegate-token"):
        asyncio.run(Tokens((), MemorySecretStore()).give("desec", text, keep=True))


def credentials(kid: str, key: str) -> None:
    external = read_external_account(kid, key)
    assert external is None or bind(native_key().public_jwk, "https://ca.example/new", external)


def request_file(text: str) -> None:
    """The same as bytes, in PEM or not."""
    box = Box()
    presenter = CsrPresenter(Workflow(ports_to(ScriptedCA("a.example")), (CA,)), box)
    for body in (text.encode("utf-8", "surrogatepass"), text.encode("utf-16", "surrogatepass"), der(request_for("a.example"))):
        presenter.take_file(body)
        asyncio.run(presenter.read())


def own_request(text: str) -> None:
    _, error = check_request(text, (Identifier("dns", "shop.example"),), CA)
    if error:
        raise error


def revocation(certificate: str, key: str) -> None:
    read = read_revocation(RevocationForm("test", certificate, key, "1"), (CA,))
    if not isinstance(read, RevocationRequest):
        raise read[0]


class QuickCipher(NativeCipher):
    """The cipher with one round: what is slow about it is not under test."""

    async def seal(self, plain: bytes, passphrase: str, sealing: Sealing) -> bytes:
        """See `app.ports.Cipher.seal`."""
        return await super().seal(plain, passphrase, replace(sealing, rounds=1))

    async def open(self, sealed: bytes, passphrase: str, sealing: Sealing) -> bytes:
        """See `app.ports.Cipher.open`."""
        return await super().open(sealed, passphrase, replace(sealing, rounds=1))


FILE: Final = asyncio.run(seal_file(QuickCipher(), {}, PASSPHRASES[0], NOW))


def new_passphrase(text: str) -> None:
    check_passphrase(BackupForm(text, text, ""))
    sealed = asyncio.run(seal_file(QuickCipher(), {"a": 1}, text, NOW))
    assert asyncio.run(open_file(QuickCipher(), sealed, text)) == {"a": 1}


def opens(data: bytes, passphrase: str) -> None:
    with suppress(BackupError):  # each kind has its words, as `tests/unit/ui/panels/test_backup.py` tests
        asyncio.run(open_file(QuickCipher(), data, passphrase))


TOOLS: Final = FileTools(NativeCipher(), InstalledPackages(), SecretScanner().note_key)
LOCKED: Final = KEYS[0].private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"word"))


def look_into(field: str, file: bytes, password: str | None = None) -> None:
    with at_field(field):
        contents = asyncio.run(read_certificate_files([file], password, TOOLS))
    viewer_model(asyncio.run(inspect(contents, NativeVerifier(), datetime.fromtimestamp(NOW, UTC))))


Reader = Callable[[str], object]

FIELDS: Final[dict[str, tuple[Reader, list[str]]]] = {
    "domains": (names, NAMES),
    "directory-url": (directory, URLS),
    "persist-until": (lambda text: read_persist_until(text, NOW), ["2027-12-31", "2027-W01-1", "20271231"]),
    "eab-kid": (lambda text: credentials(text, HMAC_KEYS[0]), ["kid-1"]),
    "eab-key": (lambda text: credentials("kid-1", text), HMAC_KEYS),
    "csr": (own_request, [*REQUESTS, b64encode(der(request_for("shop.example"))).decode()]),
    "csr-file": (request_file, REQUESTS),
    "pfx-password": (read_file_password, ["k7Rm-x2Vd-9QfT-hw4C"]),
    "contact": (lambda text: read_contact(text), CONTACTS),
    "account-contact": (lambda text: read_contact(text, "account-contact"), CONTACTS),
    "import-directory": (directory, URLS),
    "import-key": (import_key, [*JWKS, *PEM_KEYS]),
    "backup-passphrase": (new_passphrase, PASSPHRASES),
    "backup-again": (lambda text: check_passphrase(BackupForm(PASSPHRASES[0], text, "")), PASSPHRASES),
    "restore-file": (lambda text: opens(text.encode("latin-1", "replace"), PASSPHRASES[0]), [FILE.decode("latin-1")]),
    "restore-passphrase": (lambda text: opens(FILE, text), PASSPHRASES),
    "viewer-file": (
        lambda text: look_into("viewer-file", text.encode("utf-16", "surrogatepass")),
        [CHAIN, *PEM_KEYS, *REQUESTS],
    ),
    "viewer-text": (lambda text: look_into("viewer-text", text.encode("utf-8", "replace")), [CHAIN, *PEM_KEYS, *REQUESTS]),
    "viewer-password": (lambda text: look_into("viewer-password", LOCKED, text), ["word"]),
    "delegate-token": (token, ["i-T3b1h4vUbX"]),
    "move-out-webroot": (webroot, ["/var/www/html"]),
    "revoke-certificate": (lambda text: revocation(text, PEM_KEYS[0]), [CHAIN]),
    "revoke-key": (lambda text: revocation(CHAIN, text), PEM_KEYS),
}
"""What reads each field, and good texts for it; the first one is good without any other."""

SHARED: Final = {"import-directory": "directory-url"}
"""Fields that are read as another one is; the panel puts the message beside them."""


class Fields(HTMLParser):
    """Finds the ids of the fields that take any text, or a file."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See `HTMLParser`."""
        given_ = dict(attrs)
        no_text = ("checkbox", "radio", "search")  # a search finds what it finds
        if tag == "textarea" or (tag == "input" and given_.get("type") not in no_text):
            self.ids.add(given_["id"] or "")


def test_every_field_of_the_page_is_here() -> None:
    page = Fields()
    page.feed(read_page(ROOT))
    assert page.ids == set(FIELDS)


ANYTHING: Final = st.text(st.characters())  # without an alphabet, Hypothesis leaves lone surrogates out


def near(good: list[str]) -> st.SearchStrategy[str]:
    """A good text, some part of which is replaced by any other."""

    def changed(text: str, at: float, length: int, other: str) -> str:
        start = int(at * len(text))
        return text[:start] + other + text[start + length :]

    other = ANYTHING | st.sampled_from([*"-=:.@{}\"'\n\0A", "", "=" * 3, "null", "-----", "\ud800"])
    return st.builds(changed, st.sampled_from(good), st.floats(0, 1), st.integers(0, 40), other)


@pytest.mark.parametrize("field", FIELDS)
def test_a_good_text_is_read(field: str) -> None:
    reader, good = FIELDS[field]
    reader(good[0])


def fault_of(reader: Reader, text: str) -> FieldError | None:
    """What must be corrected in `text`, or None where it was read; anything else fails the test."""
    try:
        reader(text)
    except FieldError as error:
        return error
    return None


@pytest.mark.parametrize("field", FIELDS)
@given(st.data())
def test_any_text_gives_a_value_or_a_clear_message(field: str, data: st.DataObject) -> None:
    reader, good = FIELDS[field]
    text = data.draw(ANYTHING | near(good))
    fault = fault_of(reader, text)
    assert fault is None or (sentence(fault) and fault.field == SHARED.get(field, field))


@given(st.lists(ANYTHING, min_size=8, max_size=8), st.booleans())
def test_any_form_gives_choices_or_all_that_must_be_mended(texts: list[str], agreed: bool) -> None:  # noqa: FBT001
    domains, ca, url, kind, key, until, profile, csr = texts
    form = Form(domains, ca, url, kind, key, agree_tos=agreed, persist_until=until, profile=profile, csr=csr)
    choices, errors = read_form(form, (CA,), NOW)
    assert choices is None
    assert errors
    assert all(sentence(error) for error in errors)


SENT: Final = ("domains", "directory-url", "import-directory", "eab-kid", "contact", "account-contact", "csr")
"""Fields whose texts go to a CA."""


@pytest.mark.parametrize("field", SENT)
@pytest.mark.parametrize(
    "label", ["P-256 PKCS#8 PEM", "RSA 2048 traditional PEM", "Ed25519 OpenSSH", "P-384 JWK", "DSA PKCS#8 PEM"]
)
def test_a_private_key_in_a_field_that_is_sent_is_refused_as_one(field: str, label: str) -> None:
    reader, good = FIELDS[field]
    key = key_files()[label]
    word = urlsafe_b64encode(key).decode()
    for text in (
        key.decode(),
        word,
        key.hex(),
        f"{good[0]} {key.decode()}",
        f"{word}@shop.example",
        f"https://ca.example/{word}",
    ):
        fault = fault_of(reader, text)
        assert fault is not None
        assert fault.field == SHARED.get(field, field)
        assert "private key" in sentence(fault)
        assert word[:20] not in sentence(fault)
