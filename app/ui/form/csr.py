"""The box for the person's own certificate request (CSR): its names go into the names box; its key stays where it was made."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from app.acme.identifier import Identifier
from app.ca.catalog import CertificateAuthority
from app.errors import FieldError, InputError
from app.install.targets import find_target
from app.issuance.workflow import Workflow
from app.pki.certification_request import CertificateRequest, check_signature, parse_request, read_request
from app.pki.pem import to_pem
from app.pki.pem_text import decode_text
from app.ports import Verifier
from app.text.form import request_words
from app.ui.form.fields import at_field
from app.ui.form.requested_names import good_names
from app.ui.form.target import check_key

FIELD: Final = "csr"
MAX_BYTES: Final = 65536  # a request for a hundred names has five thousand


@dataclass(frozen=True)
class CsrForm:
    """The content of the box, and what it is checked against: the names box, the ids of the chosen CA and target."""

    request: str
    names: str
    ca: str
    target: str = ""


class CsrView(Protocol):
    """What the presenter may ask of the box."""

    def form(self) -> CsrForm:
        """The current values of the form."""
        ...

    def fill(self, *, request: str | None = None, names: str | None = None) -> None:
        """Put a text into the box or the names box, as if it was typed; None leaves it."""
        ...

    def show_request(self, summary: str, error: FieldError | None) -> None:
        """Say how the request was read, or what is wrong with it; "" and None say nothing."""
        ...


class CsrPresenter:
    """What happens when a person types into the box or drops a file on it."""

    def __init__(self, workflow: Workflow, box: CsrView) -> None:
        self._workflow = workflow
        self._box = box

    async def read(self) -> None:
        """The box, the CA or the target changed: say what was understood, and fill in the names where there are none yet."""
        form = self._box.form()
        if not form.request.strip():
            self._box.show_request("", None)
            return
        summary, fault, names = "", None, tuple[str, ...]()
        try:
            request, names = await self._checked(form)
            summary = request_words(request)
        except FieldError as error:
            fault = error
        if self._box.form() == form:  # nothing was typed meanwhile
            self._box.show_request(summary, fault)
            if names and not form.names.strip():
                self._box.fill(names="\n".join(names))

    async def _checked(self, form: CsrForm) -> tuple[CertificateRequest, tuple[str, ...]]:
        """Raises `FieldError` for what a CA will refuse, or the target."""
        with at_field(FIELD):
            request = read_request(form.request)
            names = good_names(request.requested)
            check_staple(request, next((ca for ca in self._workflow.authorities if ca.id == form.ca), None))
            await check_signature(self._workflow.ports.verifier, request)
        await self._workflow.lists.arrive()
        refused = check_key(find_target(self._workflow.lists.targets, form.target), request.spec, FIELD)
        if refused:
            raise refused
        return request, names

    def take_file(self, body: bytes) -> None:
        """A file was chosen or dropped: PEM goes into the box as it is, DER as PEM."""
        self._box.fill(request=_as_text(body[:MAX_BYTES]))


def _as_text(body: bytes) -> str:
    try:
        return to_pem("CERTIFICATE REQUEST", parse_request(body).der)
    except InputError:
        text = decode_text(body)
        return text if "BEGIN" in text else text[:2000]  # no DER: the box says what is wrong with it


def check_staple(request: CertificateRequest, authority: CertificateAuthority | None) -> None:
    """Raise `InputError` where the request asks for must-staple, and the CA refuses that."""
    if request.must_staple and authority and authority.must_staple == "no":
        raise InputError("must-staple-refused", ca=authority.name)


def check_request(
    text: str, identifiers: Sequence[Identifier], authority: CertificateAuthority | None
) -> tuple[CertificateRequest | None, FieldError | None]:
    """The request in the box, which must ask for exactly the names in the names box; (None, None) for an empty box."""
    if not text.strip():
        return None, None
    try:
        with at_field(FIELD):
            request = read_request(text)
            _check_names(good_names(request.requested), identifiers)
            check_staple(request, authority)
    except FieldError as error:
        return None, error
    return request, None


def _check_names(requested: Sequence[str], identifiers: Sequence[Identifier]) -> None:
    """Raise `InputError` where the `requested` names are not those of the names box, the `identifiers`."""
    in_box, in_request = {identifier.value for identifier in identifiers}, set(requested)
    if in_box != in_request:
        only_request, only_box = sorted(in_request - in_box), sorted(in_box - in_request)
        raise InputError("other-names-in-request", only_request=only_request, only_box=only_box)


async def check_signature_at_field(verifier: Verifier, text: str) -> None:
    """Check the signature of a request that `check_request` took; an empty box has none. Raises `FieldError` for `csr`."""
    if text.strip():
        with at_field(FIELD):
            await check_signature(verifier, read_request(text))


def to_choice(request: CertificateRequest) -> str:
    """The request as `OrderOptions.csr` keeps it: the base64 of its DER."""
    return base64.b64encode(request.der).decode("ascii")
