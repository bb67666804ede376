"""What the form of a built page holds before anybody touches it: reads `DEFAULT_CA=` and `CONTACT=` of `make dist`."""

import argparse
import re
from dataclasses import dataclass
from html import escape

from app.ca.catalog import CertificateAuthority, usable_ca
from app.errors import FieldError, InputError
from app.text.sentences import sentence
from app.ui.form.account import read_contact


@dataclass(frozen=True)
class FormDefaults:
    """The CA that is chosen, by its id, and the e-mail for a new account; "" leaves the page as it is.

    `directory` is the directory URL of a CA that the list has no entry for; `ca` is then "custom".
    """

    ca: str = ""
    directory: str = ""
    contact: str = ""


def read_default_contact(text: str) -> str:
    """Read one e-mail address or several, for argparse. Raises `ArgumentTypeError` with the sentence that the form has."""
    try:
        read_contact(text)
    except FieldError as error:
        raise argparse.ArgumentTypeError(sentence(error)) from error
    return " ".join(text.split())


def read_default_ca(text: str, authorities: tuple[CertificateAuthority, ...]) -> FormDefaults:
    """The CA that `text` means: an id of the list, or a directory URL at the origin of a listed CA.

    `authorities` are those of the built page. Raises `ValueError` with a sentence where the page could not order there.
    """
    if not text:
        return FormDefaults()
    offered = tuple(authority for authority in authorities if authority.records is None)  # the practice CA is chosen by itself
    listed = next((authority.id for authority in offered if text in (authority.id, authority.directory)), "")
    if not listed and "://" not in text:
        ids = ", ".join(authority.id for authority in offered if authority.reachability != "none")
        message = f"{text!r} is no CA of static/data/cas.json. Write a directory URL or one of these ids: {ids}"
        raise ValueError(message)
    try:
        usable_ca(offered, listed or "custom", text)
    except InputError as error:
        raise ValueError(sentence(error)) from error
    return FormDefaults(ca=listed) if listed else FormDefaults(ca="custom", directory=text)


def with_defaults(page: str, defaults: FormDefaults) -> str:
    """The HTML `page` with `defaults` in its form. Stops with a sentence where it lacks a field."""
    if defaults.ca:
        start, select, rest = _parted(page, r'<select id="ca".*?</select>')
        before, option, after = _parted(select, f'<option value="{re.escape(escape(defaults.ca))}"')
        page = f"{start}{before}{option} selected{after}{rest}"
    for field, value in (("directory-url", defaults.directory), ("contact", defaults.contact)):
        if value:
            start, tag, rest = _parted(page, f'<input id="{field}"')
            page = f'{start}{tag} value="{escape(value)}"{rest}'
    return page


def _parted(text: str, pattern: str) -> tuple[str, str, str]:
    """What is before, at and after the one place in `text` that fits `pattern`."""
    found = list(re.finditer(pattern, text, re.DOTALL))
    if len(found) != 1:
        message = f"index.html must hold {pattern} once"
        raise SystemExit(message)
    return text[: found[0].start()], found[0][0], text[found[0].end() :]
