"""Errors in a person's words: what happened, the probable cause, and what to do next. The CA's own text is one click away."""

import re
from http import HTTPStatus
from typing import Final

from app.acme.problem import Problem, ProblemError, UnavailableError
from app.acme.urls import safe_link
from app.ca.catalog import CertificateAuthority
from app.dns.services.service import DnsServiceError
from app.errors import (
    BackupError,
    InputError,
    KeystayError,
    NetworkError,
    NotOfferedError,
    OtherTabError,
    ValidityError,
)
from app.issuance.practice import SilentRecordServerError
from app.issuance.registration import TermsError
from app.text.backup_errors import backup_message
from app.text.catalog import _
from app.text.delegation import service_message
from app.text.error_words import (
    ELSEWHERE,
    ERRORS,
    HIDDEN_FROM_BROWSERS,
    NO_ANSWER,
    NO_PRACTICE_CA,
    NOT_OFFERED,
    TOO_MANY,
)
from app.text.message import Message, lines, sentences
from app.text.names import names_up_to
from app.text.problem_words import PAUSED
from app.text.problems import status_words, type_in_question, words_for
from app.text.relay import relay_message
from app.text.sentences import detail_of, sentence
from app.text.tasks import Task, Words
from app.text.untrusted import linkify

MAX_SHOWN_NAMES: Final = 10

CREDENTIALS_CODES: Final = ("credentials-needed", "credentials-for-new-account")
"""Errors that ask for the CA's credentials (EAB)."""

_NAME: Final = re.compile(r"[a-z0-9_*.:-]{1,253}")  # ASCII names and addresses: nothing that could be a sentence
_UNPAUSE: Final = re.compile(r"\bunpause\b")


def message_for(error: Exception, authority: CertificateAuthority | None = None, task: Task = "order") -> Message:
    """The message for anything that stopped a click. `authority` is the CA that was spoken to, where one was."""
    if not isinstance(error, KeystayError):
        return Message(
            _("Keystay made a mistake"),
            _(
                "This is a fault in the page, not in what you did. Reload it; what is saved stays. The line below helps to "
                "find the fault."
            ),
            f"{type(error).__name__}: {error}",
        )
    if _is_silent_practice_ca(error, authority):
        return NO_PRACTICE_CA.message(task, detail=error.detail)
    if authority and (message := relay_message(error, authority, task)):
        return message
    ca = authority.name if authority else _("The CA")
    match error:
        case ProblemError():
            return problem_message(error.problem, ca, task)
        case NetworkError():
            words = HIDDEN_FROM_BROWSERS if error.reachable else NO_ANSWER
            return words.message(task, detail=error.detail, ca=ca, url=error.url)
        case InputError():
            return _input_message(error, authority, task)
        case ValidityError():
            return clock_message(error)
        case BackupError():
            return backup_message(error)
        case OtherTabError():
            return ELSEWHERE.message(task, detail=error.detail)
    return _message_by_kind(error, ca, task)


def _message_by_kind(error: KeystayError, ca: str, task: Task) -> Message:
    """The message by the words for a kind of error, or else its own sentence."""
    if isinstance(error, DnsServiceError):
        return service_message(error)
    words = _words_for(error)
    if words is None:
        return Message(_("That did not work"), sentence(error), error.detail)
    wait = error.retry_after if isinstance(error, UnavailableError) else None
    return words.message(task, wait=wait, detail=lines(sentence(error), error.detail), ca=ca)


def _input_message(error: InputError, authority: CertificateAuthority | None, task: Task) -> Message:
    """The message where a person must say or change something before anything can go on."""
    if isinstance(error, TermsError):
        return Message(_("Please read the CA’s terms first"), sentence(error), link=error.url)
    if error.code in CREDENTIALS_CODES:
        return Message(
            _("{ca} accepts new accounts from its customers only", ca=authority.name if authority else _("The CA")),
            sentences(sentence(error), authority.external_account if authority else ""),
        )
    title = _("This order cannot be made as it is") if task == "order" else _("This cannot be done as it is")
    return Message(title, sentence(error))


def _words_for(error: KeystayError) -> Words | None:
    """The words for a kind of error, where it has any; the first kind that fits counts."""
    if isinstance(error, NotOfferedError):
        return NOT_OFFERED[error.what]
    if isinstance(error, UnavailableError) and error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return TOO_MANY
    return next((words for kind, words in ERRORS if isinstance(error, kind)), None)


def _is_silent_practice_ca(error: KeystayError, authority: CertificateAuthority | None) -> bool:
    """Whether nothing came from the practice CA, or the server of `make run` said so in its place."""
    if not (authority and authority.records):
        return isinstance(error, SilentRecordServerError)
    refused = isinstance(error, UnavailableError) and error.status == HTTPStatus.BAD_GATEWAY
    return refused or isinstance(error, NetworkError | SilentRecordServerError)


def terms_to_agree(error: Exception) -> str:
    """The page of terms that a person must agree to before they go on, or ""."""
    if isinstance(error, TermsError):
        return error.url
    if isinstance(error, ProblemError) and error.problem.type == "userActionRequired":
        return safe_link(error.problem.instance)
    return ""


def problem_message(problem: Problem, ca: str, task: Task = "order") -> Message:
    """The message for a CA's refusal of `task`; unknown types get the general one."""
    link = safe_link(problem.instance) or _link_in(problem)
    names = _refused_names(problem)
    words = PAUSED if _UNPAUSE.search(link) else words_for(problem, task, has_names=bool(names))
    return words.message(
        task,
        wait=problem.retry_after,
        detail=detail_of(problem),
        link=link,
        ca=ca,
        names=names_up_to(names, MAX_SHOWN_NAMES),
        status=status_words(problem.status),
    )


def _link_in(problem: Problem) -> str:
    """The first link in the CA's words on a limit: Let's Encrypt un-pauses an account by one."""
    if type_in_question(problem) != "rateLimited":
        return ""
    return next((piece.text for piece in linkify(problem.full_detail) if piece.link), "")


def _refused_names(problem: Problem) -> list[str]:
    """The names that the subproblems speak of (RFC 8555 §6.7.1), each once; what is no name is left out."""
    entries = (entry.identifier.value for entry in (problem, *problem.subproblems) if entry.identifier)
    return list(dict.fromkeys(filter(_NAME.fullmatch, entries)))


def clock_message(error: ValidityError) -> Message:
    """What is wrong with this computer’s clock, with both times: that of the clock, and the certificate's validity."""
    both = _(
        "It shows {now:exact}, but the certificate is valid from {start:exact} to {end:exact}.",
        now=error.now,
        start=error.not_before,
        end=error.not_after,
    )
    correct = _(
        "Correct the date, time and time zone, then press the button again: the certificate waits at the CA, and nothing "
        "is lost."
    )
    if error.now < error.not_before:
        why = _("CAs do not issue certificates that start in the future, so the clock is wrong.")
        return Message(_("The clock of this computer is behind"), sentences(both, why, correct))
    too_late = _("If the clock is right, the order has waited too long: start over, and order a new certificate.")
    return Message(_("The clock of this computer is ahead, or the certificate has ended"), sentences(both, correct, too_late))
