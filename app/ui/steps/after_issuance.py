"""Step 3, below the files: another chain, and revocation with the account that ordered the certificate."""

from app.acme.identifier import readable
from app.acme.revocation import REASONS
from app.errors import FieldError
from app.issuance.issuance import Issuance
from app.issuance.renewal import ask_window
from app.issuance.revocation import revoke_issued
from app.issuance.store import take_chain
from app.issuance.workflow import Workflow
from app.pki.certificate import Certificate, read_chain
from app.text.untrusted import isolate_bidi
from app.ui.session import Session
from app.ui.views import Asks, Question


class CertificatePresenter:
    """The clicks on what can be done with the certificate at hand."""

    def __init__(self, workflow: Workflow, session: Session, asks: Asks) -> None:
        self._flow = workflow
        self._session = session
        self._asks = asks

    async def choose_chain(self, n: int) -> None:
        """Another chain was chosen: all downloads have it from now on."""

        async def change(issuance: Issuance) -> tuple[Issuance, str]:
            changed = await take_chain(self._flow, issuance, n)
            return changed, f"The files now have the chain of {isolate_bidi(read_chain(changed.certificate_pem).top)}."

        await self._session.change(change)

    async def ask_window(self) -> None:
        """Ask the CA when it would like the certificate renewed."""

        async def change(issuance: Issuance) -> tuple[Issuance, str]:
            ends = read_chain(issuance.certificate_pem).certificate.not_after.timestamp()
            if ends <= self._flow.ports.clock.now():  # RFC 9773 §4.3
                return issuance, "This certificate has ended, so there is nothing to ask. Order a new one."
            return await ask_window(self._flow, issuance), "The CA has answered: see above when to come back."

        await self._session.change(change, "renewal information")

    async def revoke(self, reason: str) -> None:
        """Revoke the certificate for `reason` (a number), after the person has said so twice."""

        async def change(issuance: Issuance) -> tuple[Issuance, str]:
            certificate = read_chain(issuance.certificate_pem).certificate
            if not await self._asks.confirm(revocation_question(certificate)):
                return issuance, "Nothing was revoked."
            changed, fresh = await revoke_issued(self._flow, issuance, read_reason(reason))
            return changed, revoked_words(fresh=fresh)

        await self._session.change(change, "revocation")


def revocation_question(certificate: Certificate) -> Question:
    """What a person must say yes to before a certificate is revoked."""
    names = ", ".join(map(readable, certificate.names))
    return Question(
        title="Revoke this certificate?",
        text=f"The certificate for {names} becomes void at once and for good. Servers that still use it will show their "
        "visitors an error. Put another certificate in place first, unless the key is in wrong hands.",
        yes="Revoke it",
        no="Keep it",
    )


def revoked_words(*, fresh: bool) -> str:
    """What is told afterwards; not `fresh` means that it was revoked before."""
    return "The certificate is revoked." if fresh else "The CA says that this certificate was revoked before. It stays so."


def read_reason(text: str) -> int:
    """The code of a reason in `REASONS`. Raises `FieldError` for `revoke-reason`."""
    for code in REASONS:
        if text == str(code):
            return code
    raise FieldError("revoke-reason", "Choose a reason.")
