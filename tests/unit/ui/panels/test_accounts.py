"""The panel for accounts, on a page that only remembers what it is shown."""

import asyncio
import json
from dataclasses import replace

import pytest

from app.accounts.stored_account import RECORD_PREFIX
from app.errors import FieldError
from app.pki.formats.file import File
from app.pki.jwk import to_jwk
from app.text.message import Message, Question
from app.text.sentences import sentence
from app.ui.form.account import AccountForm
from app.ui.panels.accounts import AccountsForm, AccountsModel, AccountsPresenter
from tests.unit.keys import native_key
from tests.unit.pki.test_jwk import FORM
from tests.unit.records import DIRECTORY
from tests.unit.script import answer, refusal
from tests.unit.scripted_ca import ACCOUNT
from tests.unit.visit import GOOD, Visit

EMPTY = AccountsForm("", "", "test", "", "", import_extractable=False)


class Panel:
    """A panel that only remembers; it answers every question with `says`."""

    def __init__(self) -> None:
        self.fields = EMPTY
        self.view = AccountsModel()
        self.said = ""
        self.error: FieldError | None = None
        self.message: Message | None = None
        self.files: list[File] = []
        self.says = True

    def form(self) -> AccountsForm:
        """See `app.ui.panels.accounts.AccountsView.form`."""
        return self.fields

    def show(self, view: AccountsModel) -> None:
        """See `app.ui.panels.accounts.AccountsView.show`."""
        self.view = view
        directories = [directory for directory, _ in view.accounts]
        self.fields = replace(self.fields, chosen=directories[0] if directories else "")

    def tell(self, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None) -> None:
        """See `app.ui.panels.accounts.AccountsView.tell`."""
        self.busy, self.said, self.error, self.message = busy, said, error, message

    def empty_import(self) -> None:
        """See `app.ui.panels.accounts.AccountsView.empty_import`."""
        self.fields = replace(self.fields, import_key="")

    def save(self, file: File) -> None:
        """See `app.ui.panels.accounts.AccountsView.save`."""
        self.files.append(file)

    async def confirm(self, question: Question) -> bool:
        """See `app.ui.views.ConfirmView.confirm`."""
        assert question.tick
        return self.says


def presenter_of(visit: Visit) -> tuple[AccountsPresenter, Panel]:
    panel = Panel()
    return AccountsPresenter(visit.workflow, panel, panel, visit.session), panel


async def with_account() -> tuple[Visit, AccountsPresenter, Panel]:
    visit = Visit(fields=replace(GOOD, account=AccountForm(account_extractable=True)))
    await visit.session.start()
    presenter, panel = presenter_of(visit)
    await presenter.open()
    return visit, presenter, panel


async def test_browser_without_an_account_says_so() -> None:
    presenter, panel = presenter_of(Visit())
    await presenter.open()
    assert panel.view.accounts == ()
    await presenter.ask()
    assert panel.error is not None
    assert "has no account yet" in sentence(panel.error)


async def test_account_of_an_order_is_listed_and_read_back() -> None:
    visit, presenter, panel = await with_account()
    assert [(id_, words.split(",")[0]) for id_, words in panel.view.accounts] == [(DIRECTORY, "Test CA: Account 1")]
    visit.ca.script[f"POST {ACCOUNT}"] = [answer({"status": "valid", "contact": ["mailto:me@shop.example"]})]
    await presenter.ask()
    assert "State: in use" in panel.view.lines
    assert "Orders: this CA lists none" in panel.view.lines
    assert panel.view.contact == "me@shop.example"


@pytest.mark.parametrize("click", ["roll_over", "close", "forget"])
async def test_an_account_stays_as_it_is_under_an_order_that_is_under_way(click: str) -> None:
    visit, presenter, panel = await with_account()
    await asyncio.gather(visit.session.verify(), getattr(presenter, click)())
    assert panel.error is not None
    assert "An order is under way" in sentence(panel.error)
    assert panel.view.accounts
    assert visit.page.view.step == "certificate"


async def test_key_goes_out_only_if_it_was_made_so() -> None:
    _, presenter, panel = await with_account()
    await presenter.export_key("jwk")
    await presenter.export_key("pem")
    assert json.loads(panel.files[0].body)["kty"] == "EC"
    assert panel.files[1].body.startswith(b"-----BEGIN PRIVATE KEY-----")
    visit = Visit()
    await visit.session.start()
    presenter, panel = presenter_of(visit)
    await presenter.choose()
    assert not panel.view.extractable
    await presenter.export_key("pem")
    assert panel.message
    assert not panel.files


async def test_account_is_closed_only_after_a_yes() -> None:
    visit, presenter, panel = await with_account()
    panel.says = False
    await presenter.close()
    assert panel.said == "The account was not closed."
    panel.says = True
    visit.ca.script[f"POST {ACCOUNT}"] = [answer({"status": "deactivated"})]
    await presenter.close()
    assert panel.view.accounts == ()
    assert await visit.ports.keys.load(RECORD_PREFIX + DIRECTORY) is None


async def test_open_panel_follows_what_happens_elsewhere() -> None:
    visit = Visit()
    presenter, panel = presenter_of(visit)
    await presenter.open()
    await visit.session.start()
    await presenter.refresh()
    assert [(id_, words.split(",")[0]) for id_, words in panel.view.accounts] == [(DIRECTORY, "Test CA: Account 1")]
    panel.view = replace(panel.view, lines=("what the CA said",))
    await presenter.refresh()
    assert panel.view.lines == ("what the CA said",)


async def test_contact_that_the_ca_refuses_is_a_message() -> None:
    visit, presenter, panel = await with_account()
    visit.ca.script[f"POST {ACCOUNT}"] = [refusal("invalidContact")]
    panel.fields = replace(panel.fields, contact="me@shop.example")
    await presenter.change_contact()
    assert panel.message
    assert "contact" in panel.message.title


async def test_key_is_brought_in_once() -> None:
    visit, presenter, panel = await with_account()
    text = to_jwk(native_key().private.private_bytes(*FORM))
    panel.fields = replace(panel.fields, import_key=text)
    await presenter.import_account()
    assert panel.error
    assert panel.error.field == "import-key"
    assert "already" in sentence(panel.error)
    for ca, field in (("gone", "import-ca"), ("custom", "import-directory")):
        panel.fields = replace(panel.fields, import_ca=ca, import_directory="http://ca.example")
        await presenter.import_account()
        assert panel.error.field == field
    assert visit.page.view.step == "prove"
    assert len(await visit.ports.keys.names()) == 1  # none of those that were pasted


async def test_key_that_does_not_hold_together_is_said_beside_its_field() -> None:
    visit, presenter, panel = await with_account()
    own, other = (json.loads(to_jwk(native_key(n=n).private.private_bytes(*FORM))) for n in (0, 1))
    kept = await visit.ports.keys.names()
    panel.fields = replace(panel.fields, import_key=json.dumps({**own, "x": other["x"], "y": other["y"]}))
    await presenter.import_account()
    assert panel.error
    assert panel.error.field == "import-key"
    assert "copied completely" in sentence(panel.error)
    assert await visit.ports.keys.names() == kept


async def test_account_is_brought_in_at_a_ca_that_is_not_in_the_list() -> None:
    visit, presenter, panel = await with_account()
    await presenter.export_key("jwk")
    await presenter.forget()
    text = panel.files[0].body.decode("ascii")
    panel.fields = replace(panel.fields, import_ca="custom", import_directory=DIRECTORY, import_key=text)
    await presenter.import_account()
    assert panel.error is None
    (account,) = await visit.workflow.accounts.all()
    assert (account.ca, account.url) == ("custom", ACCOUNT)


async def test_account_is_forgotten_here_only_after_a_yes_and_its_order_says_what_helps() -> None:
    visit, presenter, panel = await with_account()
    sent = len(visit.ca.requests)
    panel.says = False
    await presenter.forget()
    assert panel.said == "The account was not forgotten."
    panel.says = True
    await presenter.forget()
    assert panel.view.accounts == ()
    assert await visit.ports.keys.load(RECORD_PREFIX + DIRECTORY) is None
    assert len(visit.ca.requests) == sent
    assert visit.page.message.title == "The key for this is not in this browser"
    assert "closed or forgotten" in visit.page.message.text
