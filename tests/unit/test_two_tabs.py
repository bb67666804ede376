"""Two tabs of one browser: one works on a record, the other looks on, and they never work against one another."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

import pytest

from app.accounts.commands import roll_over
from app.accounts.record_locks import RecordLocks
from app.accounts.stored_account import StoredAccount, account_name
from app.backup.content import Backup
from app.backup.restore import restore
from app.errors import OtherTabError, StorageError
from app.keys.inventory import destroy_everything, destroy_key, stored_keys
from app.ports import JsonRecord, Request, Response
from app.ui.steps.certificate import CertificatePresenter
from app.ui.views import PageModel
from tests.adapters import MemoryTabs
from tests.unit.records import CA, DIRECTORY
from tests.unit.script import read_post
from tests.unit.scripted_ca import FINALIZE, NEW_ACCOUNT, NEW_ORDER
from tests.unit.ui.test_session import failed
from tests.unit.visit import GOOD, Visit

ELSEWHERE: Final = "Another tab is working on this order"


async def settled() -> None:
    """Let everything go on that waits for nothing but its turn."""
    for _ in range(200):
        await asyncio.sleep(0)


async def looking_on(one: Visit) -> Visit:
    """Another tab that has opened what `one` works on."""
    other = Visit(beside=one, fields=one.page.fields)
    await other.open()
    await other.resume()
    assert other.page.view.is_follower
    return other


async def proving() -> tuple[Visit, Visit]:
    """A tab whose order waits for proof, and one that looks on."""
    one = Visit()
    await one.session.start()
    return one, await looking_on(one)


# ---- looking on ----


async def test_second_tab_sees_what_the_first_one_does_up_to_the_certificate() -> None:
    one, other = await proving()
    assert other.page.view == replace(one.page.view, is_follower=True, can_verify=False)
    sent = len(one.ca.requests)
    seen = len(other.page.views)
    await one.session.verify()
    await settled()
    steps = list(dict.fromkeys(view.step for view in other.page.views))
    assert steps == ["names", "prove", "certificate"]
    assert other.page.view == replace(one.page.view, is_follower=True)
    assert "Test CA is looking at what you published." in [view.waiting for view in other.page.views[seen:]]
    assert other.page.view.waiting == ""
    assert [request.url for request in one.ca.requests[sent:]].count(FINALIZE.removeprefix("POST ")) == 1


async def test_failure_in_the_first_tab_is_said_in_the_second() -> None:
    one = Visit()
    await one.session.start()
    other = await looking_on(one)
    await failed(one)
    await settled()
    assert other.page.message == one.page.message


CLICKS: Final[dict[str, Callable[[Visit], Awaitable[None]]]] = {
    "verify": lambda visit: visit.session.verify(),
    "retry": lambda visit: visit.session.retry(),
    "publish": lambda visit: visit.session.publish(),
    "hand out": lambda visit: visit.session.files.download_proof_file("shop.example"),
    "revoke": lambda visit: CertificatePresenter(visit.workflow, visit.session, visit.list).revoke("0"),
    "chain": lambda visit: CertificatePresenter(visit.workflow, visit.session, visit.list).choose_chain(0),
    "target": lambda visit: CertificatePresenter(visit.workflow, visit.session, visit.list).choose_target(""),
    "window": lambda visit: CertificatePresenter(visit.workflow, visit.session, visit.list).ask_window(),
}


@pytest.mark.parametrize("click", CLICKS)
async def test_whoever_looks_on_can_change_nothing(click: str) -> None:
    one = Visit()
    await one.issued()
    other = await looking_on(one)
    sent, before = len(one.ca.requests), await everything(one)
    await CLICKS[click](other)
    assert other.page.message.title == ELSEWHERE
    assert (len(one.ca.requests), await everything(one)) == (sent, before)


async def test_whoever_looks_on_can_still_take_the_files() -> None:
    one = Visit()
    await one.issued()
    other = await looking_on(one)
    await other.session.files.download("privkey")
    assert [file.name for file in other.page.files] == ["privkey.pem"]


async def everything(visit: Visit) -> dict[str, object]:
    """All records and the names of all keys of the browser."""
    store = visit.ports.store
    records = {key: await store.get(key) for key in await store.keys()}
    return {**records, "keys": await visit.ports.keys.names()}


# ---- taking over ----


@pytest.mark.parametrize("end", ["close", "back"])
async def test_second_tab_takes_over_when_the_first_lets_go(end: str) -> None:
    one, other = await proving()
    if end == "close":
        one.close()
    else:
        await one.session.back()
    await settled()
    assert not other.page.view.is_follower
    assert other.page.said[-1] == "The other tab has stopped working on this order. This tab works on it now."
    await other.session.verify()
    assert other.page.view.step == "certificate"
    assert len(one.ca.sent(NEW_ORDER)) == 1


async def test_second_tab_goes_on_from_the_middle_of_a_step() -> None:
    one, other = await proving()
    never = asyncio.Event()
    send = one.ca.send

    async def hang(request: Request) -> Response:
        await never.wait()
        return await send(request)

    one.ca.send = hang  # type: ignore[method-assign]
    working = asyncio.ensure_future(one.session.verify())
    await settled()
    assert other.page.view.waiting == "Test CA is looking at what you published."
    one.ca.send = send  # type: ignore[method-assign]
    one.close()
    await settled()
    assert other.page.view.step == "certificate"
    working.cancel()


async def test_of_many_that_look_on_one_takes_over() -> None:
    one, other = await proving()
    third = await looking_on(one)
    one.close()
    await settled()
    assert sorted(visit.page.view.is_follower for visit in (other, third)) == [False, True]


async def test_whoever_has_left_does_not_take_over() -> None:
    one, other = await proving()
    await other.session.back()
    assert other.page.view == PageModel(step="names", busy=False)
    one.close()
    await settled()
    assert other.page.view == PageModel(step="names", busy=False)
    third = Visit(beside=other)
    await third.open()
    await third.resume()
    assert not third.page.view.is_follower


async def test_first_tab_may_come_back_to_look_on() -> None:
    one, other = await proving()
    await one.session.back()
    await settled()
    await one.resume()
    assert one.page.view.is_follower
    await other.session.back()
    await settled()
    assert not one.page.view.is_follower


async def test_order_that_is_deleted_while_somebody_looks_on_is_said_to_be_gone() -> None:
    one, other = await proving()
    await destroy_everything(one.workflow)
    await settled()
    assert other.page.view == PageModel(step="names", busy=False)
    assert other.page.said[-1] == "This order was deleted in another tab."


async def test_retry_leaves_the_failed_order_to_whoever_looks_on() -> None:
    one = Visit()
    await failed(one)
    other = await looking_on(one)
    await one.session.retry()
    await settled()
    assert not other.page.view.is_follower
    assert other.page.view.prove
    assert other.page.view.prove.failed
    assert one.page.view.step == "prove"


# ---- what both could write ----


async def test_record_that_another_tab_works_on_is_not_deleted() -> None:
    one = Visit()
    await one.session.start()
    other = Visit(beside=one)
    await other.open()
    await other.saved.delete("1")
    assert other.list.message
    assert other.list.message.title == ELSEWHERE
    assert other.entries() == [("shop.example", "open")]
    await one.session.verify()
    assert one.page.view.step == "certificate"


async def _destroy_key(visit: Visit, purpose: str) -> None:
    await destroy_key(visit.workflow, next(key for key in await stored_keys(visit.workflow) if key.purpose == purpose))


async def _account(visit: Visit) -> StoredAccount:
    (account,) = await visit.workflow.accounts.all()
    return account


async def _restore(visit: Visit) -> None:
    (saved,) = await visit.workflow.saved()
    await restore(visit.workflow, Backup((), (replace(saved, since=saved.since + 1),), {}, ()))


async def _roll_over(visit: Visit) -> None:
    await roll_over(visit.workflow, await _account(visit))


WRITERS: Final[dict[str, Callable[[Visit], Awaitable[None]]]] = {
    "its account’s key": lambda visit: _destroy_key(visit, "account"),
    "its proof’s key": lambda visit: _destroy_key(visit, "proof"),
    "all": lambda visit: destroy_everything(visit.workflow),
    "a new account key": _roll_over,
    "a backup": _restore,
}


@pytest.mark.parametrize("writer", WRITERS)
async def test_nothing_else_writes_under_an_order_that_another_tab_works_on(writer: str) -> None:
    one = Visit()
    await one.session.start()
    await one.ports.keys.generate("proof 1", "ec-p256", extractable=True)
    other = Visit(beside=one)
    sent, before = len(one.ca.requests), await everything(one)
    with pytest.raises(OtherTabError):
        await WRITERS[writer](other)
    assert (len(one.ca.requests), await everything(one)) == (sent, before)


async def test_certificates_key_is_not_destroyed_under_the_tab_that_shows_it() -> None:
    one = Visit()
    await one.issued()
    other = Visit(beside=one)
    with pytest.raises(OtherTabError):
        await _destroy_key(other, "certificate")
    await _destroy_key(other, "account")  # a finished order does without
    await one.session.back()
    await _destroy_key(other, "certificate")
    assert (await one.workflow.saved())[0].key_destroyed


async def test_key_is_destroyed_of_the_record_as_it_is_now() -> None:
    one = Visit()
    await one.issued()
    key = next(key for key in await stored_keys(one.workflow) if key.purpose == "certificate")
    (saved,) = await one.workflow.saved()
    await one.workflow.save(replace(saved, revoked=1.0))  # while the question was open
    await destroy_key(one.workflow, key)
    assert (await one.workflow.saved())[0].revoked == 1.0


# ---- accounts ----


async def test_two_tabs_that_start_at_once_make_one_account() -> None:
    one = Visit()
    other = Visit(beside=one, fields=replace(GOOD, account=replace(GOOD.account, account_extractable=True)))
    await asyncio.gather(one.session.start(), other.session.start())
    assert (one.page.error, other.page.error) == (None, None)
    assert {visit.page.view.step for visit in (one, other)} == {"prove"}
    assert len({issuance.account_url for issuance in await one.workflow.saved()}) == 1
    assert [account.id for account in await one.workflow.accounts.readable()] == [DIRECTORY]
    keys = [frozenset(read_post(request).protected["jwk"].items()) for request in one.ca.sent(NEW_ACCOUNT)]
    assert len(set(keys)) == 1
    for visit in (one, other):
        await visit.session.verify()
        assert visit.page.view.step == "certificate"


async def test_account_key_that_was_changed_in_another_tab_is_used_from_then_on() -> None:
    one = Visit()
    await one.session.start()
    await one.session.back()
    account = await _account(one)
    other = Visit(beside=one)
    await other.ports.keys.generate("account another", "ec-p256", extractable=False)
    await other.workflow.accounts.save(replace(account, key="account another"))
    await settled()
    await one.saved.refresh()
    client = await one.workflow.client((await one.workflow.saved())[0])
    handle = await one.ports.keys.load("account another")
    assert handle
    assert client.key.public_spki == handle.public_spki


async def test_change_of_an_account_key_is_not_judged_while_another_tab_is_in_the_middle_of_it() -> None:
    one = Visit()
    await one.session.start()
    other = Visit(beside=one)
    account = replace(await _account(one), next_key="account next")
    sent = len(one.ca.requests)
    async with one.workflow.locks.acquire_all([account_name(DIRECTORY)]):
        await one.ports.keys.generate("account next", "ec-p256", extractable=False)
        await one.workflow.accounts.save(account)
        judging = asyncio.ensure_future(other.workflow.accounts.resolve_key_change(CA, account.id))
        await settled()
        assert not judging.done()
        await one.workflow.accounts.finish_key_change(account, accepted=True)
    judged = await judging
    assert judged
    assert (judged.key, judged.next_key) == ("account next", "")
    assert len(one.ca.requests) == sent


# ---- locks ----


async def refuse(key: str, record: JsonRecord) -> None:
    """A store that is full."""
    raise StorageError(key, detail=str(record))


async def test_order_that_could_not_be_kept_is_not_claimed() -> None:
    one = Visit()
    put, one.ports.store.put = one.ports.store.put, refuse  # type: ignore[method-assign]
    await one.session.start()
    assert one.page.message.title == "This browser did not keep what Keystay gave it"
    assert await RecordLocks(one.tabs.another()).try_acquire("issuance 1")
    one.ports.store.put = put  # type: ignore[method-assign]
    await one.session.start()
    assert one.page.view.step == "prove"


async def test_failed_order_is_free_again_where_no_new_one_could_be_kept() -> None:
    one = Visit()
    await failed(one)
    one.ports.store.put = refuse  # type: ignore[method-assign]
    await one.session.retry()
    assert one.page.view == PageModel(step="names", busy=False)
    assert await RecordLocks(one.tabs.another()).try_acquire("issuance 1")


async def test_claim_is_of_the_tab_and_counts() -> None:
    tabs = MemoryTabs()
    one, other = RecordLocks(tabs), RecordLocks(tabs.another())
    assert all(await asyncio.gather(one.try_acquire("a"), one.try_acquire("a")))
    one.release("a")
    assert not await other.try_acquire("a")
    one.release("a")
    assert await other.try_acquire("a")


async def test_claims_of_a_block_end_with_it_also_where_one_is_refused() -> None:
    tabs = MemoryTabs()
    one, other = RecordLocks(tabs), RecordLocks(tabs.another())
    assert await other.try_acquire("b")
    with pytest.raises(OtherTabError):
        async with one.try_all(["a", "b"]):
            raise AssertionError
    assert await other.try_acquire("a")
    other.release("a")
    async with one.try_all(["a"]):
        assert not await other.try_acquire("a")
    assert await other.try_acquire("a")


async def test_two_that_wait_in_turn_for_the_same_names_do_not_wait_for_ever() -> None:
    tabs = MemoryTabs()
    done: list[int] = []

    async def work(locks: RecordLocks, n: int, names: list[str]) -> None:
        async with locks.acquire_all(names):
            await asyncio.sleep(0)
            done.append(n)

    await asyncio.gather(work(RecordLocks(tabs), 1, ["a", "b"]), work(RecordLocks(tabs.another()), 2, ["b", "a"]))
    assert sorted(done) == [1, 2]
