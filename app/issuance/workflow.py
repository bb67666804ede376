"""The porcelain: from a saved issuance to the next saved issuance. Every state has exactly one way on; `STEPS` is the table.

What is in the store at each request, so that a closed tab or a lost answer costs as little as it can:

- Before a request goes out, the record holds all that it is made of (choices, addresses), the key store its keys, and nothing
  that an earlier answer brought is in memory only. Nonces and the directory are the exception: they are asked for anew.
- After an answer that changed something at the CA or brought something new (the account, the order, the proof of each name,
  each answered challenge, each outcome, when to ask again, the certificate's address, the certificate), the record is saved
  before anything is sent that builds on it. Requests that go out side by side keep what they bring one by one (`IssuanceWriter`).
- An answer that is lost is made up for by what the protocol says of a request that is sent twice: newAccount finds the account
  (RFC 8555 §7.3.1), a challenge and an order say that they are past that step (§7.5.1, §7.4). Only newOrder cannot be asked
  whether it was heard, so its lost answer leaves one order behind, which the CA lets expire; tests/CRASHES.md says more.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from app.accounts.connections import Connections
from app.accounts.stored_account import StoredAccount, account_name
from app.acme.client import Client
from app.acme.order import Order, find_order
from app.acme.problem import GoneError, Problem, ProblemError, is_not_found
from app.ca.catalog import CertificateAuthority, find_ca
from app.errors import LostKeyError, StorageError
from app.issuance.authorizations import authorize
from app.issuance.certificate_request import fetch_chains, request_for
from app.issuance.finalization import after_finalize, await_certificate, hand_in
from app.issuance.issuance import ENDED, ORDER_GONE, RECORD_PREFIX, WAITING, Issuance, OrderOptions, State
from app.issuance.ordering import place_order
from app.issuance.record import issuance_to_json
from app.issuance.record_checks import read_stored
from app.issuance.registration import Registration
from app.issuance.validation import verify
from app.issuance.writer import IssuanceWriter
from app.ports import Ports


class Workflow(Connections):
    """Takes issuances forward, with one client for each account that is used in this session."""

    def __init__(self, ports: Ports, authorities: tuple[CertificateAuthority, ...]) -> None:
        super().__init__(ports, authorities)
        self.registration = Registration(self.accounts, self.locks)

    def begin(self, id_: str, choices: OrderOptions) -> Issuance:
        """A new issuance in the state `asked`, not yet saved."""
        now = self.ports.clock.now()
        return Issuance(id=id_, created=now, since=now, choices=choices)

    async def run(self, issuance: Issuance, notice: Callable[[Issuance], None], nudge: asyncio.Event | None = None) -> Issuance:
        """Advance until a person is needed or the end is reached; save every record and give it to `notice`.

        Setting `nudge` ends a pause between two polls. It may be cancelled at any time. Raises whatever stops it; the last
        saved record then tells where to go on.
        """
        writer = IssuanceWriter(issuance, self.save, notice, nudge)
        await writer.update(_unchanged)
        while writer.issuance.state not in WAITING:
            await self._step(writer, _known(STEPS[writer.issuance.state]))
        return writer.issuance

    async def read_back(self, issuance: Issuance) -> Issuance:
        """Where a `proving` issuance stands at the CA by now: others may have acted, and orders end by themselves.

        Raises what `Client.post_as_get` raises.
        """
        writer = IssuanceWriter(issuance, self.save, lambda _: None)
        if issuance.state == "proving":
            await self._step(writer, _read_back)
        return writer.issuance

    async def _step(self, writer: IssuanceWriter, step: "Step") -> None:
        """Take a step and save. An order that the CA does not have any more, however often it is asked, has failed."""
        try:
            moved = await self._moved(writer, step)
        except GoneError as error:
            gone = Problem(ORDER_GONE, error.problem.full_detail, 404)
            moved = writer.issuance.moved("failed", self.ports.clock.now(), problem=gone)
        await writer.update(lambda _: moved)

    async def _moved(self, writer: IssuanceWriter, step: "Step") -> Issuance:
        """Where `step` leads. When the CA does not find something of the order, the order itself tells whether it is gone.

        Once there is a certificate to fetch, the order does not matter any more. Raises `GoneError`, and what stopped the step.
        """
        try:
            return await step(self, writer)
        except ProblemError as error:
            known = isinstance(error, GoneError) or not writer.issuance.order_url or writer.issuance.state == "downloading"
            if is_not_found(error) and not known:
                await find_order(await self.client(writer.issuance), writer.issuance.order_url)
            raise

    def confirm(self, issuance: Issuance) -> Issuance:
        """The person says that everything is published: `proving` becomes `verifying`. What failed before is forgotten."""
        proofs = tuple(proof if proof.is_over else replace(proof, problem=None) for proof in issuance.proofs)
        return issuance.moved("verifying", self.ports.clock.now(), proofs=proofs)

    async def save(self, issuance: Issuance) -> None:
        """Keep the record. Raises `StorageError`."""
        await self.ports.store.put(issuance.record_name, issuance_to_json(issuance))

    async def saved(self) -> list[Issuance]:
        """All saved issuances that can be read, newest first. Raises `StorageError` where none can be asked for."""
        keys = [key for key in await self.ports.store.keys() if key.startswith(RECORD_PREFIX)]
        found = [issuance for key in keys if (issuance := await self._read(key))]
        return sorted(found, key=lambda issuance: issuance.created, reverse=True)

    async def _read(self, key: str) -> Issuance | None:
        """A saved issuance, or None for one that is damaged or of another version: it must not hide the others."""
        try:
            record = await self.ports.store.get(key)
            return None if record is None else read_stored(record, key.removeprefix(RECORD_PREFIX))
        except StorageError:
            return None

    async def connect(self, issuance: Issuance) -> Client:
        """A new client for the issuance's CA with the key of the account that was chosen."""
        return await self.connect_account(self.authority(issuance), issuance.choices.account)

    def authority(self, issuance: Issuance) -> CertificateAuthority:
        """The CA of `issuance`. Raises `FieldError` where the list does not have it any more."""
        return find_ca(self.authorities, issuance.choices.ca, issuance.choices.directory)

    async def client(self, issuance: Issuance) -> Client:
        """The client of this session for the account that made the order. Raises `LostKeyError` where that is not here."""
        account = await self.accounts.holder(issuance.choices.directory, issuance.account_url)
        if account is None:
            raise LostKeyError("This browser does not hold the key of the account that made this order.")
        client = self.known_client(account.id) or await self.connect_account(self.authority(issuance), account.id)
        client.account_url = issuance.account_url
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
"""What leads from one state to the next: gives the record as it is then, which is saved for it."""


async def _register(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
    """In turn with other tabs: two at once would make two accounts, or one would lose its key to the other."""
    choices = writer.issuance.choices
    async with workflow.locks.acquire_all([account_name(choices.directory)]):
        workflow.accounts.check_chosen(await workflow.accounts.saved(choices.account))
        client = await workflow.connect(writer.issuance)
        account_url = await workflow.registration.open(client, choices.account, terms_agreed=choices.terms_agreed)
    return writer.issuance.moved("registered", workflow.ports.clock.now(), account_url=account_url)


async def _order(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
    choices = writer.issuance.choices
    workflow.accounts.check_chosen(await workflow.accounts.holder(choices.directory, writer.issuance.account_url))
    client = await workflow.client(writer.issuance)
    choices, order = await place_order(client, writer.issuance, await workflow.saved())
    ordered = writer.issuance.moved(
        "ordered",
        workflow.ports.clock.now(),
        choices=choices,
        order_url=order.url,
        finalize_url=order.finalize,
        authorization_urls=order.authorizations,
    )
    # A CA may give back an order that it has finished before: there is nothing to prove or to hand in then (§7.1.6).
    if order.status in ("", "pending"):  # "" came damaged and is read again
        return ordered
    await writer.update(lambda _: ordered)
    return await _further(client, writer, order)


def _known(step: Step) -> Step:
    """The step; where the CA does not know the account (any more), that is mended and the step is taken again."""

    async def taken(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
        authority = workflow.authority(writer.issuance)
        return await workflow.registration.take(writer.issuance, authority, lambda: step(workflow, writer))

    return taken


def _signed(step: Callable[[Client, IssuanceWriter], Awaitable[Issuance]]) -> Step:
    """A step that needs nothing but the client of the account that made the order."""

    async def taken(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
        return await step(await workflow.client(writer.issuance), writer)

    return taken


async def _read_back(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
    client = await workflow.client(writer.issuance)
    order = await find_order(client, writer.issuance.order_url)
    return writer.issuance if order.status == "pending" else await _further(client, writer, order)


async def _further(client: Client, writer: IssuanceWriter, order: Order) -> Issuance:
    """Where an order leads that needs no proof (any more). Its status alone counts, whatever its authorizations are."""
    if order.status == "ready":
        return writer.issuance.moved("ready", client.clock.now())
    return await after_finalize(client, writer, order)


async def _finalize(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
    client = await workflow.client(writer.issuance)
    return await hand_in(client, writer, await request_for(workflow.ports.keys, writer.issuance))


async def _download(workflow: Workflow, writer: IssuanceWriter) -> Issuance:
    client, now = await workflow.client(writer.issuance), workflow.ports.clock.now()
    chains = await fetch_chains(client, workflow.ports.keys, writer.issuance, now)
    await workflow.ports.keys.delete(writer.issuance.proof_key)  # it has done its work
    return writer.issuance.moved("issued", now, certificate_pem=chains[0], chains=chains)


STEPS: Final[dict[State, Step]] = {
    "asked": _register,
    "registered": _order,
    "ordered": _signed(authorize),
    "verifying": _signed(verify),
    "ready": _finalize,
    "finalizing": _signed(await_certificate),
    "downloading": _download,
}
