"""Step 3: what is offered for a move, what comes of the button, and the key that an account gets for it."""

import io
import tarfile
from dataclasses import replace
from typing import Any

import pytest

from app.accounts.stored_account import StoredAccount
from app.dns.providers import DnsProvider
from app.errors import FieldError
from app.pki.formats.file import File
from app.pki.jwk import to_jwk
from app.ui.steps.move_out import MoveOutForm, MoveOutModel, MoveOutPresenter
from tests.unit.records import DIRECTORY
from tests.unit.script import answer
from tests.unit.scripted_ca import BASE, NEW_ACCOUNT
from tests.unit.visit import GOOD, Visit

URLS = {
    "newNonce": f"{BASE}/nonce",
    "newAccount": f"{BASE}/new-account",
    "newOrder": f"{BASE}/new-order",
    "keyChange": f"{BASE}/key-change",
}
CLOUDFLARE = DnsProvider("cloudflare", "Cloudflare")


class Part:
    """This part of the page, which only remembers."""

    def __init__(self) -> None:
        self.fields = MoveOutForm("", "", "/var/www/html")
        self.model: MoveOutModel | None = None
        self.error: FieldError | None = None
        self.files: list[File] = []

    def form(self) -> MoveOutForm:
        """See `app.ui.steps.move_out.MoveOutView.form`."""
        return self.fields

    def show(self, model: MoveOutModel | None) -> None:
        """See `app.ui.steps.move_out.MoveOutView.show`."""
        self.model = model
        if model:
            self.fields = replace(self.fields, proof=model.chosen)

    def show_errors(self, error: FieldError | None) -> None:
        """See `app.ui.steps.move_out.MoveOutView.show_errors`."""
        self.error = error

    def save(self, file: File) -> None:
        """See `app.ui.steps.move_out.MoveOutView.save`."""
        self.files.append(file)


async def moving(client: str, *, extractable: bool = True, challenge: str = "dns-01") -> tuple[Visit, MoveOutPresenter, Part]:
    """A visit with a certificate, where `client` was chosen."""
    visit, part = Visit(fields=replace(GOOD, challenge=challenge)), Part()
    visit.workflow.lists.providers = (CLOUDFLARE,)
    visit.ca.script[f"GET {DIRECTORY}"] = [answer(URLS)]
    visit.ca.script[f"POST {BASE}/key-change"] = [answer()]
    if extractable:
        visit.page.fields = replace(visit.page.fields, account=replace(visit.page.fields.account, account_extractable=True))
    await visit.issued()
    presenter = MoveOutPresenter(visit.workflow, visit.session, part, visit.page, lambda: visit.page.fields.provider)
    part.fields = replace(part.fields, client=client)
    await presenter.choose()
    return visit, presenter, part


async def account(visit: Visit) -> StoredAccount:
    (found,) = await visit.workflow.accounts.all()
    return found


def shown(part: Part) -> MoveOutModel:
    assert part.model
    return part.model


async def test_nothing_is_shown_while_no_program_is_chosen() -> None:
    _, _, part = await moving("")
    assert part.model is None


async def test_steps_name_the_file_and_the_way_of_the_order_is_chosen() -> None:
    visit, presenter, part = await moving("certbot")
    assert shown(part).chosen == "dns-other"
    assert ("dns-cloudflare", "Cloudflare") in shown(part).providers
    assert "keystay-certbot-shop.example.tar" in shown(part).steps[0].command
    visit.page.fields = replace(visit.page.fields, provider="cloudflare")
    part.fields = replace(part.fields, proof="")
    await presenter.choose()
    assert shown(part).chosen == "dns-cloudflare"
    part.fields = replace(part.fields, proof="webroot")
    await presenter.choose()
    assert shown(part).asks_webroot


async def test_key_that_can_be_taken_out_moves_as_it_is() -> None:
    visit, presenter, part = await moving("certbot")
    assert not shown(part).key_note
    await presenter.download()
    assert [file.name for file in part.files] == ["keystay-certbot-shop.example.tar"]
    assert not visit.page.questions
    assert len(visit.ca.sent(NEW_ACCOUNT)) == 1
    assert visit.page.said[-1].startswith("keystay-certbot-shop.example.tar is in your downloads.")


@pytest.mark.parametrize("says", [True, False])
async def test_other_key_is_changed_first_if_the_person_says_so(*, says: bool) -> None:
    visit, presenter, part = await moving("certbot", extractable=False)
    before = await account(visit)
    assert shown(part).key_note
    assert shown(part).download == "Change the account’s key and download"
    visit.page.says = says
    await presenter.download()
    assert [question.title for question in visit.page.questions] == ["Give the account at Test CA a new key?"]
    if not says:
        assert await account(visit) == before
        assert not part.files
        assert visit.page.said[-1] == "The account keeps its key. Nothing was downloaded."
        return
    after = await account(visit)
    assert after.extractable
    assert after.key != before.key
    assert await visit.ports.keys.load(before.key) is None
    exported = to_jwk(await visit.ports.keys.export_pkcs8(after.key))
    with tarfile.open(fileobj=io.BytesIO(part.files[0].body)) as tar:
        name = next(name for name in tar.getnames() if name.endswith("private_key.json"))
        held: Any = tar.extractfile(name)
        assert held.read().decode() == exported
    assert shown(part).download == "Download its folder (.tar)"


async def test_folder_that_is_none_is_told_beside_its_field() -> None:
    _, presenter, part = await moving("certbot", challenge="http-01")
    part.fields = replace(part.fields, webroot="/srv/it's")
    await presenter.download()
    assert part.error
    assert part.error.field == "move-out-webroot"
    assert not part.files
    await presenter.refresh()
    assert part.error
    part.fields = replace(part.fields, webroot="/srv/its")
    await presenter.choose()
    assert part.error is None


async def test_certificate_without_its_key_does_not_move() -> None:
    visit, presenter, part = await moving("certbot")
    issuance = visit.session.issuance
    assert issuance
    await visit.workflow.save(replace(issuance, key_destroyed=1.0))
    await visit.session.refresh()
    await presenter.choose()
    assert shown(part).blocked.startswith("The certificate’s private key is not in this browser")
