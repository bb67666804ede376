"""What each click on the form and the steps does. Each runs at most one command, then shows the record as it is."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from app.accounts.stored_account import NewAccount
from app.dns.permission import DnsPermission
from app.errors import FieldError
from app.issuance.issuance import ENDED, Issuance, OrderOptions
from app.issuance.practice import publish
from app.issuance.renewal import renewal_choices
from app.issuance.unattended import successor
from app.issuance.workflow import Workflow
from app.pki.pem import to_pem
from app.ports import Visibility
from app.text.issuance import names_in_short
from app.text.message import Message
from app.text.order_list import form_filled
from app.text.prove import published
from app.text.tasks import Task
from app.ui.delegated_order import DelegatedOrder
from app.ui.dns_looks import DnsLooks
from app.ui.downloads import Downloads
from app.ui.form.dns_permission import DnsPermissionPresenter
from app.ui.form.order import form_of
from app.ui.form.presenter import FormPresenter
from app.ui.open_order import MOMENT, OpenOrder
from app.ui.views import PageView


class Session:
    """One visit to the page: the clicks on the form and on the order that is open. `new_id` gives a fresh id for a record.

    `permission` tells whether resolvers may be asked about DNS; it was read already. They are asked again and again only while
    the page is in view, as `visibility` says. `moment` is that of `OpenOrder`.
    """

    def __init__(
        self,
        workflow: Workflow,
        page: PageView,
        new_id: Callable[[], str],
        permission: DnsPermission,
        visibility: Visibility,
        delegated: DelegatedOrder | None = None,
        moment: float = MOMENT,
    ) -> None:
        self._workflow = workflow
        self._page = page
        self._new_id = new_id
        self._form = FormPresenter(workflow, page)
        self._looks = DnsLooks(workflow, permission, visibility, lambda: self._order.show())
        self._order = OpenOrder(workflow, page, self._form.refuse, self._looks, delegated, moment)
        self.files = Downloads(workflow, page, self._order)
        """What is handed out of the open order."""
        self._delegated = delegated
        if delegated:
            delegated.client_for, delegated.say = self._looks.client_for, page.say
        self._permission = DnsPermissionPresenter(permission, page)

    def open(self) -> None:
        """Python is ready: read the values of the form, and listen to the other tabs of this browser."""
        self._workflow.ports.tabs.listen(self._order.role.on_record_written)
        self._workflow.ports.tabs.listen(self._permission.on_record_written)
        self._permission.open(self._order.show)
        self.choose_ca()
        self.describe()

    async def read_lists(self) -> None:
        """Read the lists that nobody needed so far, and show what they say of the choices in the form."""
        await self._form.read_lists()

    # ---- the form ----

    def read_names(self) -> None:
        """The names box, the kind of proof or the CA changed."""
        self._form.read_names()

    def use_suggestion(self, number: int) -> None:
        """Correct the word of line `number` (from 0) of the list of names, or take it out."""
        self._form.use_suggestion(number)

    def choose_ca(self) -> None:
        """Another CA was chosen."""
        self._form.choose_ca()

    def choose_provider(self) -> None:
        """Another DNS provider was chosen, in the form or above the records, which then follow its form."""
        if self.at_form:
            self._form.choose_provider()
        else:
            self._order.show()

    def describe(self) -> None:
        """Something in the form was changed: say in short what it asks for."""
        self._form.describe()

    async def check_again(self) -> None:
        """Something in the form was changed: the errors that are corrected go away."""
        await self._form.check_again()

    async def choose_dns(self) -> None:
        """A box about DNS was changed."""
        await self._permission.choose()

    async def allow_dns(self) -> None:
        """The person allows to look into DNS now, in step 2."""
        await self._permission.allow_now()

    async def forget_permission(self) -> None:
        """Everything in this browser was destroyed: the permission to look into DNS ends, too, and tokens are forgotten."""
        if self._delegated:
            self._delegated.tokens.drop_all()
        await self._permission.forget()

    async def start(self) -> None:
        """Read the form and order. Nothing is sent while anything in the form must be corrected."""
        wanted = await self._form.read()
        if wanted:
            choices, account = wanted
            await self._order.do(lambda: self._start(choices, account))

    async def _start(self, choices: OrderOptions, wanted: NewAccount | None) -> None:
        await self._permission.heed_tick()
        accounts = self._workflow.accounts
        choices = replace(choices, account=await accounts.chosen_id(choices.directory, choices.account))
        if wanted:
            accounts.set_wanted(choices.account, wanted)
        same = self._order.open_with(choices)
        if same:
            await self._order.run(same)
        else:
            await self._begin(choices)

    async def _begin(self, choices: OrderOptions) -> None:
        await self._order.begin(self._workflow.begin(self._new_id(), choices))

    # ---- the open order ----

    @property
    def at_form(self) -> bool:
        """Whether the form is shown."""
        return self._order.at_form

    @property
    def issuance(self) -> Issuance | None:
        """The order that is open, as it was shown last, or None."""
        return self._order.issuance

    async def publish(self) -> None:
        """Fill the practice CA's record server."""
        await self._order.do(self._publish)

    async def _publish(self) -> None:
        issuance = self._order.to_change()
        records = self._workflow.authority(issuance).records
        if records:
            await publish(self._workflow.ports.http, records, issuance.publications)
            self._page.say(published())

    async def check_dns(self) -> None:
        """The person says that the records were added, and wants this page to look; or wants it to look again."""
        self._looks.check()

    async def look_again(self, resolver: str, number: int) -> None:
        """Make the resolver with this id forget what it knows of record `number`, and look."""
        await self._looks.forget(resolver, number)

    async def verify(self) -> None:
        """The person says that everything is published, which waits for other work to end; or a stopped issuance goes on."""
        await self._order.do_next(self._verify)

    async def _verify(self) -> None:
        issuance = self._order.to_change()
        await self._order.run(self._workflow.confirm(issuance) if issuance.state == "proving" else issuance)

    async def retry(self) -> None:
        """A failed order stays failed: make a new one with the same choices."""

        async def work() -> None:
            await self._begin(self._order.to_change().choices)

        await self._order.do(work)

    async def order_again(self) -> None:
        """Order the certificate that is open again, with a new key."""

        async def work() -> None:
            await self._begin(await renewal_choices(self._workflow, self._order.to_read(), new_key=True))

        await self._order.do(work)

    async def same_at_production(self) -> None:
        """Order the same at the CA for which the open order was the rehearsal.

        The form is filled in with it: there a person corrects what the CA refuses, and says first what only they can say.
        """
        from app.issuance.production import ProductionOrder, production_order
        from app.text.certificate import complete_the_form

        incomplete: list[ProductionOrder] = []

        async def work() -> None:
            order = await production_order(self._workflow, self._order.to_read())
            if not order.is_complete:
                self._order.close()
                incomplete.append(order)
                return
            self._fill_form(order.choices)
            if order.account:
                self._workflow.accounts.set_wanted(order.choices.account, order.account)
            await self._begin(order.choices)

        await self._order.do(work)
        for order in incomplete:  # only now: while there is work, the fields are off
            self._fill_form(order.choices)
            self._page.say(complete_the_form(order.authority))

    def _fill_form(self, choices: OrderOptions) -> None:
        """Fill in the form with `choices`, the certificate request that a person brought included."""
        form = form_of(choices, self._workflow.authorities)
        request = to_pem("CERTIFICATE REQUEST", choices.csr_der) if choices.csr else ""
        self._page.fill_form(replace(form, csr=request))

    def on_waiting(self, callback: Callable[[Issuance | None], None]) -> None:
        """From now on, call `callback` with the order that waits for a proof, or None, whenever the page is shown."""
        self._order.on_shown = callback

    async def go_on_after(self, set_up: Callable[[Issuance], Awaitable[Message | str | None]]) -> None:
        """Do `set_up` for the open order, and go on with that, unless it gives something to say first."""

        async def work() -> None:
            issuance = self._order.to_change()
            first = await set_up(issuance)
            if isinstance(first, Message):
                said.append(first)
            elif first is not None:
                self._page.say(first)
            else:
                await self._order.run(issuance)

        said: list[Message] = []
        await self._order.do(work)
        for message in said:
            self._page.show_error(message)

    async def change(self, change: Callable[[Issuance], Awaitable[tuple[Issuance, str]]], task: Task = "order") -> None:
        """Do something with the open order; `change` gives the record as it is afterwards, and what to say."""

        async def work() -> None:
            changed, said = await change(self._order.to_change())
            self._order.set_current(changed)
            self._page.say(said)

        await self._order.do(work, task)

    async def refresh(self) -> None:
        """Records may have changed in the store: load the open one, and go on."""
        if self._order.issuance and not self._order.role.is_follower:  # a follower hears of every change
            await self._order.do(self._order.refresh)

    async def back(self) -> None:
        """Return to the form, with everything in it as it was. Work in progress is cancelled; the order stays saved."""
        await self._order.cancel()
        self._order.close()
        self._page.show_error(None)

    async def change_open_names(self) -> None:
        """Leave the open order, and fill in the form with what it asked for, to change the names."""
        if self._order.issuance:
            await self.change_names(self._order.issuance.id)

    def poll_now(self) -> None:
        """Ask the CA now, without waiting for the end of the pause."""
        self._order.poll_now()

    # ---- the list of saved orders, and the panels ----

    async def reopen(self, id_: str) -> None:
        """Go on with the saved order `id_` from its saved state, or follow it if another tab works on it."""

        async def work() -> None:
            await self._permission.heed_tick()
            await self._order.reopen(id_)

        await self._order.do(work)

    async def renew(self, id_: str) -> None:
        """Order the certificate of the saved order `id_` again, with the same options; or go on where that was begun before."""

        async def work() -> None:
            await self._permission.heed_tick()
            saved = await self._order.saved(id_)
            if saved:
                wanted = await renewal_choices(self._workflow, saved)
                begun = successor(saved, await self._workflow.saved())
                if begun and begun.state not in ENDED and replace(begun.choices, replaces="", terms_agreed=False) == wanted:
                    await self._order.reopen(begun.id)
                else:
                    await self._begin(wanted)

        await self._order.do(work)

    async def do_beside(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` on saved orders while the form is shown, which is off until it ends."""
        await self._order.do(work)

    async def change_names(self, id_: str) -> None:
        """Leave the open order, which is kept, and fill in the form with what the saved order `id_` asked for."""
        found: list[Issuance] = []

        async def work() -> None:
            saved = await self._order.saved(id_)
            if saved:
                self._order.close()
                found.append(saved)

        await self._order.cancel()
        await self._order.do(work)
        for saved in found:  # only now: while there is work, the fields are off
            self._page.fill_form(form_of(saved.choices, self._workflow.authorities))
            self._page.say(form_filled(names_in_short(saved)))

    async def tidy_up(self, id_: str) -> None:
        """The record `id_` is about to be deleted: see `DelegatedOrder.tidy_up`."""
        if self._delegated:
            await self._delegated.tidy_up(id_)

    def close_deleted(self, id_: str) -> None:
        """The record `id_` was deleted: if it is the open one, close it."""
        if self._order.issuance and self._order.issuance.id == id_:
            self._order.close()

    @property
    def is_idle(self) -> bool:
        """Whether the form is shown, and nothing is under way."""
        return self.at_form and not self._order.runner.busy

    def check_idle(self, field: str) -> None:
        """An order that is under way would write its record back. Raises `FieldError` for `field` while that is so."""
        if self._order.runner.busy:
            raise FieldError(field, "order-under-way")
