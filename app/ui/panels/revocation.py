"""The panel for revoking a certificate with its own private key: no account is needed (RFC 8555 §7.6)."""

from dataclasses import dataclass
from typing import Final, Protocol

from app.ca.catalog import CertificateAuthority, find_ca
from app.errors import CertificateError, FieldError
from app.issuance.revocation import revoke_by_key
from app.issuance.workflow import Workflow
from app.pki.certificate import Certificate, read_leaf
from app.pki.pem_text import from_base64, normalized, pem_blocks
from app.pki.private_key import read_private_key
from app.ports import KeySpec
from app.text.certificate import revocation_question, revoked_words
from app.text.errors import message_for
from app.text.message import Message
from app.ui.form.fields import ErrorCollector, at_field
from app.ui.runner import TaskRunner
from app.ui.steps.certificate import read_reason
from app.ui.views import ConfirmView

MAX_CERTIFICATES: Final = 20  # in one paste; a chain has two or three
_CERTIFICATE_LABELS: Final = ("CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE")


@dataclass(frozen=True)
class RevocationForm:
    """The values of the panel's fields, named as in its hooks without `revoke-`."""

    ca: str
    certificate: str
    key: str
    reason: str


@dataclass(frozen=True)
class RevocationRequest:
    """What to revoke: the CA, the certificate and its DER, the key (kind and DER PKCS#8) that signs, and the reason."""

    authority: CertificateAuthority
    certificate: Certificate
    der: bytes
    key: tuple[KeySpec, bytes]
    reason: int


class RevocationView(Protocol):
    """What the presenter may ask of the panel."""

    def form(self) -> RevocationForm:
        """The current values of the fields."""
        ...

    def show(self, *, busy: bool, errors: tuple[FieldError, ...] = (), message: Message | None = None) -> None:
        """Put each error beside its field, show `message`, and take all others away."""
        ...

    def done(self, text: str) -> None:
        """Say that it is done, and empty the fields, because a key should not stay on a screen."""
        ...


def read_revocation(
    form: RevocationForm, authorities: tuple[CertificateAuthority, ...]
) -> RevocationRequest | tuple[FieldError, ...]:
    """What the fields ask for, or everything that must be corrected in them, in their order."""
    errors = ErrorCollector(FieldError)
    authority = errors.read_at("revoke-ca", lambda: find_ca(authorities, form.ca, ""))
    certificate = errors.read(lambda: _read_certificate(form.certificate))
    key = errors.read_at("revoke-key", lambda: read_private_key(form.key.strip() or _key_beside(form.certificate)))
    reason = errors.read(lambda: read_reason(form.reason))
    if authority is None or certificate is None or key is None or reason is None:
        return tuple(errors.errors)
    return RevocationRequest(authority, *certificate, key, reason)


def _read_certificate(text: str) -> tuple[Certificate, bytes]:
    """The server's certificate in a text, and its DER; its chain, its key and other text may come before or after it."""
    plain = normalized(text)
    blocks = [block for block in pem_blocks(plain) if block.label in _CERTIFICATE_LABELS]
    if any(not block.ended for block in blocks):
        raise FieldError("revoke-certificate", "certificate-incomplete")
    if len(blocks) > MAX_CERTIFICATES:
        raise FieldError("revoke-certificate", "too-many-certificates", count=len(blocks))
    try:
        return read_leaf([block.der() for block in blocks] or [from_base64(plain)])
    except (CertificateError, ValueError) as error:
        raise FieldError("revoke-certificate", "no-pem-certificate") from error


def _key_beside(text: str) -> str:
    """The text of a combined file where it has a private key, too, or ""."""
    return text if any(block.label.endswith("PRIVATE KEY") for block in pem_blocks(normalized(text))) else ""


class RevocationPresenter:
    """The click on the panel."""

    def __init__(self, workflow: Workflow, page: RevocationView, dialog: ConfirmView) -> None:
        self._workflow = workflow
        self._page = page
        self._dialog = dialog
        self._task = TaskRunner()

    async def revoke(self) -> None:
        """Read the fields, ask, and revoke. Nothing is sent while a field must be corrected."""
        wanted = read_revocation(self._page.form(), self._workflow.authorities)
        if not isinstance(wanted, RevocationRequest):
            self._page.show(busy=False, errors=wanted)
        elif not self._task.busy and await self._dialog.confirm(revocation_question(wanted.certificate)):
            fault = await self._task.run(lambda: self._send(wanted), lambda: self._page.show(busy=True))
            self._tell(fault, wanted.authority)

    async def _send(self, wanted: RevocationRequest) -> None:
        with at_field("revoke-key"):
            await revoke_by_key(self._workflow, wanted.authority, wanted.certificate, wanted.der, wanted.key, wanted.reason)

    def _tell(self, fault: Exception | None, authority: CertificateAuthority) -> None:
        match fault:
            case None:
                self._page.show(busy=False)
                self._page.done(revoked_words(fresh=True))
            case FieldError():
                self._page.show(busy=False, errors=(fault,))
            case _:
                self._page.show(busy=False, message=message_for(fault, authority, "revocation"))
