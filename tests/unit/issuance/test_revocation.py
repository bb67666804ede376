"""What can be done with a certificate once it is there."""

from dataclasses import replace

import pytest

from app.acme.revocation import REASONS
from app.dns.permission import DnsPermission
from app.errors import FieldError
from app.issuance.workflow import Workflow
from app.ports import Request, Response
from app.text.message import Question
from app.ui.session import Session
from app.ui.steps.certificate import CertificatePresenter, read_reason
from tests.adapters import AlwaysVisible
from tests.unit.chains import chain, root
from tests.unit.fake_page import FakePage
from tests.unit.records import CA, DIRECTORY
from tests.unit.script import answer, html, read_post, refusal
from tests.unit.scripted_ca import BASE, CERTIFICATE, ScriptedCA, ports_to
from tests.unit.visit import GOOD

REVOKE = f"POST {BASE}/revoke"


class Person:
    """Answers every question in the same way, and remembers them."""

    def __init__(self, *, says: bool = True) -> None:
        self.says = says
        self.asked: list[Question] = []

    async def confirm(self, question: Question) -> bool:
        """See `app.ui.views.ConfirmView.confirm`."""
        self.asked.append(question)
        return self.says


class Visit:
    """A visit up to the certificate, at a CA that revokes, with the chains `alternates` beside its own."""

    def __init__(self, *, says: bool = True) -> None:
        self.ca = ScriptedCA("shop.example")
        urls = {name: f"{BASE}/{path}" for name, path in PATHS.items()}
        self.ca.script[f"GET {DIRECTORY}"] = [answer(urls)]
        self.ca.script[REVOKE] = [answer()]
        self.page = FakePage(GOOD)
        self.person = Person(says=says)
        workflow = Workflow(ports_to(self.ca), (CA,))
        self.workflow = workflow
        self.session = Session(
            workflow,
            self.page,
            new_id=lambda: "1",
            permission=DnsPermission(workflow.ports.store, ()),
            visibility=AlwaysVisible(),
        )
        self.aftercare = CertificatePresenter(workflow, self.session, self.person)

    async def issued(self) -> None:
        """All the clicks of the good way."""
        await self.session.start()
        await self.session.verify()
        assert self.page.view.step == "certificate"

    def offer(self, *alternates: Response | None) -> None:
        """Let the CA offer other chains; None is the CA's own certificate below the root, in place of the intermediate."""

        def first(request: Request) -> Response:
            links = ", ".join(f'<{BASE}/certificate/1/{n}>;rel="alternate"' for n in range(len(alternates)))
            response = self.ca.certificate(request)
            self.own = response
            return replace(response, headers={**response.headers, "link": links})

        def longer(_: Request) -> Response:
            return replace(self.own, body=self.own.body + root().encode())

        self.ca.script[CERTIFICATE] = [first]
        for n, response in enumerate(alternates):
            self.ca.script[f"{CERTIFICATE}/{n}"] = [response or longer]


PATHS = {"newNonce": "nonce", "newAccount": "new-account", "newOrder": "new-order", "revokeCert": "revoke"}


async def test_one_chain_is_no_choice() -> None:
    visit = Visit()
    await visit.issued()
    assert visit.page.view.certificate is not None
    assert visit.page.view.certificate.chains == ("Test CA, Root",)


async def test_another_chain_is_taken_and_kept() -> None:
    visit = Visit()
    visit.offer(None)
    await visit.issued()
    await visit.aftercare.choose_chain(1)
    view = visit.page.view.certificate
    assert view is not None
    assert (len(view.chains), view.chain) == (2, 1)
    assert "chain up to Test CA, Root" in visit.page.said[-1]
    (saved,) = await visit.workflow.saved()
    assert saved.certificate_pem.count("BEGIN") == 3
    await visit.session.files.download("chain")
    assert visit.page.files[-1].body.count(b"BEGIN") == 2


@pytest.mark.parametrize(
    "bad",
    [html(404), Response(200, {}, b"not PEM"), Response(200, {}, chain("other.example").encode())],
    ids=["missing", "damaged", "of another certificate"],
)
async def test_a_bad_alternate_costs_nothing(bad: Response) -> None:
    visit = Visit()
    visit.offer(bad)
    await visit.issued()
    assert visit.page.view.certificate is not None
    assert len(visit.page.view.certificate.chains) == 1


async def test_revocation_sends_certificate_and_reason_after_a_yes() -> None:
    visit = Visit()
    await visit.issued()
    await visit.aftercare.revoke("1")
    (question,) = visit.person.asked
    assert "shop.example" in question.text
    (sent,) = visit.ca.sent(REVOKE)
    post = read_post(sent)
    assert post.payload["reason"] == 1
    assert "kid" in post.protected
    assert visit.page.view.certificate is not None
    assert "was revoked on" in visit.page.view.certificate.revoked
    assert visit.page.said[-1] == "The certificate is revoked."


async def test_a_no_revokes_nothing() -> None:
    visit = Visit(says=False)
    await visit.issued()
    await visit.aftercare.revoke("1")
    assert visit.ca.sent(REVOKE) == []
    assert visit.page.view.certificate is not None
    assert visit.page.view.certificate.revoked == ""


async def test_revoked_before_is_told_and_kept() -> None:
    visit = Visit()
    visit.ca.script[REVOKE] = [refusal("alreadyRevoked")]
    await visit.issued()
    await visit.aftercare.revoke("0")
    assert "already revoked" in visit.page.said[-1]
    (saved,) = await visit.workflow.saved()
    assert saved.revoked > 0


async def test_a_refused_revocation_says_why() -> None:
    visit = Visit()
    visit.ca.script[REVOKE] = [refusal("badRevocationReason")]
    await visit.issued()
    await visit.aftercare.revoke("5")
    assert "does not accept this reason" in visit.page.message.title


async def test_a_ca_without_revocation_is_told() -> None:
    visit = Visit()
    visit.ca.script[f"GET {DIRECTORY}"] = [
        answer({name: f"{BASE}/{path}" for name, path in PATHS.items() if name != "revokeCert"})
    ]
    await visit.issued()
    await visit.aftercare.revoke("0")
    assert visit.page.message.title == "Test CA offers no revocation by ACME"


def test_reasons_are_those_that_cas_take() -> None:
    assert [read_reason(str(code)) for code in REASONS] == [0, 1, 4, 5]
    with pytest.raises(FieldError):
        read_reason("6")
