"""Errors in a person's words: what happened, why probably, and what to do next. The CA's own text stays one click away."""

from collections.abc import Callable, Mapping
from typing import Final

from app.acme.authority import Authority
from app.acme.problem import Problem, ProblemError, UnavailableError
from app.errors import CertificateError, InputError, KeystayError, NetworkError, ProtocolError, StorageError, StuckError
from app.flow.issuance import Issuance
from app.ui.view import Message

_KEPT: Final = "What you typed is kept, and the order goes on from here."


def message_for(error: Exception, authority: Authority | None = None) -> Message:
    """The message for anything that stopped a click. `authority` is the CA that was spoken to, where one was."""
    ca = authority.name if authority else "the CA"
    match error:
        case ProblemError():
            return problem_message(error.problem, ca)
        case NetworkError():
            return _network_message(error, ca)
        case InputError():
            return Message("This order cannot be made as it is", str(error))
        case UnavailableError():
            text = (
                f"The address of {ca} answers, but not as a CA: it may be overloaded or under maintenance. Try again in a few "
            )
            return Message(f"{ca} is not available now", f"{text}minutes. {_KEPT}", _with_detail(error))
        case ProtocolError():
            text = "Something answered that does not speak ACME as it should. Check the directory URL, and whether a proxy or a login "
            return Message(
                f"{ca} answered in a way that Keystay cannot read",
                f"{text}page stands in between. {_KEPT}",
                _with_detail(error),
            )
        case CertificateError():
            text = "Keystay checks a certificate before it offers it, and this one failed. Do not use it; order another one."
            return Message("The certificate is not what was ordered", f"{error} {text}", error.detail)
        case StuckError():
            text = f"Some CAs take hours for this. Press Verify later: Keystay then asks again. {_KEPT}"
            return Message(f"{ca} is still working on the order", text, error.detail)
        case StorageError():
            text = "Private windows and full disks do that. Free some space or open Keystay in a normal window, then try again."
            return Message("This browser did not keep what Keystay gave it", f"{error} {text}", error.detail)
        case KeystayError():
            return Message("That did not work", f"{error} Try again.", error.detail)
    text = "This is a fault of the page, not yours. Reload it; your order is kept. The line below helps whoever mends it."
    return Message("Keystay made a mistake", text, f"{type(error).__name__}: {error}")


def failed_message(issuance: Issuance, authority: Authority) -> Message:
    """Why the order of a failed `issuance` ended, name by name, and the way on."""
    failures = [proof for proof in issuance.proofs if proof.problem]
    if not failures:
        assert issuance.problem
        return problem_message(issuance.problem, authority.name)
    names = ", ".join(proof.identifier.value for proof in failures)
    text = (
        f"{authority.name} looked and did not find what it wanted. A failed order cannot be used again: press “Try again with new "
        "values”, publish those, and wait a little longer before you verify. Names that passed need no new proof for now."
    )
    budget = f" {authority.failed_validations}" if authority.failed_validations else ""
    detail = "\n".join(f"{proof.identifier.value}: {proof.problem.full_detail}" for proof in failures if proof.problem)
    return Message(f"The proof failed for {names}", text + budget, detail)


def problem_message(problem: Problem, ca: str) -> Message:
    """The message for a CA's refusal; unknown types get the general one."""
    title, text = _PROBLEMS.get(problem.type, _refused)(problem, ca)
    return Message(title, text, problem.full_detail, _https(problem.instance))


Words = tuple[str, str]


def _refused(_: Problem, ca: str) -> Words:
    return f"{ca} refused", f"Its reason is below. Change the order accordingly, or try again later. {_KEPT}"


def _bad_nonce(_: Problem, ca: str) -> Words:
    return (
        f"{ca} refused every one-time number",
        "Each request carries a number that the CA gave out before. Keystay tried many fresh ones in a row. The CA is in trouble, "
        f"or something between you and it keeps old answers. Try again in a few minutes. {_KEPT}",
    )


def _rate_limited(problem: Problem, ca: str) -> Words:
    wait = f" It asks you to wait {_duration(problem.retry_after)}." if problem.retry_after else ""
    return (
        f"{ca} says: too many requests",
        f"CAs limit how many orders, failures and certificates a name or an address may have in a time.{wait} Its text below says "
        f"which limit it was and how long it lasts. For trials use a test CA. {_KEPT}",
    )


def _rejected_identifier(problem: Problem, ca: str) -> Words:
    names = ", ".join(sub.identifier.value for sub in problem.subproblems if sub.identifier)
    which = f"the names {names}" if "," in names else f"the name {names}" if names else "a name of this order"
    return (
        f"{ca} does not issue for {which}",
        "Names of others, test names and names on a block list are refused. Leave them out or correct them, then start again.",
    )


def _terms_changed(_: Problem, ca: str) -> Words:
    return (
        f"{ca} has new terms of service",
        f"It waits until you have read and accepted them: open the link, do what {ca} asks there, then press the button again. {_KEPT}",
    )


def _account_gone(_: Problem, ca: str) -> Words:
    return (
        f"{ca} does not know this account any more",
        "A practice CA forgets everything when it is started anew. Start over: Keystay then registers again.",
    )


def _external_account(_: Problem, ca: str) -> Words:
    return (
        f"{ca} wants an account of its own first",
        "It issues only to customers with a key from its website (external account binding), which Keystay does not offer. "
        "Choose another CA.",
    )


def _caa(_: Problem, ca: str) -> Words:
    return (
        f"A CAA record keeps {ca} from issuing",
        f"The DNS of the name lists the CAs that may issue for it, and {ca} is not among them, or the DNS gave no answer. "
        "Change the CAA record or choose another CA.",
    )


def _bad_request(_: Problem, ca: str) -> Words:
    return f"{ca} could not use the request", f"Its reason is below. Choose another key type, or start over. {_KEPT}"


def _server_trouble(_: Problem, ca: str) -> Words:
    return f"{ca} had a fault of its own", f"Try again in a few minutes. {_KEPT}"


_PROBLEMS: Final[Mapping[str, Callable[[Problem, str], Words]]] = {
    "badNonce": _bad_nonce,
    "rateLimited": _rate_limited,
    "rejectedIdentifier": _rejected_identifier,
    "unsupportedIdentifier": _rejected_identifier,
    "userActionRequired": _terms_changed,
    "accountDoesNotExist": _account_gone,
    "externalAccountRequired": _external_account,
    "caa": _caa,
    "badCSR": _bad_request,
    "badPublicKey": _bad_request,
    "badSignatureAlgorithm": _bad_request,
    "serverInternal": _server_trouble,
}


def _network_message(error: NetworkError, ca: str) -> Message:
    if error.reachable:
        return Message(
            f"{ca} does not let browsers in",
            f"Something answers at {error.url}, but without the CORS headers that a page needs to read it. Some CAs send none; a "
            "relay can add them (the README says how). Or an overloaded server answered in the CA’s place: try again.",
            error.detail,
        )
    return Message(
        f"{ca} cannot be reached",
        f"No answer came from {error.url}. Is this computer online? Is the address right, and does its certificate hold in this "
        f"browser? A firewall or an overloaded CA looks the same. Then try again. {_KEPT}",
        error.detail,
    )


def _with_detail(error: KeystayError) -> str:
    return f"{error}\n{error.detail}".strip()


def _https(link: str | None) -> str:
    return link if link and link.startswith("https://") else ""


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    if seconds < 7200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours"
