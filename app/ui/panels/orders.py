"""The list of orders and certificates in this browser: the status of each, and its commands: reopen, renew, delete."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, Protocol

from app.ca.catalog import ca_name
from app.errors import CertificateError, InputError, StorageError
from app.issuance.issuance import Issuance
from app.issuance.store import StoredIssuance, all_stored, delete, load
from app.issuance.workflow import Workflow
from app.keys.inventory import without_account_key
from app.pki.certificate import Certificate, read_chain
from app.text import orders as text
from app.text.issuance import names_in_short
from app.text.message import Question
from app.text.orders import Age
from app.text.proof_failure import failed_message
from app.ui.runner import PlainView, TaskRunner, without_fields
from app.ui.session import Session
from app.ui.steps.certificate import renewal_moment
from app.ui.views import ConfirmView

EntryStatus = Literal["open", "issued", "due", "ended", "revoked", "failed", "stuck", "unreadable"]
"""The status of an issuance in a list. "due" is a certificate that should be renewed now, "ended" one that has run out, "stuck"
an order whose account is not in this browser."""


@dataclass(frozen=True)
class OrderEntry:
    """One issuance in words. `title` are its names, `words` describe its status; `ca` is "" where it is unknown.

    `opens` tells whether it can be opened, `renews` whether its certificate can be ordered again.
    """

    id: str
    title: str
    ca: str
    status: EntryStatus
    words: str
    opens: bool = True
    renews: bool = False


class OrdersView(PlainView, Protocol):
    """What the presenter may ask of the list."""

    def show(self, entries: tuple[OrderEntry, ...]) -> None:
        """Show these entries and no others."""
        ...


class OrdersPresenter:
    """The clicks on the list."""

    def __init__(self, workflow: Workflow, page: OrdersView, dialog: ConfirmView, session: Session) -> None:
        self._workflow = workflow
        self._page = page
        self._dialog = dialog
        self._session = session
        self._task = TaskRunner()
        self._shown: tuple[OrderEntry, ...] = ()

    async def open(self) -> None:
        """Python is ready: show the orders, or say that they cannot be read."""
        await self._run(self._list)

    async def refresh(self) -> None:
        """Something was done here or in another tab: while a person has the list before them, show it as it is now."""
        if self._session.at_form:
            with suppress(StorageError):  # a click on one of them reports it
                await self._list()

    async def reopen(self, id_: str) -> None:
        """Go on with this one from its saved state."""
        self._page.tell(busy=False)
        await self._session.reopen(id_)

    async def renew(self, id_: str) -> None:
        """Order this certificate again, with the same options."""
        self._page.tell(busy=True)
        await self._session.renew(id_)
        self._page.tell(busy=False)

    async def delete(self, id_: str) -> None:
        """Delete this one for good, after the person has confirmed it."""

        async def work() -> str:
            self._session.check_idle("saved")
            if not await self._dialog.confirm(await self._deleting(id_)):
                return text.nothing_deleted()
            await delete(self._workflow, id_)
            self._session.close_deleted(id_)
            await self._list()
            return text.deleted()

        await self._run(work)

    async def _deleting(self, id_: str) -> Question:
        try:
            issuance = await load(self._workflow, id_)
        except StorageError:
            issuance = None
        return text.deleting_question(issuance, names_in_short(issuance) if issuance else "")

    async def _list(self) -> str:
        stored = await all_stored(self._workflow)
        lacking = await without_account_key(self._workflow, (one.issuance for one in stored if one.issuance))
        entries = tuple(self._entry(one, lacks_key=one.id in lacking) for one in stored)
        if entries != self._shown:  # showing the same again would lose the focus
            self._page.show(entries)
        self._shown = entries
        return ""

    def _entry(self, stored: StoredIssuance, *, lacks_key: bool) -> OrderEntry:
        issuance = stored.issuance
        if issuance is None:
            return OrderEntry(stored.id, text.unreadable_title(), "", "unreadable", text.unreadable_words(stored), opens=False)
        status, words = self._status(issuance, lacks_key=lacks_key)
        return OrderEntry(
            id=stored.id,
            title=names_in_short(issuance),
            ca=ca_name(self._workflow.authorities, issuance.choices.ca, issuance.choices.directory),
            status=status,
            words=words,
            opens=status != "unreadable",
            renews=issuance.state == "issued",
        )

    def _status(self, issuance: Issuance, *, lacks_key: bool) -> tuple[EntryStatus, str]:
        if lacks_key:
            return "stuck", text.lacks_key_words()
        if issuance.state == "issued":
            return certificate_status(issuance, self._workflow.ports.clock.now())
        if issuance.state == "failed":
            return "failed", text.failed_words(issuance, self._reason(issuance))
        return "open", text.open_words(issuance)

    def _reason(self, issuance: Issuance) -> str:
        try:
            return failed_message(issuance, self._workflow.authority(issuance)).title
        except InputError:  # its CA is not in the list any more
            return ""

    async def _run(self, work: Callable[[], Awaitable[str]]) -> None:
        await self._task.do(work, without_fields(self._page))


def certificate_status(issuance: Issuance, now: float) -> tuple[EntryStatus, str]:
    """The status of the certificate of an issued `issuance` at `now` (Unix seconds), and that in words."""
    try:
        certificate = read_chain(issuance.certificate_pem).certificate
    except CertificateError:
        return "unreadable", text.damaged_certificate_words()
    if issuance.revoked:
        return "revoked", text.revoked_words(issuance)
    renewal = issuance.window.start if issuance.window else renewal_moment(certificate).timestamp()
    age = _age(certificate, renewal, now)
    return age, text.age_words(age, certificate.not_after, renewal, key_destroyed=bool(issuance.key_destroyed))


def _age(certificate: Certificate, renewal: float, now: float) -> Age:
    if certificate.not_after.timestamp() < now:
        return "ended"
    return "due" if renewal <= now else "issued"
