"""`Visibility` by the document (the Page Visibility API)."""

import asyncio

import js
from pyodide.ffi.wrappers import add_event_listener


class PageVisibility:
    """Whether this tab is in view."""

    def __init__(self) -> None:
        self._seen = asyncio.Event()
        add_event_listener(js.document, "visibilitychange", lambda _: self._note())
        self._note()

    @property
    def visible(self) -> bool:
        """See `app.ports.Visibility.visible`."""
        return str(js.document.visibilityState) == "visible"

    async def wait_until_visible(self) -> None:
        """See `app.ports.Visibility.wait_until_visible`."""
        await self._seen.wait()

    def _note(self) -> None:
        if self.visible:
            self._seen.set()
        else:
            self._seen.clear()
