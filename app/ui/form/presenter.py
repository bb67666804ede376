"""Step 1: reacts while a person fills in the form, and collects what must be corrected before anything is sent."""

from contextlib import suppress

from app.accounts.account_store import NEW
from app.accounts.stored_account import NewAccount
from app.acme.identifier import Identifier
from app.ca.catalog import find_ca_or_none
from app.errors import FieldError, StorageError
from app.issuance.issuance import OrderOptions
from app.issuance.workflow import Workflow
from app.text.form import nothing_sent
from app.ui.form.account import missing_credentials, read_new_account
from app.ui.form.csr import check_signature_at_field
from app.ui.form.fields import FIELD_ORDER, ErrorCollector, first_of_each, remaining
from app.ui.form.names import Reading, corrected
from app.ui.form.order import Form, read_form, read_form_names
from app.ui.form.outline import outline
from app.ui.form.provider import chosen_providers, provider_model
from app.ui.form.target import target_model
from app.ui.views import PageView


class FormPresenter:
    """The form. It is checked at each Start, and again at each change while something in it must be corrected."""

    def __init__(self, workflow: Workflow, page: PageView) -> None:
        self._workflow = workflow
        self._page = page
        self._shown: tuple[FieldError, ...] = ()
        self._understood: tuple[Identifier, ...] = ()  # the names in the box, as they were read last
        self._refused: Form | None = None  # the form that a CA refused; None where it was not sent at all
        self._need_credentials: set[tuple[str, str]] = set()  # CAs that turned out to want credentials, as the form names them

    def read_names(self) -> None:
        """The names box, the kind of proof or the CA changed: show how the names are read."""
        form = self._page.form()
        reading = read_form_names(form, self._workflow.authorities)
        self._understood = reading.understood
        self._page.show_reading(reading)
        self._show_providers(form, reading)
        self._show_target(form)

    def choose_provider(self) -> None:
        """Another DNS provider was chosen: it may not be able to hold what the names need."""
        form = self._page.form()
        self._show_providers(form, read_form_names(form, self._workflow.authorities))

    async def read_lists(self) -> None:
        """Read the lists of this site, and show what they say of the choices in the form."""
        await self._workflow.lists.arrive()
        self.choose_provider()
        self._show_target(self._page.form())

    def _show_target(self, form: Form) -> None:
        if not self._workflow.lists.are_here:
            return  # `read_lists` shows it then
        model = target_model(self._workflow.lists.targets, form.target, self._understood, form.key_type_made)
        self._page.show_target(model)

    def _show_providers(self, form: Form, reading: Reading) -> None:
        if not self._workflow.lists.are_here:
            return
        kinds = dict(form.challenges)
        names = [(name, kinds.get(name.value, form.challenge)) for name in reading.understood]
        self._page.show_providers(provider_model(names, chosen_providers(form, self._workflow.lists.providers)))

    def use_suggestion(self, number: int) -> None:
        """Correct the word of line `number` (from 0) of the list of names: by its suggestion, or else without that word."""
        form = self._page.form()
        lines = read_form_names(form, self._workflow.authorities).lines
        if number < len(lines) and lines[number].state == "wrong":
            self._page.fill_names(corrected(form.domains, lines[number]))
        self.read_names()

    def describe(self) -> None:
        """Something in the form changed: say in short what its options are, and what its button does."""
        form = self._page.form()
        self._page.show_outline(outline(form, self._workflow.authorities))
        self._show_target(form)

    def choose_ca(self) -> None:
        """Another CA was chosen: it may want credentials, and may issue for other names."""
        chosen = self._page.form().ca
        authority = next((ca for ca in self._workflow.authorities if ca.id == chosen), None)
        self._page.show_credentials(wanted=bool(authority and authority.external_account))
        self.read_names()

    async def read(self) -> tuple[OrderOptions, NewAccount | None] | None:
        """What the form asks for. None where something must be corrected, which the page then shows."""
        form = self._page.form()
        choices, account, self._shown = await self._read(form)
        self._refused = None
        if choices and not self._shown:
            self._page.show_field_errors(())
            return choices, account
        self._page.show_error(nothing_sent(self._shown))
        self._page.show_field_errors(self._shown)
        return None

    def refuse(self, error: FieldError) -> None:
        """A CA refused the value of a field: show that there until the field is changed."""
        form = self._page.form()
        self._shown, self._refused = (error,), form
        if error.field == "eab-kid" and not form.account.eab_kid:
            self._need_credentials.add((form.ca, form.directory_url))
        self._page.show_field_errors(self._shown)

    async def check_again(self) -> None:
        """The form was changed: take away the errors that are corrected. New ones wait for the next Start."""
        if not self._shown:
            return
        form = self._page.form()
        _, _, found = await self._read(form)
        if form != self._page.form():
            return  # the next change is on its way here
        left = remaining(self._shown, found, self._untouched(form))
        if self._refused is None and len(left) < len(self._shown):
            self._page.show_error(None)  # the list says what is left of it
        self._shown = left
        self._page.show_field_errors(left, fresh=False)

    def _untouched(self, form: Form) -> frozenset[str]:
        """The fields that are unchanged after a CA refused them."""
        return frozenset(field for field in FIELD_ORDER if self._refused and value(form, field) == value(self._refused, field))

    async def _read(self, form: Form) -> tuple[OrderOptions | None, NewAccount | None, tuple[FieldError, ...]]:
        await self._workflow.lists.arrive()
        found = ErrorCollector(FieldError)
        choices, errors = read_form(
            form, self._workflow.authorities, self._workflow.ports.clock.now(), self._workflow.lists.targets
        )
        account, more = read_new_account(form.account)
        found.add(*errors, *await self._missing_credentials(form), *more)
        if choices:
            try:
                await check_signature_at_field(self._workflow.ports.verifier, form.csr)
            except FieldError as error:
                found.add(error)
        return choices, account, first_of_each(found.errors)

    async def _missing_credentials(self, form: Form) -> tuple[FieldError, ...]:
        """What is missing where the chosen CA wants credentials (EAB) for the account that it must make."""
        authority = find_ca_or_none(self._workflow.authorities, form.ca, form.directory_url)
        if authority is None:
            return ()
        wanted = authority.external_account or (form.ca, form.directory_url) in self._need_credentials
        if not wanted or form.account.choice not in ("", NEW):
            return ()
        with suppress(StorageError):  # Start reports it
            there = await self._workflow.accounts.at(authority.directory)
            if form.account.choice == NEW or all(account.must_be_chosen for account in there):
                return missing_credentials(form.account, authority.name)
        return ()


def value(form: Form, field: str) -> object:
    """The value of `field`, by the name of its hook; None for a field without a value of its own."""
    members = {**vars(form), **vars(form.account), "account_choice": form.account.choice}
    return members.get(field.replace("-", "_"))
