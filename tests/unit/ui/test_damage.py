"""One damaged value in storage never takes the others away: another page of this address may write anything there."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from app.browser.ports.stores import MemoryKeyValueStore, RecordStore
from app.errors import DamagedKeyError, UnreadableRecordError
from app.ports import KeyHandle
from app.ui.panels.backup import BackupPresenter
from app.ui.panels.keys import KeysPresenter
from tests.adapters import NativeKeyStore
from tests.unit.records import DIRECTORY
from tests.unit.script import answer
from tests.unit.scripted_ca import ACCOUNT, NEW_ACCOUNT
from tests.unit.ui.panels.test_accounts import presenter_of as account_presenter_of
from tests.unit.ui.panels.test_backup import Panel as DomBackup
from tests.unit.ui.panels.test_keys import Panel as DomKeys
from tests.unit.visit import Visit

DEEP: Final = "[" * 10_000 + "]" * 10_000
GARBAGE: Final[dict[str, Any]] = {
    "nothing": None,
    "a number": 5,
    "a boolean": True,
    "a list": [1],
    "an object": {"version": 2},
    "bytes": b"{}",
    "no JSON": "nonsense",
    "no text": "",
    "null": "null",
    "a text": '"text"',
    "an empty list": "[]",
    "an empty object": "{}",
    "NaN": '{"version": NaN}',
    "half a character": '{"version": "\ud800"}',
    "deep": DEEP,
    "deep in a member": f'{{"version": 2, "id": {DEEP}}}',
    "deep in a problem": '{"version": 2, "problem": ' + '{"subproblems": [' * 5000 + "]}" * 5000 + "}",
    "a long number": '{"version": 2, "created": ' + "9" * 5000 + "}",
    "another version": '{"version": 99}',
}


class DamagedKeys(NativeKeyStore):
    """A key store some of whose entries are no keys."""

    def __init__(self) -> None:
        super().__init__()
        self.damaged: set[str] = set()

    async def load(self, name: str) -> KeyHandle | None:
        """See `app.ports.KeyStore.load`."""
        if name in self.damaged:
            raise DamagedKeyError("A key in this browser is damaged and cannot be used.")
        return await super().load(name)

    async def export_pkcs8(self, name: str) -> bytes:
        """See `app.ports.KeyStore.export_pkcs8`."""
        await self.load(name)
        return await super().export_pkcs8(name)

    async def delete(self, name: str) -> None:
        """See `app.ports.KeyStore.delete`."""
        self.damaged.discard(name)
        await super().delete(name)

    async def names(self) -> list[str]:
        """See `app.ports.KeyStore.names`."""
        return sorted({*await super().names(), *self.damaged})


async def with_storage() -> tuple[Visit, MemoryKeyValueStore, DamagedKeys]:
    """A browser with an issued order, and what its records and keys are kept in."""
    visit, backend, keys = Visit(), MemoryKeyValueStore(), DamagedKeys()
    visit.ports = replace(visit.ports, store=RecordStore(backend), keys=keys)
    await visit.reload()
    await visit.issued()
    await visit.session.back()
    return visit, backend, keys


@pytest.mark.parametrize("value", GARBAGE.values(), ids=GARBAGE)
async def test_damaged_value_is_no_record(value: Any) -> None:
    backend = MemoryKeyValueStore()
    await backend.put("issuance 1", value)
    store = RecordStore(backend)
    try:
        record = await store.get("issuance 1")
    except UnreadableRecordError:
        return
    assert record is None or isinstance(record, dict)


@pytest.mark.parametrize("value", GARBAGE.values(), ids=GARBAGE)
async def test_page_starts_and_the_others_can_be_used(value: Any) -> None:
    visit, backend, _ = await with_storage()
    for name in (
        "issuance 0",
        "issuance ",
        "issuance \u202e",
        f"account {DIRECTORY} 2",
        "account ",
        "setting",
        "",
        "not a name 1",
    ):
        await backend.put(name, value)
    await visit.reload()
    assert visit.list.message is None
    assert [(entry.id, entry.status) for entry in visit.list.orders.need] == [
        (id_, "unreadable") for id_ in ("", "0", "\u202e")
    ]
    assert [(entry.id, entry.status) for entry in visit.list.orders.fine] == [("1", "issued")]
    assert all(entry.words for entry in visit.list.entries)
    visit.ca.script[NEW_ACCOUNT] = [answer({"status": "valid"}, location=ACCOUNT)]
    await visit.session.start()
    assert visit.page.view.step == "prove"
    await visit.session.back()
    for id_ in ("", "0", "\u202e"):
        await visit.saved.delete(id_)
    assert {entry.status for entry in visit.list.entries} == {"issued", "open"}


@pytest.mark.parametrize("value", GARBAGE.values(), ids=GARBAGE)
async def test_account_that_cannot_be_read_is_listed_and_can_be_forgotten(value: Any) -> None:
    visit, backend, _ = await with_storage()
    bad = f"{DIRECTORY} 2"
    await backend.put(f"account {bad}", value)
    presenter, panel = account_presenter_of(visit)
    await presenter.open()
    assert [words for _, words in panel.view.accounts][1:] == ["An account that cannot be read"]
    panel.fields = replace(panel.fields, chosen=bad)
    await presenter.ask()
    assert panel.message is not None or panel.error is not None
    await presenter.forget()
    assert panel.view.accounts[0][0] == DIRECTORY
    assert len(panel.view.accounts) == 1
    assert await visit.ports.store.keys() == [f"account {DIRECTORY}", "issuance 1"]


async def test_damaged_key_is_shown_and_can_be_destroyed() -> None:
    visit, _, keys = await with_storage()
    keys.damaged |= {"certificate 1", "forgotten", "not a name 1"}
    panel = DomKeys()
    presenter = KeysPresenter(visit.workflow, panel, panel, visit.session, persistent=True)
    await presenter.open()
    assert [(card.purpose, card.spki == "") for card in panel.cards] == [
        ("account", False),
        ("certificate", True),
        ("left-over", True),
        ("left-over", True),
    ]
    assert "damaged" in panel.cards[1].kind
    for name in ("certificate 1", "forgotten", "not a name 1"):
        await presenter.destroy(name)
        assert panel.said == "The key is destroyed."
    assert [card.name for card in panel.cards] == [f"account {DIRECTORY}"]
    assert await keys.names() == [f"account {DIRECTORY}"]


async def test_backup_goes_without_a_damaged_key() -> None:
    visit, _, keys = await with_storage()
    keys.damaged |= {"certificate 1", "forgotten"}
    panel = DomBackup()
    await BackupPresenter(visit.workflow, panel, panel, visit.session).make()
    assert panel.said
    assert len(panel.files) == 1
    assert "Certificate for shop.example" in panel.missing


async def test_damaged_key_of_an_account_hinders_no_other_account() -> None:
    visit, backend, keys = await with_storage()
    other = json.loads(await backend.get(f"account {DIRECTORY}"))
    other |= {"id": f"{DIRECTORY} 2", "key": "account damaged", "used": 4e9}
    await backend.put(f"account {DIRECTORY} 2", json.dumps(other))
    keys.damaged.add("account damaged")
    holder = await visit.workflow.accounts.find_by_url(DIRECTORY, ACCOUNT)
    assert holder
    assert holder.id == DIRECTORY


async def test_key_that_is_needed_and_damaged_is_said_to_be() -> None:
    visit, _, keys = await with_storage()
    keys.damaged.add("certificate 1")
    await visit.resume()
    await visit.session.files.download("privkey")
    assert visit.page.message.title == "A key in this browser is damaged"


async def test_everything_goes_at_once_with_what_is_damaged() -> None:
    visit, backend, keys = await with_storage()
    for name, value in GARBAGE.items():
        await backend.put(f"issuance {name}", value)
    keys.damaged.add("forgotten")
    panel = DomKeys()
    await KeysPresenter(visit.workflow, panel, panel, visit.session, persistent=True).destroy_all()
    assert (await visit.ports.store.keys(), await keys.names()) == ([], [])
