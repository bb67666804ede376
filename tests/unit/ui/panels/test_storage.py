"""The panel of where things are kept, with a browser that answers as it is told; and the stores in memory."""

import asyncio

import pytest

from app.browser.ports.stores import MemoryKeyValueStore, RecordStore, Stores
from app.errors import StorageError
from app.ports import JsonRecord
from app.text.catalog import _
from app.ui.panels.storage import StorageEstimate, StorageModel, StoragePresenter, storage_view

GB = 1_000_000_000


class Browser:
    """A browser that promises to keep things, or not, and counts how often it was asked; also the panel."""

    def __init__(self, *, willing: bool, answers: bool = True) -> None:
        self.willing = willing
        self.answers = answers
        self.asked = 0
        self.was_asked = asyncio.Event()
        self.view: StorageModel | None = None
        self.said = ""

    async def estimate(self) -> StorageEstimate:
        """See `app.ui.panels.storage.StorageManager.room`."""
        return StorageEstimate(persisted=self.willing and self.asked > 0, used=5000, allowed=10 * GB)

    async def persist(self) -> bool:
        """See `app.ui.panels.storage.StorageManager.persist`."""
        self.asked += 1
        self.was_asked.set()
        if not self.answers:
            await asyncio.Event().wait()
        return self.willing

    def show(self, view: StorageModel) -> None:
        """See `app.ui.panels.storage.StorageView.show`."""
        self.view = view

    def tell(self, said: str) -> None:
        """See `app.ui.panels.storage.StorageView.tell`."""
        self.said = said


class ClosedStore(RecordStore):
    """A store that the browser has taken away."""

    def __init__(self) -> None:
        super().__init__(MemoryKeyValueStore())

    async def keys(self) -> list[str]:
        """See `app.ports.Store.keys`."""
        raise StorageError("gone")


def store() -> RecordStore:
    return RecordStore(MemoryKeyValueStore())


# ---- What is kept ----


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", b"\xff", 7])
async def test_what_no_page_of_ours_has_written_is_a_damaged_record(text: object) -> None:
    backend = MemoryKeyValueStore()
    await backend.put("issuance 1", text)
    with pytest.raises(StorageError, match="damaged"):
        await RecordStore(backend).get("issuance 1")


# ---- Asking ----


async def test_browser_is_asked_once_when_the_first_record_is_kept() -> None:
    browser, records = Browser(willing=False), store()
    presenter = StoragePresenter(browser, browser, records, persistent=True)
    await presenter.begin()
    await presenter.refresh()
    assert browser.asked == 0
    await records.put("order", {})
    await presenter.refresh()
    await presenter.refresh()
    await browser.was_asked.wait()
    assert browser.asked == 1


async def test_nothing_waits_for_a_person_whom_the_browser_asks() -> None:
    """Firefox shows a prompt that may stand there for ever."""
    browser, records = Browser(willing=True, answers=False), store()
    presenter = StoragePresenter(browser, browser, records, persistent=True)
    await presenter.begin()
    await records.put("order", {})
    await presenter.refresh()
    await browser.was_asked.wait()
    await presenter.refresh()
    assert browser.view
    clicked = asyncio.ensure_future(presenter.ask())
    browser.was_asked.clear()
    await browser.was_asked.wait()
    assert "may ask you" in browser.said
    clicked.cancel()


async def test_browser_is_not_asked_by_itself_where_something_was_kept_before() -> None:
    browser, records = Browser(willing=True), store()
    await records.put("order", {})
    presenter = StoragePresenter(browser, browser, records, persistent=True)
    await presenter.begin()
    await presenter.refresh()
    assert browser.asked == 0


async def test_browser_that_has_promised_already_is_not_asked() -> None:
    browser, records = Browser(willing=True), store()
    browser.asked = 1
    presenter = StoragePresenter(browser, browser, records, persistent=True)
    await presenter.begin()
    await records.put("order", {})
    await presenter.refresh()
    assert browser.asked == 1


async def test_in_memory_there_is_nothing_to_ask() -> None:
    browser, records = Browser(willing=True), store()
    presenter = StoragePresenter(browser, browser, records, persistent=False)
    await presenter.begin()
    await records.put("order", {})
    await presenter.refresh()
    assert browser.asked == 0


async def test_storage_that_is_gone_stops_nothing_here() -> None:
    browser = Browser(willing=True)
    presenter = StoragePresenter(browser, browser, ClosedStore(), persistent=True)
    await presenter.begin()
    await presenter.refresh()
    assert browser.asked == 0
    assert browser.view


@pytest.mark.parametrize(("willing", "words"), [(True, "keeps it from now on"), (False, "does not promise it")])
async def test_answer_to_a_person_who_asks(*, willing: bool, words: str) -> None:
    browser = Browser(willing=willing)
    await StoragePresenter(browser, browser, store(), persistent=True).ask()
    assert words in browser.said
    assert browser.view
    assert browser.view.askable is not willing


# ---- In words ----


@pytest.mark.parametrize(
    ("room", "words", "askable"),
    [
        (StorageEstimate(persisted=True, used=0, allowed=GB), "has promised to keep it", False),
        (StorageEstimate(persisted=False, used=0, allowed=GB), "has not promised to keep it", True),
        (StorageEstimate(), "does not say whether", False),
    ],
)
def test_place_and_whether_asking_could_help(*, room: StorageEstimate, words: str, askable: bool) -> None:
    view = storage_view(room, persistent=True)
    assert words in view.place
    assert view.askable is askable


def test_memory_is_told_plainly_whatever_the_browser_says() -> None:
    view = storage_view(StorageEstimate(persisted=True, used=1, allowed=2), persistent=False)
    assert "memory of this tab only" in view.place
    assert not view.usage
    assert not view.askable


def test_room_is_told_and_what_to_do_when_it_is_nearly_all_used() -> None:
    assert storage_view(StorageEstimate(persisted=True, used=5000, allowed=10 * GB), persistent=True).usage == (
        "5 kB are used of the 10 GB that the browser allows this page."
    )
    assert "nearly all" in storage_view(StorageEstimate(persisted=True, used=95, allowed=100), persistent=True).usage
    assert "does not say how much room" in storage_view(StorageEstimate(), persistent=True).usage


@pytest.mark.parametrize(
    ("count", "words"),
    [
        *((0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (73_728, "73.7 kB"), (999_400, "999 kB")),
        *((999_600, "1 MB"), (10_737_491_968, "10.7 GB"), (5 * 10**15, "5,000 TB")),
    ],
)
def test_sizes(count: int, words: str) -> None:
    assert _("{count:size}", count=count) == words


# ---- In memory ----


async def test_records_in_memory_are_copies() -> None:
    records, record = store(), JsonRecord(names=["a.example"])
    await records.put("order", record)
    record["names"].append("b.example")
    assert await records.get("order") == {"names": ["a.example"]}
    assert await records.get("another") is None


async def test_a_tab_is_at_risk_as_long_as_something_is_in_its_memory() -> None:
    stores = Stores(MemoryKeyValueStore(), MemoryKeyValueStore(), "refused")
    assert (stores.persistent, stores.at_risk) == (False, False)
    await stores.keys.put("key", object())
    assert stores.at_risk
    await stores.keys.delete("key")
    assert not stores.at_risk
