"""Errors in a person's words: what happened, why probably, and what to do next. The CA's own text stays one click away."""

import re
from collections.abc import Mapping
from typing import Final

from app.acme.address import safe_link
from app.acme.answer import MOST_WAIT
from app.acme.authority import Authority
from app.acme.problem import Problem, ProblemError, UnavailableError
from app.acme.reach import HiddenNonceError
from app.errors import (
    AddressError,
    BackupError,
    CertificateError,
    ElsewhereError,
    GateError,
    InputError,
    KeystayError,
    NetworkError,
    OversizeError,
    ProtocolError,
    StorageError,
    StuckError,
)
from app.flow.accounts import TermsError
from app.ui.backup_words import backup_message
from app.ui.storage_words import STORAGE_ERRORS
from app.ui.view import Message

MOST_NAMES: Final = 10

_NAME: Final = re.compile(r"[a-z0-9_*.:-]{1,253}")  # ASCII names and addresses: nothing that could be a sentence
_KEPT: Final = "What you typed is kept, and the order goes on from here."


def message_for(error: Exception, authority: Authority | None = None) -> Message:
    """The message for anything that stopped a click. `authority` is the CA that was spoken to, where one was."""
    ca = authority.name if authority else "The CA"
    match error:
        case ProblemError():
            return problem_message(error.problem, ca)
        case NetworkError() if authority and authority.records:
            text = f"It runs only while “make run” does, on this computer. Start it, then press the button again. {_KEPT}"
            return Message("The practice CA does not answer", text, error.detail)
        case NetworkError():
            return _network_message(error, ca)
        case TermsError():
            return Message("Please read the CA’s terms first", str(error), link=error.url)
        case InputError(field="eab-kid"):
            how = authority.external_account if authority else ""
            return Message(f"{ca} wants to know you as its customer", f"{error} {how}".strip())
        case InputError():
            return Message("This order cannot be made as it is", str(error))
        case ProtocolError() | CertificateError() | StuckError() | StorageError() | GateError():
            title, text = next(words for kind, words in _ERRORS if isinstance(error, kind))
            detail = f"{error}\n{error.detail}".strip()
            return Message(title.format(ca=ca), text.format(ca=ca, kept=_KEPT), detail)
        case BackupError():
            return backup_message(error)
        case KeystayError():
            title, words = _ELSEWHERE if isinstance(error, ElsewhereError) else ("That did not work", str(error))
            return Message(title, words, error.detail)
    text = "This is a fault of the page, not yours. Reload it; what is kept stays. The line below helps whoever mends it."
    return Message("Keystay made a mistake", text, f"{type(error).__name__}: {error}")


_ELSEWHERE: Final = (
    "Another tab works on this order",
    "It is open in another tab of this browser, and only one tab may change it at a time. Nothing was done here. Go on in that "
    "tab; or close it, or press “Start over” there, and try again here.",
)

_NOT_FOUND: Final = (
    "{ca} does not find what it made itself",
    "It has several servers, and they may not all know yet what one of them has made. Keystay asked several times. Wait a "
    "minute, then press the button again. {kept}",
)

# The first kind that fits counts, so the special ones stand first.
_ERRORS: Final[tuple[tuple[type[KeystayError], tuple[str, str]], ...]] = (
    (
        GateError,
        (
            "Keystay held a request back",
            "Every request is looked at before it leaves this page, and this one was not sent; the reason is below. If a "
            "private key stands in a field, take it out. If not, this page or the CA does something odd: do not go on.",
        ),
    ),
    (
        UnavailableError,
        (
            "{ca} is not available now",
            "Its address answers, but not as a CA: it may be overloaded or under repair. Try again in a few minutes. {kept}",
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


def problem_message(problem: Problem, ca: str) -> Message:
    """The message for a CA's refusal; unknown types get the general one."""
    title, text = _PROBLEMS.get(_type_in_question(problem), _REFUSED)
    words = {"ca": ca, "kept": _KEPT, "names": _refused_names(problem), "wait": _wait(problem.retry_after)}
    return Message(title.format(**words), text.format(**words), problem.full_detail, safe_link(problem.instance))


def _type_in_question(problem: Problem) -> str:
    """The type to tell about: "compound" only points at subproblems (RFC 8555 §6.7), which are told where all are alike.

    What is not found has no type of its own: CAs call it malformed.
    """
    if problem.status == 404 and problem.type in ("malformed", "about:blank"):
        return "notFound"
    types = {child.type for child in problem.subproblems}
    return types.pop() if problem.type == "compound" and len(types) == 1 else problem.type


_REFUSED: Final = ("{ca} refused", "Its reason is below. Change the order accordingly, or try again later. {kept}")

_REJECTED: Final = (
    "{ca} does not issue for {names}",
    "Names of others, test names and names on a block list are refused. Leave them out or correct them, then start again. An "
    "IP address needs a profile that allows it (at Let’s Encrypt: “shortlived”), and many CAs have none.",
)

_CONTACT: Final = ("{ca} does not take this contact address", "Correct it, or leave it out: it is optional. {kept}")

_UNUSABLE: Final = (
    "{ca} could not use the request",
    "Its reason is below. Choose another key type, or start over. {kept}",
)

# One entry an error type of RFC 8555 §6.7 that a person can meet: title and text.
_PROBLEMS: Final[Mapping[str, tuple[str, str]]] = {
    "accountDoesNotExist": (
        "{ca} does not know this account any more",
        "A practice CA forgets everything when it is started anew. Start over: Keystay then registers again.",
    ),
    "alreadyRevoked": ("This certificate was revoked before", "{ca} keeps it revoked; there is nothing left to do."),
    "badCSR": _UNUSABLE,
    "badNonce": (
        "{ca} refused every one-time number",
        "Each request carries a number that the CA gave out before. Keystay tried many fresh ones in a row. The CA is in "
        "trouble, or something between you and it keeps old answers. Try again in a few minutes. {kept}",
    ),
    "badPublicKey": _UNUSABLE,
    "badRevocationReason": ("{ca} does not take this reason", "Choose another one and try again."),
    "badSignatureAlgorithm": _UNUSABLE,
    "caa": (
        "A CAA record keeps {ca} from issuing",
        "The DNS of the name lists the CAs that may issue for it, and {ca} is not among them, or the DNS gave no answer. "
        "Change the CAA record or choose another CA.",
    ),
    "externalAccountRequired": (
        "{ca} wants to know you as its customer",
        "It takes new accounts only with credentials from its website (external account binding). Fill in the key ID and the "
        "HMAC key, then press the button again. {kept}",
    ),
    "invalidProfile": (
        "{ca} does not issue this kind of certificate here",
        "It knows no such profile any more, not for these names, or not for your account. Choose another one, or “The CA’s own "
        "choice”, under “More options”. {kept}",
    ),
    "invalidContact": _CONTACT,
    "notFound": _NOT_FOUND,
    "orderGone": (
        "{ca} has closed this order",
        "Orders end by themselves after some days, and a practice CA forgets them when it is started anew. Press “Try again "
        "with new values”. Names that were proven may need no new proof. {kept}",
    ),
    "rateLimited": (
        "{ca} says: too many requests",
        "CAs limit how many orders, failures and certificates a name or an address may have in a time. {wait}Its text below "
        "says which limit it was and how long it lasts. For trials use a test CA. {kept}",
    ),
    "rejectedIdentifier": _REJECTED,
    "serverInternal": ("{ca} had a fault of its own", "Try again in a few minutes. {kept}"),
    "unsupportedIdentifier": _REJECTED,
    "unsupportedContact": _CONTACT,
    "userActionRequired": (
        "{ca} has new terms of service",
        "It waits until you have read and accepted them. Do what it asks for, at the link below or in its own words, then "
        "press the button again. {kept}",
    ),
}


def _refused_names(problem: Problem) -> str:
    """The names that the subproblems speak of (RFC 8555 §6.7.1), each once; what is no name is none of them."""
    entries = (entry.identifier.value for entry in (problem, *problem.subproblems) if entry.identifier)
    names = list(dict.fromkeys(filter(_NAME.fullmatch, entries)))
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more or "a name of this order"


def _wait(seconds: float | None) -> str:
    if not seconds:
        return ""
    if seconds < 120:
        return f"It asks you to wait {seconds:.0f} seconds. "
    if seconds < 7200:
        return f"It asks you to wait {seconds / 60:.0f} minutes. "
    if seconds < 172_800:
        return f"It asks you to wait {seconds / 3600:.0f} hours. "
    if seconds < MOST_WAIT:
        return f"It asks you to wait {seconds / 86_400:.0f} days. "
    return "It asks you to wait for more than a year, which no CA should. "


def _network_message(error: NetworkError, ca: str) -> Message:
    if error.reachable:
        text = (
            f"Something answers at {error.url}, but without the CORS headers that a page needs to read it. Some CAs send none; "
            "a relay can add them (the README says how, under “A relay”). Or an overloaded server answered in the CA’s place: "
            "try again."
        )
        return Message(f"{ca} does not let browsers in", text, error.detail)
    text = (
        f"No answer came from {error.url}. Is this computer online? Is the address right, and does its certificate hold in "
        f"this browser? A firewall or an overloaded CA looks the same. Then try again. {_KEPT}"
    )
    return Message(f"{ca} cannot be reached", text, error.detail)
