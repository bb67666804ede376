"""The storage manager (`navigator.storage`), and saving a file as a download."""

import js
from pyodide.ffi import JsException, to_js

from app.pki.formats.file import File
from app.ui.panels.storage import StorageEstimate


class BrowserStorageManager:
    """`app.ui.panels.storage.StorageManager` by `navigator.storage`. What a browser lacks or refuses stays unknown."""

    async def estimate(self) -> StorageEstimate:
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


def save_file(file: File) -> None:
    """Offer `file` as a download. Its bytes go into a Blob of this page and to no server."""
    blob = js.Blob.new(to_js([to_js(file.body)]), to_js({"type": file.type}))
    url = js.URL.createObjectURL(blob)
    anchor = js.document.createElement("a")
    anchor.href, anchor.download = url, file.name
    anchor.click()
    # The browser has taken the download over when its next task runs.
    js.setTimeout(js.URL.revokeObjectURL.bind(js.URL, url), 0)
