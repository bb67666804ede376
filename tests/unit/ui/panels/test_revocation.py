"""The panel for a revocation by the certificate's own key."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from app.encoding.base64url import b64url_decode
from app.errors import FieldError
from app.issuance.revocation import PASTED_KEY
from app.issuance.workflow import Workflow
from app.pki.certificate import read_leaf
from app.pki.jwk import read_key, to_jwk
from app.pki.pem import to_pem
from app.ports import Request, Response
from app.text.message import Message
from app.text.sentences import sentence
from app.ui.panels.revocation import RevocationForm, RevocationPresenter, RevocationRequest, read_revocation
from tests.unit.chains import chain, intermediate, leaf
from tests.unit.issuance.test_revocation import PATHS, REVOKE, Person
from tests.unit.keys import native_key
from tests.unit.pki.test_jwk import FORM
from tests.unit.records import CA, DIRECTORY
from tests.unit.script import ScriptedHttp, answer, read_post, refusal
from tests.unit.scripted_ca import BASE, ports_to


def pem(n: int = 0) -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return native_key(n=n).private.private_bytes(*form).decode()


GOOD = RevocationForm("test", chain("shop.example"), pem(), "1")


class Panel:
    """A panel that only remembers what it is shown."""

    def __init__(self, fields: RevocationForm) -> None:
        self.fields = fields
        self.busy: list[bool] = []
        self.errors: tuple[FieldError, ...] = ()
        self.message: Message | None = None
        self.said = ""

    def form(self) -> RevocationForm:
        """See `app.ui.panels.revocation.RevocationView.form`."""
        return self.fields

    def show(self, *, busy: bool, errors: tuple[FieldError, ...] = (), message: Message | None = None) -> None:
        """See `app.ui.panels.revocation.RevocationView.show`."""
        self.busy.append(busy)
        self.errors, self.message = errors, message

    def done(self, text: str) -> None:
        """See `app.ui.panels.revocation.RevocationView.done`."""
        self.said = text


class Visit:
    """A panel with `fields`, at a CA that answers a revocation by `response`."""

    def __init__(self, fields: RevocationForm = GOOD, response: Response | None = None, *, says: bool = True) -> None:
        urls = {name: f"{BASE}/{path}" for name, path in PATHS.items()}
        nonce = answer(nonce="nonce-1")
        self.ca = ScriptedHttp({f"GET {DIRECTORY}": answer(urls), f"HEAD {BASE}/nonce": nonce, REVOKE: response or answer()})
        self.panel = Panel(fields)
        self.person = Person(says=says)
        self.workflow = Workflow(ports_to(self.ca), (CA,))
        self.revocation = RevocationPresenter(self.workflow, self.panel, self.person)

    def sent(self) -> list[Request]:
        """The revocations that were sent."""
        return self.ca.sent(REVOKE)


async def test_the_certificates_own_key_signs_and_is_not_kept() -> None:
    visit = Visit()
    await visit.revocation.revoke()
    (request,) = visit.sent()
    post = read_post(request)
    assert post.protected["jwk"] == dict(native_key().public_jwk)
    assert post.payload["reason"] == 1
    assert visit.panel.said == "The certificate is revoked."
    assert visit.panel.busy == [True, False]
    assert await visit.workflow.ports.keys.load(PASTED_KEY) is None
    assert "shop.example" in visit.person.asked[0].text


async def test_a_no_sends_nothing() -> None:
    visit = Visit(says=False)
    await visit.revocation.revoke()
    assert visit.ca.requests == []


async def test_the_key_of_another_certificate_is_told_and_sends_nothing() -> None:
    visit = Visit(RevocationForm("test", chain("shop.example"), pem(1), "1"))
    await visit.revocation.revoke()
    assert [error.field for error in visit.panel.errors] == ["revoke-key"]
    assert visit.ca.requests == []
    assert await visit.workflow.ports.keys.load(PASTED_KEY) is None


async def test_everything_that_must_be_mended_is_told_in_order() -> None:
    visit = Visit(RevocationForm("nobody", "nothing", "nothing", "9"))
    await visit.revocation.revoke()
    fields = [error.field for error in visit.panel.errors]
    assert fields == ["revoke-ca", "revoke-certificate", "revoke-key", "revoke-reason"]
    assert visit.person.asked == []


async def test_a_refusal_is_told_and_the_key_forgotten() -> None:
    visit = Visit(response=refusal("alreadyRevoked"))
    await visit.revocation.revoke()
    assert visit.panel.message is not None
    assert visit.panel.message.title == "This certificate was already revoked"
    assert visit.panel.said == ""
    assert visit.panel.busy[-1] is False
    assert await visit.workflow.ports.keys.load(PASTED_KEY) is None


async def test_a_key_that_does_not_hold_together_is_said_beside_its_field() -> None:
    jwk, other = (json.loads(to_jwk(native_key(n=n).private.private_bytes(*FORM))) for n in (0, 1))
    _, pkcs8 = read_key(json.dumps({**jwk, "x": other["x"], "y": other["y"]}))
    visit = Visit(replace(GOOD, key=to_pem("PRIVATE KEY", pkcs8)))
    await visit.revocation.revoke()
    assert [error.field for error in visit.panel.errors] == ["revoke-key"]
    assert "copied completely" in sentence(visit.panel.errors[0])
    assert visit.sent() == []


PARAMETERS = to_pem("DH PARAMETERS", b"\x30\x00")


@pytest.mark.parametrize(
    "combined",
    [
        pytest.param(chain("shop.example") + pem() + PARAMETERS, id="certificate, chain, key, DH parameters"),
        pytest.param(pem() + chain("shop.example"), id="the key first"),
        pytest.param(intermediate() + leaf("shop.example"), id="the chain first"),
        pytest.param(f"Bag Attributes\n  friendlyName: x\n{leaf('shop.example')}subject=\n{intermediate()}", id="from a PFX"),
        pytest.param(f"\ufeff{leaf('shop.example')}".replace("\n", "\r\n"), id="with a mark and CR LF"),
        pytest.param(leaf("shop.example").replace("\n", "\\n"), id="escaped line breaks"),
        pytest.param(leaf("shop.example").replace("CERTIFICATE", "X509 CERTIFICATE"), id="an old label"),
        pytest.param("".join(leaf("shop.example").splitlines()[1:-1]), id="base64 alone"),
    ],
)
async def test_certificate_is_found_in_a_combined_file(combined: str) -> None:
    visit = Visit(replace(GOOD, certificate=combined))
    await visit.revocation.revoke()
    (request,) = visit.sent()
    sent = read_post(request).payload["certificate"]
    assert read_leaf([b64url_decode(str(sent))])[0].names == ("shop.example",)


async def test_key_beside_the_certificate_will_do() -> None:
    visit = Visit(replace(GOOD, certificate=chain("shop.example") + pem(), key=" \n"))
    await visit.revocation.revoke()
    assert len(visit.sent()) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (pem(), "not a certificate in PEM form"),
        (leaf("shop.example").partition("-----END")[0], "the line -----END CERTIFICATE-----"),
        (leaf("shop.example") * 21, "21 certificates"),
        (to_pem("CERTIFICATE", b"\x30\x00"), "not a certificate in PEM form"),
    ],
)
async def test_what_is_no_certificate_is_said(text: str, words: str) -> None:
    visit = Visit(replace(GOOD, certificate=text))
    await visit.revocation.revoke()
    assert [error.field for error in visit.panel.errors] == ["revoke-certificate"]
    assert words in sentence(visit.panel.errors[0])
    assert visit.sent() == []


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_gives_words(ca: str, certificate: str, key: str, reason: str) -> None:
    wanted = read_revocation(RevocationForm(ca, certificate, key, reason), (CA,))
    assert not isinstance(wanted, RevocationRequest)
    assert all(sentence(error) for error in wanted)
