"""Actions: a click removes the last error, does its work, and then refreshes what is shown of the store."""

from collections.abc import Awaitable, Callable
from typing import Any

from pyodide.ffi.wrappers import add_event_listener

from app.ui.background import BackgroundTasks
from app.ui.refreshing import Refreshes
from app.ui.runner import attempt

Action = Callable[[], Awaitable[None]]
"""What a click means."""


class Actions:
    """Runs the actions of the page. `begin` is called at each click, before anything else: it takes the last error away.

    `fail` is called with an error that an action did not turn into a message itself: a fault in the page.
    """

    def __init__(self, begin: Callable[[], None], fail: Callable[[Exception], None]) -> None:
        self._begin = begin
        self._fail = fail
        self._tasks = BackgroundTasks()
        self._refreshes = Refreshes()

    def act(self, action: Action) -> None:
        """Do what a click means."""
        # At once, not when the task gets its turn: an error that is seen after a click belongs to that click.
        self._begin()
        self.spawn(self._do(action))

    async def _do(self, action: Action) -> None:
        error = await attempt(action)
        if error:
            self._fail(error)
        self._refreshes.run()

    def on_click(self, element: Any, action: Action) -> None:
        """Act whenever `element` is clicked."""
        add_event_listener(element, "click", lambda _: self.act(action))

    def on_submit(self, form: Any, action: Action) -> None:
        """Act whenever `form` is sent; static/form.mjs keeps the browser from sending it anywhere."""
        add_event_listener(form, "submit", lambda _: self.act(action))

    def on_unfold(self, details: Any, action: Action) -> None:
        """Act whenever `details` is opened."""
        add_event_listener(details, "toggle", lambda _: self.act(action) if details.open else None)

    def spawn(self, work: Awaitable[None]) -> None:
        """Let `work` go on beside everything else."""
        self._tasks.spawn(work)

    def refresh_after(self, panel: Any, refresh: Action) -> None:
        """From now on, when any action is done, `refresh` what `panel` shows of the store, if the panel is open.

        With None for `panel`, `refresh` is always done.
        """
        self._refreshes.add(lambda: panel is None or panel.open, refresh)

    def on_record_written(self, _: str) -> None:
        """Another tab has written a record: refresh all that is shown of the store."""
        self._refreshes.run()
