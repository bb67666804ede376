"""Why the proofs of an order failed, name by name, and what to do: before anybody waits or publishes in vain."""

from collections.abc import Sequence
from typing import Final

from app.acme.problem import Problem
from app.ca.catalog import CertificateAuthority
from app.issuance.issuance import Issuance, Proof
from app.text.catalog import _, ngettext
from app.text.error_messages import MAX_SHOWN_NAMES, problem_message
from app.text.message import Message, lines, paragraphs, sentences
from app.text.names import names_up_to
from app.text.proofs import finding
from app.text.prove import retry_words, sort_of
from app.text.sentences import detail_of

MAX_FINDINGS: Final = 5
"""Names for which the message says what was found; the CA's own words below speak of every one."""

Problems = Sequence[tuple[Proof, Problem]]
"""Proofs that failed, each with the CA's reason, in the order typed."""


def trouble(issuance: Issuance, authority: CertificateAuthority) -> Message | None:
    """What is wrong with the proofs of an order that has not ended, name by name, or None."""
    problems = _problems(issuance)
    if not problems or issuance.state not in ("proving", "verifying"):
        return None
    ca, names = authority.name, _listed(problems)
    if issuance.state == "verifying":
        title = _("{ca} has not found the proof for {names} yet", ca=ca, names=names)
        steps = _still_looking(ca)
    else:
        title = _("The proof failed for {names}", names=names)
        steps = sentences(_answer_again(ca), authority.failed_validations)
    return Message(title, _in_full(issuance, problems, ca, steps), _said(problems))


def failed_message(issuance: Issuance, authority: CertificateAuthority) -> Message:
    """Why the order of a failed `issuance` ended, name by name, and how to go on."""
    problems = _problems(issuance)
    if issuance.problem and not problems:
        return problem_message(issuance.problem, authority.name)
    steps = sentences(_new_values(issuance), authority.failed_validations)
    title = _("The proof failed for {names}", names=_listed(problems))
    return Message(title, _in_full(issuance, problems, authority.name, steps), _said(problems))


def _still_looking(ca: str) -> str:
    return _(
        "What to do: compare what you published with the values below; it can still be corrected. {ca} says that it keeps "
        "looking, and Keystay keeps asking: “Look again now” asks at once.",
        ca=ca,
    )


def _answer_again(ca: str) -> str:
    return _(
        "What to do: correct what you published, wait a little, and press “Try again”. {ca} accepts another try with the same "
        "values.",
        ca=ca,
    )


def _new_values(issuance: Issuance) -> str:
    return _(
        "What to do: press “{button}”, publish what you get then, and wait a little longer before you go on.",
        button=retry_words(sort_of(map(issuance.kind_of, issuance.proofs)), len(issuance.proofs)),
    )


def _problems(issuance: Issuance) -> Problems:
    if not any(proof.problem for proof in issuance.proofs):
        return ()  # the usual case, after each answer of the CA: to sort a hundred proofs takes longer than to ask them
    return [(proof, proof.problem) for proof in issuance.proofs_as_typed if proof.problem]


def _listed(problems: Problems) -> str:
    """The names that failed, for a title."""
    return names_up_to([proof.identifier.readable for proof, _problem in problems], MAX_SHOWN_NAMES)


def _in_full(issuance: Issuance, problems: Problems, ca: str, steps: str) -> str:
    """What was found, the probable causes, and what to do, in paragraphs."""
    shown = [(proof.identifier.readable, finding(issuance, proof, problem, ca)) for proof, problem in problems[:MAX_FINDINGS]]
    if len(problems) == 1:
        found = [shown[0][1].found]
    else:
        # Translators: {found} is a whole sentence.
        found = [_("{name}: {found}", name=name, found=what.found) for name, what in shown]
    more = len(problems) - MAX_FINDINGS
    if more > 0:
        found.append(
            ngettext(
                "And {n} more: {ca}’s own words below speak of it.",
                "And {n} more: {ca}’s own words below speak of each.",
                more,
                ca=ca,
            )
        )
    reasons = dict.fromkeys(what.why for _name, what in shown)
    return paragraphs(lines(*found), lines(*reasons), steps)


def _said(problems: Problems) -> str:
    """The CA's words, name by name."""
    return lines(*(f"{proof.identifier.value}: {detail_of(problem)}" for proof, problem in problems))
