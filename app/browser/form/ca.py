"""The place under the list of CAs: what is known of the one that is chosen, and the test of the way to it."""

import asyncio
from typing import Any

import js
from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.dom import by_id, hook
from app.browser.page.focus import switch
from app.ui.form.ca import CaPresenter


class DomCa:
    """`app.ui.form.ca.CaView` on the document."""

    def __init__(self) -> None:
        self._test: asyncio.Future[None] | None = None  # asyncio itself keeps only weak references to tasks

    def bind(self, presenter: CaPresenter) -> None:
        """Connect the controls to their clicks in `desk`."""
        add_event_listener(hook("ca"), "change", lambda _: presenter.choose())
        add_event_listener(hook("directory-url"), "input", lambda _: presenter.choose())
        add_event_listener(hook("ca-test"), "click", lambda _: self._start(presenter))
        presenter.choose()

    def _start(self, presenter: CaPresenter) -> None:
        self._test = asyncio.ensure_future(presenter.test())

    def chosen(self) -> tuple[str, str]:
        """See `app.ui.form.ca.CaView.chosen`."""
        return hook("ca").value, hook("directory-url").value

    def show_facts(self, short: str, lines: tuple[str, ...], *, can_test: bool, opened: bool) -> None:
        """See `app.ui.form.ca.CaView.show_facts`."""
        hook("ca-facts").textContent = short
        hook("ca-details").replaceChildren(*map(_item, lines))
        by_id("about-ca").hidden = not lines
        by_id("about-ca").open = opened
        hook("ca-test").hidden = not can_test

    def show_result(self, text: str, *, good: bool, busy: bool = False) -> None:
        """See `app.ui.form.ca.CaView.show_result`."""
        result = hook("ca-test-result")
        result.textContent = text
        result.dataset.state = "good" if good else "bad" if text and not busy else ""
        switch(hook("ca-test"), off=busy)


def _item(text: str) -> Any:
    item = js.document.createElement("li")
    item.textContent = text
    return item
