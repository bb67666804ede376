"""The list of what this browser keeps: every issuance, where it stands, and what can be done with it."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, Protocol

from app.errors import CertificateError, FieldError, StorageError
from app.issuance.issuance import Issuance, State
from app.issuance.store import StoredIssuance, all_stored, delete, load
from app.issuance.workflow import Workflow
from app.keys.inventory import without_account_key
from app.pki.certificate import Certificate, read_chain
from app.text.certificate import day
from app.text.issuance import names_in_short
from app.text.proof_failure import failed_message
from app.text.sentences import sentence
from app.ui.panels.keys import name_of_ca
from app.ui.runner import PlainView, TaskRunner, without_fields
from app.ui.session import Session
from app.ui.steps.certificate import renewal_moment
from app.ui.views import Asks, Question

Standing = Literal["open", "issued", "due", "ended", "revoked", "failed", "stuck", "unreadable"]
"""Where an issuance stands, roughly. "due" is a certificate that should be renewed now, "ended" one that has run out, "stuck"
an order whose account is not in this browser."""

_OPEN: Final[dict[State, str]] = {
    "asked": "begun on {day}, not ordered yet",
    "registered": "begun on {day}, not ordered yet",
    "ordered": "ordered on {day}",
    "proving": "waits for your proof since {day}",
    "verifying": "being checked by the CA since {day}",
    "ready": "proven on {day}, the certificate is being made",
    "finalizing": "proven on {day}, the certificate is being made",
    "downloading": "made on {day}, waits to be fetched",
}
_STUCK: Final = "cannot go on here: its account’s key is not in this browser"


@dataclass(frozen=True)
class OrderEntry:
    """One issuance in words. `title` are its names, `words` where it stands; `ca` is "" where nobody can tell.

    `opens` tells whether it can be opened, `renews` whether its certificate can be ordered once more.
    """

    id: str
    title: str
    ca: str
    standing: Standing
    words: str
    opens: bool = True
    renews: bool = False


class OrdersView(PlainView, Protocol):
    """The list, as far as its clicks need it."""

    def show(self, entries: tuple[OrderEntry, ...]) -> None:
        """Show these entries and no others."""
        ...


class OrdersPresenter:
    """The clicks on the list."""

    def __init__(self, workflow: Workflow, page: OrdersView, asks: Asks, session: Session) -> None:
        self._flow = workflow
        self._page = page
        self._asks = asks
        self._session = session
        self._task = TaskRunner()
        self._shown: tuple[OrderEntry, ...] = ()

    async def open(self) -> None:
        """Python is up: show what there is, or say that it cannot be read."""
        await self._guard(self._list)

    async def refresh(self) -> None:
        """Something was done here or in another tab: while a person has the list before them, show it as it is now."""
        if self._session.at_form:
            with suppress(StorageError):  # whoever asks for one of them is told
                await self._list()

    async def reopen(self, id_: str) -> None:
        """Go on with this one from exactly where it stands."""
        self._page.tell(busy=False)
        await self._session.reopen(id_)

    async def renew(self, id_: str) -> None:
        """Order this certificate once more, with the same choices."""
        self._page.tell(busy=True)
        await self._session.renew(id_)
        self._page.tell(busy=False)

    async def delete(self, id_: str) -> None:
        """Delete this one for good, after the person has said so."""

        async def work() -> str:
            self._session.check_calm("saved")
            if not await self._asks.confirm(await self._deleting(id_)):
                return "Nothing was deleted."
            await delete(self._flow, id_)
            self._session.put_away(id_)
            await self._list()
            return "It is deleted."

        await self._guard(work)

    async def _deleting(self, id_: str) -> Question:
        try:
            return deleting(await load(self._flow, id_))
        except StorageError:
            return deleting(None)

    async def _list(self) -> str:
        kept = await all_stored(self._flow)
        stuck = await without_account_key(self._flow, (one.issuance for one in kept if one.issuance))
        entries = tuple(self._entry(one, stuck=one.id in stuck) for one in kept)
        if entries != self._shown:  # what did not change keeps the focus
            self._page.show(entries)
        self._shown = entries
        return ""

    def _entry(self, kept: StoredIssuance, *, stuck: bool) -> OrderEntry:
        issuance = kept.issuance
        if issuance is None:
            why = sentence(kept.fault) if kept.fault else ""
            return OrderEntry(kept.id, "An order that cannot be read", "", "unreadable", why, opens=False)
        standing, words = self._standing(issuance, stuck=stuck)
        choices = issuance.choices
        return OrderEntry(
            id=kept.id,
            title=names_in_short(issuance),
            ca=name_of_ca(self._flow, choices.ca, choices.directory),
            standing=standing,
            words=words,
            opens=standing != "unreadable",
            renews=issuance.state == "issued",
        )

    def _standing(self, issuance: Issuance, *, stuck: bool) -> tuple[Standing, str]:
        if stuck:
            return "stuck", _STUCK
        if issuance.state == "issued":
            return certificate_standing(issuance, self._flow.ports.clock.now())
        if issuance.state == "failed":
            return "failed", f"failed on {day(issuance.since)}{self._reason(issuance)}"
        return "open", _OPEN[issuance.state].format(day=day(issuance.since))

    def _reason(self, issuance: Issuance) -> str:
        try:
            return f": {failed_message(issuance, self._flow.authority(issuance)).title}"
        except FieldError:  # its CA has gone from the list
            return ""

    async def _guard(self, work: Callable[[], Awaitable[str]]) -> None:
        await self._task.do(work, without_fields(self._page))


def certificate_standing(issuance: Issuance, now: float) -> tuple[Standing, str]:
    """Where the certificate of an issued `issuance` stands at `now` (Unix seconds), and that in words."""
    try:
        certificate = read_chain(issuance.certificate_pem).certificate
    except CertificateError:
        return "unreadable", "its certificate is damaged"
    gone = ", its key was destroyed here" if issuance.key_destroyed else ""
    if issuance.revoked:
        return "revoked", f"revoked on {day(issuance.revoked)}{gone}"
    standing, words = _age(issuance, certificate, now)
    return standing, f"{words}{gone}"


def _age(issuance: Issuance, certificate: Certificate, now: float) -> tuple[Standing, str]:
    end = day(certificate.not_after.timestamp())
    renew = issuance.window.start if issuance.window else renewal_moment(certificate).timestamp()
    if certificate.not_after < datetime.fromtimestamp(now, UTC):
        return "ended", f"ended on {end}"
    if renew <= now:
        return "due", f"issued, ends on {end}: renew it now"
    return "issued", f"issued, ends on {end}, renew around {day(renew)}"


def deleting(issuance: Issuance | None) -> Question:
    """What a person must say yes to before `issuance` (None: one that cannot be read) is deleted."""
    whose = f"for {names_in_short(issuance)} " if issuance else ""
    if issuance and issuance.state == "issued":
        text = (
            f"The certificate {whose}is deleted from this browser, with its private key if that is here. Servers that use it "
            "go on with it. It stays valid, and can be revoked here only until you delete it."
        )
        return Question("Delete this for good?", text, yes="Delete it", no="Keep it", tick="I have downloaded what I need.")
    text = (
        f"The order {whose}is deleted from this browser, with its keys. At the CA nothing changes: an order that is open ends "
        "by itself."
    )
    return Question("Delete this for good?", text, yes="Delete it", no="Keep it")
