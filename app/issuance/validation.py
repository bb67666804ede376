"""Proving control: telling the CA that everything is published, and what came of it (RFC 8555 §7.5.1, §8.2).

What counts is the proof of each name, wherever the CA tells of it: the answer to our respond, the challenge, the authorization,
the order. CAs differ in which of these change when a proof fails. Boulder and Pebble bring the order to an end. acme2certifier
does so for the authorization only; step-ca writes an error into a challenge that stays pending, as do its authorization and
order; serles refuses the answer itself. OpenBao writes an error into a challenge that it goes on working on, which is no end.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from app.acme.authorization import Authorization, read_authorization
from app.acme.challenge import Progress, respond
from app.acme.client import Client
from app.acme.order import Order
from app.acme.problem import Problem, ProblemError, is_not_found
from app.errors import KeystayError, StuckError
from app.issuance.issuance import NO_REASON_GIVEN, ORDER_GONE, Issuance, Proof
from app.issuance.polling import poll_order
from app.issuance.writer import IssuanceWriter, together

_FAILED_PROOF: Final = frozenset({"caa", "connection", "dns", "incorrectResponse", "rejectedIdentifier", "tls"})
"""What is wrong with a proof (RFC 8555 §6.7); step-ca and serles call a wrong value `rejectedIdentifier`."""

_AMBIGUOUS: Final = "unauthorized"  # said of a wrong proof, and of an account without rights


async def verify(client: Client, writer: IssuanceWriter) -> Issuance:
    """Tell the CA that everything is published, and wait until it has looked. Each challenge is answered once.

    A failed proof ends this at once: in a failed order, or before the same values where the CA takes another answer. Raises
    `StuckError` where the CA does not come to an end; the next time everything is answered again, which is how one asks a CA
    to look once more (RFC 8555 §8.2). Raises what `Client.post` raises.
    """
    try:
        await together(_answer(client, writer, proof) for proof in writer.issuance.proofs if proof.is_unanswered)
    except KeystayError:
        if not _has_failed(writer.issuance):  # else the others make no difference any more
            raise
    order = None if _has_failed(writer.issuance) else await _await_outcome(client, writer)
    if order and order.status not in ("pending", "invalid"):
        return writer.issuance.moved("ready", client.clock.now())
    if (order and order.status == "invalid") or any(proof.is_over for proof in writer.issuance.proofs):
        return await failed(client, writer, order)
    return writer.issuance.moved("proving", client.clock.now())


async def _await_outcome(client: Client, writer: IssuanceWriter) -> Order:
    """Poll the order; where that says nothing, look at the proofs that are under way. Raises `StuckError`."""

    async def hopeless() -> bool:
        await _look(client, writer, (proof for proof in writer.issuance.proofs if proof.answered and proof.status != "valid"))
        return _has_failed(writer.issuance)

    try:
        return await poll_order(client, writer, waiting=("pending",), hopeless=hopeless)
    except StuckError:
        await writer.update(lambda issuance: replace(issuance, proofs=tuple(map(_unanswered, issuance.proofs))))
        raise


def _unanswered(proof: Proof) -> Proof:
    return replace(proof, answered=False, problem=None)


def _has_failed(issuance: Issuance) -> bool:
    """Whether a proof has failed, so that waiting makes no sense: for good, or until it is answered again."""
    return any(proof.is_over or proof.can_be_answered_again for proof in issuance.proofs)


async def _answer(client: Client, writer: IssuanceWriter, proof: Proof) -> None:
    """Answer one challenge, and keep what the CA says to that: some have looked already."""
    try:
        progress = await respond(client, proof.challenge_url)
    except ProblemError as error:
        told = await _after_refusal(client, proof, error)
    else:
        told = _told(proof, "valid" if progress.status == "valid" else "pending", progress)
    await writer.update_proof(told)


async def _after_refusal(client: Client, proof: Proof, error: ProblemError) -> Proof:
    """What a refused answer says of `proof`. Raises `error` where it says nothing.

    After a lost answer the challenge may be settled already, which is `malformed`; then the order tells, not this error.
    Servers that look before they answer refuse with the reason why the proof failed.
    """
    problem = error.problem
    types = {child.type for child in problem.subproblems} if problem.type == "compound" else {problem.type}
    if not types <= {"malformed", _AMBIGUOUS, *_FAILED_PROOF}:
        raise error
    authorization = await read_authorization(client, proof.authorization_url)
    told = _read(proof, authorization)
    challenge = authorization.challenge_at(proof.challenge_url)
    untouched = authorization.status == "pending" and (challenge is None or challenge.progress == Progress("pending"))
    if untouched and not types <= _FAILED_PROOF:
        raise error
    if told.status == "valid" or "malformed" in types:
        return replace(proof, answered=True)
    return replace(told, problem=problem, answered=False)


def _told(proof: Proof, status: str, progress: Progress) -> Proof:
    """`proof`, answered, once its authorization is in `status` and its challenge as far as `progress`."""
    if status == "pending" and progress.status == "invalid":
        status = "invalid"
    waits = status == "pending" and progress.status == "pending" and progress.error is not None
    return replace(proof, status=status, problem=None if status == "valid" else progress.error, answered=not waits)


def _read(proof: Proof, authorization: Authorization) -> Proof:
    """`proof` as its `authorization` tells of it. Of one that has ended any reason counts, also that of another challenge."""
    challenge = authorization.challenge_at(proof.challenge_url)
    told = _told(proof, authorization.status, challenge.progress if challenge else Progress())
    if told.problem or not told.is_over:
        return told
    return replace(told, problem=next((other.error for other in authorization.challenges if other.error), None))


async def _look(client: Client, writer: IssuanceWriter, proofs: Iterable[Proof]) -> None:
    """Read how each of `proofs` goes, and keep it. Of one whose authorization is not found the order tells."""

    async def look(proof: Proof) -> None:
        try:
            authorization = await read_authorization(client, proof.authorization_url)
        except ProblemError as error:
            if is_not_found(error):
                return
            raise
        await writer.update_proof(_read(proof, authorization))

    await together(look(proof) for proof in proofs)


async def failed(client: Client, writer: IssuanceWriter, order: Order | None) -> Issuance:
    """Where an order leads that came to nothing. Which names failed, and why, their authorizations say, not the order."""
    open_ones = (proof for proof in writer.issuance.proofs if proof.status != "valid" and not (proof.is_over and proof.problem))
    await _look(client, writer, open_ones)
    reasons = (proof.problem for proof in writer.issuance.proofs if proof.problem)
    unknown = Problem(ORDER_GONE, NO_REASON_GIVEN)
    problem = (order and order.error) or next(reasons, unknown)
    return writer.issuance.moved("failed", client.clock.now(), problem=problem)
