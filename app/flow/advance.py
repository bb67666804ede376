"""The porcelain: from a saved issuance to the next saved issuance. Every state has exactly one way on; `STEPS` is the table.

The record is saved before a step and after it, so that a closed tab or a lost answer never costs more than the step that was
under way. Steps are written so that taking one twice does no harm.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from app.acme.authority import Authority, find_authority
from app.acme.authorization import Authorization, read_authorization
from app.acme.challenge import Prover, answer, publication
from app.acme.client import Client
from app.acme.order import Order, download, finalize, read_order
from app.acme.problem import Problem, ProblemError
from app.errors import InputError, KeystayError, LostKeyError, ProtocolError, StorageError
from app.flow.accounts import Accounts
from app.flow.issuance import WAITING, Choices, Issuance, Proof, State
from app.flow.ordering import place_order
from app.flow.poll import poll_order
from app.flow.record import issuance_to_json, read_issuance
from app.pki.certificate import Chain, check_chain
from app.pki.csr import build_csr
from app.pki.own_request import parse_request
from app.ports import KeyHandle, Ports

RECORD_PREFIX: Final = "issuance "
MOST_ALTERNATES: Final = 8  # chains beside the first; CAs have one or two


class Flow:
    """Takes issuances forward, with one client for each account that is used in this session."""

    def __init__(self, ports: Ports, authorities: tuple[Authority, ...]) -> None:
        self.ports = ports
        self.authorities = authorities
        self.accounts = Accounts(ports)
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
            issuance = await STEPS[issuance.state](self, issuance)
            await self.save(issuance)
        notice(issuance)
        return issuance

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

    async def forget(self, issuance: Issuance) -> None:
        """Delete the record and the certificate's key from this browser. Raises `StorageError`."""
        await self.ports.keys.delete(issuance.certificate_key)
        await self.ports.keys.delete(issuance.proof_key)
        await self.ports.store.delete(RECORD_PREFIX + issuance.id)

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
    client = await flow.connect(issuance)
    choices = issuance.choices
    account_url = await flow.accounts.open(client, choices.account, terms_agreed=choices.terms_agreed)
    return issuance.moved("registered", flow.ports.clock.now(), account_url=account_url)


async def _order(flow: Flow, issuance: Issuance) -> Issuance:
    client = await flow.client(issuance)
    choices, order = await place_order(client, issuance, await flow.saved())
    return issuance.moved(
        "ordered",
        flow.ports.clock.now(),
        choices=choices,
        order_url=order.url,
        finalize_url=order.finalize,
        authorization_urls=order.authorizations,
    )


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
    order = await poll_order(client, issuance.order_url, waiting=("pending",))
    if order.status == "invalid":
        return await _failed(flow, issuance, order)
    return issuance.moved("ready", flow.ports.clock.now())


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
    unknown = Problem("unknown", "The CA gave up the order and did not say why.")
    problem = order.error or next(reasons, unknown)
    return issuance.moved("failed", flow.ports.clock.now(), proofs=proofs, problem=problem)


def _with_outcome(proof: Proof, authorization: Authorization) -> Proof:
    errors = (challenge.error for challenge in authorization.challenges if challenge.error)
    return replace(proof, status=authorization.status, problem=next(errors, None))


async def _finalize(flow: Flow, issuance: Issuance) -> Issuance:
    client = await flow.client(issuance)
    csr = await _request(flow, issuance)
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


async def _request(flow: Flow, issuance: Issuance) -> bytes:
    """The certificate request to hand in: the person's own, or one that is made here."""
    if issuance.choices.csr:
        return base64.b64decode(issuance.choices.csr)
    return await build_csr(await _certificate_key(flow, issuance), issuance.choices.identifiers)


async def _public_key(flow: Flow, issuance: Issuance) -> bytes:
    """The DER public key that the certificate must carry. Raises `LostKeyError`."""
    if issuance.choices.csr:
        return parse_request(base64.b64decode(issuance.choices.csr)).public_spki
    key = await flow.ports.keys.load(issuance.certificate_key)
    if key is None:
        raise LostKeyError("This browser does not hold the certificate’s key, so the certificate cannot be used.")
    return key.public_spki


async def _certificate_key(flow: Flow, issuance: Issuance) -> KeyHandle:
    keys = flow.ports.keys
    key = await keys.load(issuance.certificate_key)
    return key or await keys.generate(issuance.certificate_key, issuance.choices.key_spec, extractable=True)


async def _finalized(flow: Flow, issuance: Issuance, order: Order) -> Issuance:
    """Where an order that was finalized leads to."""
    if order.status == "invalid":
        return await _failed(flow, issuance, order)
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
    given = await download(client, issuance.certificate_url)
    public_spki = await _public_key(flow, issuance)
    now = datetime.fromtimestamp(flow.ports.clock.now(), UTC)

    def check(pem: str) -> Chain:
        return check_chain(pem, issuance.choices.identifiers, public_spki, now)

    chain = check(given.pem)
    others = await asyncio.gather(*(_alternate(client, url, check) for url in given.alternates[:MOST_ALTERNATES]))
    same = (other.fullchain_pem for other in others if other and other.cert_pem == chain.cert_pem)
    chains = tuple(dict.fromkeys((chain.fullchain_pem, *same)))
    await flow.ports.keys.delete(issuance.proof_key)  # it has done its work
    return issuance.moved("issued", flow.ports.clock.now(), certificate_pem=chains[0], chains=chains)


async def _alternate(client: Client, url: str, check: Callable[[str], Chain]) -> Chain | None:
    """Another chain for the same certificate, or None: one that does not come or is damaged must not cost the first."""
    try:
        return check((await download(client, url)).pem)
    except KeystayError:
        return None


STEPS: Final[dict[State, Callable[[Flow, Issuance], Awaitable[Issuance]]]] = {
    "asked": _register,
    "registered": _order,
    "ordered": _authorize,
    "verifying": _verify,
    "ready": _finalize,
    "finalizing": _await_certificate,
    "downloading": _download,
}
