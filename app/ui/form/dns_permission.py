"""The question whether the page may look into DNS: the boxes of the form, the button above the records, and other tabs.

The tick in the form says what the person wants. It counts from the next order that is made or opened; to take it away counts
at once.
"""

from collections.abc import Awaitable, Callable

from app.dns.permission import RECORD_NAME, DnsPermission
from app.text.errors import message_for
from app.ui.background import BackgroundTasks
from app.ui.runner import attempt
from app.ui.views import PageView


class DnsPermissionPresenter:
    """The clicks on the question. `permission` was read already."""

    def __init__(self, permission: DnsPermission, page: PageView) -> None:
        self._permission = permission
        self._page = page
        self._tasks = BackgroundTasks()

    def open(self, on_change: Callable[[], None]) -> None:
        """Python is ready: tick what was ticked for good. From now on, call `on_change` when the permission changes."""
        self._permission.on_change(on_change)
        if self._permission.kept:
            self._show()

    async def choose(self) -> None:
        """A box was changed."""
        form = self._page.form()
        if not form.dns_allow or (self._permission.kept and not form.dns_allow_keep):
            await self._try(self.heed_tick)

    async def allow_now(self) -> None:
        """The person allows it now, in step 2, for this visit. The box in the form says so, too."""
        self._page.tick_dns(allowed=True, kept=False)
        await self._try(self.heed_tick)

    async def heed_tick(self) -> None:
        """Allow it, or do not, as the box in the form says. Raises `StorageError`."""
        form = self._page.form()
        if form.dns_allow:
            await self._permission.give(keep=form.dns_allow_keep)
        else:
            await self._permission.withdraw()

    async def forget(self) -> None:
        """Nothing that this browser kept counts any more."""
        await self._try(self._permission.withdraw)
        self._show()

    def on_record_written(self, name: str) -> None:
        """Another tab has written the record `name`."""
        if name == RECORD_NAME:
            self._tasks.spawn(self._read())

    async def _read(self) -> None:
        before = self._permission.kept
        await self._permission.read()
        if self._permission.kept != before:
            self._show()

    async def _try(self, work: Callable[[], Awaitable[None]]) -> None:
        error = await attempt(work)
        if error:
            self._page.show_error(message_for(error))

    def _show(self) -> None:
        self._page.tick_dns(allowed=self._permission.given, kept=self._permission.kept)
