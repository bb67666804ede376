"""What keeps an issuance from going on, in a person's words, before anybody publishes or waits in vain."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.acme.authority import Authority
from app.errors import LostKeyError
from app.flow.advance import Flow
from app.flow.budget import Budget, budgets
from app.flow.issuance import Issuance
from app.flow.keyring import is_stuck
from app.ui.messages import message_for, problem_message
from app.ui.view import Message


async def verdict(flow: Flow, issuance: Issuance) -> Message | None:
    """Why `issuance` cannot go on here, or None where it can or is done. Raises `StorageError`."""
    if issuance.state == "failed":
        authority = flow.authority(issuance)
        allowed = authority.failures_per_hour
        left = budgets(issuance, await flow.saved(), allowed, flow.ports.clock.now()) if allowed else ()
        return failed_message(issuance, authority, left)
    if await is_stuck(flow, issuance):
        return message_for(LostKeyError("The key of the account that made this order is not here."))
    return None


def failed_message(issuance: Issuance, authority: Authority, budgets: Sequence[Budget] = ()) -> Message:
    """Why the order of a failed `issuance` ended, name by name, the way on, and how many tries are left."""
    failures = [(proof.identifier.value, proof.problem) for proof in issuance.proofs if proof.problem]
    if issuance.problem and not failures:
        return problem_message(issuance.problem, authority.name)
    names = ", ".join(name for name, _ in failures)
    text = (
        f"{authority.name} looked and did not find what it wanted. A failed order cannot be used again: press “Try again with "
        "new values”, publish those, and wait a little longer before you verify. Names that passed may need no new proof."
    )
    detail = "\n".join(f"{name}: {problem.full_detail}" for name, problem in failures)
    words = [text, authority.failed_validations, *map(_tries, budgets)]
    return Message(f"The proof failed for {names}", " ".join(filter(None, words)), detail)


def _tries(budget: Budget) -> str:
    again = f"{datetime.fromtimestamp(budget.again, UTC):%H:%M} UTC"
    if not budget.left:
        return f"None is left for {budget.name} until {again}: wait till then."
    return f"{budget.left} {'is' if budget.left == 1 else 'are'} left for {budget.name}; one more comes back at {again}."
