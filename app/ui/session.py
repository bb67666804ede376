"""What each click means. The page calls these; each makes at most one `flow` command and then shows what the record says."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from app.acme.authority import Authority, find_authority
from app.errors import InputError, LostKeyError, NetworkError
from app.flow.accounts import NewAccount
from app.flow.advance import Flow
from app.flow.budget import budgets
from app.flow.issuance import Choices, Issuance, State
from app.flow.keyring import is_stuck
from app.flow.practice import publish
from app.flow.proof_file import proof_file
from app.ui.accounts import read_new_account
from app.ui.certificate import certificate_files, certificate_view, key_place
from app.ui.form import PROOF_WORDS, read_form
from app.ui.messages import failed_message, message_for, terms_to_agree
from app.ui.names import read_names
from app.ui.prove import prove_summary, prove_view
from app.ui.view import Message, Page, Step, View

_STEP_OF: Final[dict[State, Step]] = {
    "asked": "names",
    "registered": "names",
    "ordered": "names",
    "proving": "prove",
    "verifying": "prove",
    "ready": "prove",
    "finalizing": "prove",
    "downloading": "prove",
    "issued": "certificate",
    "failed": "prove",
}

_WAITING: Final[dict[State, str]] = {
    "asked": "Making the account key and calling {ca}.",
    "registered": "Ordering the certificate from {ca}.",
    "ordered": "Asking {ca} what it wants to see.",
    "verifying": "{ca} is looking at what you published.",
    "ready": "Making the certificate’s key and handing in the request.",
    "finalizing": "{ca} is making the certificate.",
    "downloading": "Fetching the certificate and checking it.",
}


class Session:
    """One visit to the page: the issuance at hand and the clicks on it. `new_id` gives a fresh id for a record."""

    def __init__(self, flow: Flow, page: Page, new_id: Callable[[], str]) -> None:
        self._flow = flow
        self._page = page
        self._new_id = new_id
        self._issuance: Issuance | None = None
        self._saved: Issuance | None = None
        self._busy = False

    async def open(self) -> None:
        """Python is up: read the names that are there already, and offer an order that was left behind."""
        self.read_names()
        self.choose_ca()
        await self._guard(self._offer_saved)

    def read_names(self) -> None:
        """The names box or the kind of proof changed."""
        form = self._page.form()
        self._page.show_reading(read_names(form.domains, form.challenge, form.challenges))

    def choose_ca(self) -> None:
        """Another CA was chosen: its terms are the ones to agree to."""
        chosen = self._page.form().ca
        authority = next((ca for ca in self._flow.authorities if ca.id == chosen), None)
        self._page.show_terms((authority and authority.terms) or "")
        self._page.show_credentials(wanted=bool(authority and authority.external_account))

    async def start(self) -> None:
        """Read the form and order. Nothing is sent while anything in the form must be mended."""
        form = self._page.form()
        choices, errors = read_form(form, self._flow.authorities, self._flow.ports.clock.now())
        account, more_errors = read_new_account(form.account)
        errors += more_errors
        self._page.show_field_errors(errors)
        if choices is None or errors:
            more = f" {len(errors) - 1} more below." if len(errors) > 1 else ""
            self._page.show_error(Message("Nothing was sent yet", f"{errors[0]}{more}"))
            return
        await self._guard(lambda: self._start(choices, account))

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

    async def change(self, change: Callable[[Issuance], Awaitable[tuple[Issuance, str]]]) -> None:
        """Do something with the certificate at hand; `change` gives the record as it is afterwards, and what to say."""
        await self._guard(lambda: self._change(change))

    async def refresh(self) -> None:
        """Records may have changed in the store: take the one at hand from there and go on, or offer what is saved."""
        await self._guard(self._refresh if self._issuance else self._offer_saved)

    @property
    def busy(self) -> bool:
        """Whether something is under way that will write records."""
        return self._busy

    async def back(self) -> None:
        """Return to the form, with everything in it as it was. The order stays saved."""
        self._issuance = None
        self._page.show_error(None)
        self._page.show(View(step="names", busy=False))
        await self._guard(self._offer_saved)

    async def resume(self) -> None:
        """Go on with the order that was offered."""
        saved = self._saved
        if saved:
            self._offer(None)
            await self._guard(lambda: self._reopen(saved))

    async def discard(self) -> None:
        """Forget the order that was offered, with its key."""
        saved = self._saved
        if saved:
            await self._guard(lambda: self._flow.forget(saved))
            await self._guard(self._offer_saved)

    async def _start(self, choices: Choices, wanted: NewAccount | None) -> None:
        accounts = self._flow.accounts
        choices = replace(choices, account=await accounts.chosen_id(choices.directory, choices.account))
        if wanted:
            accounts.wish(choices.account, wanted)
        same = self._issuance and replace(self._issuance.choices, replaces="") == choices and self._issuance.state != "failed"
        await self._run(self._issuance if same and self._issuance else self._flow.begin(self._new_id(), choices))

    async def _run(self, issuance: Issuance) -> None:
        self._offer(None)
        await self._flow.run(issuance, self._notice)
        issuance = self._needed()
        if issuance.state == "failed":
            self._page.show_error(await self._failed(issuance))
        elif await is_stuck(self._flow, issuance):
            # Said now, before anybody publishes in vain.
            self._page.show_error(message_for(LostKeyError("The key of the account that made this order is not here.")))

    async def _reopen(self, saved: Issuance) -> None:
        """Go on with a saved order. One that waits for proof may have gone on, or ended, at the CA meanwhile."""
        await self._run(saved)
        if saved.state == "proving" and not await is_stuck(self._flow, saved):
            with suppress(NetworkError):  # what is saved can be shown without the CA
                await self._run(await self._flow.read_back(saved))

    async def _failed(self, issuance: Issuance) -> Message:
        authority, now = self._authority(issuance), self._flow.ports.clock.now()
        allowed = authority.failures_per_hour
        left = budgets(issuance, await self._flow.saved(), allowed, now) if allowed else ()
        return failed_message(issuance, authority, left)

    def _notice(self, issuance: Issuance) -> None:
        # Shown first: a record whose CA has gone from the list, or whose chain is damaged, must not become the one at hand.
        self._page.show(self._view(issuance))
        self._issuance = issuance
        self._page.say(self._waiting(issuance))

    async def _verify(self) -> None:
        issuance = self._needed()
        await self._run(self._flow.confirm(issuance) if issuance.state == "proving" else issuance)

    async def _retry(self) -> None:
        await self._run(self._flow.begin(self._new_id(), self._needed().choices))

    async def _publish(self) -> None:
        issuance = self._needed()
        records = self._authority(issuance).records
        if records:
            await publish(self._flow.ports.http, records, issuance.publications)
            self._page.say("Published in the practice DNS and web server. Now verify.")

    async def _hand_out(self, server_name: str) -> None:
        file = await proof_file(self._flow.ports, self._needed(), server_name)
        self._page.save(file)
        self._page.say(f"{file.name} is in your downloads.")

    async def _download(self, name: str) -> None:
        issuance = self._needed()
        here = key_place(issuance) == "here"
        pkcs8 = await self._flow.ports.keys.export_pkcs8(issuance.certificate_key) if here else None
        file = certificate_files(issuance, pkcs8, self._flow.ports.clock.now())[name]
        self._page.save(file)
        self._page.say(f"{file.name} is in your downloads.")

    async def _change(self, change: Callable[[Issuance], Awaitable[tuple[Issuance, str]]]) -> None:
        changed, said = await change(self._needed())
        self._notice(changed)
        self._page.say(said)

    async def _refresh(self) -> None:
        saved = {issuance.id: issuance for issuance in await self._flow.saved()}
        await self._run(saved.get(self._needed().id, self._needed()))

    async def _offer_saved(self) -> None:
        saved = await self._flow.saved()
        self._offer(saved[0] if saved else None)

    def _offer(self, issuance: Issuance | None) -> None:
        self._saved = issuance
        names = _names_in_short(issuance) if issuance else ""
        self._page.offer(names, finished=issuance is not None and issuance.state == "issued")

    async def _guard(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do one piece of work at a time; whatever stops it becomes a message, and the page stays usable."""
        if self._busy:
            return
        self._busy = True
        self._page.show_error(None)
        self._show()
        fault: Exception | None = None
        try:
            await work()
        except Exception as error:
            fault = error
        self._busy = False
        self._show()
        if fault:
            self._show_fault(fault)

    def _show_fault(self, fault: Exception) -> None:
        """Say what stopped the work, and show the fields in which a person can mend it."""
        if isinstance(fault, InputError) and fault.field == "eab-kid":
            self._page.show_credentials(wanted=True)
        link = terms_to_agree(fault)
        if link:
            self._page.ask_terms(link)
        if isinstance(fault, InputError) and self._issuance and _STEP_OF[self._issuance.state] == "names":
            self._page.show_field_errors((fault,))
        self._page.show_error(message_for(fault, self._authority(self._issuance) if self._issuance else None))

    def _needed(self) -> Issuance:
        if self._issuance is None:
            raise InputError("domains", "Start with the names first.")
        return self._issuance

    def _authority(self, issuance: Issuance) -> Authority:
        choices = issuance.choices
        return find_authority(self._flow.authorities, choices.ca, choices.directory)

    def _waiting(self, issuance: Issuance) -> str:
        return _WAITING.get(issuance.state, "").format(ca=self._authority(issuance).name)

    def _show(self) -> None:
        self._page.show(self._view(self._issuance))

    def _view(self, issuance: Issuance | None) -> View:
        """The page as the record says it is."""
        if issuance is None:
            return View(step="names", busy=self._busy)
        authority = self._authority(issuance)
        step = _STEP_OF[issuance.state]
        return View(
            step=step,
            busy=self._busy,
            waiting=self._waiting(issuance) if self._busy else "",
            since=issuance.since,
            names_summary=" · ".join([_names_in_short(issuance), authority.name, *_kinds_in_short(issuance)]),
            prove_summary=prove_summary(issuance),
            prove=None if step == "names" else prove_view(issuance, practice=authority.records is not None),
            certificate=certificate_view(issuance) if step == "certificate" else None,
        )


def _names_in_short(issuance: Issuance) -> str:
    first, *others = (identifier.readable for identifier in issuance.choices.identifiers)
    if len(others) < 3:
        return ", ".join([first, *others])
    return f"{first} and {len(others)} more"


def _kinds_in_short(issuance: Issuance) -> list[str]:
    return [PROOF_WORDS[kind][0] for kind in issuance.choices.kinds]
