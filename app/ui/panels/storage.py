"""The panel of where things are kept: how safe they are there, how much room there is, and asking the browser to keep them.

Browsers differ. Chromium says yes to pages that are used often, bookmarked or installed, without asking; Firefox asks the
person; Safari decides by itself, and deletes what pages keep after seven days of use without a visit, whatever it said. No
browser tells a page that it is in a private window.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from app.errors import StorageError
from app.ports import Store

_PLACE: Final = "In this browser’s own storage for this page (IndexedDB), on this computer only."
_KEPT: Final = f"{_PLACE} The browser has promised to keep it until you delete it, even when the disk gets full."
_CLEARABLE: Final = f"{_PLACE} The browser has not promised to keep it: it may clear it without a word when the disk gets full."
_UNTOLD: Final = f"{_PLACE} This browser does not say whether it would clear it when the disk gets full."
_MEMORY: Final = "In the memory of this tab only. When the tab closes or reloads, orders, accounts and keys are gone."

_ASKED: Final = "The browser was asked. It may ask you in turn."
_SAID_YES: Final = "The browser keeps it from now on until you delete it."
_SAID_NO: Final = (
    "The browser does not promise it, and does not say why. Chrome and Edge say yes to pages that you use often, have "
    "bookmarked or installed; Firefox asks you; Safari decides by itself. You can ask again later. A backup is safe anyway."
)

_FULL: Final = 0.9  # of what is allowed: from here on a person should know
_UNITS: Final = ("bytes", "kB", "MB", "GB", "TB")


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

    async def room(self) -> StorageEstimate:
        """What the browser says now."""
        ...

    async def persist(self) -> bool:
        """Ask the browser to keep this page's storage; some ask the person. Tells whether it promised to."""
        ...


@dataclass(frozen=True)
class StorageModel:
    """The panel in words. `askable` tells whether asking the browser could change anything."""

    place: str
    room: str
    askable: bool


class StorageView(Protocol):
    """The panel, as far as its clicks need it."""

    def show(self, view: StorageModel) -> None:
        """Show `view`."""
        ...

    def tell(self, said: str) -> None:
        """Say what came of a click."""
        ...


class StoragePresenter:
    """The clicks on the panel, and the one question that is asked by itself. `lasting` tells whether things outlive the tab."""

    def __init__(self, keeper: StorageManager, page: StorageView, store: Store, *, lasting: bool) -> None:
        self._keeper = keeper
        self._page = page
        self._store = store
        self._lasting = lasting
        self._waits_for_first = False
        self._asking: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Python is up: see whether anything is kept yet."""
        self._waits_for_first = self._lasting and not await self._kept()

    async def open(self) -> None:
        """The panel was unfolded: say how things stand."""
        self._page.show(storage_view(await self._keeper.room(), lasting=self._lasting))

    async def refresh(self) -> None:
        """Something was done on the page. With the first thing worth keeping the browser is asked to keep it, once."""
        if self._waits_for_first and await self._kept():
            self._waits_for_first = False
            self._asking = asyncio.ensure_future(self._ask_by_itself())
        await self.open()

    async def _ask_by_itself(self) -> None:
        """Beside everything else: Firefox asks the person, who may never answer."""
        if not (await self._keeper.room()).persisted:
            await self._keeper.persist()
            await self.open()

    async def ask(self) -> None:
        """The person wants it kept."""
        self._page.tell(_ASKED)
        self._page.tell(_SAID_YES if await self._keeper.persist() else _SAID_NO)
        await self.open()

    async def _kept(self) -> bool:
        with suppress(StorageError):  # who clicked is told
            return bool(await self._store.keys())
        return False


def storage_view(room: StorageEstimate, *, lasting: bool) -> StorageModel:
    """What a person should know of `room`; where things are in memory only, it does not matter."""
    if not lasting:
        return StorageModel(_MEMORY, "", askable=False)
    place = {True: _KEPT, False: _CLEARABLE, None: _UNTOLD}[room.persisted]
    return StorageModel(place, _room_words(room), askable=room.persisted is False)


def _room_words(room: StorageEstimate) -> str:
    if room.used is None or not room.allowed:
        return "This browser does not say how much room there is."
    words = f"{size(room.used)} are used, of {size(room.allowed)} that the browser allows this page."
    if room.used < _FULL * room.allowed:
        return words
    return f"{words} That is nearly all: free some space on the disk, or make a backup and destroy what you do not need."


def size(count: int) -> str:
    """`count` bytes in the unit that people would take: "712 bytes", "9.8 GB"."""
    value, step = float(count), 0
    while value >= 999.5 and step < len(_UNITS) - 1:
        value, step = value / 1000, step + 1
    digits = 0 if not step or value >= 99.5 else 1
    return f"{value:.{digits}f} {_UNITS[step]}"
