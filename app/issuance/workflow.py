"""Advances an issuance from one saved state to the next. Each state has exactly one step that leads on; `STEPS` is the table.

What is in the store at each request, so that a closed tab or a lost response costs as little as possible:

- Before a request is sent, the record holds all that it is made of (choices, URLs) and the key store its keys; nothing that an
  earlier response brought is in memory only. Nonces and the directory are the exception: they are requested again.
- After a response that changed something at the CA or brought something new (the account, the order, the proof of each name,
  each response to a challenge, each outcome, Retry-After, the URL of the certificate, the certificate), the record is saved
  before anything is sent that builds on it. What several concurrent responses bring is saved together (`IssuanceWriter`).
- After a lost response, the protocol says what a repeated request does: newAccount finds the account
  (RFC 8555 §7.3.1), a challenge and an order say that they are past that step (§7.5.1, §7.4). Only newOrder cannot be asked
  whether it was received, so a lost response leaves one order behind, which expires at the CA; tests/CRASHES.md says more.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from app.accounts.connections import Connections
from app.accounts.stored_account import StoredAccount, account_name
from app.acme.challenge import TlsCertificate
from app.acme.client import Client
from app.acme.order import Order, find_order
from app.acme.problem import GoneError, Problem, ProblemError, is_not_found
from app.ca.catalog import CertificateAuthority, find_ca
from app.dns.resolvers import Resolver
from app.errors import LostKeyError
from app.issuance.authorizations import authorize
from app.issuance.certificate import copy_kept_key, csr_for, fetch_chains
from app.issuance.finalization import after_finalize, await_certificate, submit_csr
from app.issuance.issuance import ENDED, ORDER_GONE, WAITING, Issuance, OrderOptions, State
from app.issuance.ordering import place_order
from app.issuance.record import issuance_to_json
from app.issuance.registration import Registration
from app.issuance.saved_records import SavedRecords
from app.issuance.site_lists import SiteLists
from app.issuance.validation import verify
from app.issuance.writer import IssuanceWriter
from app.ports import Ports


class Workflow(Connections):
    """Advances issuances, with one client for each account that is used in this visit.

    `resolvers` are those whom the page may ask about DNS, `lists` what else the site lists.
    """

    def __init__(
        self,
        ports: Ports,
        authorities: tuple[CertificateAuthority, ...],
        resolvers: tuple[Resolver, ...] = (),
        lists: SiteLists | None = None,
    ) -> None:
        super().__init__(ports, authorities)
        self.resolvers = resolvers
        self.lists = lists or SiteLists()
        self.registration = Registration(self.accounts, self.locks)
        self.records = SavedRecords(ports.store)

    def begin(self, id_: str, choices: OrderOptions) -> Issuance:
        """A new issuance in the state `asked`, not yet saved."""
        now = self.ports.clock.now()
        return Issuance(id=id_, created=now, since=now, choices=choices)

    async def run(
        self, issuance: Issuance, on_saved: Callable[[Issuance], None], poll_now: asyncio.Event | None = None
    ) -> Issuance:
        """Advance until a person is needed or the end is reached; save every record and give it to `on_saved`.

        Setting `poll_now` ends a pause between two polls. The run may be cancelled at any time. Raises whatever stops it; the
        next run goes on from the last saved record.
        """
        writer = IssuanceWriter(issuance, self.save, on_saved, poll_now)
        await writer.update(_unchanged)
        while writer.issuance.state not in WAITING:
            await self._step(writer, _with_account(STEPS[writer.issuance.state]))
        return writer.issuance

    async def read_back(self, issuance: Issuance) -> Issuance:
        """A `proving` issuance as it is at the CA now: another program may have acted, and orders expire.

        Raises what `Client.post_as_get` raises.
        """
        writer = IssuanceWriter(issuance, self.save, lambda _: None)
        if issuance.state == "proving":
            await self._step(writer, _read_back)
        return writer.issuance

    async def _step(self, writer: IssuanceWriter, step: "Step") -> None:
        """Take a step and save. An order that the CA no longer has, however often it is asked, has failed."""
        try:
            moved = await self._moved(writer, step)
        except GoneError as error:
            gone = Problem(ORDER_GONE, error.problem.full_detail, 404)
            moved = writer.issuance.moved("failed", self.ports.clock.now(), problem=gone)
        await writer.update(lambda _: moved)

    async def _moved(self, writer: IssuanceWriter, step: "Step") -> Issuance:
        """The issuance after `step`. When the CA does not find a resource of the order, read the order to see if it is gone.

        Once there is a certificate to download, the order does not matter any more. Raises `GoneError`, and what stopped the
        step.
        """
        try:
            return await step(self, writer)
        except ProblemError as error:
            known = isinstance(error, GoneError) or not writer.issuance.order_url or writer.issuance.state == "downloading"
            if is_not_found(error) and not known:
                await find_order(await self.client_for(writer), writer.issuance.order_url)
            raise

    def confirm(self, issuance: Issuance) -> Issuance:
        """The person says that everything is published: `proving` becomes `verifying`, without the problems of the last try."""
        proofs = tuple(proof if proof.is_over else replace(proof, problem=None) for proof in issuance.proofs)
        return issuance.moved("verifying", self.ports.clock.now(), proofs=proofs)

    async def save(self, issuance: Issuance) -> None:
        """Save the record. Raises `StorageError`."""
        await self.ports.store.put(issuance.record_name, issuance_to_json(issuance))

    async def save_with(self, issuance: Issuance, account: StoredAccount | None) -> None:
        """Save the record and that of `account`, both or none. Raises `StorageError`."""
        records = {issuance.record_name: issuance_to_json(issuance)}
        await self.ports.store.put_all(records | ({account.record_name: account.to_json()} if account else {}))

    async def saved(self) -> list[Issuance]:
        """All saved issuances that can be read, newest first. Raises `StorageError` where none can be listed."""
        found = [stored.issuance for stored in await self.records.all() if stored.issuance]
        return sorted(found, key=lambda issuance: issuance.created, reverse=True)

    def authority(self, issuance: Issuance) -> CertificateAuthority:
        """The CA of `issuance`. Raises `InputError` where the list no longer has it."""
        return find_ca(self.authorities, issuance.choices.ca, issuance.choices.directory)

    async def client(self, issuance: Issuance) -> Client:
        """The client of this visit for the account that made the order. Raises `LostKeyError` where its key is not here.

        One that is known is not looked for in the store again: what changes the account, here or in another tab, drops it.
        """
        known = self.known_client_at(issuance.choices.directory, issuance.account_url)
        if known:
            return known
        account = await self.accounts.find_by_url(issuance.choices.directory, issuance.account_url)
        if account is None:
            raise LostKeyError("account-key-missing")
        client = self.known_client(account.id) or await self.connect_account(self.authority(issuance), account.id)
        client.account_url = issuance.account_url
        return client

    async def client_for(self, writer: IssuanceWriter) -> Client:
        """As `client`, for the order of `writer`: one for the whole run.

        Nobody changes them meanwhile: a command on an account needs the locks of its open orders (`account_lock`), and the run
        holds that of this one. Where they have changed nevertheless, in this tab or as another one announces, the client was
        dropped, and the account is read again.
        """
        client = writer.client
        if client is None or client.account_url != writer.issuance.account_url or not self.is_known(client):
            writer.client = client = await self.client(writer.issuance)
        return client

    async def open_orders(self, account: StoredAccount) -> list[Issuance]:
        """See `Connections.open_orders`."""

        def needs(issuance: Issuance) -> bool:
            ordered = issuance.account_url == account.url if issuance.account_url else issuance.choices.account == account.id
            return ordered and issuance.state not in ENDED

        return [issuance for issuance in await self.saved() if needs(issuance)]

    async def read_proofs_anew(self, account: StoredAccount) -> None:
        """See `Connections.read_proofs_anew`."""
        for issuance in await self.saved():
            if issuance.account_url == account.url and issuance.state in ("proving", "verifying"):
                await self.save(issuance.moved("ordered", self.ports.clock.now(), proofs=()))


def _unchanged(issuance: Issuance) -> Issuance:
    return issuance


Step = Callable[[Workflow, IssuanceWriter], Awaitable[Issuance]]
"""Leads from one state to the next: returns the issuance as it is then, which `Workflow` saves."""


async def _register(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
    """One tab at a time: two at once would register two accounts, or one would overwrite the key of the other."""
    choices = writer.issuance.choices
    async with workflow.locks.acquire_all([account_name(choices.directory)]):
        id_, authority = choices.account, workflow.authority(writer.issuance)
        saved = await workflow.accounts.saved(id_)
        workflow.accounts.check_chosen(saved)
        client, saved = await workflow.connect_saved(authority, id_, saved)
        client.expect(len(choices.identifiers))  # their authorizations are read at once
        writer.client = client
        agreed = choices.terms_agreed
        account_url, account = await workflow.registration.open_account(client, id_, saved, terms_agreed=agreed)
        registered = writer.issuance.moved("registered", workflow.ports.clock.now(), account_url=account_url)
        await writer.update(lambda _: registered, lambda issuance: workflow.save_with(issuance, account))
    return registered


async def _order(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
    choices = writer.issuance.choices
    if writer.client is None:  # else this run has checked that, to register it
        workflow.accounts.check_chosen(await workflow.accounts.find_by_url(choices.directory, writer.issuance.account_url))
    if choices.same_key_as:  # now, so that a missing key costs no order and no proof
        await copy_kept_key(workflow.ports.keys, writer.issuance)
    client = await workflow.client_for(writer)
    choices, order = await place_order(client, writer.issuance, workflow.saved)
    ordered = writer.issuance.moved(
        "ordered",
        workflow.ports.clock.now(),
        choices=choices,
        order_url=order.url,
        finalize_url=order.finalize,
        authorization_urls=order.authorizations,
    )
    # A CA may return an order that it has finished before: there is nothing to prove or to submit then (§7.1.6).
    if order.status in ("", "pending"):  # "" is an order that came damaged and is read again
        return ordered
    await writer.update(lambda _: ordered)
    return await _after_proving(client, writer, order)


def _with_account(step: Step) -> Step:
    """The step; where the CA does not know the account, that is corrected and the step is repeated."""

    async def run(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
        authority = workflow.authority(writer.issuance)
        return await workflow.registration.run_step(writer.issuance, authority, lambda: step(workflow, writer))

    return run


def _signed(step: Callable[[Client, IssuanceWriter], Awaitable[Issuance]]) -> Step:
    """A step that needs nothing but the client of the account that made the order."""

    async def run(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
        return await step(await workflow.client_for(writer), writer)

    return run


async def _read_back(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
    client = await workflow.client_for(writer)
    order = await find_order(client, writer.issuance.order_url)
    return writer.issuance if order.status == "pending" else await _after_proving(client, writer, order)


async def _after_proving(client: Client, writer: IssuanceWriter, order: Order) -> Issuance:
    """The issuance after an `order` that needs no proof, or none any more. Only its status counts, not its authorizations."""
    if order.status == "ready":
        return writer.issuance.moved("ready", client.clock.now())
    return await after_finalize(client, writer, order)


async def _finalize(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
    client = await workflow.client_for(writer)
    return await submit_csr(client, writer, await csr_for(workflow.ports.keys, writer.issuance))


async def _download(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
    client, now = await workflow.client_for(writer), workflow.ports.clock.now()
    chains = await fetch_chains(client, workflow.ports.keys, writer.issuance, now)
    if any(isinstance(proof.publication, TlsCertificate) for proof in writer.issuance.proofs):
        await workflow.ports.keys.delete(writer.issuance.proof_key)  # it is not needed any more
    return writer.issuance.moved("issued", now, certificate_pem=chains[0], chains=chains, ask_again=0.0)


STEPS: Final[dict[State, Step]] = {
    "asked": _register,
    "registered": _order,
    "ordered": _signed(authorize),
    "verifying": _signed(verify),
    "ready": _finalize,
    "finalizing": _signed(await_certificate),
    "downloading": _download,
}
