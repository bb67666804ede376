"""`Tabs` by Web Locks and BroadcastChannel: the browser releases the locks of a tab that is gone."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import js
from pyodide.ffi import JsException, create_once_callable, create_proxy, to_js

from app.ui.background import BackgroundTasks

NAME: Final = "keystay"
"""The channel, and what the names of locks begin with: other pages of this origin may have their own."""


class BrowserLock:
    """`app.ports.Lock`: the browser holds a lock for as long as `released` is awaited."""

    def __init__(self) -> None:
        self.released: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def release(self) -> None:
        """See `app.ports.Lock.release`."""
        if not self.released.done():
            self.released.set_result(None)


class BrowserTabs:
    """`app.ports.Tabs`.

    Where a browser has no locks for this page (without https, or where it lets the page keep nothing), nothing is kept that
    tabs could share: then every name is free.
    """

    def __init__(self) -> None:
        self._locks: Any = getattr(js.navigator, "locks", None)
        self._requests = BackgroundTasks()
        try:
            self._channel = js.BroadcastChannel.new(NAME)
        except JsException:
            self._channel = None

    async def try_lock(self, name: str) -> BrowserLock | None:
        """See `app.ports.Tabs.try_lock`."""
        held = BrowserLock()
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        async def keep(lock: Any) -> None:
            if not answer.done():  # else nobody waits for it any more
                answer.set_result(bool(lock))
                if lock:
                    await held.released

        self._request(name, {"ifAvailable": True}, keep, answer)
        return held if await answer else None

    async def wait_until_free(self, name: str) -> None:
        """See `app.ports.Tabs.wait_until_free`; a shared lock waits for the one that excludes, and for no other."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        async def granted(_: Any) -> None:
            if not answer.done():
                answer.set_result(True)

        self._request(name, {"mode": "shared"}, granted, answer)
        await answer

    def _request(
        self, name: str, options: dict[str, Any], granted: Callable[[Any], Awaitable[None]], answer: asyncio.Future[bool]
    ) -> None:
        """Ask for a lock, and call `granted` with it; where this page gets none at all, the `answer` is yes."""

        async def request() -> None:
            try:
                callback = create_once_callable(granted)
                await self._locks.request(f"{NAME} {name}", to_js(options), callback)
            except (AttributeError, JsException):
                if not answer.done():
                    answer.set_result(True)

        self._requests.spawn(request())

    def announce(self, name: str) -> None:
        """See `app.ports.Tabs.announce`."""
        if self._channel:
            self._channel.postMessage(name)

    def listen(self, callback: Callable[[str], None]) -> None:
        """See `app.ports.Tabs.listen`."""
        if self._channel:
            # Other pages of this origin may say anything here.
            listener = create_proxy(lambda event: callback(event.data) if isinstance(event.data, str) else None)
            self._channel.addEventListener("message", listener)
