"""Step 2 as it stands: its heading, a line for each name, and what its buttons lead to."""

from collections.abc import Sequence
from typing import Final

from app.ca.catalog import CertificateAuthority
from app.issuance.failed_validations import RemainingTries
from app.issuance.issuance import Issuance, Proof
from app.text import prove as text
from app.text.proofs import is_about_caa
from app.text.prove import Sort, sort_of
from app.text.standing import Outcome, asked_and_next, more_names, no_proof_wanted, outcome_words
from app.ui.steps.dns_check_models import DnsCheckModel
from app.ui.steps.dns_progress import checked_progress, progress_after_trouble, progress_at_work
from app.ui.steps.prove import trouble_of
from app.ui.steps.prove_models import ProofLine, ProofMark, ProveProgress, Standing

MAX_LINES: Final = 8
"""Names in the list; the rest are counted."""

_MARKS: Final[dict[Outcome, ProofMark]] = {
    "proven": "good",
    "looking": "wait",
    "missing": "bad",
    "again": "bad",
    "ended": "bad",
    "untouched": "wait",
}
_BY_URGENCY: Final[tuple[ProofMark, ...]] = ("bad", "wait", "good")


def prove_progress(
    issuance: Issuance,
    authority: CertificateAuthority,
    count: int,
    *,
    working: bool,
    tries: Sequence[RemainingTries] = (),
    check: DnsCheckModel | None = None,
) -> ProveProgress:
    """Step 2 of `issuance`, where a person publishes `count` things.

    `working` tells that this tab or another works on it; `tries` are what its CA still allows. `check` is what this page has
    seen in DNS, None where it may not look.
    """
    sort = sort_of(map(issuance.kind_of, issuance.proofs))
    verify, hint = _verify(issuance, authority, sort, count, working=working)
    progress = ProveProgress(
        title=_title(issuance, authority.name, count, working=working),
        lead=_lead(issuance, authority.name, sort, count, working=working),
        standing=_standing(issuance, authority.name, working=working, tries=tries),
        verify=verify,
        hint=hint,
        retry=text.retry_words(sort, len(issuance.proofs)) if issuance.state == "failed" else "",
        stopped=not working and issuance.state not in ("proving", "failed"),
    )
    if check is None or (issuance.state != "proving" and not working):
        return progress
    if issuance.state != "proving":
        return progress_at_work(progress, check, authority)
    if trouble_of(issuance):  # what the CA said counts more
        return progress_after_trouble(progress, check)
    return checked_progress(progress, check, authority, MAX_LINES, only_records=sort == "records")


def _title(issuance: Issuance, ca: str, count: int, *, working: bool) -> str:
    """Where the order stands."""
    kinds = [issuance.kind_of(proof) for proof in issuance.proofs]
    failed = [proof for proof in issuance.proofs if proof.problem]
    match trouble_of(issuance):
        case "looking":
            return text.missing_title(_sort_of_failed(issuance, failed), len(failed))
        case "again" | "failed":
            return text.failed_title(_sort_of_failed(issuance, failed), len(failed))
    if issuance.state == "proving":
        return text.publish_title(sort_of(kinds), count, kinds)
    return text.way_title(issuance.state, ca) if working else text.stopped_title(issuance.state)


def _sort_of_failed(issuance: Issuance, failed: Sequence[Proof]) -> Sort:
    """What the CA did not find; "mixed" also where it may have found it, and something else kept it from issuing."""
    if any(proof.problem and is_about_caa(proof.problem) for proof in failed):
        return "mixed"
    return sort_of(map(issuance.kind_of, failed))


def _lead(issuance: Issuance, ca: str, sort: Sort, count: int, *, working: bool) -> str:
    if trouble_of(issuance):
        return ""
    if issuance.state == "proving":
        return text.publish_lead(sort, count, ca)
    return text.leave_as_is(sort, count) if working and issuance.proofs else ""


def _verify(issuance: Issuance, authority: CertificateAuthority, sort: Sort, count: int, *, working: bool) -> tuple[str, str]:
    """The words of the one button, and what stands below it."""
    limit = authority.failed_validations
    if issuance.state == "failed":
        return text.try_again(), text.cost_of_a_new_order()
    if issuance.state == "proving" and trouble_of(issuance):
        return text.try_again(), text.cost_of_another(limit)
    if issuance.state == "proving":
        return text.confirm_words(sort, count), text.cost_of_a_try(authority.name, limit)
    # While the CA looks, the button is off and says what it said.
    return text.confirm_words(sort, count) if working else text.go_on_words(issuance.state, authority.name), ""


def _standing(issuance: Issuance, ca: str, *, working: bool, tries: Sequence[RemainingTries]) -> Standing | None:
    """The list of names, or None while nothing was asked, or nothing is known of them."""
    waits = working and issuance.state in ("verifying", "ready", "finalizing", "downloading")
    if not waits and not trouble_of(issuance):
        return None
    if trouble_of(issuance) == "failed" and not any(proof.problem for proof in issuance.proofs):
        return None  # it ended for a reason that is not about one of them
    proofs = list(issuance.proofs_as_typed)
    if len(proofs) > MAX_LINES:
        proofs.sort(key=lambda proof: _BY_URGENCY.index(_MARKS[_outcome(issuance, proof)]))
    more = len(proofs) - MAX_LINES
    lines = [_line(issuance, proof, tries) for proof in proofs[:MAX_LINES]]
    return Standing(
        lines=tuple(lines) if lines else (ProofLine("good", "", no_proof_wanted(ca)),),
        more=more_names(more) if more > 0 else "",
        asked=asked_and_next(issuance.state, issuance.since) if waits else "",
        working=waits,
    )


def _line(issuance: Issuance, proof: Proof, tries: Sequence[RemainingTries]) -> ProofLine:
    outcome, name = _outcome(issuance, proof), proof.identifier.readable
    left = next((budget for budget in tries if budget.name == proof.identifier.base), None)
    return ProofLine(_MARKS[outcome], name, outcome_words(outcome, name, sort_of([issuance.kind_of(proof)]), left))


def _outcome(issuance: Issuance, proof: Proof) -> Outcome:
    if proof.status == "valid" or issuance.state in ("ready", "finalizing", "downloading"):
        return "proven"
    if issuance.state == "verifying":
        return "missing" if proof.problem else "looking"
    if not proof.problem:
        return "untouched"
    return "ended" if issuance.state == "failed" else "again"
