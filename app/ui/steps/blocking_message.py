"""What keeps an issuance from going on, in a person's words, before anybody publishes or waits in vain."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from app.acme.problem import Problem
from app.ca.catalog import CertificateAuthority
from app.errors import FieldError, LostKeyError
from app.issuance.failed_validations import Budget, budgets
from app.issuance.issuance import Issuance, Proof
from app.issuance.workflow import Workflow
from app.keys.inventory import lacks_account_key
from app.text.errors import MAX_NAMES, message_for, problem_message, terms_to_agree
from app.text.message import Message
from app.text.proofs import finding
from app.text.tasks import Task
from app.ui.views import PageView

MAX_FINDINGS: Final = 5
"""Names for which the message says what was found; the CA's own words below speak of every one."""

_STILL_LOOKING: Final = (
    "compare what you published with the values below; it can still be corrected. {ca} says that it keeps looking, and Keystay "
    "keeps asking: “Look again now” asks at once. “Start over” leaves the order, which stays in the list."
)
_ANSWER_AGAIN: Final = (
    "correct what you published, wait a little longer, and press “Verify” again. {ca} takes another try with the same values."
)
_NEW_VALUES: Final = (
    "press “Try again with new values”, publish those, and wait a little longer before you verify. A failed order cannot be "
    "used again. Names that passed may need no new proof."
)


async def verdict(workflow: Workflow, issuance: Issuance) -> Message | None:
    """Why `issuance` cannot go on here or needs a hand, or None where it goes on or is done. Raises `StorageError`."""
    if issuance.state == "failed":
        authority = workflow.authority(issuance)
        allowed = authority.failures_per_hour
        left = budgets(issuance, await workflow.saved(), allowed, workflow.ports.clock.now()) if allowed else ()
        return failed_message(issuance, authority, left)
    if await lacks_account_key(workflow, issuance):
        return message_for(LostKeyError("The key of the account that made this order is not here."))
    return trouble(issuance, workflow.authority(issuance))


def trouble(issuance: Issuance, authority: CertificateAuthority) -> Message | None:
    """What is wrong with the proofs of an order that has not ended, name by name, or None."""
    problems = _problems(issuance)
    if not problems or issuance.state not in ("proving", "verifying"):
        return None
    ca, names = authority.name, _listed(problems)
    if issuance.state == "verifying":
        title, steps = f"{ca} has not found the proof for {names} yet", [_STILL_LOOKING.format(ca=ca)]
    else:
        title, steps = f"The proof failed for {names}", [_ANSWER_AGAIN.format(ca=ca), authority.failed_validations]
    return Message(title, _in_full(issuance, problems, ca, steps), _said(problems))


def failed_message(issuance: Issuance, authority: CertificateAuthority, budgets: Sequence[Budget] = ()) -> Message:
    """Why the order of a failed `issuance` ended, name by name, the way on, and how many tries are left."""
    problems = _problems(issuance)
    if issuance.problem and not problems:
        return problem_message(issuance.problem, authority.name)
    steps = [_NEW_VALUES, authority.failed_validations, *map(_tries, budgets)]
    return Message(
        f"The proof failed for {_listed(problems)}", _in_full(issuance, problems, authority.name, steps), _said(problems)
    )


def _problems(issuance: Issuance) -> list[tuple[Proof, Problem]]:
    """The proofs that failed, each with the CA's reason, in the order typed."""
    return [(proof, proof.problem) for proof in issuance.proofs_as_typed if proof.problem]


def _listed(problems: Sequence[tuple[Proof, Problem]]) -> str:
    """The names that failed, for a title."""
    names = [proof.identifier.readable for proof, _ in problems]
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return ", ".join(names[:MAX_NAMES]) + more


def _in_full(issuance: Issuance, problems: Sequence[tuple[Proof, Problem]], ca: str, steps: Sequence[str]) -> str:
    """What was found, why probably, and what to do, in paragraphs."""
    shown = [(proof.identifier.readable, finding(issuance, proof, problem, ca)) for proof, problem in problems[:MAX_FINDINGS]]
    found = [found.found if len(problems) == 1 else f"{name}: {found.found}" for name, found in shown]
    if len(problems) > MAX_FINDINGS:
        found.append(f"And {len(problems) - MAX_FINDINGS} more: {ca}’s own words below speak of each.")
    reasons = dict.fromkeys(found.why for _, found in shown)
    return "\n\n".join(["\n".join(found), "\n".join(reasons), f"What to do: {' '.join(filter(None, steps))}"])


def _said(problems: Sequence[tuple[Proof, Problem]]) -> str:
    """The CA's words, name by name."""
    return "\n".join(f"{proof.identifier.value}: {problem.full_detail}" for proof, problem in problems)


def _tries(budget: Budget) -> str:
    again = f"{datetime.fromtimestamp(budget.again, UTC):%H:%M} UTC"
    if not budget.left:
        return f"None is left for {budget.name} until {again}: wait till then."
    return f"{budget.left} {'is' if budget.left == 1 else 'are'} left for {budget.name}; one more comes back at {again}."


def tell_fault(page: PageView, fault: Exception, authority: CertificateAuthority | None, task: Task) -> None:
    """Say on `page` what stopped the work of a click, and show what a person needs to correct it.

    `authority` is the CA that was spoken to, if one was, for `task`.
    """
    if isinstance(fault, FieldError) and fault.field == "eab-kid":
        page.show_credentials(wanted=True)
    link = terms_to_agree(fault)
    if link:
        page.ask_terms(link)
    page.show_error(message_for(fault, authority, task))
