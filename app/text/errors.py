"""Errors in a person's words: what happened, why probably, and what to do next. The CA's own text stays one click away."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from app.acme.account import ClosedAccountError
from app.acme.nonce import HiddenNonceError
from app.acme.problem import Problem, ProblemError, UnavailableError, status_words
from app.acme.response import MAX_WAIT, InvalidNonceError
from app.acme.urls import safe_link
from app.ca.catalog import CertificateAuthority
from app.errors import (
    AddressError,
    BackupError,
    CertificateError,
    ElsewhereError,
    FieldError,
    GateError,
    KeystayError,
    NetworkError,
    NotOfferedError,
    OptionalService,
    OversizeError,
    ProtocolError,
    StuckError,
    ValidityError,
)
from app.issuance.practice import SilentRecordServerError
from app.issuance.registration import OtherAccountError, TermsError
from app.text.backup_errors import backup_message
from app.text.message import Message
from app.text.problems import CLOSED, PAUSED, Words, type_in_question, words_for
from app.text.relay import relay_message
from app.text.storage_errors import STORAGE_ERRORS
from app.text.tasks import TASKS, Task
from app.text.untrusted import linkify

MAX_NAMES: Final = 10

_NAME: Final = re.compile(r"[a-z0-9_*.:-]{1,253}")  # ASCII names and addresses: nothing that could be a sentence
_UNPAUSE: Final = re.compile(r"\bunpause\b")


def message_for(error: Exception, authority: CertificateAuthority | None = None, task: Task = "order") -> Message:
    """The message for anything that stopped a click. `authority` is the CA that was spoken to, where one was."""
    ca, kept = authority.name if authority else "The CA", TASKS[task].kept
    if isinstance(error, KeystayError) and _is_silent_practice_ca(error, authority):
        title, text = _NO_PRACTICE_CA
        return Message(title, text.format(kept=kept), error.detail)
    wait = _wait(error.retry_after) if isinstance(error, UnavailableError) else ""
    if isinstance(error, KeystayError) and authority and (message := relay_message(error, authority, kept, wait)):
        return message
    match error:
        case ProblemError():
            return problem_message(error.problem, ca, task)
        case NetworkError():
            return _network_message(error, ca, kept)
        case FieldError():
            return _input_message(error, authority, task)
        case ValidityError():
            return clock_message(error)
        case BackupError():
            return backup_message(error)
        case KeystayError() if words := _words_for(error):
            title, text = words
            detail = f"{error}\n{error.detail}".strip()
            return Message(title.format(ca=ca), text.format(ca=ca, kept=kept, wait=wait), detail)
        case KeystayError():
            title, text = _ELSEWHERE if isinstance(error, ElsewhereError) else ("That did not work", str(error))
            return Message(title, text, error.detail)
    text = "This is a fault of the page, not yours. Reload it; what is kept stays. The line below helps whoever mends it."
    return Message("Keystay made a mistake", text, f"{type(error).__name__}: {error}")


def _input_message(error: FieldError, authority: CertificateAuthority | None, task: Task) -> Message:
    """The message where a person must say or change something before anything can go on."""
    if isinstance(error, TermsError):
        return Message("Please read the CA’s terms first", str(error), link=error.url)
    if error.field == "eab-kid":
        ca, how = (authority.name, authority.external_account) if authority else ("The CA", "")
        return Message(f"{ca} wants to know you as its customer", f"{error} {how}".strip())
    return Message("This order cannot be made as it is" if task == "order" else "This cannot be done as it is", str(error))


def _words_for(error: KeystayError) -> Words | None:
    """The templates for a kind of error, where it has any; the first kind that fits counts."""
    if isinstance(error, NotOfferedError):
        return _NOT_OFFERED[error.what]
    if isinstance(error, UnavailableError) and error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return _TOO_MANY
    return next((words for kind, words in _ERRORS if isinstance(error, kind)), None)


_NOT_OFFERED: Final[Mapping[OptionalService, Words]] = {
    "key change": (
        "{ca} offers no change of an account’s key",
        "The account keeps the key that it has, and goes on working. If that key is in wrong hands, close the account: the "
        "next order makes another one.",
    ),
    "revocation": (
        "{ca} offers no revocation by ACME",
        "The certificate stays valid. Ask the CA how else it revokes one, and put another certificate in its place meanwhile.",
    ),
    "renewal information": (
        "{ca} does not say when to renew",
        "It offers no renewal information (ARI), as many CAs do not. Come back on the day above.",
    ),
}

_OTHER_ACCOUNT: Final = (
    "{ca} has another account for this key",
    "It does not know the account that this browser has, and gave another one for its key. Nothing was ordered with that, and "
    "the saved one is still here. Press the button again to be asked again. {kept}",
)

_TOO_MANY: Final = (
    "{ca} says: too many requests",
    "It, or a server that stands before it, takes no more of them for now, and gives no ACME reason. {wait}Then press the "
    "button again. {kept}",
)

_NO_PRACTICE_CA: Final = (
    "The practice CA does not answer",
    "It runs only while “make run” does, on this computer. It may have stopped by itself: then the terminal of “make run” says "
    "why. End “make run” there with Ctrl-C, start it again, and press the button again. {kept}",
)


def _is_silent_practice_ca(error: KeystayError, authority: CertificateAuthority | None) -> bool:
    """Whether nothing came from the practice CA, or the server of `make run` said so in its place."""
    if not (authority and authority.records):
        return isinstance(error, SilentRecordServerError)
    refused = isinstance(error, UnavailableError) and error.status == HTTPStatus.BAD_GATEWAY
    return refused or isinstance(error, NetworkError | SilentRecordServerError)


_ELSEWHERE: Final = (
    "Another tab works on this order",
    "It is open in another tab of this browser, and only one tab may change it at a time. Nothing was done here. Go on in that "
    "tab; or close it, or press “Start over” there, and try again here.",
)

# The special ones stand first.
_ERRORS: Final[tuple[tuple[type[KeystayError], Words], ...]] = (
    (
        GateError,
        (
            "Keystay held a request back",
            "Every request is looked at before it leaves this page, and this one was not sent; the reason is below. If a "
            "private key stands in a field, take it out. If not, this page or the CA does something odd: do not go on.",
        ),
    ),
    (ClosedAccountError, CLOSED),
    (OtherAccountError, _OTHER_ACCOUNT),
    (
        UnavailableError,
        (
            "{ca} is not available now",
            "Its address answers, but not as a CA: it may be overloaded or under repair. {wait}Try again in a few minutes. "
            "{kept}",
        ),
    ),
    (
        HiddenNonceError,
        (
            "{ca} hides its one-time numbers from browsers",
            "Each request needs such a number (Replay-Nonce), and the CORS headers of {ca} keep a page from reading it. It "
            "needs a relay that adds the headers; the README says how, under “A relay”. Or choose another CA. {kept}",
        ),
    ),
    (
        InvalidNonceError,
        (
            "{ca} gave a damaged one-time number",
            "Each request needs such a number (Replay-Nonce), in characters that ACME allows (base64url). This one has others: "
            "the CA, or something between you and it, writes them wrongly. Try again; if it happens again, tell the CA. {kept}",
        ),
    ),
    (
        AddressError,
        (
            "{ca} named an address that Keystay does not go to",
            "All that belongs to a CA is at the host of its directory, and this is not. Nothing was signed for that address, "
            "and nothing was sent there. The CA is set up wrongly, or somebody plays tricks: tell the CA, and do not go on "
            "before it has answered. {kept}",
        ),
    ),
    (
        OversizeError,
        (
            "{ca} sent far more than an answer can need",
            "Keystay stopped reading, so that this page stays usable. Try again; if it happens again, the CA is broken, or it "
            "is none: tell it, or choose another one. {kept}",
        ),
    ),
    (
        ProtocolError,
        (
            "{ca} answered in a way that Keystay cannot read",
            "Something answered that does not speak ACME as it should. Check the directory URL, and whether a proxy or a login "
            "page stands in between. {kept}",
        ),
    ),
    (
        CertificateError,
        (
            "The certificate is not what was ordered",
            "Keystay checks a certificate before it offers it, and this one failed. Do not use it; order another one. If it "
            "happens again, tell the CA.",
        ),
    ),
    (
        StuckError,
        (
            "{ca} is still working on the order",
            "Some CAs take hours for this. Press the button later: Keystay then asks again. {kept}",
        ),
    ),
    *STORAGE_ERRORS,
)


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
    title, text = PAUSED if _UNPAUSE.search(link) else words_for(problem, task)
    words = {
        "ca": ca,
        "kept": TASKS[task].kept,
        "next": TASKS[task].next,
        "names": _refused_names(problem),
        "wait": _wait(problem.retry_after),
        "status": status_words(problem.status),
    }
    return Message(title.format(**words), text.format(**words), problem.full_detail, link)


def _link_in(problem: Problem) -> str:
    """The first link in the CA's words on a limit: Let's Encrypt un-pauses an account by one."""
    if type_in_question(problem) != "rateLimited":
        return ""
    return next((piece.text for piece in linkify(problem.full_detail) if piece.link), "")


def _refused_names(problem: Problem) -> str:
    """The names that the subproblems speak of (RFC 8555 §6.7.1), each once; what is no name is none of them."""
    entries = (entry.identifier.value for entry in (problem, *problem.subproblems) if entry.identifier)
    names = list(dict.fromkeys(filter(_NAME.fullmatch, entries)))
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return ", ".join(names[:MAX_NAMES]) + more or "a name of this order"


def _wait(seconds: float | None) -> str:
    if not seconds:
        return ""
    if seconds < 120:
        return f"It asks you to wait {seconds:.0f} seconds. "
    if seconds < 7200:
        return f"It asks you to wait {seconds / 60:.0f} minutes. "
    if seconds < 172_800:
        return f"It asks you to wait {seconds / 3600:.0f} hours. "
    if seconds < MAX_WAIT:
        return f"It asks you to wait {seconds / 86_400:.0f} days. "
    return "It asks you to wait for more than a year, which no CA should. "


def _network_message(error: NetworkError, ca: str, kept: str) -> Message:
    if error.reachable:
        text = (
            f"Something answers at {error.url}, but without the CORS headers that a page needs to read it. Some CAs send none; "
            "a relay can add them (the README says how, under “A relay”). Or an overloaded server answered in the CA’s place: "
            "try again."
        )
        return Message(f"{ca} does not let browsers in", text, error.detail)
    text = (
        f"No answer came from {error.url}. Is this computer online? Is the address right, and does its certificate hold in "
        f"this browser? A firewall or an overloaded CA looks the same. Then try again. {kept}"
    )
    return Message(f"{ca} cannot be reached", text, error.detail)


def clock_message(error: ValidityError) -> Message:
    """What is wrong with this computer’s clock, with both times: that of the clock, and the certificate's validity."""
    now, start, end = (
        f"{moment.day} {moment:%B %Y, %H:%M:%S} UTC" for moment in (error.now, error.not_before, error.not_after)
    )
    both = f"It shows {now}, but the certificate is valid from {start} to {end}."
    mend = "Set date, time and time zone, then press the button again: the certificate waits at the CA, and nothing is lost."
    if error.now < error.not_before:
        text = f"{both} CAs issue no certificate that is valid only later, so the clock is wrong. {mend}"
        return Message("The clock of this computer is behind", text)
    text = f"{both} {mend} If the clock is right, the order has waited too long: start over, and order a new certificate."
    return Message("The clock of this computer is ahead, or the certificate has ended", text)
