"""Proving control: what to publish for each name, telling the CA that it is there, and what came of it (RFC 8555 §7.5)."""

import re
from dataclasses import replace
from typing import Final

from app.acme.authorization import Authorization, read_authorization
from app.acme.challenge import Prover, answer, publication
from app.acme.client import Client
from app.acme.identifier import Identifier
from app.acme.order import Order, read_order
from app.acme.problem import Problem, ProblemError
from app.errors import InputError, ProtocolError, StuckError
from app.flow.draft import Draft, together
from app.flow.issuance import ORDER_GONE, Issuance, Proof, State
from app.flow.poll import poll_order

_KIND: Final = re.compile(r"[a-z0-9-]{1,30}")  # what the name of a kind of proof looks like


async def authorize(client: Client, draft: Draft) -> Issuance:
    """Read every authorization and work out what to publish. Names proven from before need nothing more (RFC 8555 §7.1.3).

    A name whose proof is in the record is not asked for again. Raises `InputError` where the CA does not offer the proof that
    was chosen, `ProtocolError` where it asks for other names than were ordered, and what `Client.read` raises.
    """
    await _complete(client, draft)
    known = {proof.authorization_url: proof.identifier for proof in draft.issuance.proofs}
    missing = [url for url in draft.issuance.authorization_urls if url not in known]
    asked = await together(_ask(client, draft, url) for url in missing)
    _check_identifiers(draft.issuance, [*known.values(), *asked])
    state: State = "proving" if draft.issuance.proofs else "ready"
    return draft.issuance.moved(state, client.clock.now())


async def _complete(client: Client, draft: Draft) -> None:
    """Read the order, where the answer to newOrder was damaged and only its address is known."""
    if not draft.issuance.finalize_url:
        order = await read_order(client, draft.issuance.order_url)
        await draft.keep(
            lambda issuance: replace(issuance, finalize_url=order.finalize, authorization_urls=order.authorizations)
        )


async def _ask(client: Client, draft: Draft, url: str) -> Identifier:
    """Read the authorization at `url` and keep what its name needs; the name."""
    authorization = await read_authorization(client, url)
    identifier = authorization.identifier
    if authorization.status != "valid" and identifier in draft.issuance.choices.identifiers:
        await draft.keep_proof(_proof(client, draft.issuance, authorization))
    return identifier


def _check_identifiers(issuance: Issuance, asked: list[Identifier]) -> None:
    """Authorizations are matched by name, never by their place in the list (RFC 8555 §7.1.4)."""
    if set(asked) != set(issuance.choices.identifiers):
        names = ", ".join(identifier.value for identifier in asked)
        raise ProtocolError("The CA asks for proof of other names than were ordered.", detail=names)


def _proof(client: Client, issuance: Issuance, authorization: Authorization) -> Proof:
    choices, identifier = issuance.choices, authorization.identifier
    kind = choices.kind_for(identifier)
    challenge = authorization.challenge(kind)
    if challenge is None:
        offered = ", ".join(sorted(set(filter(_KIND.fullmatch, authorization.offered)))[:10]) or "none that Keystay knows"
        raise InputError("challenge", f"The CA does not offer the proof {kind} for {identifier.value}. It offers: {offered}.")
    prover = Prover(client.key.public_jwk, issuance.account_url, client.directory.account_hash_prefix, choices.persist_until)
    wildcard = any(other.is_wildcard and other.base == identifier.base for other in choices.identifiers)
    what = publication(challenge, identifier, prover, wildcard=wildcard)
    return Proof(identifier, authorization.url, challenge.url, what, authorization.status)


async def verify(client: Client, draft: Draft) -> Issuance:
    """Tell the CA that everything is published, and wait until it has looked. Each challenge is answered once.

    Raises `StuckError` where the CA does not come to an end; the next time everything is answered again, which is how one asks
    a CA to look once more (RFC 8555 §8.2). Raises what `Client.post` raises.
    """
    unanswered = [proof for proof in draft.issuance.proofs if proof.status == "pending" and not proof.answered]
    await together(_answer(client, draft, proof) for proof in unanswered)

    async def hopeless() -> bool:
        return any(proof.status == "invalid" for proof in await _outcomes(client, draft))

    try:
        order = await poll_order(client, draft, waiting=("pending",), hopeless=hopeless)
    except StuckError:
        await draft.keep(lambda issuance: replace(issuance, proofs=tuple(map(_unanswered, issuance.proofs))))
        raise
    if order.status in ("pending", "invalid"):
        return await failed(client, draft, order)
    return draft.issuance.moved("ready", client.clock.now())


def _unanswered(proof: Proof) -> Proof:
    return replace(proof, answered=False)


async def _answer(client: Client, draft: Draft, proof: Proof) -> None:
    """Answer one challenge. After a lost answer it may be settled already; then the order tells, not this error."""
    try:
        await answer(client, proof.challenge_url)
    except ProblemError as error:
        if error.problem.type != "malformed" or await _is_open(client, proof):
            raise
    await draft.keep_proof(replace(proof, answered=True))


async def _is_open(client: Client, proof: Proof) -> bool:
    """Whether the challenge still waits for its answer. Its authorization stays pending while the CA looks (§7.1.6)."""
    authorization = await read_authorization(client, proof.authorization_url)
    others = (challenge.status for challenge in authorization.challenges if challenge.url == proof.challenge_url)
    return authorization.status == "pending" and next(others, "pending") == "pending"


async def failed(client: Client, draft: Draft, order: Order) -> Issuance:
    """Where an order leads that came to nothing. Which names failed, and why, their authorizations say, not the order."""
    proofs = await _outcomes(client, draft)
    reasons = (proof.problem for proof in proofs if proof.problem)
    unknown = Problem(ORDER_GONE, "The CA gave up the order and did not say why.")
    problem = order.error or next(reasons, unknown)
    return draft.issuance.moved("failed", client.clock.now(), problem=problem)


async def _outcomes(client: Client, draft: Draft) -> list[Proof]:
    """Read how each proof went, and keep it."""

    async def outcome(proof: Proof) -> Proof:
        authorization = await read_authorization(client, proof.authorization_url)
        errors = (challenge.error for challenge in authorization.challenges if challenge.error)
        read = replace(proof, status=authorization.status, problem=next(errors, None))
        await draft.keep_proof(read)
        return read

    return await together(outcome(proof) for proof in draft.issuance.proofs)
