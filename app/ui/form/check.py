"""What must be mended in the form before anything is sent, and what of it is left while a person mends it."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from app.accounts.account_store import NEW
from app.accounts.stored_account import NewAccount
from app.ca.catalog import find_ca
from app.errors import FieldError, StorageError
from app.issuance.issuance import OrderOptions
from app.issuance.workflow import Workflow
from app.text.message import Message
from app.ui.form.account import missing_credentials, read_new_account
from app.ui.form.csr import signature_fault
from app.ui.form.names import more_marked
from app.ui.form.order import Form, read_form
from app.ui.views import PageView

FIELD_ORDER: Final = (
    *("domains", "ca", "directory-url", "challenge", "persist-until", "eab-kid", "eab-key", "key-type", "profile", "csr"),
    *("account-choice", "contact", "account-key-type", "agree-tos"),
)
"""The fields of the form from top to bottom."""


class FormCheck:
    """The form, checked at each Start, and again at each change for as long as something in it must be mended."""

    def __init__(self, workflow: Workflow, page: PageView) -> None:
        self._flow = workflow
        self._page = page
        self._told: tuple[FieldError, ...] = ()
        self._refused: Form | None = None  # the form that a CA did not take; None where it was not sent at all
        self._customers_only: set[tuple[str, str]] = set()  # CAs that turned out to want credentials, as the form names them

    async def read(self) -> tuple[OrderOptions, NewAccount | None] | None:
        """What the form asks for. None where something must be mended: the page shows it then."""
        form = self._page.form()
        choices, account, self._told = await self._read(form)
        self._refused = None
        if choices and not self._told:
            self._page.show_field_errors(())
            return choices, account
        text = f"{self._told[0]}{more_marked(len(self._told) - 1, 'field')}"
        self._page.show_error(Message("Nothing was sent yet", text))
        self._page.show_field_errors(self._told)
        return None

    def refuse(self, fault: FieldError) -> None:
        """A CA did not take what stands in a field: show it there until that field is changed."""
        form = self._page.form()
        self._told, self._refused = (fault,), form
        if fault.field == "eab-kid" and not form.account.eab_kid:
            self._customers_only.add((form.ca, form.directory_url))
        self._page.show_field_errors(self._told)

    async def again(self) -> None:
        """The form was changed: take away what is mended. Nothing new is said before the next Start."""
        if not self._told:
            return
        form = self._page.form()
        _, _, found = await self._read(form)
        if form != self._page.form():
            return  # the next change is on its way here
        left = remaining(self._told, found, self._untouched(form))
        if self._refused is None and len(left) < len(self._told):
            self._page.show_error(None)  # the list says what is left of it
        self._told = left
        self._page.show_field_errors(left, fresh=False)

    def _untouched(self, form: Form) -> frozenset[str]:
        """The fields that stand as a CA refused them."""
        return frozenset(field for field in FIELD_ORDER if self._refused and value(form, field) == value(self._refused, field))

    async def _read(self, form: Form) -> tuple[OrderOptions | None, NewAccount | None, tuple[FieldError, ...]]:
        choices, errors = read_form(form, self._flow.authorities, self._flow.ports.clock.now())
        account, more = read_new_account(form.account)
        errors += await self._missing_credentials(form) + more
        unsigned = await signature_fault(self._flow.ports.verifier, form.csr) if choices else None
        return choices, account, first_of_each((*errors, *([unsigned] if unsigned else [])))

    async def _missing_credentials(self, form: Form) -> tuple[FieldError, ...]:
        """Where the chosen CA wants credentials (EAB) for the account that it must make."""
        try:
            authority = find_ca(self._flow.authorities, form.ca, form.directory_url)
        except FieldError:
            return ()
        wanted = authority.external_account or (form.ca, form.directory_url) in self._customers_only
        if not wanted or form.account.choice not in ("", NEW):
            return ()
        with suppress(StorageError):  # Start tells of it
            there = await self._flow.accounts.at(authority.directory)
            if form.account.choice == NEW or all(account.must_be_chosen for account in there):
                return missing_credentials(form.account, authority.name)
        return ()


def first_of_each(errors: Iterable[FieldError]) -> tuple[FieldError, ...]:
    """One error for each field, the first that was found, in the order of the form."""
    found: dict[str, FieldError] = {}
    for error in errors:
        found.setdefault(error.field, error)
    return tuple(sorted(found.values(), key=lambda error: FIELD_ORDER.index(error.field)))


def remaining(
    told: tuple[FieldError, ...], found: tuple[FieldError, ...], untouched: frozenset[str] = frozenset()
) -> tuple[FieldError, ...]:
    """What is left of the errors that were `told`, in the words of those `found` now, or as it was where `untouched`."""
    now = {error.field: error for error in found}
    kept = (now.get(error.field, error if error.field in untouched else None) for error in told)
    return tuple(error for error in kept if error)


def value(form: Form, field: str) -> object:
    """What stands in `field`, by the name of its hook; None for a field that holds nothing of its own."""
    members = {**vars(form), **vars(form.account), "account_choice": form.account.choice}
    return members.get(field.replace("-", "_"))


def summary_title(count: int) -> str:
    """The heading of the list of `count` (1 or more) things to correct."""
    words = ("One thing", *(f"{number} things" for number in ("Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")))
    many = words[count - 1] if count <= len(words) else f"{count} things"
    return f"{many} to correct before this can be sent"
