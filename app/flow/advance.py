"""The porcelain: from a saved issuance to the next saved issuance. Every state has exactly one way on; `STEPS` is the table.

What is in the store at each request, so that a closed tab or a lost answer costs as little as it can:

- Before a request goes out, the record holds all that it is made of (choices, addresses), the key store its keys, and nothing
  that an earlier answer brought is in memory only. Nonces and the directory are the exception: they are asked for anew.
- After an answer that changed something at the CA or brought something new (the account, the order, the proof of each name,
  each answered challenge, each outcome, when to ask again, the certificate's address, the certificate), the record is saved
  before anything is sent that builds on it. Requests that go out side by side keep what they bring one by one (`Draft`).
- An answer that is lost is made up for by what the protocol says of a request that is sent twice: newAccount finds the account
  (RFC 8555 §7.3.1), a challenge and an order say that they are past that step (§7.5.1, §7.4). Only newOrder cannot be asked
  whether it was heard, so its lost answer leaves one order behind, which the CA lets expire; tests/CRASHES.md says more.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from app.acme.authority import Authority, find_authority
from app.acme.client import Client
from app.acme.order import Order, find_order
from app.acme.problem import GoneError, Problem, ProblemError, is_not_found
from app.errors import LostKeyError, StorageError
from app.flow.accounts import RECORD_PREFIX as ACCOUNT_PREFIX
from app.flow.accounts import Accounts, account_name
from app.flow.authorizing import authorize
from app.flow.claims import Claims
from app.flow.draft import Draft
from app.flow.finalizing import after_finalize, await_certificate, hand_in
from app.flow.handover import fetch_chains, request_for
from app.flow.issuance import ORDER_GONE, WAITING, Choices, Issuance, State
from app.flow.ordering import place_order
from app.flow.proving import verify
from app.flow.record import issuance_to_json
from app.flow.record_checks import read_saved
from app.flow.registration import Registration
from app.ports import Ports

RECORD_PREFIX: Final = "issuance "


class Flow:
    """Takes issuances forward, with one client for each account that is used in this session."""

    def __init__(self, ports: Ports, authorities: tuple[Authority, ...]) -> None:
        self.ports = ports
        self.authorities = authorities
        self.claims = Claims(ports.tabs)
        self.accounts = Accounts(ports, self.claims)
        self.registration = Registration(self.accounts, self.claims)
        self._clients: dict[str, Client] = {}

    def begin(self, id_: str, choices: Choices) -> Issuance:
        """A new issuance in the state `asked`, not yet saved."""
        now = self.ports.clock.now()
        return Issuance(id=id_, created=now, since=now, choices=choices)

    async def run(self, issuance: Issuance, notice: Callable[[Issuance], None], nudge: asyncio.Event | None = None) -> Issuance:
        """Advance until a person is needed or the end is reached; save every record and give it to `notice`.

        Setting `nudge` ends a pause between two polls. It may be cancelled at any time. Raises whatever stops it; the last
        saved record then tells where to go on.
        """
        draft = Draft(issuance, self.save, notice, nudge)
        await draft.keep(_unchanged)
        while draft.issuance.state not in WAITING:
            await self._step(draft, _known(STEPS[draft.issuance.state]))
        return draft.issuance

    async def read_back(self, issuance: Issuance) -> Issuance:
        """Where a `proving` issuance stands at the CA by now: others may have acted, and orders end by themselves.

        Raises what `Client.read` raises.
        """
        draft = Draft(issuance, self.save, lambda _: None)
        if issuance.state == "proving":
            await self._step(draft, _read_back)
        return draft.issuance

    async def _step(self, draft: Draft, step: "Step") -> None:
        """Take a step and save. An order that the CA does not have any more, however often it is asked, has failed."""
        try:
            moved = await self._moved(draft, step)
        except GoneError as error:
            gone = Problem(ORDER_GONE, error.problem.full_detail, 404)
            moved = draft.issuance.moved("failed", self.ports.clock.now(), problem=gone)
        await draft.keep(lambda _: moved)

    async def _moved(self, draft: Draft, step: "Step") -> Issuance:
        """Where `step` leads. When the CA does not find something of the order, the order itself tells whether it is gone.

        Once there is a certificate to fetch, the order does not matter any more. Raises `GoneError`, and what stopped the step.
        """
        try:
            return await step(self, draft)
        except ProblemError as error:
            known = isinstance(error, GoneError) or not draft.issuance.order_url or draft.issuance.state == "downloading"
            if is_not_found(error) and not known:
                await find_order(await self.client(draft.issuance), draft.issuance.order_url)
            raise

    def confirm(self, issuance: Issuance) -> Issuance:
        """The person says that everything is published: `proving` becomes `verifying`. What failed before is forgotten."""
        proofs = tuple(proof if proof.is_over else replace(proof, problem=None) for proof in issuance.proofs)
        return issuance.moved("verifying", self.ports.clock.now(), proofs=proofs)

    async def save(self, issuance: Issuance) -> None:
        """Keep the record. Raises `StorageError`."""
        await self.ports.store.put(RECORD_PREFIX + issuance.id, issuance_to_json(issuance))

    async def saved(self) -> list[Issuance]:
        """All saved issuances that can be read, newest first. Raises `StorageError` where none can be asked for."""
        keys = [key for key in await self.ports.store.keys() if key.startswith(RECORD_PREFIX)]
        found = [issuance for key in keys if (issuance := await self._read(key))]
        return sorted(found, key=lambda issuance: issuance.created, reverse=True)

    async def _read(self, key: str) -> Issuance | None:
        """A saved issuance, or None for one that is damaged or of another version: it must not hide the others."""
        try:
            record = await self.ports.store.get(key)
            return None if record is None else read_saved(record, key.removeprefix(RECORD_PREFIX))
        except StorageError:
            return None

    async def connect(self, issuance: Issuance) -> Client:
        """A new client for the issuance's CA with the key of the account that was chosen."""
        return await self._connect(issuance, issuance.choices.account)

    def authority(self, issuance: Issuance) -> Authority:
        """The CA of `issuance`. Raises `InputError` where the list does not have it any more."""
        return find_authority(self.authorities, issuance.choices.ca, issuance.choices.directory)

    async def _connect(self, issuance: Issuance, account: str) -> Client:
        self._clients[account] = client = await self.accounts.client(self.authority(issuance), account)
        return client

    def drop_client(self, account: str) -> None:
        """The account with this id has changed: make a new client at next use."""
        self._clients.pop(account, None)

    def heard(self, name: str) -> None:
        """Another tab has written the record `name`. Of an account it may be the key that is another one now."""
        self.drop_client(name.removeprefix(ACCOUNT_PREFIX))

    def start_anew(self) -> None:
        """Everything was deleted: forget what this visit knows beside it."""
        self._clients.clear()
        self.accounts.wanted.clear()

    async def client(self, issuance: Issuance) -> Client:
        """The client of this session for the account that made the order. Raises `LostKeyError` where that is not here."""
        account = await self.accounts.holder(issuance.choices.directory, issuance.account_url)
        if account is None:
            raise LostKeyError("This browser does not hold the key of the account that made this order.")
        client = self._clients.get(account.id) or await self._connect(issuance, account.id)
        client.account_url = issuance.account_url
        return client


def _unchanged(issuance: Issuance) -> Issuance:
    return issuance


Step = Callable[[Flow, Draft], Awaitable[Issuance]]
"""What leads from one state to the next: gives the record as it is then, which is saved for it."""


async def _register(flow: Flow, draft: Draft) -> Issuance:
    """In turn with other tabs: two at once would make two accounts, or one would lose its key to the other."""
    choices = draft.issuance.choices
    async with flow.claims.in_turn([account_name(choices.directory)]):
        flow.accounts.check_chosen(await flow.accounts.saved(choices.account))
        client = await flow.connect(draft.issuance)
        account_url = await flow.registration.open(client, choices.account, terms_agreed=choices.terms_agreed)
    return draft.issuance.moved("registered", flow.ports.clock.now(), account_url=account_url)


async def _order(flow: Flow, draft: Draft) -> Issuance:
    choices = draft.issuance.choices
    flow.accounts.check_chosen(await flow.accounts.holder(choices.directory, draft.issuance.account_url))
    client = await flow.client(draft.issuance)
    choices, order = await place_order(client, draft.issuance, await flow.saved())
    ordered = draft.issuance.moved(
        "ordered",
        flow.ports.clock.now(),
        choices=choices,
        order_url=order.url,
        finalize_url=order.finalize,
        authorization_urls=order.authorizations,
    )
    # A CA may give back an order that it has finished before: there is nothing to prove or to hand in then (§7.1.6).
    if order.status in ("", "pending"):  # "" came damaged and is read again
        return ordered
    await draft.keep(lambda _: ordered)
    return await _further(client, draft, order)


def _known(step: Step) -> Step:
    """The step; where the CA does not know the account (any more), that is mended and the step is taken again."""

    async def taken(flow: Flow, draft: Draft) -> Issuance:
        authority = flow.authority(draft.issuance)
        return await flow.registration.take(draft.issuance, authority, lambda: step(flow, draft))

    return taken


def _signed(step: Callable[[Client, Draft], Awaitable[Issuance]]) -> Step:
    """A step that needs nothing but the client of the account that made the order."""

    async def taken(flow: Flow, draft: Draft) -> Issuance:
        return await step(await flow.client(draft.issuance), draft)

    return taken


async def _read_back(flow: Flow, draft: Draft) -> Issuance:
    client = await flow.client(draft.issuance)
    order = await find_order(client, draft.issuance.order_url)
    return draft.issuance if order.status == "pending" else await _further(client, draft, order)


async def _further(client: Client, draft: Draft, order: Order) -> Issuance:
    """Where an order leads that needs no proof (any more). Its status alone counts, whatever its authorizations are."""
    if order.status == "ready":
        return draft.issuance.moved("ready", client.clock.now())
    return await after_finalize(client, draft, order)


async def _finalize(flow: Flow, draft: Draft) -> Issuance:
    client = await flow.client(draft.issuance)
    return await hand_in(client, draft, await request_for(flow.ports.keys, draft.issuance))


async def _download(flow: Flow, draft: Draft) -> Issuance:
    client, now = await flow.client(draft.issuance), flow.ports.clock.now()
    chains = await fetch_chains(client, flow.ports.keys, draft.issuance, now)
    await flow.ports.keys.delete(draft.issuance.proof_key)  # it has done its work
    return draft.issuance.moved("issued", now, certificate_pem=chains[0], chains=chains)


STEPS: Final[dict[State, Step]] = {
    "asked": _register,
    "registered": _order,
    "ordered": _signed(authorize),
    "verifying": _signed(verify),
    "ready": _finalize,
    "finalizing": _signed(await_certificate),
    "downloading": _download,
}
