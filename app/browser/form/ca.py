"""The facts about the chosen CA, below the list of CAs, and the test of whether this page can reach it."""

from pyodide.ffi.wrappers import add_event_listener

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id, list_item
from app.browser.page.focus import switch
from app.ui.form.ca import CaPresenter


class DomCa:
    """`app.ui.form.ca.CaView` on the document."""

    def bind(self, actions: Actions, presenter: CaPresenter) -> None:
        """Connect the controls to their clicks."""
        add_event_listener(by_id("ca"), "change", lambda _: presenter.choose())
        add_event_listener(by_id("directory-url"), "input", lambda _: presenter.choose())
        add_event_listener(by_id("ca-test"), "click", lambda _: actions.spawn(presenter.test()))
        presenter.choose()

    def chosen(self) -> tuple[str, str]:
        """See `app.ui.form.ca.CaView.chosen`."""
        return by_id("ca").value, by_id("directory-url").value

    def show_facts(self, short: str, lines: tuple[str, ...], *, can_test: bool, opened: bool) -> None:
        """See `app.ui.form.ca.CaView.show_facts`."""
        by_id("ca-facts").textContent = short
        by_id("ca-details").replaceChildren(*map(list_item, lines))
        by_id("about-ca").hidden = not lines
        by_id("about-ca").open = opened
        by_id("ca-test").hidden = not can_test

    def show_result(self, text: str, *, good: bool, busy: bool = False) -> None:
        """See `app.ui.form.ca.CaView.show_result`."""
        result = by_id("ca-test-result")
        result.textContent = text
        result.dataset.state = "good" if good else "bad" if text and not busy else ""
        switch(by_id("ca-test"), off=busy)
