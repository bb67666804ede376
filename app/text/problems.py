"""A CA's refusals in a person's words: by the type (RFC 8555 §6.7) or else the HTTP status, and by what was asked.

Texts are templates: `{ca}` is the CA, `{next}` and `{kept}` are of the task (`app.text.tasks`), `{names}` the names that were
refused, `{status}` the HTTP status, `{wait}` how long the CA asks to wait.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from app.acme.problem import UNTYPED, Problem
from app.acme.response import reason_phrase
from app.text.catalog import _
from app.text.tasks import Task

Words = tuple[str, str]
"""A title and a text."""

_REFUSED: Final = ("{ca} refused", "Its reason is below. {next} {kept}")

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

TOO_MANY: Final = (
    "{ca} says: too many requests",
    "CAs limit how many orders, failures and certificates a name or an address may have in a time. {wait}Its text below says "
    "which limit it was and how long it lasts. For trials use a test CA. {kept}",
)

PAUSED: Final = (
    "{ca} has paused this account",
    "It does so after many failures in a row, until somebody has looked at them. Open the link below, follow it, and then "
    "press the button again. {kept}",
)

REDUNDANT: Final = (
    "{ca} takes either a wildcard or the names that it covers",
    "A wildcard such as *.shop.example covers www.shop.example, and this CA refuses an order that has both. Leave one of them "
    "out, then start again. {kept}",
)

CLOSED: Final = (
    "The account at {ca} is closed",
    "Its owner or the CA has closed it, and nobody can open it again. For an order, choose “A new account” as the account at "
    "the CA, or forget this one under “Accounts at CAs”: the next order then makes another one.",
)

_BY_TYPE: Final[Mapping[str, Words]] = {
    "accountDoesNotExist": (
        "{ca} does not know this account any more",
        "Either it has lost the account, as a practice CA does that is started anew, or not all of its servers know it yet. "
        "Wait a minute, then press the button again. An order registers the key again, and asks you before it uses another "
        "account. {kept}",
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
    "conflict": ("{ca} refused", "It has another account with that key already. {next} {kept}"),
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
    "orderGone": (
        "{ca} has closed this order",
        "Orders end by themselves after some days, and a practice CA forgets them when it is started anew. Press “Try again "
        "with new values”. Names that were proven may need no new proof. {kept}",
    ),
    "rateLimited": TOO_MANY,
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
"""One entry a type that a person can meet. They speak of an order, unless `_BY_TASK` has other words."""

_ORDER_ONLY: Final = (
    "badCSR",
    "badPublicKey",
    "badSignatureAlgorithm",
    "caa",
    "invalidProfile",
    "orderGone",
    "rejectedIdentifier",
    "unsupportedIdentifier",
)
"""Types whose words tell what to change in an order; over anything else the CA's own words have to do."""

_LIMITED: Final = (
    "{ca} says: too many requests",
    "CAs limit how much may be asked of them in a time. {wait}Its text below says which limit it was and how long it lasts. "
    "{kept}",
)

_NO_FIELDS: Final = (
    "{ca} does not find this account without credentials",
    "It wants credentials from its website (external account binding) even to look an account up by its key, and often they "
    "count only once. So this account cannot be brought in: use it where it was made, or make a new one here with the next "
    "order. {kept}",
)

_UNKNOWN_KEY: Final = (
    "{ca} knows no account of this key",
    "Perhaps the key belongs to another CA (a CA and its test CA have accounts of their own), was replaced by another one, or "
    "is the key of a certificate. Choose the right CA, or paste the right key. {kept}",
)

_NO_ACCOUNT_TO_REVOKE: Final = (
    "{ca} does not know this account any more",
    "So the account cannot revoke the certificate. The certificate’s own key can: under “Revoke with the certificate’s key”. "
    "{kept}",
)

_NOT_FOUND: Final = (
    "{ca} does not find what it made itself",
    "It answers with {status}. It has several servers, and they may not all know yet what one of them has made. Keystay asked "
    "several times. Wait a minute, then press the button again. {kept}",
)

_NO_ADVICE: Final = (
    "{ca} says nothing about this certificate",
    "It answers with {status}: it knows none of that number, or keeps nothing about old ones. {next} {kept}",
)

_CREDENTIALS: Final = (
    "{ca} does not take these credentials",
    "The key ID and the HMAC key from its website do not fit, have expired, or were used before: at many CAs they count once. "
    "Make new ones on its website, fill them in and press the button again. {kept}",
)

_BY_TASK: Final[Mapping[tuple[Task, str], Words]] = {
    ("import", "externalAccountRequired"): _NO_FIELDS,
    ("import", "accountDoesNotExist"): _UNKNOWN_KEY,
    ("revocation", "accountDoesNotExist"): _NO_ACCOUNT_TO_REVOKE,
}

_DENIED: Final = (
    "{ca} does not allow this",
    "It answers with {status} and gives no reason that ACME knows; what it says is below. The account may be closed, or a "
    "firewall or a login page stands before the CA. Try again later; if it stays so, ask the CA. {kept}",
)

_ACCOUNT_REFUSED: Final = (
    "{ca} does not accept this account",
    "It answers with {status}, as CAs do once an account is closed. If that is so, nobody can open it again: choose “A new "
    "account” as the account at the CA, or forget this one under “Accounts at CAs”. {kept}",
)

_MISSING: Final = (
    "{ca} has nothing at that address",
    "It named the address itself, and now answers with {status}. Perhaps it has forgotten what was there, or it is set up "
    "wrongly. Try again later; if it stays so, tell the CA. {kept}",
)

_NOT_POSSIBLE: Final = (
    "{ca} does not offer this",
    "It answers with {status}: it cannot do what was asked. {kept}",
)

_UNTYPED: Final = (
    "{ca} refused",
    "It answers with {status} and gives no reason that ACME knows; what it says is below. {next} {kept}",
)

_BY_STATUS: Final[Mapping[int, Words]] = {
    401: _DENIED,
    403: _DENIED,
    404: _MISSING,
    405: _NOT_POSSIBLE,
    410: _MISSING,
    429: TOO_MANY,
    501: _NOT_POSSIBLE,
}
"""What a status says where the CA names no type of refusal."""

_VAGUE: Final = ("malformed", "unauthorized", "rejectedIdentifier")
_REDUNDANT_NAME: Final = re.compile(r"\bredundant\b", re.IGNORECASE)  # Boulder's word
_EXTERNAL_ACCOUNT: Final = re.compile(r"\bexternal[ -]?account|\bEAB\b", re.IGNORECASE)
_CLOSED_ACCOUNT: Final = re.compile(r"\baccount\b[^\n]{0,200}\b(deactivated|revoked|closed)\b", re.IGNORECASE)


def words_for(problem: Problem, task: Task) -> Words:
    """The templates of title and text for a refusal of `task`."""
    kind = type_in_question(problem)
    if task == "renewal information" and problem.status in (404, 410):
        return _NO_ADVICE
    if task == "order" and problem.status == HTTPStatus.NOT_FOUND and kind in ("malformed", UNTYPED):
        return _NOT_FOUND  # CAs have no type for it
    if problem.status == HTTPStatus.NOT_IMPLEMENTED:  # step-ca gives it a type that is about names
        return _NOT_POSSIBLE
    if kind == UNTYPED:
        return _BY_STATUS.get(problem.status or 0, _UNTYPED if problem.status else _REFUSED)
    if ":" in kind and problem.status == HTTPStatus.TOO_MANY_REQUESTS:  # a type of the CA's own
        return _LIMITED
    if (task, kind) in _BY_TASK:
        return _BY_TASK[task, kind]
    special = _by_detail(problem, kind, task) if kind in _VAGUE else None
    if special:
        return special
    if task != "order" and kind in _ORDER_ONLY:
        return _REFUSED
    if task != "order" and kind == "rateLimited":
        return _LIMITED
    return _BY_TYPE.get(kind, _REFUSED)


def _by_detail(problem: Problem, kind: str, task: Task) -> Words | None:
    """What CAs have no type for and say in their own words."""
    if task == "order" and _REDUNDANT_NAME.search(problem.full_detail):
        return REDUNDANT
    if kind == "rejectedIdentifier":
        return None
    if kind == "unauthorized" and problem.status == HTTPStatus.UNAUTHORIZED and task != "revocation":  # RFC 8555 §7.3.6
        return _ACCOUNT_REFUSED
    if _EXTERNAL_ACCOUNT.search(problem.detail):
        return _NO_FIELDS if task == "import" else _CREDENTIALS
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
