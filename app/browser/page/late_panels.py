"""The panels under the steps. The code of each is imported when the panel is first used."""

from collections.abc import Callable
from dataclasses import dataclass

from app.browser.page.actions import Actions
from app.browser.page.dom import by_id
from app.browser.page.late import bind_at_first_use
from app.browser.page.messages import Dialog
from app.browser.panels.sent import DomSent
from app.issuance.workflow import Workflow
from app.network.request_log import RequestLog
from app.ui.request_log.counter import SentCounter
from app.ui.request_log.index import RequestIndex
from app.ui.session import Session


@dataclass(frozen=True)
class LatePanels:
    """What the panels work with. `note_key` is told of each private key (DER PKCS#8) that the viewer reads."""

    actions: Actions
    workflow: Workflow
    session: Session
    dialog: Dialog
    persistent: bool
    note_key: Callable[[bytes], None]

    def bind(self) -> None:
        """Bind each panel when it is first used."""
        panels: dict[Callable[[], None], tuple[str, ...]] = {
            self._bind_keys: ("keys-panel",),
            self._bind_accounts: ("account-panel",),
            self._bind_backup: ("backup-panel",),
            self._bind_viewer: ("viewer-panel", "look-into"),
            self._bind_revocation: ("revoke-panel",),
        }
        for bind, ids in panels.items():
            bind_at_first_use(tuple(map(by_id, ids)), bind)

    def _bind_keys(self) -> None:
        from app.browser.panels.keys import DomKeys
        from app.ui.panels.keys import KeysPresenter

        view = DomKeys()
        view.bind(self.actions, KeysPresenter(self.workflow, view, self.dialog, self.session, persistent=self.persistent))

    def _bind_accounts(self) -> None:
        from app.browser.panels.accounts import DomAccounts
        from app.ui.panels.accounts import AccountsPresenter

        view = DomAccounts()
        view.bind(self.actions, AccountsPresenter(self.workflow, view, self.dialog, self.session))

    def _bind_backup(self) -> None:
        from app.browser.panels.backup import DomBackup
        from app.ui.panels.backup import BackupPresenter

        view = DomBackup()
        view.bind(self.actions, BackupPresenter(self.workflow, view, self.dialog, self.session))

    def _bind_viewer(self) -> None:
        from app.browser.panels.viewer import DomViewer
        from app.ui.panels.viewer import ViewerPresenter

        view = DomViewer()
        view.bind(self.actions, ViewerPresenter(self.workflow, view, self.session, self.note_key))

    def _bind_revocation(self) -> None:
        from app.browser.panels.revocation import DomRevocation
        from app.ui.panels.revocation import RevocationPresenter

        view = DomRevocation()
        view.bind(self.actions, RevocationPresenter(self.workflow, view, self.dialog))


def bind_request_log_late(
    actions: Actions, workflow: Workflow, request_log: RequestLog, index: RequestIndex, sent: DomSent, counter: SentCounter
) -> None:
    """Bind the panel of the request log when it is first used; `sent` counts from the start."""

    def bind() -> None:
        from app.browser.panels.request_log import DomRequestLog
        from app.ui.panels.request_log import RequestLogPresenter

        view, ports = DomRequestLog(), workflow.ports
        view.bind(actions, sent, RequestLogPresenter(request_log, ports.clock, view, index, counter, ports.keys.names))

    bind_at_first_use((by_id("ledger-panel"),), bind)
