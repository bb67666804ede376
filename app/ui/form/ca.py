"""The chosen CA: the facts about it, and a test of whether this page can reach it."""

from typing import Protocol

from app.ca.catalog import CertificateAuthority, find_ca_or_none
from app.ca.cors_check import check_cors
from app.issuance.workflow import Workflow
from app.text.ca import calling, details, in_short, not_reached, reached


class CaView(Protocol):
    """What the presenter may ask of the part below the list of CAs."""

    def chosen(self) -> tuple[str, str]:
        """The chosen value of the list, and the content of the box for a directory URL."""
        ...

    def show_facts(self, short: str, lines: tuple[str, ...], *, can_test: bool, opened: bool) -> None:
        """Show the facts about the CA: one line, and more `lines`, folded unless `opened`; without lines that part is hidden.

        With `can_test` the page may be able to reach it, so that a test makes sense.
        """
        ...

    def show_result(self, text: str, *, good: bool, busy: bool = False) -> None:
        """Show how the test went; "" for none. While `busy` it cannot be started again."""
        ...


class CaPresenter:
    """The choice of a CA, and the click that tests it."""

    def __init__(self, workflow: Workflow, panel: CaView) -> None:
        self._workflow = workflow
        self._panel = panel

    def choose(self) -> None:
        """Another CA was chosen or typed: show the facts about it."""
        authority = self._authority()
        if authority is None:
            self._panel.show_facts("", (), can_test=False, opened=False)
        else:
            short = "" if authority.id == "custom" else in_short(authority)
            reachable = authority.reachability != "none"
            lines = details(authority, self._workflow.authorities)
            self._panel.show_facts(short, lines, can_test=reachable, opened=not reachable)
        self._panel.show_result("", good=False)

    async def test(self) -> None:
        """Test whether this page can reach the CA that is chosen, with two requests that carry nothing."""
        authority = self._authority()
        if authority is None or authority.reachability == "none":
            return
        self._panel.show_result(calling(authority), good=False, busy=True)
        try:
            await check_cors(self._workflow.ports.http, self._workflow.ports.clock, authority)
        except Exception as error:
            self._show(authority, not_reached(authority, error), good=False)
        else:
            self._show(authority, reached(authority), good=True)

    def _show(self, asked: CertificateAuthority, text: str, *, good: bool) -> None:
        """Show a result, unless another CA was chosen meanwhile."""
        if self._authority() == asked:
            self._panel.show_result(text, good=good)

    def _authority(self) -> CertificateAuthority | None:
        return find_ca_or_none(self._workflow.authorities, *self._panel.chosen())
