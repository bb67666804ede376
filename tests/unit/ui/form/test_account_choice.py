"""Several accounts at one CA: which one orders, and what the list in step 1 offers."""

from dataclasses import replace

from app.accounts.account_store import NEW
from app.accounts.stored_account import RECORD_PREFIX, StoredAccount
from app.errors import StorageError
from app.ports import JsonRecord
from app.ui.form.account import AccountChoicePresenter, AccountForm
from tests.unit.records import DIRECTORY
from tests.unit.script import answer, read_post
from tests.unit.scripted_ca import ACCOUNT, NEW_ACCOUNT, NEW_ORDER
from tests.unit.visit import GOOD, Visit

SECOND = "https://ca.example/account/2"


class List:
    """A list that remembers what it offers; `ca` is the CA that is chosen."""

    def __init__(self, ca: str = "test") -> None:
        self.ca = ca
        self.offered: tuple[tuple[str, str], ...] = ()

    def chosen(self) -> tuple[str, str]:
        """See `app.ui.form.account.AccountChoiceView.chosen`."""
        return self.ca, ""

    def show_accounts(self, accounts: tuple[tuple[str, str], ...]) -> None:
        """See `app.ui.form.account.AccountChoiceView.show_accounts`."""
        self.offered = accounts


async def with_two() -> Visit:
    """A visit whose CA has two accounts of this browser; the second one ordered last."""
    visit = Visit()
    await visit.session.start()
    await visit.session.back()
    visit.ports.clock.slept.append(86400)  # type: ignore[attr-defined]
    visit.ca.script[NEW_ACCOUNT] = [answer({"status": "valid"}, status=201, location=SECOND)]
    visit.page.fields = replace(GOOD, account=AccountForm(choice=NEW))
    await visit.session.start()
    await visit.session.back()
    return visit


async def kid_of_the_last_order(visit: Visit) -> str:
    return str(read_post(visit.ca.sent(NEW_ORDER)[-1]).protected["kid"])


async def test_a_new_account_stands_beside_the_old_one_with_a_key_of_its_own() -> None:
    visit = await with_two()
    assert await kid_of_the_last_order(visit) == SECOND
    ids = [DIRECTORY, f"{DIRECTORY} 2"]
    assert {RECORD_PREFIX + id_ for id_ in ids} <= set(await visit.ports.keys.names())
    first, second = [await visit.ports.keys.load(RECORD_PREFIX + id_) for id_ in ids]
    assert first
    assert second
    assert first.public_jwk != second.public_jwk


async def test_the_account_that_is_chosen_orders_and_else_the_one_that_ordered_last() -> None:
    visit = await with_two()
    visit.page.fields = replace(GOOD, domains="other.example")
    visit.ca.names = ("other.example",)
    await visit.session.start()
    assert await kid_of_the_last_order(visit) == SECOND
    await visit.session.back()
    visit.ca.script[NEW_ACCOUNT] = [answer({"status": "valid"}, location=ACCOUNT)]
    visit.page.fields = replace(GOOD, account=AccountForm(choice=DIRECTORY))
    await visit.session.start()
    assert await kid_of_the_last_order(visit) == ACCOUNT
    assert len(await visit.workflow.accounts.all()) == 2


async def test_the_list_offers_what_is_at_the_chosen_ca_the_last_used_first() -> None:
    visit = await with_two()
    page = List()
    choice = AccountChoicePresenter(visit.workflow, page)
    await choice.refresh()
    assert [id_ for id_, _ in page.offered] == [f"{DIRECTORY} 2", DIRECTORY]
    assert [words.partition(",")[0] for _, words in page.offered] == ["Account 2", "Account 1"]
    for ca in ("custom", "gone"):
        page.ca = ca
        await choice.refresh()
        assert page.offered == ()


async def test_a_store_that_cannot_be_read_offers_nothing() -> None:
    visit = await with_two()

    async def broken(_: str) -> dict[str, JsonRecord | StorageError]:
        raise StorageError("no")

    visit.ports.store.get_all = broken  # type: ignore[method-assign, assignment]
    page = List()
    await AccountChoicePresenter(visit.workflow, page).refresh()
    assert page.offered == ()


async def test_an_account_that_the_ca_has_not_made_yet_keeps_its_id() -> None:
    accounts = Visit().workflow.accounts
    await accounts.save(StoredAccount(DIRECTORY, "test", DIRECTORY, "account x"))
    assert await accounts.new_id(DIRECTORY) == DIRECTORY
    await accounts.save(StoredAccount(DIRECTORY, "test", DIRECTORY, "account x", "https://ca.example/account/1"))
    assert await accounts.new_id(DIRECTORY) == f"{DIRECTORY} 2"


async def test_a_damaged_record_is_not_written_over() -> None:
    visit = Visit()
    await visit.ports.store.put(RECORD_PREFIX + DIRECTORY, {"version": 99})
    assert await visit.workflow.accounts.new_id(DIRECTORY) == f"{DIRECTORY} 2"


def test_record_of_version_1_has_the_directory_for_its_id() -> None:
    older = {"version": 1, "ca": "test", "directory": DIRECTORY, "key": "k", "url": "u", "next_key": "", "extractable": True}
    assert StoredAccount.from_json(older) == StoredAccount(DIRECTORY, "test", DIRECTORY, "k", "u", extractable=True)
