"""Where the certificate will go: what the form says of it, and which keys it refuses."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from app.acme.identifier import Identifier
from app.errors import FieldError
from app.install.targets import parse_targets
from app.text.sentences import sentence
from app.ui.form.csr import CsrForm, CsrPresenter
from app.ui.form.order import form_of
from app.ui.form.target import TargetModel, target_model
from tests.unit.records import CA
from tests.unit.requests import pem, request_for
from tests.unit.visit import GOOD, Visit

STEPS = [{"do": "Put it there"}]
PAIR = [{"format": "fullchain"}, {"format": "privkey"}]
TARGETS = parse_targets(
    json.dumps(
        [
            {"id": "server", "name": "Server", "group": "web", "files": PAIR, "steps": STEPS},
            {
                "id": "nas",
                "name": "NAS",
                "group": "home",
                "files": [{"format": "cert"}],
                "steps": STEPS,
                "key": "rsa",
                "key_reason": "It refuses EC keys.",
            },
            {
                "id": "old",
                "name": "Old",
                "group": "windows",
                "files": [{"format": "pfx-legacy", "name": "{file}.pfx"}],
                "steps": STEPS,
                "key": "rsa-safer",
                "key_reason": "Version 1 takes RSA keys only.",
            },
            {
                "id": "builder",
                "name": "Builder",
                "group": "hosting",
                "files": [{"format": "cert", "name": "site.crt"}],
                "steps": STEPS,
                "takes_own": "no",
                "own_note": "It usually takes none.",
                "guesses": ["files", "takes_own"],
            },
        ]
    )
)


class Box:
    """The box for a certificate request, with the target that is chosen beside it."""

    def __init__(self, request: str, target: str) -> None:
        self.request, self.target = request, target
        self.error: FieldError | None = None

    def form(self) -> CsrForm:
        """See `app.ui.form.csr.CsrView.form`."""
        return CsrForm(self.request, "", "test", self.target)

    def fill(self, *, request: str | None = None, names: str | None = None) -> None:
        """See `app.ui.form.csr.CsrView.fill`."""

    def show_request(self, summary: str, error: FieldError | None) -> None:
        """See `app.ui.form.csr.CsrView.show_request`."""
        assert bool(summary) != bool(error)
        self.error = error


SHOP = (Identifier("dns", "shop.example"),)


def model(chosen: str, key: str = "ec-p256", names: tuple[Identifier, ...] = SHOP) -> TargetModel:
    return target_model(TARGETS, chosen, names, key)


def visit_to(target: str, **members: str) -> Visit:
    return Visit(fields=replace(GOOD, target=target, **members), targets=TARGETS)  # type: ignore[arg-type]


# ---- what the choice leads to ----


@pytest.mark.parametrize(
    ("chosen", "key", "effect", "warnings"),
    [
        ("not-sure", "ec-p256", "", ()),
        ("unknown", "ec-p256", "", ()),
        (
            "server",
            "ec-p256",
            "You get the files fullchain.pem and privkey.pem, and the steps for Server. The key will be EC P-256.",
            (),
        ),
        (
            "nas",
            "rsa-2048",
            "You get the file cert.pem, and the steps for NAS. The key will be RSA 2048. It refuses EC keys.",
            (),
        ),
        ("nas", "ec-p384", "You get the file cert.pem, and the steps for NAS.", ("The key is EC P-384. It refuses EC keys.",)),
        ("nas", "", "You get the file cert.pem, and the steps for NAS.", ()),
        (
            "old",
            "ec-p256",
            "You get the file shop.example.pfx, and the steps for Old. A password locks the key.",
            ("The key is EC P-256. Version 1 takes RSA keys only.",),
        ),
        (
            "builder",
            "rsa-4096",
            "You get the file site.crt, as Builder usually wants it, and the steps. The key will be RSA 4096.",
            ("It usually takes none.",),
        ),
    ],
)
def test_form_says_what_a_target_leads_to(chosen: str, key: str, effect: str, warnings: tuple[str, ...]) -> None:
    assert model(chosen, key) == TargetModel(effect, warnings)


def test_names_of_files_follow_the_names_also_where_there_are_none() -> None:
    assert "certificate.pfx" in model("old", names=()).effect
    assert "wildcard.a.example.pfx" in model("old", names=(Identifier("dns", "*.a.example"),)).effect


async def test_form_says_it_again_when_the_names_or_the_key_change() -> None:
    visit = visit_to("old")
    await visit.open()
    assert "shop.example.pfx" in visit.page.target.effect
    visit.page.fields = replace(visit.page.fields, domains="b.example", key_type="rsa-2048")
    visit.session.read_names()
    assert "b.example.pfx" in visit.page.target.effect
    assert not visit.page.target.warnings
    visit.page.fields = replace(visit.page.fields, key_type="ec-p256")
    visit.session.describe()
    assert visit.page.target.warnings == ("The key is EC P-256. Version 1 takes RSA keys only.",)


# ---- what is refused ----


async def test_key_that_the_target_refuses_is_told_before_anything_is_sent() -> None:
    visit = visit_to("nas")
    await visit.session.start()
    assert visit.ca.requests == []
    (error,) = visit.page.field_errors
    assert error.field == "key-type"
    assert sentence(error) == (
        "This will not work with NAS: the key is EC P-256. It refuses EC keys. "
        "Choose RSA 2048, or another answer to “Where will it go?”."
    )
    visit.page.fields = replace(visit.page.fields, target="not-sure")
    await visit.session.check_again()
    assert visit.page.field_errors == ()


async def test_key_that_only_some_versions_refuse_is_ordered() -> None:
    visit = visit_to("old")
    await visit.session.start()
    assert visit.page.field_errors == ()
    assert visit.page.view.step == "prove"


@pytest.mark.parametrize("on", ["the box", "start"])
async def test_own_request_with_such_a_key_is_refused(on: str) -> None:
    request = pem(request_for("shop.example"))
    visit = visit_to("nas", csr=request)
    if on == "start":
        await visit.session.start()
        (error,) = visit.page.field_errors
        assert visit.ca.requests == []
    else:
        box = Box(request, "nas")
        await CsrPresenter(visit.workflow, box).read()
        assert box.error
        error = box.error
    assert error.field == "csr"
    assert "the key of the request is EC P-256. It refuses EC keys. Make the request again" in sentence(error)


async def test_own_request_with_an_rsa_key_is_taken() -> None:
    key = rsa.generate_private_key(65537, 2048)
    visit = visit_to("nas", csr=pem(request_for("shop.example", key=key)))
    await visit.session.start()
    assert visit.page.field_errors == ()


# ---- what is kept ----


async def test_target_is_saved_said_and_ordered_again() -> None:
    visit = visit_to("nas", key_type="rsa-2048")
    await visit.session.start()
    (saved,) = await visit.workflow.saved()
    assert saved.choices.target == "nas"
    assert visit.page.view.order
    assert visit.page.view.order.summary == "Test CA · DNS record · for NAS"
    assert form_of(saved.choices, (CA,)).target == "nas"


async def test_who_is_not_sure_has_no_target_saved() -> None:
    visit = visit_to("not-sure")
    await visit.session.start()
    (saved,) = await visit.workflow.saved()
    assert saved.choices.target == ""
    assert form_of(saved.choices, (CA,)).target == "not-sure"
