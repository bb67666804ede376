"""The panel that looks into certificate files. Nothing of them is stored or sent; private keys are read in memory only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol

from app.errors import FieldError, InputError
from app.issuance.issuance import Issuance
from app.issuance.workflow import Workflow
from app.pki.viewer.chain import belongs
from app.pki.viewer.contents import MAX_FILE, PASSWORD_FAULTS, Contents, FoundCertificate, FoundKey
from app.pki.viewer.decryption import FileTools
from app.pki.viewer.findings import Inspection, Weight, inspect
from app.pki.viewer.public_half import read_spki
from app.pki.viewer.reader import read_certificate_files
from app.text import viewer as text
from app.text.message import Message, sentences
from app.text.sentences import sentence
from app.ui.form.fields import at_field
from app.ui.runner import TaskRunner
from app.ui.steps.certificate import key_place

FILE: Final = "viewer-file"
PASSWORD: Final = "viewer-password"  # noqa: S105 – the name of a field


@dataclass(frozen=True)
class ViewerForm:
    """The values of the panel's fields: the text that was pasted, and the password, "" where none was typed."""

    text: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True)
class FindingEntry:
    """One finding in words; `weight` is also its mark."""

    weight: Weight
    words: str


@dataclass(frozen=True)
class CertificateEntry:
    """One certificate: what it is called, what it is, and its facts by the name of their place."""

    title: str
    role: str
    facts: dict[str, str]


@dataclass(frozen=True)
class KeyEntry:
    """One private key in words."""

    title: str
    words: str


@dataclass(frozen=True)
class ViewerModel:
    """What was found. `title` names the server's certificate, or is "" where there is none; its entry is the first."""

    title: str
    findings: tuple[FindingEntry, ...]
    certificates: tuple[CertificateEntry, ...]
    keys: tuple[KeyEntry, ...]


class ViewerView(Protocol):
    """What the presenter may ask of the panel."""

    def form(self) -> ViewerForm:
        """The current values of the fields."""
        ...

    def file_size(self) -> int:
        """The bytes of all files that were chosen or dropped."""
        ...

    async def read_files(self) -> list[bytes]:
        """These files. Raises `InputError` where the browser cannot read one."""
        ...

    def ask_password(self, *, needed: bool) -> None:
        """Show the field for the password, or empty and hide it."""
        ...

    def show(self, model: ViewerModel | None) -> None:
        """Show what was found, or nothing."""
        ...

    def open(self) -> None:
        """Empty the fields, unfold the panel and move the focus to what it shows."""
        ...

    def tell(self, *, busy: bool, said: str = "", error: FieldError | None = None, message: Message | None = None) -> None:
        """Say how it goes; put `error` beside its field. This replaces whatever was said before."""
        ...


class OrderReader(Protocol):
    """Knows the order that is open (`app.ui.session.Session`)."""

    @property
    def issuance(self) -> Issuance | None:
        """The order that is open, or None."""
        ...


class ViewerPresenter:
    """What is chosen, dropped, pasted and clicked in the panel.

    `note_key` is told of each private key (DER PKCS#8) that is read.
    """

    def __init__(self, workflow: Workflow, page: ViewerView, orders: OrderReader, note_key: Callable[[bytes], None]) -> None:
        self._workflow = workflow
        self._page = page
        self._orders = orders
        self._tools = FileTools(workflow.ports.cipher, workflow.ports.packages, note_key)
        self._task = TaskRunner()
        self._again = False

    async def take(self) -> None:
        """Other files were chosen, or the text has changed: the password was for what was there before."""
        self._page.ask_password(needed=False)
        if self._is_empty():
            self._page.show(None)
            self._page.tell(busy=False)
        else:
            await self.look()

    def _is_empty(self) -> bool:
        return not self._page.file_size() and not self._page.form().text.strip()

    async def look(self) -> None:
        """Look into what is there now. What changes meanwhile is looked into afterwards."""
        self._again = True
        if self._task.busy:
            return
        while self._again:
            self._again = False
            await self._task.do(self._look, self._page.tell)

    async def look_into_order(self) -> None:
        """Show the certificate of the open order and its chain, and whether the key of this browser belongs to it."""
        issuance = self._orders.issuance
        if issuance is None or not issuance.certificate_pem:
            return

        async def work() -> str:
            contents = await read_certificate_files([issuance.certificate_pem.encode()], None, self._tools)
            handle = await self._workflow.ports.keys.load(issuance.certificate_key) if key_place(issuance) == "here" else None
            if handle:
                contents.add_key(FoundKey(read_spki(handle.public_spki), "handle"))
            said = await self._show(contents)
            self._page.open()
            return sentences(text.order_looked_into(), said)

        self._page.ask_password(needed=False)
        await self._task.do(work, self._page.tell)

    async def _look(self) -> str:
        self._page.show(None)
        if self._is_empty():
            raise FieldError(FILE, "no-file-to-look-into")
        form, size = self._page.form(), self._page.file_size()
        if size > MAX_FILE:
            raise FieldError(FILE, "file-too-large", length=size, most=MAX_FILE)
        pasted = [form.text.encode("utf-8", "replace")] if form.text.strip() else []
        try:
            files = [*await self._page.read_files(), *pasted]
            contents = await read_certificate_files(files, form.password or None, self._tools)
        except InputError as error:
            closed = error.code in PASSWORD_FAULTS
            self._page.ask_password(needed=closed)
            with at_field(PASSWORD if closed else FILE):
                raise
        if contents.needs_password:
            self._page.ask_password(needed=True)
        return await self._show(contents)

    async def _show(self, contents: Contents) -> str:
        """Show `contents`, and say in short what is there."""
        ports = self._workflow.ports
        found = await inspect(contents, ports.verifier, datetime.fromtimestamp(ports.clock.now(), UTC))
        model = viewer_model(found)
        self._page.show(model)
        weights = [finding.weight for finding in model.findings]
        counted = text.counted(len(contents.certificates), len(contents.keys), contents.requests)
        return sentences(counted, text.verdict(weights) if found.chain else "")


def viewer_model(found: Inspection) -> ViewerModel:
    """What was found, as it is shown: what could not be read first, then the findings; the chain first, then the others."""
    contents, chain = found.contents, found.chain
    path, others = (chain.path, chain.others) if chain else ((), ())
    faults = tuple(
        FindingEntry("note" if fault.code in PASSWORD_FAULTS else "warn", sentence(fault)) for fault in contents.faults
    )
    findings = tuple(FindingEntry(finding.weight, text.finding_words(finding)) for finding in found.findings)
    return ViewerModel(
        title=text.certificate_title(path[0]) if path else "",
        findings=faults + findings,
        certificates=(
            *(_certificate(one, place) for place, one in enumerate(path)),
            *(_certificate(one, None) for one in others),
        ),
        keys=tuple(_key(key, contents) for key in contents.keys),
    )


def _certificate(certificate: FoundCertificate, place: int | None) -> CertificateEntry:
    role = text.role_words(place, is_root=certificate.is_self_issued, is_ca=certificate.is_ca)
    return CertificateEntry(text.certificate_title(certificate), role, text.facts_of(certificate))


def _key(key: FoundKey, contents: Contents) -> KeyEntry:
    owners = [certificate for certificate in contents.certificates if belongs(key, certificate)]
    return KeyEntry(text.key_title(key), text.key_words(key, owners, alone=not contents.certificates))
