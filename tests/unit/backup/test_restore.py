"""Restoring a backup: what an earlier version made comes in, and what a stranger made replaces and orders nothing."""

import base64
import sys
from dataclasses import replace
from typing import Any

import pytest

from app.accounts.account_store import NEW
from app.accounts.record_checks import LAST_MOMENT
from app.accounts.stored_account import StoredAccount
from app.acme.jws import thumbprint
from app.backup.content import Backup
from app.backup.restore import preview, restore
from app.errors import InputError
from app.issuance.record import read_issuance
from app.text.backup import restoring_question
from app.ui.form.account import AccountChoicePresenter, AccountForm
from tests.unit.backups import ACCOUNT_KEY, MINE, Content, content, key_entry, order, restored, with_account
from tests.unit.keys import native_key
from tests.unit.records import CA, DIRECTORY, record
from tests.unit.script import read_post
from tests.unit.scripted_ca import ACCOUNT, NEW_ACCOUNT, NEW_ORDER
from tests.unit.ui.form.test_account_choice import List
from tests.unit.ui.panels.test_backup import everything
from tests.unit.visit import GOOD, Visit

# ---- a backup that an earlier version made ----


async def test_backup_of_an_earlier_version_comes_in_whole() -> None:
    visit = Visit()
    came = await restored(visit, content())
    assert [account.url for account in came.accounts] == [ACCOUNT]
    assert {issuance.id: issuance.state for issuance in came.issuances} == {
        "1": "issued",
        "2": "proving",
        "3": "proving",
        "4": "proving",
    }
    assert (came.skipped, came.keyless, came.blocked_issuances, came.keys) == ((), (), (), 1)
    for name in ("certificate 1", ACCOUNT_KEY):
        entry = next(key for key in content()["keys"] if key["name"] == name)
        assert (await visit.ports.keys.export_pkcs8(name)) == base64.b64decode(entry["pkcs8"])
    for id_ in ("1", "2", "3", "4"):
        record = await visit.ports.store.get(f"issuance {id_}")
        assert record
        assert read_issuance(record) == read_issuance(order(content(), id_))


async def test_restoring_twice_changes_nothing() -> None:
    visit = Visit()
    await with_account(visit)
    await restored(visit, content())
    before = await everything(visit)
    visit.ports.clock.slept.append(60)  # type: ignore[attr-defined]
    again = await restored(visit, content())
    assert await everything(visit) == before
    assert (again.accounts, again.issuances, again.skipped, again.keys) == ((), (), (), 0)
    assert (len(again.unchanged_accounts), len(again.unchanged_issuances)) == (1, 4)


# ---- names of keys ----


@pytest.mark.parametrize("member", ["key", "next_key"])
@pytest.mark.parametrize(
    "slot",
    [
        ACCOUNT_KEY,
        f"account {DIRECTORY} 2",
        "account gone",
        "certificate 7",
        "proof 7",
        "left-over 1",
        "pasted for a revocation",
    ],
)
async def test_account_that_names_the_slot_of_another_key_replaces_none(member: str, slot: str) -> None:
    visit = Visit()
    await with_account(visit)
    gone = StoredAccount(f"{DIRECTORY} 3", CA.id, DIRECTORY, "account gone", "https://ca.example/account/8")
    await visit.workflow.accounts.save(gone)  # its key is lost, and must not become another one
    for name in ("certificate 7", "proof 7", "left-over 1"):
        await visit.ports.keys.generate(name, "ec-p256", extractable=True)
    await visit.workflow.save(record("mine.example", id="7", state="proving"))
    _, before = await everything(visit)
    hostile = content()
    hostile["accounts"][0][member] = slot
    hostile["keys"].append(key_entry(slot))
    await restored(visit, hostile)
    _, after = await everything(visit)
    assert {name: after[name] for name in before} == before
    assert await visit.ports.keys.load("account gone") is None
    stranger = native_key("ec-p256").public_spki
    used = {account.key for account in await visit.workflow.accounts.all() if account.url == MINE}
    assert all(after[name] != stranger for name in used)


@pytest.mark.parametrize("name", [ACCOUNT_KEY, "certificate 7", "proof 7", "account new", "pasted for a revocation", ""])
async def test_left_over_key_gets_a_name_from_here(name: str) -> None:
    visit = Visit()
    await restored(visit, {**content(), "accounts": [], "issuances": [], "keys": [key_entry(name)]})
    (here,) = await visit.ports.keys.names()
    assert here.startswith("left-over ")


async def test_order_that_the_file_makes_up_for_one_of_ours_replaces_neither_record_nor_key() -> None:
    visit = Visit("mine.example", fields=replace(GOOD, domains="mine.example"))
    await visit.session.start()
    await visit.ports.keys.generate("certificate 1", "ec-p256", extractable=True)
    before = await everything(visit)
    came = await restored(visit, content())  # has another order of that number, and is later
    records, keys = await everything(visit)
    assert {name: records[name] for name in before[0]} == before[0]
    assert {name: keys[name] for name in before[1]} == before[1]
    assert [str(entry.reason) for entry in came.skipped] == ["order-id-taken"]


@pytest.mark.parametrize("state", ["ready", "finalizing", "downloading"])
async def test_key_that_a_certificate_may_have_been_made_for_is_not_replaced(state: Any) -> None:
    visit = Visit()
    await restored(visit, {**content(), "issuances": [order(content(), "1")]})
    await visit.ports.keys.generate("certificate 1", "ec-p256", extractable=True)
    (saved,) = await visit.workflow.saved()
    await visit.workflow.save(replace(saved, state=state, since=0.0, certificate_pem="", chains=()))
    before = await everything(visit)
    came = await restored(visit, content())
    _, keys = await everything(visit)
    assert keys["certificate 1"] == before[1]["certificate 1"]
    assert any(str(entry.reason) == "key-name-of-another-key" for entry in came.skipped)


async def test_left_over_key_under_the_name_of_an_orders_key_stays() -> None:
    visit = Visit()
    await visit.ports.keys.generate("certificate 1", "ec-p256", extractable=True)
    _, before = await everything(visit)
    came = await restored(visit, content())
    _, after = await everything(visit)
    assert after["certificate 1"] == before["certificate 1"]
    assert [entry.issuance.id for entry in came.skipped if entry.issuance] == ["1"]
    assert len(came.issuances) == 3


# ---- which account orders ----


async def known(visit: Visit, account: StoredAccount) -> None:
    """The CA has made `account` before."""
    key = await visit.ports.keys.load(account.key)
    assert key
    visit.ca.knows(account.url, key.public_jwk)


async def kid_of_the_last_order(visit: Visit) -> str:
    return str(read_post(visit.ca.sent(NEW_ORDER)[-1]).protected["kid"])


@pytest.mark.parametrize("used", [0.0, 4e9, LAST_MOMENT])
async def test_restored_account_is_never_the_default(used: float) -> None:
    visit = Visit()
    mine = await with_account(visit)
    hostile = content()
    hostile["accounts"][0]["used"] = hostile["accounts"][0]["made"] = used
    await restored(visit, hostile)
    assert await visit.workflow.accounts.chosen_id(DIRECTORY, "") == mine.id
    await known(visit, mine)
    await visit.session.start()
    assert await kid_of_the_last_order(visit) == MINE
    page = List()
    await AccountChoicePresenter(visit.workflow, page).refresh()
    assert [id_ for id_, _ in page.offered] == [DIRECTORY, f"{DIRECTORY} 2"]
    assert page.offered[1][1] == "Account 1, from a backup, not used here yet"


async def test_where_all_accounts_are_restored_a_new_one_is_the_default() -> None:
    visit = Visit()
    await restored(visit, content())
    assert await visit.workflow.accounts.chosen_id(DIRECTORY, "") == f"{DIRECTORY} 2"
    page = List()
    await AccountChoicePresenter(visit.workflow, page).refresh()
    assert [id_ for id_, _ in page.offered] == [NEW, DIRECTORY]


async def test_restored_account_orders_once_it_is_chosen_and_is_the_default_from_then_on() -> None:
    visit = Visit()
    await restored(visit, content())
    await known(visit, (await visit.workflow.accounts.all())[0])
    visit.page.fields = replace(GOOD, account=AccountForm(choice=DIRECTORY))
    await visit.session.start()
    assert await kid_of_the_last_order(visit) == ACCOUNT
    await visit.reload()
    assert await visit.workflow.accounts.chosen_id(DIRECTORY, "") == DIRECTORY


@pytest.mark.parametrize("state", ["asked", "registered"])
async def test_order_from_a_file_that_is_not_placed_yet_waits_for_the_choice(state: str) -> None:
    visit = Visit()
    hostile = content()
    order(hostile, "2").update(state=state, order_url="", finalize_url="", authorization_urls=[], proofs=[])
    await restored(visit, hostile)
    await visit.open()
    await visit.saved.reopen("2")
    assert "came from a backup" in visit.page.message.text
    assert visit.ca.sent(NEW_ORDER) == visit.ca.sent(NEW_ACCOUNT) == []


async def test_renewing_and_trying_again_do_not_choose_a_restored_account() -> None:
    visit = Visit()
    hostile = content()
    order(hostile, "2").update(state="failed", problem={"type": "dns", "detail": "nothing there"})
    await restored(visit, hostile)
    await visit.open()
    await visit.saved.renew("1")
    assert "choose that account" in visit.page.message.text
    await visit.saved.reopen("2")
    await visit.session.retry()
    assert "choose that account" in visit.page.message.text
    assert visit.ca.sent(NEW_ORDER) == visit.ca.sent(NEW_ACCOUNT) == []


async def test_choice_of_an_account_does_not_count_for_another_one_that_is_restored_under_its_id() -> None:
    visit = Visit()
    mine = await with_account(visit)
    assert await visit.workflow.accounts.chosen_id(DIRECTORY, DIRECTORY) == DIRECTORY
    await visit.workflow.accounts.forget(mine)
    await restored(visit, content())
    account = await visit.workflow.accounts.saved(DIRECTORY)
    assert account
    assert account.url == ACCOUNT
    with pytest.raises(InputError, match="account-not-chosen"):
        visit.workflow.accounts.check_chosen(account)


async def test_account_that_no_ca_has_made_is_not_restored() -> None:
    """It would be taken for the next account of this browser, with a key that the file's maker has."""
    visit = Visit()
    hostile = content()
    hostile["accounts"][0]["url"] = ""
    came = await restored(visit, hostile)
    assert (came.accounts, await visit.workflow.accounts.readable()) == ((), [])
    assert ACCOUNT_KEY not in await visit.ports.keys.names()


async def test_order_of_an_account_that_the_file_makes_up_goes_by_one_of_this_browser() -> None:
    visit = Visit()
    hostile = content()
    order(hostile, "2")["choices"]["account"] = f"{DIRECTORY} 77"
    await restored(visit, hostile)
    saved = next(issuance for issuance in await visit.workflow.saved() if issuance.id == "2")
    assert saved.choices.account == DIRECTORY


# ---- the question ----


async def test_question_shows_what_is_in_the_file() -> None:
    visit = Visit()
    hostile = content()
    hostile["issuances"].append(5)
    question = restoring_question(visit.workflow, await preview(visit.workflow, Backup.from_json(hostile)))
    entry = next(key for key in hostile["keys"] if key["name"] == ACCOUNT_KEY)
    await visit.ports.keys.import_pkcs8("x", base64.b64decode(entry["pkcs8"]), "ec-p256", extractable=True)
    handle = await visit.ports.keys.load("x")
    assert handle
    assert question.lines == (
        f"Account at Test CA: {ACCOUNT}, key thumbprint {thumbprint(handle.public_jwk)}",
        "Order for web.example: waiting for your proof (Test CA)",
        "Order for tls.example: waiting for your proof (Test CA)",
        "Order for one.example, *.one.example: waiting for your proof (Test CA)",
        "Order for shop.example: finished (Test CA)",
        "1 unused key",
        "Left out: Order number 5 of the file: It is damaged.",
    )
    assert "Only restore a backup that you made yourself" in question.text


# ---- as many as there may be ----


def many(count: int) -> Content:
    """A file with `count` accounts and orders, each with a key."""
    big = content()
    account, key, issued = big["accounts"][0], big["keys"][0], order(big, "1")
    numbers = range(count)
    urls = [f"https://ca.example/account/{n}" for n in numbers]
    return {
        "accounts": [{**account, "id": f"{DIRECTORY} {n + 2}", "url": urls[n], "key": f"account {n}"} for n in numbers],
        "issuances": [{**issued, "id": f"o{n}", "account_url": urls[n]} for n in numbers],
        "keys": [{**key, "name": f"account {n}"} for n in numbers],
        "left_behind": [],
    }


async def calls(count: int) -> int:
    """How many functions are called to read, show and restore `many(count)` entries beside as many that are here."""
    visit = Visit()
    await restored(visit, many(count))
    hostile = many(count)
    for n, account in enumerate(hostile["accounts"]):
        account["url"] = f"https://ca.example/account/other-{n}"
    counted = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        backup = Backup.from_json(hostile)
        restoring_question(visit.workflow, await preview(visit.workflow, backup))
        await restore(visit.workflow, backup)
    finally:
        sys.setprofile(None)
    return counted


async def test_work_grows_with_the_number_of_entries_only() -> None:
    small, large = await calls(20), await calls(80)
    assert large < 4.4 * small
