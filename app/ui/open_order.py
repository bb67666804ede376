"""The order that this tab has open: worked on here by one click at a time, or followed while another tab works on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.ca.catalog import production_of
from app.dns.choices import ProviderChoices
from app.errors import FieldError, InputError, NetworkError, OtherTabError
from app.install.targets import find_target
from app.issuance.failed_validations import RemainingTries
from app.issuance.issuance import Issuance, OrderOptions
from app.issuance.registration import OtherAccountError
from app.issuance.store import load, record_name
from app.issuance.workflow import Workflow
from app.keys.inventory import lacks_account_key
from app.text.errors import message_for
from app.text.issuance import deleted_elsewhere, other_account_question, taken_over, waiting_words
from app.text.message import Message
from app.text.tasks import Task
from app.ui.background import Later
from app.ui.delegated_order import DelegatedOrder
from app.ui.dns_looks import DnsLooks
from app.ui.form.fields import in_its_field
from app.ui.form.provider import chosen_providers
from app.ui.runner import TaskRunner, attempt
from app.ui.tab_role import TabRole
from app.ui.views import STEP_OF, PageModel, PageView, Step

if TYPE_CHECKING:
    from app.dns.checks.report import DnsReport
    from app.ui.steps.prove_models import ProveModel

MOMENT: Final = 0.25
"""Seconds. What work brings within this time is shown together: the click itself is answered at once, and whoever sees that
takes what follows for one moment. Each further picture takes some 10 ms from the work that it shows."""

MOMENTS_APART: Final = 2
"""Moments between two times that progress is shown: to show a hundred names anew takes as long as ten requests."""


class OpenOrder:
    """The order of this tab, if it has one open. `refuse` marks a field of the form that a CA refused.

    `looks` looks into DNS for it, where a person allows that. `delegated` proves it without a hand, where that is set up. What
    comes within a `moment` is shown together (0: each thing by itself), what comes after that `MOMENTS_APART` later.
    """

    def __init__(
        self,
        workflow: Workflow,
        page: PageView,
        refuse: Callable[[FieldError], None],
        looks: DnsLooks,
        delegated: DelegatedOrder | None = None,
        moment: float = MOMENT,
    ) -> None:
        self._delegated = delegated
        self._workflow = workflow
        self._page = page
        self._refuse = refuse
        self._looks = looks
        self.issuance: Issuance | None = None
        """The order as it was shown last."""
        self.role = TabRole(workflow.locks, self._follow, self._take_over)
        self.runner = TaskRunner()
        self._poll_now = asyncio.Event()
        self._trouble: Message | None = None
        self._tries: tuple[RemainingTries, ...] = ()
        self._next: Callable[[], Awaitable[None]] | None = None
        self._shown_step: Step = "names"
        self._show_soon = Later(self._show_progress, moment, MOMENTS_APART * moment)
        self.on_shown: Callable[[Issuance | None], None] = lambda _: None
        """Called with the order that waits in this tab for a person's proofs, or None, whenever the page is shown."""

    # ---- commands ----

    async def do(self, work: Callable[[], Awaitable[None]], task: Task = "order") -> None:
        """Do the work of one click at a time. An error becomes a message about `task`, and the page stays usable."""
        if self.runner.busy:
            return
        self._trouble = None
        self._page.show_error(None)
        error = await self.runner.run(lambda: self._with_lists(work), self._show_begin)
        if self.issuance is None:
            self.role.leave()  # nothing came of it
        following, self._next = self._next, None
        self.show()
        self._show_error(error, task)
        if following and error is None and self.issuance and self.issuance.state == "proving":
            await self.do(following)

    async def _with_lists(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work`, which may show an order: that needs the lists of this site."""
        await self._workflow.lists.arrive()
        await work()

    async def do_next(self, work: Callable[[], Awaitable[None]]) -> None:
        """As `do`; but while there is other work, do it as soon as that has come to a good end and the proofs are still wanted.

        What fails before it takes it away: to go on could cost a person one of few tries at the CA.
        """
        if self.runner.busy:
            self._next = work
            self.show()
        else:
            await self.do(work)

    async def cancel(self) -> None:
        """Cancel the work in progress, and whatever waits for its end."""
        self._next = None
        await self.runner.cancel()

    async def begin(self, issuance: Issuance) -> None:
        """Open a new order in place of the one that is open, and work on it."""
        self.issuance, self._tries = None, ()
        await self.role.take(record_name(issuance.id))
        await self.run(issuance)

    async def reopen(self, id_: str) -> None:
        """Open the saved order `id_`: go on from its saved state, or follow it while another tab works on it."""
        self.issuance, self._tries = None, ()
        if not await self.role.take(record_name(id_)):
            await self._show_saved(id_)
        if not self.role.is_follower:
            await self._go_on(id_)

    async def run(self, issuance: Issuance) -> None:
        """Take `issuance` as far as it goes without a person, and say what keeps it from going on.

        Where its CA has another account for the key now, a person is asked first. Raises what `Workflow.run` raises.
        """
        issuance = await self._advanced(issuance)
        if self._delegated:
            issuance = await self._delegated.go_on(issuance, self._advanced, self.set_current)
        await self._say_what_blocks(issuance)

    async def _advanced(self, issuance: Issuance) -> Issuance:
        self._poll_now.clear()
        try:
            return await self._workflow.run(issuance, self.set_current, self._poll_now)
        except OtherAccountError as error:
            adopted = await self._adopt(issuance, error)
            return await self._workflow.run(adopted, self.set_current, self._poll_now)

    async def refresh(self) -> None:
        """The record may have changed in the store: load it, and go on."""
        saved = await self.saved(self.to_change().id)
        if saved:
            await self.run(saved)

    async def saved(self, id_: str) -> Issuance | None:
        """The order `id_` as it is saved now. None where another tab has deleted it, which is said."""
        saved = await load(self._workflow, id_)
        if saved is None:
            self.close()
            self._page.say(deleted_elsewhere())
        return saved

    def poll_now(self) -> None:
        """Ask the CA now, without waiting for the end of the pause."""
        self._poll_now.set()

    def to_change(self) -> Issuance:
        """The open order, to be changed. Raises `OtherTabError` while another tab works on it, and as `to_read`."""
        if self.role.is_follower:
            raise OtherTabError
        return self.to_read()

    def to_read(self) -> Issuance:
        """The open order. Raises `FieldError` where there is none."""
        if self.issuance is None:
            raise FieldError("domains", "nothing-open")
        return self.issuance

    def open_with(self, choices: OrderOptions) -> Issuance | None:
        """The open order, where it was made with the same `choices` and has not failed."""
        issuance = self.issuance
        if issuance is None or issuance.state == "failed" or replace(issuance.choices, replaces="") != choices:
            return None
        return issuance

    @property
    def at_form(self) -> bool:
        """Whether the form is shown."""
        return self.issuance is None or STEP_OF[self.issuance.state] == "names"

    def close(self) -> None:
        """No order is open any more: show the form."""
        self.issuance = None
        self.role.leave()
        self.show()

    # ---- what is shown ----

    def show(self) -> None:
        """Show the page as the record says it is."""
        self._show(self.issuance)

    def set_current(self, issuance: Issuance) -> None:
        """`issuance` is the open order from here on, and shown as it is now.

        While there is work, what leads to no other step is shown together with all that comes within a moment.
        """
        from app.text.proof_failure import trouble

        authority = self._workflow.authority(issuance)
        message, said = trouble(issuance, authority), waiting_words(issuance, authority)
        step = STEP_OF[issuance.state]
        if self.runner.busy and message == self._trouble and step == self._shown_step != "certificate":
            self.issuance = issuance
            self._show_soon()
            if not said:
                self._page.say(said)
            return
        # Shown first: a record whose CA has gone from the list, or whose chain is damaged, must not become the open one.
        self._show(issuance)
        self.issuance = issuance
        self._page.say(said)
        if message != self._trouble:
            self._trouble = message
            self._page.show_error(message)

    def _show_begin(self) -> None:
        """A click's work begins. What it switches off is shown a moment later: it may be done by then."""
        self._page.show_click()
        self._show_soon()

    def _show_progress(self) -> None:
        """The work of a click takes longer than a moment."""
        self.show()
        said = waiting_words(self.issuance, self._workflow.authority(self.issuance)) if self.issuance else ""
        if said:
            self._page.say(said)

    def _show(self, issuance: Issuance | None) -> None:
        self._show_soon.forget()
        busy = self.runner.busy
        self._shown_step = STEP_OF[issuance.state] if issuance else "names"
        if issuance is None:
            self._page.show(PageModel(step="names", busy=busy))
            self._look(None, None)
            self.on_shown(None)
        else:
            from app.ui.page import order_page

            authority = self._workflow.authority(issuance)
            production = production_of(self._workflow.authorities, authority)
            report = None if self.role.is_follower else self._looks.report_of(issuance)
            dns = self._providers(report) if self._shown_step == "prove" else ProviderChoices()
            page = order_page(
                issuance,
                authority,
                dns,
                production,
                busy=busy,
                is_follower=self.role.is_follower,
                tries=self._tries,
                verify_waits=self._next is not None,
                to_ask=() if self._looks.is_allowed else self._workflow.resolvers,
                report=report,
                target=find_target(self._workflow.lists.targets, issuance.choices.target),
            )
            self._page.show(page)
            self._look(issuance, page.prove)
            self.on_shown(issuance if issuance.state == "proving" and not self.role.is_follower else None)

    def _providers(self, report: DnsReport | None) -> ProviderChoices:
        """Who manages which zone, as the form says or DNS told. To read the form takes a while where it has a hundred names."""
        return chosen_providers(self._page.form(), self._workflow.lists.providers, report.zones if report else ())

    def _look(self, issuance: Issuance | None, prove: ProveModel | None) -> None:
        """Look into DNS for `issuance`, if it belongs to this tab."""
        authority = self._workflow.authority(issuance) if issuance and not self.role.is_follower else None
        self._looks.follow(issuance, authority, prove.records.entries if prove else ())

    async def _say_what_blocks(self, issuance: Issuance) -> None:
        """Say what keeps `issuance` from going on without a person, and what its CA still allows. Raises `StorageError`."""
        from app.ui.page import blocking_message, tries_left

        self._tries = await tries_left(self._workflow, issuance)
        message = await blocking_message(self._workflow, issuance)
        self.show()
        self._page.show_error(message)

    def _show_error(self, error: Exception | None, task: Task = "order") -> None:
        """Show the error that stopped the work of a click, and what a person needs to correct it."""
        if error is None:
            return
        from app.text.error_messages import terms_to_agree

        self._page.say("")  # what was waited for
        at_field = in_its_field(error) if isinstance(error, InputError) else None
        if at_field and at_field.field == "eab-kid":
            self._page.show_credentials(wanted=True)
        link = terms_to_agree(error)
        if link:
            self._page.ask_terms(link)
        authority = self._workflow.authority(self.issuance) if self.issuance else None
        self._page.show_error(message_for(error, authority, task))
        if at_field and self.issuance and self.at_form:
            self._refuse(at_field)

    # ---- going on with a saved order, and following it ----

    async def _go_on(self, id_: str) -> None:
        """Go on with an order that this tab owns. One that waits for proof may have gone on, or ended, at the CA meanwhile."""
        saved = await self.saved(id_)
        if saved:
            await self.run(saved)
        if saved and saved.state == "proving" and not await lacks_account_key(self._workflow, saved):
            with suppress(NetworkError):  # what is saved can be shown without the CA
                await self.run(await self._workflow.read_back(saved))

    async def _adopt(self, issuance: Issuance, error: OtherAccountError) -> Issuance:
        """`issuance` with the other account that its CA has for the key. Raises `error` where the person does not want that."""
        if not await self._page.confirm(other_account_question(error, self._workflow.authority(issuance))):
            raise error
        saved = await load(self._workflow, issuance.id)  # it may be further than `issuance`
        return await self._workflow.registration.adopt(saved or issuance, error)

    async def _show_saved(self, id_: str) -> None:
        saved = await self.saved(id_)
        if saved:
            self.set_current(saved)
            await self._say_what_blocks(saved)

    async def _follow(self) -> None:
        """The tab that works on the order has saved something."""
        if self.issuance:
            id_ = self.issuance.id
            self._show_error(await attempt(lambda: self._show_saved(id_)))

    async def _take_over(self) -> None:
        """The tab that worked on the order has let go."""
        if self.issuance:
            id_ = self.issuance.id
            await self.do(lambda: self._go_on(id_))
            self._page.say(taken_over())
