"""The browser's management of storage: `app.ui.panels.storage.StorageManager` on `navigator.storage`."""

import js
from pyodide.ffi import JsException

from app.ui.panels.storage import StorageEstimate


class BrowserStorageManager:
    """`app.ui.panels.storage.StorageManager`; what a browser lacks or refuses, it does not tell."""

    async def room(self) -> StorageEstimate:
        """See `app.ui.panels.storage.StorageManager.room`."""
        try:
            manager = js.navigator.storage  # WebKitGTK has none
            persisted, estimate = await manager.persisted(), await manager.estimate()
            return StorageEstimate(persisted=bool(persisted), used=int(estimate.usage), allowed=int(estimate.quota))
        except (JsException, AttributeError):
            return StorageEstimate()

    async def persist(self) -> bool:
        """See `app.ui.panels.storage.StorageManager.persist`."""
        try:
            return bool(await js.navigator.storage.persist())
        except (JsException, AttributeError):
            return False
