"""Validation: responds to the challenges, and follows what the CA finds (RFC 8555 §7.5.1, §8.2).

What counts is the proof of each name, wherever the CA reports it: in its reply to our response, the challenge, the
authorization, or the order. CAs differ in which of these change when a proof fails. Boulder and Pebble make the order invalid.
acme2certifier does so for the authorization only; step-ca writes an error into a challenge that stays pending, as do its
authorization and order; serles refuses the response itself. OpenBao writes an error into a challenge that it goes on checking,
which is not final.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from app.acme.authorization import Authorization, read_authorization
from app.acme.challenge import Progress, respond
from app.acme.client import Client
from app.acme.order import Order
from app.acme.problem import Problem, ProblemError, is_not_found
from app.errors import KeystayError, NoProgressError
from app.issuance.issuance import NO_REASON_GIVEN, ORDER_GONE, Issuance, Proof
from app.issuance.polling import poll_order
from app.issuance.writer import IssuanceWriter

_FAILED_PROOF: Final = frozenset({"caa", "connection", "dns", "incorrectResponse", "rejectedIdentifier", "tls"})
"""Problem types of a failed proof (RFC 8555 §6.7); step-ca and serles call a wrong value `rejectedIdentifier`."""

_AMBIGUOUS: Final = "unauthorized"  # used for a wrong proof, and for an account without rights


async def verify(client: Client, writer: IssuanceWriter) -> Issuance:
    """Respond to each challenge once, and wait until the CA has validated them.

    A failed proof ends this at once: in a failed order, or back at the same values where the CA accepts another response.
    Raises `NoProgressError` where the CA does not come to an end; the next time all challenges get a response again, which asks
    the CA to try once more (RFC 8555 §8.2). Raises what `Client.post` raises.
    """
    try:
        await writer.together(_respond(client, writer, proof) for proof in writer.issuance.proofs if proof.is_unanswered)
    except KeystayError:
        if not _has_failed(writer.issuance):  # otherwise the other proofs make no difference any more
            raise
    await writer.save()
    order = None if _has_failed(writer.issuance) else await _await_outcome(client, writer)
    if order and order.status not in ("pending", "invalid"):
        return writer.issuance.moved("ready", client.clock.now())
    if (order and order.status == "invalid") or any(proof.is_over for proof in writer.issuance.proofs):
        return await failed(client, writer, order)
    return writer.issuance.moved("proving", client.clock.now())


async def _await_outcome(client: Client, writer: IssuanceWriter) -> Order:
    """Poll the order; where it stays pending, read the proofs that the CA is checking. Raises `NoProgressError`."""

    async def should_stop() -> bool:
        await _look(client, writer, (proof for proof in writer.issuance.proofs if proof.answered and proof.status != "valid"))
        await writer.save()
        return _has_failed(writer.issuance)

    try:
        return await poll_order(client, writer, waiting=("pending",), should_stop=should_stop, at_once=True)
    except NoProgressError:
        await writer.update(lambda issuance: replace(issuance, proofs=tuple(map(_unanswered, issuance.proofs))))
        raise


def _unanswered(proof: Proof) -> Proof:
    return replace(proof, answered=False, problem=None)


def _has_failed(issuance: Issuance) -> bool:
    """Whether a proof has failed, for good or until the next response, so that waiting makes no sense."""
    return any(proof.is_over or proof.can_be_answered_again for proof in issuance.proofs)


async def _respond(client: Client, writer: IssuanceWriter, proof: Proof) -> None:
    """Respond to one challenge, and note the CA's reply: some have validated it already."""
    try:
        progress = await respond(client, proof.challenge_url)
    except ProblemError as error:
        updated = await _after_refusal(client, proof, error)
    else:
        updated = _with_progress(proof, "valid" if progress.status == "valid" else "pending", progress)
    writer.note_proof(updated)


async def _after_refusal(client: Client, proof: Proof, error: ProblemError) -> Proof:
    """`proof` after the CA refused a response to its challenge. Raises `error` where that says nothing about the proof.

    After a lost reply the challenge may be final already, which is `malformed`; then the order decides, not this error.
    Servers that validate before they reply refuse with the reason why the proof failed.
    """
    problem = error.problem
    types = {child.type for child in problem.subproblems} if problem.type == "compound" else {problem.type}
    if not types <= {"malformed", _AMBIGUOUS, *_FAILED_PROOF}:
        raise error
    authorization = await read_authorization(client, proof.authorization_url)
    updated = _with_authorization(proof, authorization)
    challenge = authorization.challenge_at(proof.challenge_url)
    untouched = authorization.status == "pending" and (challenge is None or challenge.progress == Progress("pending"))
    if untouched and not types <= _FAILED_PROOF:
        raise error
    if updated.status == "valid" or "malformed" in types:
        return replace(proof, answered=True)
    return replace(updated, problem=problem, answered=False)


def _with_progress(proof: Proof, status: str, progress: Progress) -> Proof:
    """`proof` with the `status` of its authorization and the `progress` of its challenge, which got a response."""
    if status == "pending" and progress.status == "invalid":
        status = "invalid"
    waits = status == "pending" and progress.status == "pending" and progress.error is not None
    return replace(proof, status=status, problem=None if status == "valid" else progress.error, answered=not waits)


def _with_authorization(proof: Proof, authorization: Authorization) -> Proof:
    """`proof` as its `authorization` reports it. Where that is final, any error counts, also that of another challenge."""
    challenge = authorization.challenge_at(proof.challenge_url)
    updated = _with_progress(proof, authorization.status, challenge.progress if challenge else Progress())
    if updated.problem or not updated.is_over:
        return updated
    return replace(updated, problem=next((other.error for other in authorization.challenges if other.error), None))


async def _look(client: Client, writer: IssuanceWriter, proofs: Iterable[Proof]) -> None:
    """Read and note the state of each of `proofs`. One whose authorization is not found stays as it is: the order decides."""

    async def look(proof: Proof) -> None:
        try:
            authorization = await read_authorization(client, proof.authorization_url)
        except ProblemError as error:
            if is_not_found(error):
                return
            raise
        writer.note_proof(_with_authorization(proof, authorization))

    await writer.together(look(proof) for proof in proofs)


async def failed(client: Client, writer: IssuanceWriter, order: Order | None) -> Issuance:
    """The issuance after its order failed. Which names failed, and why, is in their authorizations, not in the order."""
    open_ones = (proof for proof in writer.issuance.proofs if proof.status != "valid" and not (proof.is_over and proof.problem))
    await _look(client, writer, open_ones)
    unknown = Problem(ORDER_GONE, NO_REASON_GIVEN)
    if not (order and order.error) and not any(proof.problem for proof in writer.issuance.proofs):
        for proof in writer.issuance.proofs:
            if proof.status == "invalid":  # ZeroSSL gives no reason ever
                writer.note_proof(replace(proof, problem=unknown))
    reasons = (proof.problem for proof in writer.issuance.proofs if proof.problem)
    problem = (order and order.error) or next(reasons, unknown)
    return writer.issuance.moved("failed", client.clock.now(), problem=problem)
