"""The storage panel: where records and keys are stored, how much space there is, and the request to the browser to keep them.

Browsers differ. Chromium says yes to pages that are used often, bookmarked or installed, without asking; Firefox asks the
person; Safari decides by itself, and deletes what pages store after seven days of use without a visit, whatever it said. No
browser tells a page that it is in a private window.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from app.errors import StorageError
from app.ports import Store
from app.text import storage as text
from app.ui.background import BackgroundTasks


@dataclass(frozen=True)
class StorageEstimate:
    """What a browser says of the storage it gives this page.

    `persisted` is whether it promised to keep it, `used` and `allowed` are bytes; each is None where it does not tell.
    """

    persisted: bool | None = None
    used: int | None = None
    allowed: int | None = None


class StorageManager(Protocol):
    """The browser's own management of storage (WHATWG Storage Standard §7)."""

    async def estimate(self) -> StorageEstimate:
        """What the browser says now."""
        ...

    async def persist(self) -> bool:
        """Ask the browser to keep this page's storage; some ask the person. Tells whether it promised to."""
        ...


@dataclass(frozen=True)
class StorageModel:
    """The panel in words. `askable` tells whether asking the browser could change anything."""

    place: str
    usage: str
    askable: bool


class StorageView(Protocol):
    """What the presenter may ask of the panel."""

    def show(self, view: StorageModel) -> None:
        """Show `view`."""
        ...

    def tell(self, said: str) -> None:
        """Say the result of a click."""
        ...


class StoragePresenter:
    """The clicks on the panel, and the one automatic request. `persistent` tells whether records and keys outlive the tab."""

    def __init__(self, manager: StorageManager, page: StorageView, store: Store, *, persistent: bool) -> None:
        self._manager = manager
        self._page = page
        self._store = store
        self._persistent = persistent
        self._waits_for_first = False
        self._background = BackgroundTasks()

    async def begin(self) -> None:
        """Python is ready: see whether anything is stored yet."""
        self._waits_for_first = self._persistent and not await self._has_records()

    async def open(self) -> None:
        """The panel was unfolded: say how things stand."""
        self._page.show(storage_view(await self._manager.estimate(), persistent=self._persistent))

    async def refresh(self) -> None:
        """Something was done on the page. When the first record is stored, the browser is asked to keep it, once."""
        if self._waits_for_first and await self._has_records():
            self._waits_for_first = False
            self._background.spawn(self._ask_by_itself())
        await self.open()

    async def _ask_by_itself(self) -> None:
        """Beside everything else: Firefox asks the person, who may never answer."""
        if not (await self._manager.estimate()).persisted:
            await self._manager.persist()
            await self.open()

    async def ask(self) -> None:
        """The person wants it kept."""
        self._page.tell(text.asked())
        self._page.tell(text.answer(persisted=await self._manager.persist()))
        await self.open()

    async def _has_records(self) -> bool:
        with suppress(StorageError):  # a click reports it
            return bool(await self._store.keys())
        return False


def storage_view(estimate: StorageEstimate, *, persistent: bool) -> StorageModel:
    """What a person should know of `estimate`; where things are in memory only, it does not matter."""
    return StorageModel(
        place=text.place(persisted=estimate.persisted, persistent=persistent),
        usage=text.usage(estimate.used, estimate.allowed) if persistent else "",
        askable=persistent and estimate.persisted is False,
    )
