"""A CA's refusals in a person's words: by the type (RFC 8555 §6.7) or else the HTTP status, and by what was asked.

In the messages `{ca}` is the CA, `{names}` are the names that were refused, and `{status}` is the HTTP status.
"""

import re
from http import HTTPStatus
from typing import Final

from app.acme.problem import UNTYPED, Problem
from app.acme.response import reason_phrase
from app.text.catalog import _
from app.text.problem_words import (
    ACCOUNT_REFUSED,
    BY_STATUS,
    BY_TASK,
    BY_TYPE,
    CLOSED,
    CREDENTIALS,
    LIMITED,
    NO_ADVICE,
    NO_FIELDS,
    NO_TYPE,
    NOT_FOUND,
    NOT_POSSIBLE,
    ORDER_ONLY,
    REDUNDANT,
    REFUSED,
    REJECTED,
    REJECTED_SOME_NAME,
)
from app.text.tasks import Task, Words

_VAGUE: Final = ("malformed", "unauthorized", "rejectedIdentifier")
_REDUNDANT_NAME: Final = re.compile(r"\bredundant\b", re.IGNORECASE)  # Boulder's word
_EXTERNAL_ACCOUNT: Final = re.compile(r"\bexternal[ -]?account|\bEAB\b", re.IGNORECASE)
_CLOSED_ACCOUNT: Final = re.compile(r"\baccount\b[^\n]{0,200}\b(deactivated|revoked|closed)\b", re.IGNORECASE)


def words_for(problem: Problem, task: Task, *, has_names: bool = True) -> Words:
    """The words for a refusal of `task`; `has_names` tells whether it says which names it is about."""
    words = _words_for(problem, task)
    return words if has_names or words != REJECTED else REJECTED._replace(title=REJECTED_SOME_NAME)


def _words_for(problem: Problem, task: Task) -> Words:
    kind = type_in_question(problem)
    if task == "renewal information" and problem.status in (404, 410):
        return NO_ADVICE
    if task == "order" and problem.status == HTTPStatus.NOT_FOUND and kind in ("malformed", UNTYPED):
        return NOT_FOUND  # CAs have no type for it
    if problem.status == HTTPStatus.NOT_IMPLEMENTED:  # step-ca gives it a type that is about names
        return NOT_POSSIBLE
    if kind == UNTYPED:
        return BY_STATUS.get(problem.status or 0, NO_TYPE if problem.status else REFUSED)
    if ":" in kind and problem.status == HTTPStatus.TOO_MANY_REQUESTS:  # a type of the CA's own
        return LIMITED
    if (task, kind) in BY_TASK:
        return BY_TASK[task, kind]
    special = _by_detail(problem, kind, task) if kind in _VAGUE else None
    if special:
        return special
    if task != "order" and kind in ORDER_ONLY:
        return REFUSED
    if task != "order" and kind == "rateLimited":
        return LIMITED
    return BY_TYPE.get(kind, REFUSED)


def _by_detail(problem: Problem, kind: str, task: Task) -> Words | None:
    """What CAs have no type for, and so say in their own words."""
    if task == "order" and _REDUNDANT_NAME.search(problem.full_detail):
        return REDUNDANT
    if kind == "rejectedIdentifier":
        return None
    if kind == "unauthorized" and problem.status == HTTPStatus.UNAUTHORIZED and task != "revocation":  # RFC 8555 §7.3.6
        return ACCOUNT_REFUSED
    if _EXTERNAL_ACCOUNT.search(problem.detail):
        return NO_FIELDS if task == "import" else CREDENTIALS
    return CLOSED if _CLOSED_ACCOUNT.search(problem.detail) else None


def type_in_question(problem: Problem) -> str:
    """The type to tell about: "compound" only points at subproblems (RFC 8555 §6.7), which are told where all are alike."""
    types = {child.type for child in problem.subproblems}
    return types.pop() if problem.type == "compound" and len(types) == 1 else problem.type


def status_words(status: int | None) -> str:
    """An HTTP status with its phrase (RFC 9110 §15), "" for None."""
    if status is None:
        return ""
    phrase = reason_phrase(status)
    if not phrase:
        return _("HTTP status {status}", status=str(status))
    return _("HTTP status {status} ({phrase})", status=str(status), phrase=phrase)
