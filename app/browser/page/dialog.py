"""A question before something that cannot be undone, as a modal dialog: Escape and a lost page mean no."""

import asyncio
from typing import Any

from pyodide.ffi import create_once_callable
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import by_id, fill, list_item
from app.ui.views import Question


class Dialog:
    """`app.ui.views.Asks` on the page's one dialog."""

    def __init__(self) -> None:
        self._dialog = by_id("confirm")
        for id_, word in (("confirm-yes", "yes"), ("confirm-no", "no")):
            add_event_listener(by_id(id_), "click", lambda _, word=word: self._dialog.close(word))
        add_event_listener(by_id("confirm-tick"), "change", self._tick)

    def _tick(self, _: Any) -> None:
        by_id("confirm-yes").disabled = not by_id("confirm-tick").checked

    async def confirm(self, question: Question) -> bool:
        """See `app.ui.views.Asks.confirm`."""
        by_id("confirm-tick-row").hidden = not question.tick
        by_id("confirm-tick").checked = False
        by_id("confirm-yes").disabled = bool(question.tick)
        for name in ("title", "text", "yes", "no", "tick"):
            fill(self._dialog, name, getattr(question, name))
        by_id("confirm-list").replaceChildren(*map(list_item, question.lines))
        by_id("confirm-list").hidden = not question.lines
        closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._dialog.returnValue = ""
        self._dialog.onclose = create_once_callable(lambda _: closed.set_result(None))
        self._dialog.showModal()
        await closed
        self._dialog.onclose = None
        return bool(self._dialog.returnValue == "yes")
