"""Renewing all that is due with one click: each as far as it goes by itself, then a list of what needs a hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.ca.catalog import find_ca_or_none
from app.issuance.issuance import Issuance
from app.issuance.store import load
from app.issuance.unattended import GoOn, Outcome, Prover, Renewal, UnattendedRenewals, standing_records, wait_for_a_person
from app.issuance.workflow import Workflow
from app.text import renewals as text
from app.text.issuance import names_in_short
from app.ui.runner import PlainView
from app.ui.session import Session


@dataclass(frozen=True)
class RenewalLine:
    """What came of one certificate: `title` and what to do, in `words`.

    `id` is the record that the button `label` opens; with `renews`, it renews that one.
    """

    id: str
    outcome: Outcome
    title: str
    words: str
    label: str
    renews: bool = False


@dataclass(frozen=True)
class RenewalReport:
    """How it goes, or went. `progress` says what is done now, `title` how it ended. What needs a hand comes first in `lines`.

    While there is `progress`, no line can be opened.
    """

    progress: str = ""
    title: str = ""
    lines: tuple[RenewalLine, ...] = ()


class RenewalsView(PlainView, Protocol):
    """What the presenter may ask of the list of orders."""

    def show_renewals(self, report: RenewalReport) -> None:
        """Show how the renewals go."""
        ...


class DueRenewals:
    """The click on the button above the list. `new_id` gives an id for a record.

    `provers` and `go_on` can prove names without a person (`app.issuance.unattended`).
    """

    def __init__(
        self,
        workflow: Workflow,
        session: Session,
        page: RenewalsView,
        new_id: Callable[[], str],
        provers: Sequence[Prover] = (standing_records,),
        go_on: GoOn = wait_for_a_person,
    ) -> None:
        self._workflow = workflow
        self._session = session
        self._page = page
        self._new_id = new_id
        self._provers = provers
        self._go_on = go_on

    async def renew(self, ids: Sequence[str]) -> None:
        """Renew the certificates of these records one after another, and show what came of each."""
        done: list[Renewal] = []
        renewals = UnattendedRenewals(self._workflow, self._new_id, self._provers, self._go_on)

        async def work() -> None:
            for n, id_ in enumerate(ids, 1):
                saved = await load(self._workflow, id_)
                if saved:
                    now = text.renewing(names_in_short(saved), n, len(ids))
                    self._page.show_renewals(RenewalReport(progress=now, lines=self._lines(done)))
                    done.extend(filter(None, [await renewals.renew(id_)]))

        self._page.tell(busy=False)
        await self._session.do_beside(work)
        renewed = sum(one.outcome == "renewed" for one in done)
        title = text.renewals_done(renewed, len(done))
        self._page.show_renewals(RenewalReport(title=title if done else "", lines=self._lines(done)))
        self._page.tell(busy=False, said=title)

    def forget(self) -> None:
        """A person has gone on: what came of the renewals is in the list itself."""
        self._page.show_renewals(RenewalReport())

    def _lines(self, done: Sequence[Renewal]) -> tuple[RenewalLine, ...]:
        return tuple(map(self._line, sorted(done, key=lambda one: one.outcome == "renewed")))

    def _line(self, renewal: Renewal) -> RenewalLine:
        choices = renewal.old.choices
        words = text.renewal_words(renewal, find_ca_or_none(self._workflow.authorities, choices.ca, choices.directory))
        open_one: Issuance = renewal.new or renewal.old
        return RenewalLine(
            id=open_one.id,
            outcome=renewal.outcome,
            title=words.title,
            words=words.text,
            label=text.see_label(renewal.outcome),
            renews=renewal.new is None and renewal.outcome == "stopped",
        )
