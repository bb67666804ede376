"""What keeps an issuance from going on, in a person's words, before anybody publishes or waits in vain."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from app.acme.authority import Authority
from app.acme.problem import Problem
from app.errors import InputError, LostKeyError
from app.flow.advance import Flow
from app.flow.budget import Budget, budgets
from app.flow.issuance import Issuance
from app.flow.keyring import is_stuck
from app.ui.messages import message_for, problem_message, terms_to_agree
from app.ui.tasks import Task
from app.ui.view import Message, Page

_STILL_LOOKING: Final = (
    "{ca} says that it keeps looking, and Keystay keeps asking. Compare what you published with the values above; it can still "
    "be corrected. “Look again now” asks at once. “Start over” leaves the order, which stays in the list."
)
_ANSWER_AGAIN: Final = (
    "{ca} looked and did not find what it wanted. It takes another try with the same values: correct what you published, wait "
    "a little longer, and press “Verify” again."
)


async def verdict(flow: Flow, issuance: Issuance) -> Message | None:
    """Why `issuance` cannot go on here or needs a hand, or None where it goes on or is done. Raises `StorageError`."""
    if issuance.state == "failed":
        authority = flow.authority(issuance)
        allowed = authority.failures_per_hour
        left = budgets(issuance, await flow.saved(), allowed, flow.ports.clock.now()) if allowed else ()
        return failed_message(issuance, authority, left)
    if await is_stuck(flow, issuance):
        return message_for(LostKeyError("The key of the account that made this order is not here."))
    return trouble(issuance, flow.authority(issuance))


def trouble(issuance: Issuance, authority: Authority) -> Message | None:
    """What is wrong with the proofs of an order that has not ended, name by name, or None."""
    problems = [(proof.identifier.value, proof.problem) for proof in issuance.proofs if proof.problem]
    if not problems or issuance.state not in ("proving", "verifying"):
        return None
    ca, names, detail = authority.name, ", ".join(name for name, _ in problems), _said(problems)
    if issuance.state == "verifying":
        return Message(f"{ca} has not found the proof for {names} yet", _STILL_LOOKING.format(ca=ca), detail)
    words = [_ANSWER_AGAIN.format(ca=ca), authority.failed_validations]
    return Message(f"The proof failed for {names}", " ".join(filter(None, words)), detail)


def _said(problems: Sequence[tuple[str, Problem]]) -> str:
    """The CA's words, name by name."""
    return "\n".join(f"{name}: {problem.full_detail}" for name, problem in problems)


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
    words = [text, authority.failed_validations, *map(_tries, budgets)]
    return Message(f"The proof failed for {names}", " ".join(filter(None, words)), _said(failures))


def _tries(budget: Budget) -> str:
    again = f"{datetime.fromtimestamp(budget.again, UTC):%H:%M} UTC"
    if not budget.left:
        return f"None is left for {budget.name} until {again}: wait till then."
    return f"{budget.left} {'is' if budget.left == 1 else 'are'} left for {budget.name}; one more comes back at {again}."


def tell_fault(page: Page, fault: Exception, authority: Authority | None, task: Task) -> None:
    """Say on `page` what stopped the work of a click, and show what a person needs to correct it.

    `authority` is the CA that was spoken to, if one was, for `task`.
    """
    if isinstance(fault, InputError) and fault.field == "eab-kid":
        page.show_credentials(wanted=True)
    link = terms_to_agree(fault)
    if link:
        page.ask_terms(link)
    page.show_error(message_for(fault, authority, task))
