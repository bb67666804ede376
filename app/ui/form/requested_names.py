"""The names in a certificate request of one's own, judged as the names box judges what is typed.

A request cannot be corrected here, because it is signed. So each sentence says what must change in it when it is made again.
"""

from collections.abc import Sequence
from typing import Final

from app.acme.identifier import ip_text
from app.errors import FieldError
from app.pki.certification_request import RequestedName
from app.ui.form.domain_labels import short
from app.ui.form.typed_name import TypedNameError, read_word

FIELD: Final = "csr"

MAX_COMMON_NAME: Final = 64  # characters (RFC 5280 appendix A.1, ub-common-name)
MAX_FAULTS: Final = 3  # that are told at once


class _RequestedNameError(ValueError):
    """A name in a request is none that a CA issues for; the text says which, and what should stand there."""


def good_names(requested: Sequence[RequestedName]) -> tuple[str, ...]:
    """The names and addresses in lower-case ASCII, each once.

    Raises `FieldError` for `csr` where a CA would refuse one of them, with what must change in the request.
    """
    names, faults = [], []
    for entry in requested:
        try:
            names.append(_judge(entry))
        except _RequestedNameError as fault:
            faults.append(str(fault))
    if faults:
        more = f"\nAnd {len(faults) - MAX_FAULTS} more." if len(faults) > MAX_FAULTS else ""
        raise FieldError(FIELD, "\n".join(["The request itself must be made again.", *faults[:MAX_FAULTS]]) + more)
    return tuple(dict.fromkeys(names))


def _judge(entry: RequestedName) -> str:
    if entry.place == "IP":
        return _address(entry.contents)
    if entry.place not in ("DNS", "CN"):
        raise _RequestedNameError(
            f"It asks for more than host names and IP addresses (an entry of the kind {entry.place}). CAs for web servers "
            "refuse that."
        )
    text = _text(entry.contents)
    where = "Its common name (CN)" if entry.place == "CN" else "Its DNS entry"
    if ip_text(text):
        place = "leave it empty" if entry.place == "CN" else "in subjectAltName it must be an IP address (iPAddress)"
        raise _RequestedNameError(f"{where} {text} is an IP address, not a name: {place}.")
    if entry.place == "CN" and len(text) > MAX_COMMON_NAME:
        raise _RequestedNameError(f"{where} {short(text)} is longer than {MAX_COMMON_NAME} characters. Leave it empty.")
    return _name(text, where, empty_will_do=entry.place == "CN")


def _name(text: str, where: str, *, empty_will_do: bool) -> str:
    """The name that `text` is. What the names box would only take for one must stand there as that one."""
    advice = " Leave it empty, or put one of the names there." if empty_will_do else ""
    try:
        value = read_word(text).identifier.value
    except TypedNameError as error:
        advice = f" It should be {error.suggestion}." if error.suggestion else advice
        raise _RequestedNameError(f"{where} “{short(text)}” is no name that a CA issues for.{advice}") from error
    if value == text.lower():
        return value
    if not text.isascii():
        raise _RequestedNameError(f"{where} “{short(text)}” must stand there in its encoded form: {value}.")
    if f"{value}." == text.lower():
        raise _RequestedNameError(f"{where} “{short(text)}” ends in a dot. It must be {value}.")
    raise _RequestedNameError(f"{where} “{short(text)}” is no name that a CA issues for. It should be {value}.")


def _address(contents: bytes) -> str:
    text = ip_text(contents)
    if not text:
        raise _RequestedNameError(f"One of its IP addresses has {len(contents)} bytes; an address has 4 or 16.")
    return text


def _text(contents: bytes) -> str:
    try:
        return contents.decode("utf-8")
    except UnicodeDecodeError:
        return contents.decode("latin-1")
