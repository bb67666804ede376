"""What each click means. The page calls these; each makes at most one `flow` command and then shows what the record says."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from app.accounts.stored_account import NewAccount
from app.errors import ElsewhereError, FieldError, NetworkError
from app.issuance.issuance import Issuance, OrderOptions
from app.issuance.practice import publish
from app.issuance.renewal import renewal_choices
from app.issuance.store import load, record_name
from app.issuance.tls_alpn_file import proof_file
from app.issuance.workflow import Workflow
from app.keys.inventory import lacks_account_key
from app.text.message import Message
from app.text.tasks import Task
from app.ui.form.check import FormCheck
from app.ui.form.names import corrected
from app.ui.form.order import read_form_names
from app.ui.runner import CancellableTask, attempt
from app.ui.steps.blocking_message import tell_fault, trouble, verdict
from app.ui.steps.certificate import certificate_file
from app.ui.steps.issuance_view import STEP_OF, standing, waiting_words
from app.ui.steps.other_account import run_or_ask
from app.ui.tab_role import TabRole
from app.ui.views import PageModel, PageView


class Session:
    """One visit to the page: the issuance at hand and the clicks on it. `new_id` gives a fresh id for a record."""

    def __init__(self, workflow: Workflow, page: PageView, new_id: Callable[[], str]) -> None:
        self._flow = workflow
        self._page = page
        self._new_id = new_id
        self._issuance: Issuance | None = None
        self._check = FormCheck(workflow, page)
        self._tab_role = TabRole(workflow.locks, self._look, self._take_over)
        self._work = CancellableTask()
        self._nudge = asyncio.Event()
        self._trouble: Message | None = None

    def open(self) -> None:
        """Python is up: read what is in the form already, and listen to the other tabs of this browser."""
        self._flow.ports.tabs.listen(self._tab_role.heard)
        self.choose_ca()

    def read_names(self) -> None:
        """The names box, the kind of proof or the CA changed."""
        self._page.show_reading(read_form_names(self._page.form(), self._flow.authorities))

    def use_suggestion(self, number: int) -> None:
        """Put what the list of names as understood suggests in line `number` (from 0) into the names box."""
        form = self._page.form()
        lines = read_form_names(form, self._flow.authorities).lines
        if number < len(lines) and lines[number].suggestion:
            self._page.fill_names(corrected(form.domains, lines[number]))
        self.read_names()

    def choose_ca(self) -> None:
        """Another CA was chosen: it may want credentials, and may issue for other names."""
        chosen = self._page.form().ca
        authority = next((ca for ca in self._flow.authorities if ca.id == chosen), None)
        self._page.show_credentials(wanted=bool(authority and authority.external_account))
        self.read_names()

    async def start(self) -> None:
        """Read the form and order. Nothing is sent while anything in the form must be mended."""
        wanted = await self._check.read()
        if wanted:
            choices, account = wanted
            await self._guard(lambda: self._start(choices, account))

    async def check_again(self) -> None:
        """Something in the form was changed: what is mended is marked no more."""
        await self._check.again()

    async def publish(self) -> None:
        """Fill the practice CA's record server."""
        await self._guard(self._publish)

    async def hand_out(self, server_name: str) -> None:
        """Hand out the certificate that proves the name or address with this `server_name`, with its key."""
        await self._guard(lambda: self._hand_out(server_name))

    async def verify(self) -> None:
        """The person says that everything is published; or a stopped issuance goes on."""
        await self._guard(self._verify)

    async def retry(self) -> None:
        """A failed order stays failed: make a new one with the same choices."""
        await self._guard(self._retry)

    async def download(self, name: str) -> None:
        """Hand out `cert.pem`, `chain.pem`, `fullchain.pem`, `privkey.pem` or everything as "zip"."""
        await self._guard(lambda: self._download(name))

    async def change(self, change: Callable[[Issuance], Awaitable[tuple[Issuance, str]]], task: Task = "order") -> None:
        """Do something with the certificate at hand; `change` gives the record as it is afterwards, and what to say."""
        await self._guard(lambda: self._change(change), task)

    async def refresh(self) -> None:
        """Records may have changed in the store: take the one at hand from there and go on."""
        if self._issuance and not self._tab_role.is_follower:  # whoever looks on hears of every change
            await self._guard(self._refresh)

    def check_calm(self, field: str) -> None:
        """An order that is under way would write its record back. Raises `FieldError` for `field` while that is so."""
        if self._work.busy:
            raise FieldError(field, "An order is under way. Wait until it stands still, then press the button again.")

    @property
    def at_form(self) -> bool:
        """Whether the form is what a person has before them."""
        return self._issuance is None or STEP_OF[self._issuance.state] == "names"

    async def back(self) -> None:
        """Return to the form, with everything in it as it was. What is under way ends; the order stays saved as it stands."""
        await self._work.leave()
        self._leave()
        self._page.show_error(None)

    def look_again(self) -> None:
        """Do not wait for the end of the pause: ask the CA now how far it is."""
        self._nudge.set()

    async def reopen(self, id_: str) -> None:
        """Go on with the saved issuance `id_` from exactly where it stands – or look on, if another tab works on it."""
        await self._guard(lambda: self._reopen(id_))

    async def renew(self, id_: str) -> None:
        """Order the certificate of the saved issuance `id_` once more, with the same choices."""
        await self._guard(lambda: self._renew(id_))

    def put_away(self, id_: str) -> None:
        """The record `id_` was deleted: if it is the one at hand, it is so no more."""
        if self._issuance and self._issuance.id == id_:
            self._leave()

    async def _start(self, choices: OrderOptions, wanted: NewAccount | None) -> None:
        accounts = self._flow.accounts
        choices = replace(choices, account=await accounts.chosen_id(choices.directory, choices.account))
        if wanted:
            accounts.wish(choices.account, wanted)
        at_hand = self._issuance
        if at_hand and at_hand.state != "failed" and replace(at_hand.choices, replaces="") == choices:
            await self._run(at_hand)
        else:
            await self._begin(choices)

    async def _begin(self, choices: OrderOptions) -> None:
        issuance = self._flow.begin(self._new_id(), choices)
        self._issuance = None  # what was at hand before is so no more
        await self._tab_role.take(record_name(issuance.id))
        await self._run(issuance)

    async def _run(self, issuance: Issuance) -> None:
        self._nudge.clear()
        issuance = await run_or_ask(self._flow, self._page, issuance, self._notice, self._nudge)
        self._page.show_error(await verdict(self._flow, issuance))

    async def _reopen(self, id_: str) -> None:
        self._issuance = None
        if not await self._tab_role.take(record_name(id_)):
            await self._show_kept(id_)
        if not self._tab_role.is_follower:
            await self._go_on(id_)

    async def _go_on(self, id_: str) -> None:
        """Go on with a record that is claimed. One that waits for proof may have gone on, or ended, at the CA meanwhile."""
        saved = await self._kept(id_)
        if saved:
            await self._run(saved)
        if saved and saved.state == "proving" and not await lacks_account_key(self._flow, saved):
            with suppress(NetworkError):  # what is saved can be shown without the CA
                await self._run(await self._flow.read_back(saved))

    async def _kept(self, id_: str) -> Issuance | None:
        """The issuance `id_` as it is saved now: another tab may have gone on with it, or deleted it."""
        saved = await load(self._flow, id_)
        if saved is None:
            self._leave()
            self._page.say("This order was deleted in another tab.")
        return saved

    async def _renew(self, id_: str) -> None:
        saved = await self._kept(id_)
        if saved:
            await self._begin(await renewal_choices(self._flow, saved))

    # ---- while another tab works on the record at hand ----

    async def _show_kept(self, id_: str) -> None:
        saved = await self._kept(id_)
        if saved:
            self._notice(saved)
            self._page.show_error(await verdict(self._flow, saved))

    async def _look(self) -> None:
        """The working tab has saved something."""
        if self._issuance:
            id_ = self._issuance.id
            self._show_fault(await attempt(lambda: self._show_kept(id_)))

    async def _take_over(self) -> None:
        """The working tab has let go."""
        if self._issuance:
            id_ = self._issuance.id
            await self._guard(lambda: self._go_on(id_))
            self._page.say("The other tab has let go of this order. This one works on it now.")

    def _notice(self, issuance: Issuance) -> None:
        # Shown first: a record whose CA has gone from the list, or whose chain is damaged, must not become the one at hand.
        self._page.show(self._view(issuance))
        self._issuance = issuance
        authority = self._flow.authority(issuance)
        self._page.say(waiting_words(issuance, authority))
        message = trouble(issuance, authority)
        if message != self._trouble:
            self._trouble = message
            self._page.show_error(message)

    async def _verify(self) -> None:
        issuance = self._needed()
        await self._run(self._flow.confirm(issuance) if issuance.state == "proving" else issuance)

    async def _retry(self) -> None:
        await self._begin(self._needed().choices)

    async def _publish(self) -> None:
        issuance = self._needed()
        records = self._flow.authority(issuance).records
        if records:
            await publish(self._flow.ports.http, records, issuance.publications)
            self._page.say("Published in the practice DNS and web server. Now verify.")

    async def _hand_out(self, server_name: str) -> None:
        file = await proof_file(self._flow.ports, self._needed(), server_name)
        self._page.save(file)
        self._page.say(f"{file.name} is in your downloads.")

    async def _download(self, name: str) -> None:
        # It changes nothing, so it may be done while another tab works.
        file = await certificate_file(self._flow.ports, self._at_hand(), name)
        self._page.save(file)
        self._page.say(f"{file.name} is in your downloads.")

    async def _change(self, change: Callable[[Issuance], Awaitable[tuple[Issuance, str]]]) -> None:
        changed, said = await change(self._needed())
        self._notice(changed)
        self._page.say(said)

    async def _refresh(self) -> None:
        saved = await self._kept(self._needed().id)
        if saved:
            await self._run(saved)

    async def _guard(self, work: Callable[[], Awaitable[None]], task: Task = "order") -> None:
        """Do one piece of work at a time; whatever stops it becomes a message, and the page stays usable."""
        if self._work.busy:
            return
        self._trouble = None
        self._page.show_error(None)
        fault = await self._work.do(work, self._show)
        if self._issuance is None:
            self._tab_role.leave()  # nothing came of it
        self._show()
        self._show_fault(fault, task)

    def _show_fault(self, fault: Exception | None, task: Task = "order") -> None:
        if fault:
            tell_fault(self._page, fault, self._flow.authority(self._issuance) if self._issuance else None, task)
            if isinstance(fault, FieldError) and self._issuance and self.at_form:
                self._check.refuse(fault)

    def _needed(self) -> Issuance:
        """The issuance at hand, to be changed. Raises `ElsewhereError` while another tab works on it."""
        if self._tab_role.is_follower:
            raise ElsewhereError
        return self._at_hand()

    def _at_hand(self) -> Issuance:
        if self._issuance is None:
            raise FieldError("domains", "Start with the names first.")
        return self._issuance

    def _leave(self) -> None:
        """Nothing is at hand any more: the form is what is left."""
        self._issuance = None
        self._tab_role.leave()
        self._show()

    def _show(self) -> None:
        self._page.show(self._view(self._issuance))

    def _view(self, issuance: Issuance | None) -> PageModel:
        """The page as the record says it is."""
        if issuance is None:
            return PageModel(step="names", busy=self._work.busy)
        return standing(issuance, self._flow.authority(issuance), busy=self._work.busy, is_follower=self._tab_role.is_follower)
