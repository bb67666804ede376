"""The browser's management of storage: `app.ui.storage.Keeper` on `navigator.storage`."""

import js
from pyodide.ffi import JsException

from app.ui.storage import Room


class BrowserKeeper:
    """`app.ui.storage.Keeper`; what a browser lacks or refuses, it does not tell."""

    async def room(self) -> Room:
        """See `app.ui.storage.Keeper.room`."""
        try:
            manager = js.navigator.storage  # WebKitGTK has none
            persisted, estimate = await manager.persisted(), await manager.estimate()
            return Room(persisted=bool(persisted), used=int(estimate.usage), allowed=int(estimate.quota))
        except (JsException, AttributeError):
            return Room()

    async def persist(self) -> bool:
        """See `app.ui.storage.Keeper.persist`."""
        try:
            return bool(await js.navigator.storage.persist())
        except (JsException, AttributeError):
            return False
