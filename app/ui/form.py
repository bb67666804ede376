"""Step 1: the form, read into the choices of an issuance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from app.acme.authority import Authority, find_authority
from app.acme.challenge import CHALLENGE_TYPES
from app.errors import InputError
from app.flow.issuance import Choices
from app.ports import KeySpec
from app.ui.names import read_names

PROOF_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "dns-01": ("DNS record", "DNS records"),
    "http-01": ("file on the web server", "files on the web server"),
}
"""What each kind of proof publishes: one of it, and many."""


@dataclass(frozen=True)
class Form:
    """The form's fields as they stand, named as in the page's hooks."""

    domains: str
    ca: str
    directory_url: str
    challenge: str
    key_type: str
    agree_tos: bool


def read_form(form: Form, authorities: tuple[Authority, ...]) -> tuple[Choices | None, tuple[InputError, ...]]:
    """The choices that the form holds, or None and everything that must be mended, in the order of the form."""
    reading = read_names(form.domains, form.challenge)
    errors = [reading.error] if reading.error else []
    authority: Authority | None = None
    try:
        authority = find_authority(authorities, form.ca, form.directory_url)
    except InputError as error:
        errors.append(error)
    if form.challenge not in CHALLENGE_TYPES:
        errors.append(InputError("challenge", "Choose how you prove control."))
    spec = next((spec for spec in get_args(KeySpec) if spec == form.key_type), None)
    if spec is None:
        errors.append(InputError("key-type", "Choose a key type."))
    if not form.agree_tos:
        errors.append(InputError("agree-tos", "The CA wants you to agree to its terms before it issues anything."))
    if errors or authority is None or spec is None:
        return None, tuple(errors)
    return Choices(reading.identifiers, form.ca, authority.directory, form.challenge, spec, terms_agreed=True), ()
