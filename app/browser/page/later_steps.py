"""Steps 2 and 3 on the document. They are imported once the form is used, or an order is first shown."""

from app.browser.form.provider import DomProviders
from app.browser.page.actions import Actions
from app.browser.page.dom import by_id
from app.browser.page.messages import Dialog
from app.browser.steps.certificate import DomCertificate, show_password_error
from app.browser.steps.delegate import DomDelegate
from app.browser.steps.install import hide_private, show_private
from app.browser.steps.move_out import DomMoveOut
from app.browser.steps.prove import DomProve, ProofFailure
from app.errors import FieldError
from app.issuance.workflow import Workflow
from app.ui.delegated_order import DelegatedOrder
from app.ui.reminder import Reminders
from app.ui.session import Session
from app.ui.steps.certificate import CertificatePresenter
from app.ui.steps.delegate import DelegatePresenter
from app.ui.steps.move_out import MoveOutPresenter
from app.ui.views import PageModel


class DomLaterSteps:
    """Step 2 with its message and its set-up of delegated proofs, step 3 with the move to a server."""

    def __init__(self, providers: DomProviders) -> None:
        self._prove = DomProve(providers)
        self._certificate = DomCertificate()
        self.failure = ProofFailure()

    def bind(
        self,
        actions: Actions,
        workflow: Workflow,
        session: Session,
        dialog: Dialog,
        reminders: Reminders,
        delegated: DelegatedOrder,
    ) -> None:
        """Connect every control to its click."""
        self._prove.bind(actions, session)
        self._certificate.bind(actions, session, CertificatePresenter(workflow, session, dialog), reminders)
        delegate, move_out = DomDelegate(), DomMoveOut()
        delegate.bind(actions, session, DelegatePresenter(delegated, delegate))
        move_out.bind(actions, MoveOutPresenter(workflow, session, move_out, dialog, _chosen_provider))

    def show(self, view: PageModel, before: PageModel) -> None:
        """Show what `view` has of these steps; `before` is what was shown."""
        self._prove.show(view, before)
        if view.certificate and view.certificate != before.certificate:
            self._certificate.show(view.certificate)

    def show_failure(self, view: PageModel, *, checked: bool) -> None:
        """Put message and buttons where they belong while a proof is missing; `checked` as `ProofFailure.show` has it."""
        self.failure.show(view.trouble, stopped=bool(view.progress and view.progress.stopped), checked=checked)

    def leave(self) -> None:
        """Another step is shown: private keys that were shown are not in the page any more, and messages move back."""
        hide_private()
        self.failure.leave()

    def show_private(self, format_id: str, text: str) -> None:
        """See `app.ui.views.PageView.show_private`."""
        show_private(format_id, text)

    def show_password_error(self, error: FieldError | None) -> None:
        """See `app.ui.views.PageView.show_password_error`."""
        show_password_error(error)


def _chosen_provider() -> str:
    """The id of the DNS provider that is chosen in the form."""
    return str(by_id("provider").value)
