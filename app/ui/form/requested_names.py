"""Checks the names in a person's own certificate request by the rules of the names box.

A request is signed, so it cannot be corrected here. Each error says what must change in it when it is made again.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from app.acme.identifier import ip_text
from app.errors import InputError
from app.pki.certification_request import RequestedName
from app.text.sentences import sentence
from app.ui.form.domain_labels import short
from app.ui.form.fields import ErrorCollector
from app.ui.form.typed_name import TypedNameError, read_word

MAX_COMMON_NAME: Final = 64  # characters (RFC 5280 appendix A.1, ub-common-name)
MAX_FAULTS: Final = 3  # that are said at once


def good_names(requested: Sequence[RequestedName]) -> tuple[str, ...]:
    """The names and addresses in lower-case ASCII, each once.

    Raises `InputError` where a CA would refuse one of them, with what must change in the request.
    """
    faults = ErrorCollector(InputError)
    names = [faults.read(partial(_check_entry, entry)) for entry in requested]
    if faults.errors:
        said = [sentence(fault) for fault in faults.errors]
        raise InputError("requested-names-refused", faults=said[:MAX_FAULTS], more=max(len(said) - MAX_FAULTS, 0))
    return tuple(dict.fromkeys(filter(None, names)))


def _check_entry(entry: RequestedName) -> str:
    if entry.place == "IP":
        return _address(entry.contents)
    if entry.place not in ("DNS", "CN"):
        raise InputError("requested-entry-of-other-kind", kind=entry.place)
    text = _text(entry.contents)
    if ip_text(text):
        raise InputError("requested-address-as-name", place=entry.place, name=text)
    if entry.place == "CN" and len(text) > MAX_COMMON_NAME:
        raise InputError("requested-common-name-too-long", name=short(text), most=MAX_COMMON_NAME)
    return _name(text, entry.place)


def _name(text: str, place: str) -> str:
    """The name that `text` is, in the `place` "CN" or "DNS". What the names box would only read as a name must be one here."""
    try:
        value = read_word(text).identifier.value
    except TypedNameError as error:
        raise InputError("requested-name-refused", place=place, name=short(text), suggestion=error.suggestion) from error
    if value == text.lower():
        return value
    if not text.isascii():
        raise InputError("requested-name-not-encoded", place=place, name=short(text), encoded=value)
    if f"{value}." == text.lower():
        raise InputError("requested-name-ends-in-dot", place=place, name=short(text), right=value)
    raise InputError("requested-name-refused", place=place, name=short(text), suggestion=value)


def _address(contents: bytes) -> str:
    text = ip_text(contents)
    if not text:
        raise InputError("requested-address-length", n=len(contents))
    return text


def _text(contents: bytes) -> str:
    try:
        return contents.decode("utf-8")
    except UnicodeDecodeError:
        return contents.decode("latin-1")
