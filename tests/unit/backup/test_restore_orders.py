"""Orders, accounts and keys restored in another browser: what comes in, what stays, and what goes back where a write fails."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from app.accounts.stored_account import StoredAccount
from app.backup.file_format import seal_file
from app.errors import StorageError
from app.ui.panels.backup import BackupForm
from tests.unit.backup.test_content import content_of
from tests.unit.records import CA, DIRECTORY
from tests.unit.scripted_ca import ACCOUNT, NEW_ACCOUNT, NEW_ORDER
from tests.unit.ui.panels.test_backup import (
    FREE,
    PASSPHRASE,
    backup_of,
    but_accounts,
    everything,
    other_browser,
    restored_in,
    saved,
)
from tests.unit.visit import Visit


async def test_open_order_goes_on_in_another_browser_with_the_same_account() -> None:
    visit = Visit(fields=FREE)
    await visit.session.start()
    other = other_browser(visit)
    panel = await restored_in(other, await backup_of(visit))
    assert panel.said == "Restored: 1 order and 1 account."
    assert panel.outcome == {"Restored": ("Account at Test CA", "Order for shop.example: waiting for your proof")}
    assert panel.fields == BackupForm("", "", "")
    await other.resume()
    await other.session.verify()
    assert other.page.view.step == "certificate"
    assert len(visit.ca.sent(NEW_ACCOUNT)) == len(visit.ca.sent(NEW_ORDER)) == 1


async def test_what_cannot_be_used_is_named_and_the_rest_comes_in() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    content = await content_of(visit)
    content["issuances"].append({**content["issuances"][0], "id": "2", "state": "flying"})
    other = other_browser(visit)
    panel = await restored_in(other, await seal_file(other.ports.cipher, content, PASSPHRASE, 0))
    assert panel.said == "Restored: 1 order and 1 account. 1 entry of the file cannot be used: see below."
    (line,) = panel.outcome["Cannot be used, left out"]
    assert line == "Order number 2 of the file: A saved order is damaged and cannot be opened."
    panel = await restored_in(
        visit, await seal_file(other.ports.cipher, {**content, "accounts": [], "keys": []}, PASSPHRASE, 0)
    )
    assert panel.said == "Nothing was restored. 1 entry of the file cannot be used: see below."


async def test_finished_order_is_downloaded_again_without_its_account() -> None:
    visit = Visit()
    await visit.issued()
    await visit.session.files.download("privkey")
    other = other_browser(visit)
    panel = await restored_in(other, await backup_of(visit))
    assert panel.outcome["Restored"] == ("Order for shop.example: finished",)
    assert "could not be taken out" in list(panel.outcome)[1]
    await other.resume()
    await other.session.files.download("privkey")
    assert other.page.files[-1].body == visit.page.files[-1].body


async def test_order_without_its_account_is_restored_and_says_that_it_cannot_go_on() -> None:
    visit = Visit()
    await visit.session.start()
    other = other_browser(visit)
    panel = await restored_in(other, await backup_of(visit))
    (line,) = panel.outcome["Cannot go on in this browser"]
    assert "Order for shop.example: it needs the key of its account at Test CA" in line
    await other.resume()
    assert other.page.view.step == "prove"
    assert other.page.message.title == "The key for this is not in this browser"
    await other.session.verify()
    assert other.page.message.title == "The key for this is not in this browser"
    assert len(visit.ca.sent(NEW_ACCOUNT)) == 1


async def test_another_account_at_the_same_ca_stands_beside_the_one_that_is_here() -> None:
    visit = Visit(fields=FREE)
    await visit.session.start()
    other = other_browser(visit)
    accounts = other.workflow.accounts
    here = StoredAccount(DIRECTORY, CA.id, DIRECTORY, "account here", "https://ca.example/account/9")
    await accounts.save(here)
    await other.ports.keys.generate(here.key, "ec-p256", extractable=False)
    panel = await restored_in(other, await backup_of(visit))
    assert "Already here, left as it was" not in panel.outcome
    assert {account.id: account.url for account in await accounts.all()} == {DIRECTORY: here.url, f"{DIRECTORY} 2": ACCOUNT}
    assert await accounts.saved(DIRECTORY) == here
    await other.resume()
    await other.session.verify()
    assert other.page.view.step == "certificate"
    again = await restored_in(other, await backup_of(visit))
    assert again.outcome["Already here, left as it was"][0] == "Account at Test CA"


async def test_what_is_here_already_stays() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    data = await backup_of(visit)
    before = await everything(visit)
    panel = await restored_in(visit, data)
    assert panel.said == "This browser already has everything in the file."
    assert panel.outcome == {"Already here, left as it was": ("Account at Test CA", "Order for shop.example: finished")}
    assert await everything(visit) == before


async def test_order_that_is_further_on_replaces_with_its_key() -> None:
    visit = Visit(fields=FREE)
    await visit.session.start()
    other = other_browser(visit)
    await restored_in(other, await backup_of(visit))
    await visit.ports.keys.generate("certificate 1", "ec-p256", extractable=True)  # from a try that went wrong
    other.ports.clock.slept.append(60)  # type: ignore[attr-defined]
    await other.resume()
    await other.session.verify()
    panel = await restored_in(visit, await backup_of(other))
    assert panel.outcome["Restored"] == ("Order for shop.example: finished",)
    assert visit.page.view.step == "certificate"
    assert await but_accounts(visit) == await but_accounts(other)


async def test_order_that_is_behind_does_not_replace() -> None:
    visit = Visit(fields=FREE)
    await visit.session.start()
    data = await backup_of(visit)
    visit.ports.clock.slept.append(60)  # type: ignore[attr-defined]
    await visit.session.verify()
    before = await everything(visit)
    panel = await restored_in(visit, data)
    assert "Restored" not in panel.outcome
    assert await everything(visit) == before


async def test_destroyed_key_comes_back_from_a_backup() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    before = await everything(visit)
    data = await backup_of(visit)
    await visit.ports.keys.delete("certificate 1")
    await visit.workflow.save(replace(await saved(visit, "1"), key_destroyed=1.0))
    panel = await restored_in(visit, data)
    assert panel.outcome["Restored"] == ("Order for shop.example: finished",)
    assert await everything(visit) == before


async def test_key_of_another_certificate_does_not_come_back() -> None:
    visit = Visit(fields=FREE)
    await visit.issued()
    await visit.ports.keys.generate("certificate 1", "ec-p256", extractable=True)
    data = await backup_of(visit)
    await visit.ports.keys.delete("certificate 1")
    before = await everything(visit)
    await restored_in(visit, data)
    assert await everything(visit) == before


async def test_left_over_key_is_kept_for_better_days() -> None:
    visit = Visit()
    await visit.ports.keys.generate("forgotten", "rsa-2048", extractable=True)
    other = other_browser(visit)
    panel = await restored_in(other, await backup_of(visit))
    assert panel.said == "Restored: 1 key."
    (key,) = (await everything(visit))[1].values()
    ((name, same),) = (await everything(other))[1].items()
    assert same == key
    assert name.startswith("left-over ")
    before = await everything(other)
    assert (await restored_in(other, await backup_of(visit))).questions == []
    assert await everything(other) == before


@pytest.mark.parametrize("at", range(5))
async def test_write_that_fails_takes_all_others_back(at: int) -> None:
    """Key and record of the account, key and record of the order, and the end of it, where nothing fails."""
    visit = Visit(fields=FREE)
    await visit.issued()
    data = await backup_of(visit)
    other = other_browser(visit)
    before = await other_has_older_order(other, visit)
    fail_at(other, at)
    panel = await restored_in(other, data)
    if at < 4:
        assert panel.message
        assert panel.message.title == "This browser did not keep what Keystay gave it"
        assert await everything(other) == before
    else:
        assert panel.said == "Restored: 1 order and 1 account."


async def other_has_older_order(other: Visit, visit: Visit) -> Any:
    """An older state of the same order stands in the other browser, with another key."""
    await other.workflow.save(replace(await saved(visit, "1"), since=0.0, state="asked", certificate_pem=""))
    await other.ports.keys.generate("certificate 1", "ec-p256", extractable=True)
    return await everything(other)


def fail_at(visit: Visit, at: int) -> None:
    """Let the write number `at` fail, as it does when the disk is full; what takes something back works again."""
    writes = 0

    def failing(write: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def counted(*values: Any, **named: Any) -> Any:
            nonlocal writes
            writes += 1
            if writes == at + 1:
                raise StorageError("The disk is full.")
            return await write(*values, **named)

        return counted

    keys: Any = visit.ports.keys
    store: Any = visit.ports.store
    keys.import_pkcs8, store.put = failing(keys.import_pkcs8), failing(store.put)
