"""The porcelain: from a saved issuance to the next saved issuance. Every state has exactly one way on; `STEPS` is the table.

The record is saved before a step and after it, so that a closed tab or a lost answer never costs more than the step that was
under way. Steps are written so that taking one twice does no harm.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from app.acme.authority import Authority, find_authority
from app.acme.authorization import Authorization, read_authorization
from app.acme.challenge import Prover, answer, publication
from app.acme.client import Client
from app.acme.order import Order, finalize, read_order
from app.acme.problem import Problem, ProblemError
from app.errors import InputError, LostKeyError, ProtocolError, StorageError
from app.flow.accounts import RECORD_PREFIX as ACCOUNT_PREFIX
from app.flow.accounts import Accounts, account_name
from app.flow.claims import Claims
from app.flow.handover import fetch_chains, request_for
from app.flow.issuance import WAITING, Choices, Issuance, Proof, State
from app.flow.ordering import place_order
from app.flow.poll import poll_order
from app.flow.record import issuance_to_json, read_issuance
from app.ports import Ports

RECORD_PREFIX: Final = "issuance "
ORDER_GONE: Final = "orderGone"  # our own word beside the RFC's types: the order ended without a reason, or is not there


class Flow:
    """Takes issuances forward, with one client for each account that is used in this session."""

    def __init__(self, ports: Ports, authorities: tuple[Authority, ...]) -> None:
        self.ports = ports
        self.authorities = authorities
        self.claims = Claims(ports.tabs)
        self.accounts = Accounts(ports, self.claims)
        self._clients: dict[str, Client] = {}

    def begin(self, id_: str, choices: Choices) -> Issuance:
        """A new issuance in the state `asked`, not yet saved."""
        now = self.ports.clock.now()
        return Issuance(id=id_, created=now, since=now, choices=choices)

    async def run(self, issuance: Issuance, notice: Callable[[Issuance], None]) -> Issuance:
        """Advance until a person is needed or the end is reached; save every record and give it to `notice`.

        Raises whatever stops it; the last saved record then tells where to go on.
        """
        await self.save(issuance)
        while issuance.state not in WAITING:
            notice(issuance)
            issuance = await self._step(issuance, STEPS[issuance.state])
            await self.save(issuance)
        notice(issuance)
        return issuance

    async def read_back(self, issuance: Issuance) -> Issuance:
        """Where a `proving` issuance stands at the CA by now: others may have acted, and orders end by themselves.

        Raises what `Client.read` raises.
        """
        changed = await self._step(issuance, _read_back) if issuance.state == "proving" else issuance
        await self.save(changed)
        return changed

    async def _step(self, issuance: Issuance, step: "Step") -> Issuance:
        """Take a step. An order that the CA does not have any more has failed, whatever the step was (404)."""
        try:
            return await step(self, issuance)
        except ProblemError as error:
            if not issuance.order_url or error.problem.status != 404 or error.problem.type == "accountDoesNotExist":
                raise
            gone = Problem(ORDER_GONE, error.problem.full_detail, 404)
            return issuance.moved("failed", self.ports.clock.now(), problem=gone)

    def confirm(self, issuance: Issuance) -> Issuance:
        """The person says that everything is published: `proving` becomes `verifying`."""
        return issuance.moved("verifying", self.ports.clock.now())

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
        record = await self.ports.store.get(key)
        try:
            return read_issuance(record) if record else None
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


async def _register(flow: Flow, issuance: Issuance) -> Issuance:
    """In turn with other tabs: two at once would make two accounts, or one would lose its key to the other."""
    choices = issuance.choices
    async with flow.claims.in_turn([account_name(choices.directory)]):
        client = await flow.connect(issuance)
        account_url = await flow.accounts.open(client, choices.account, terms_agreed=choices.terms_agreed)
    return issuance.moved("registered", flow.ports.clock.now(), account_url=account_url)


async def _order(flow: Flow, issuance: Issuance) -> Issuance:
    client = await flow.client(issuance)
    choices, order = await place_order(client, issuance, await flow.saved())
    ordered = issuance.moved(
        "ordered",
        flow.ports.clock.now(),
        choices=choices,
        order_url=order.url,
        finalize_url=order.finalize,
        authorization_urls=order.authorizations,
    )
    # A CA may give back an order that it has finished before: there is nothing to prove or to hand in then (§7.1.6).
    return ordered if order.status in ("pending", "ready") else await _finalized(flow, ordered, order)


async def _authorize(flow: Flow, issuance: Issuance) -> Issuance:
    """Read every authorization and work out what to publish. Names proven from before need nothing more (RFC 8555 §7.1.3)."""
    client = await flow.client(issuance)
    authorizations = await asyncio.gather(*(read_authorization(client, url) for url in issuance.authorization_urls))
    _check_identifiers(issuance, authorizations)
    directory = client.directory
    prover = Prover(client.key.public_jwk, issuance.account_url, directory.account_hash_prefix, issuance.choices.persist_until)
    proofs = tuple(_proof(prover, issuance, entry) for entry in authorizations if entry.status != "valid")
    state: State = "proving" if proofs else "ready"
    return issuance.moved(state, flow.ports.clock.now(), proofs=proofs)


def _check_identifiers(issuance: Issuance, authorizations: list[Authorization]) -> None:
    """Authorizations are matched by name, never by their place in the list (RFC 8555 §7.1.4)."""
    if {entry.identifier for entry in authorizations} != set(issuance.choices.identifiers):
        names = ", ".join(entry.identifier.value for entry in authorizations)
        raise ProtocolError("The CA asks for proof of other names than were ordered.", detail=names)


def _proof(prover: Prover, issuance: Issuance, authorization: Authorization) -> Proof:
    identifier = authorization.identifier
    kind = issuance.choices.kind_for(identifier)
    challenge = authorization.challenge(kind)
    if challenge is None:
        offered = ", ".join(sorted(authorization.offered))
        raise InputError("challenge", f"The CA does not offer the proof {kind} for {identifier.value}. It offers: {offered}.")
    wildcard = any(other.is_wildcard and other.base == identifier.base for other in issuance.choices.identifiers)
    what = publication(challenge, identifier, prover, wildcard=wildcard)
    return Proof(identifier, authorization.url, challenge.url, what, authorization.status)


async def _verify(flow: Flow, issuance: Issuance) -> Issuance:
    client = await flow.client(issuance)
    await asyncio.gather(*(_answer(client, proof) for proof in issuance.proofs if proof.status == "pending"))

    async def hopeless() -> bool:
        read = await asyncio.gather(*(read_authorization(client, proof.authorization_url) for proof in issuance.proofs))
        return any(authorization.status == "invalid" for authorization in read)

    order = await poll_order(client, issuance.order_url, waiting=("pending",), hopeless=hopeless)
    if order.status in ("pending", "invalid"):
        return await _failed(flow, issuance, order)
    return issuance.moved("ready", flow.ports.clock.now())


async def _read_back(flow: Flow, issuance: Issuance) -> Issuance:
    order = await read_order(await flow.client(issuance), issuance.order_url)
    if order.status == "pending":
        return issuance
    if order.status == "ready":
        return issuance.moved("ready", flow.ports.clock.now())
    return await _finalized(flow, issuance, order)


async def _answer(client: Client, proof: Proof) -> None:
    """Answer one challenge. After a lost answer it may be settled already; then the order tells, not this error."""
    try:
        await answer(client, proof.challenge_url)
    except ProblemError as error:
        if error.problem.type != "malformed":
            raise
        authorization = await read_authorization(client, proof.authorization_url)
        if authorization.status == "pending":
            raise


async def _failed(flow: Flow, issuance: Issuance, order: Order) -> Issuance:
    """Ask the authorizations which of them failed, and why: the order itself does not say it for each name."""
    client = await flow.client(issuance)
    read = await asyncio.gather(*(read_authorization(client, proof.authorization_url) for proof in issuance.proofs))
    proofs = tuple(_with_outcome(proof, authorization) for proof, authorization in zip(issuance.proofs, read, strict=True))
    reasons = (proof.problem for proof in proofs if proof.problem)
    unknown = Problem(ORDER_GONE, "The CA gave up the order and did not say why.")
    problem = order.error or next(reasons, unknown)
    return issuance.moved("failed", flow.ports.clock.now(), proofs=proofs, problem=problem)


def _with_outcome(proof: Proof, authorization: Authorization) -> Proof:
    errors = (challenge.error for challenge in authorization.challenges if challenge.error)
    return replace(proof, status=authorization.status, problem=next(errors, None))


async def _finalize(flow: Flow, issuance: Issuance) -> Issuance:
    client = await flow.client(issuance)
    csr = await request_for(flow.ports.keys, issuance)
    try:
        order = await finalize(client, issuance.order_url, issuance.finalize_url, csr)
    except ProblemError as error:
        # The answer to an earlier try may have been lost: then the order is past this step already (RFC 8555 §7.4).
        if error.problem.type != "orderNotReady":
            raise
        order = await read_order(client, issuance.order_url)
        if order.status in ("pending", "ready"):
            raise
    return await _finalized(flow, issuance, order)


async def _finalized(flow: Flow, issuance: Issuance, order: Order) -> Issuance:
    """Where an order that was finalized leads to. What is none of its states (§7.1.6) must not be asked for without end."""
    if order.status == "invalid":
        return await _failed(flow, issuance, order)
    if order.status not in ("ready", "processing", "valid"):
        raise ProtocolError(f"The CA says that the order is “{order.status[:40]}”, which makes no sense here.")
    if order.status != "valid":
        now = flow.ports.clock.now()
        return issuance.moved("finalizing", now, ask_again=now + (order.retry_after or 0))
    if order.certificate is None:
        raise ProtocolError("The CA says that the certificate is there, but not where.")
    return issuance.moved("downloading", flow.ports.clock.now(), certificate_url=order.certificate)


async def _await_certificate(flow: Flow, issuance: Issuance) -> Issuance:
    client = await flow.client(issuance)
    wish = max(0.0, issuance.ask_again - flow.ports.clock.now())
    order = await poll_order(client, issuance.order_url, waiting=("ready", "processing"), retry_after=wish)
    return await _finalized(flow, issuance, order)


async def _download(flow: Flow, issuance: Issuance) -> Issuance:
    client = await flow.client(issuance)
    now = flow.ports.clock.now()
    chains = await fetch_chains(client, flow.ports.keys, issuance, now)
    await flow.ports.keys.delete(issuance.proof_key)  # it has done its work
    return issuance.moved("issued", now, certificate_pem=chains[0], chains=chains)


Step = Callable[[Flow, Issuance], Awaitable[Issuance]]

STEPS: Final[dict[State, Step]] = {
    "asked": _register,
    "registered": _order,
    "ordered": _authorize,
    "verifying": _verify,
    "ready": _finalize,
    "finalizing": _await_certificate,
    "downloading": _download,
}
