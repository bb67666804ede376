"""Step 1: the form, read into the choices of an issuance."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final, get_args

from app.acme.authority import Authority, usable_authority
from app.acme.challenge import CHALLENGE_TYPES
from app.errors import InputError
from app.flow.issuance import Choices
from app.ports import KeySpec
from app.ui.accounts import AccountForm
from app.ui.names import read_names
from app.ui.own_request import check_request, to_choice

PROOF_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "dns-01": ("DNS record", "DNS records"),
    "http-01": ("file on the web server", "files on the web server"),
    "tls-alpn-01": ("certificate on port 443", "certificates on port 443"),
    "dns-account-01": ("DNS record of the account’s own", "DNS records of the account’s own"),
    "dns-persist-01": ("DNS record that stays", "DNS records that stay"),
}
"""What each kind of proof publishes: one of it, and many."""


def proofs_in_words(kinds: Iterable[str]) -> str:
    """A proof of each of `kinds`, in words: "a DNS record", "2 DNS records and a file on the web server"."""
    counted = Counter(kinds)
    return " and ".join(
        f"{count} {PROOF_WORDS[kind][1]}" if count > 1 else f"a {PROOF_WORDS[kind][0]}" for kind, count in counted.items()
    )


@dataclass(frozen=True)
class Form:
    """The form's fields as they stand, named as in the page's hooks."""

    domains: str
    ca: str
    directory_url: str
    challenge: str
    key_type: str
    agree_tos: bool
    persist_until: str = ""
    challenges: tuple[tuple[str, str], ...] = ()
    profile: str = ""
    csr: str = ""
    account: AccountForm = field(default_factory=AccountForm)


def read_form(
    form: Form, authorities: tuple[Authority, ...], now: float = 0.0
) -> tuple[Choices | None, tuple[InputError, ...]]:
    """The choices that the form holds, or None and everything that must be mended, in the order of the form.

    `now` is the moment in Unix seconds: what shall last until a day that is over is refused.
    """
    reading = read_names(form.domains, form.challenge, form.challenges)
    errors = [reading.error] if reading.error else []
    authority: Authority | None = None
    try:
        authority = usable_authority(authorities, form.ca, form.directory_url)
    except InputError as error:
        errors.append(error)
    others = tuple(pair for pair in form.challenges if pair[1] != form.challenge)
    if any(kind not in CHALLENGE_TYPES for kind in (form.challenge, *(kind for _, kind in others))):
        errors.append(InputError("challenge", "Choose how you prove control."))
    until: int | None = None
    try:
        lasting = "dns-persist-01" in (form.challenge, *(kind for _, kind in others))
        until = read_persist_until(form.persist_until, now) if lasting else None
    except InputError as error:
        errors.append(error)
    request, fault = check_request(form.csr, reading.identifiers)
    if fault:
        errors.append(fault)
    spec = request.spec if request else next((spec for spec in get_args(KeySpec) if spec == form.key_type), None)
    if spec is None:
        errors.append(InputError("key-type", "Choose a key type."))
    if not form.agree_tos:
        errors.append(InputError("agree-tos", "The CA wants you to agree to its terms before it issues anything."))
    if errors or authority is None or spec is None:
        return None, tuple(errors)
    return (
        Choices(
            reading.identifiers,
            form.ca,
            authority.directory,
            form.challenge,
            spec,
            terms_agreed=True,
            challenges=others,
            persist_until=until,
            profile=form.profile,
            csr=to_choice(request) if request else "",
        ),
        (),
    )


def read_persist_until(text: str, now: float) -> int | None:
    """The last second of the day `text` (2027-12-31, UTC) in Unix seconds, or None where none is given.

    Raises `InputError` for what is no date, or one that is over at `now` (Unix seconds).
    """
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError("persist-until", "This is not a date. Write it as 2027-12-31, or leave it empty.") from error
    end = int(datetime.combine(day, time(23, 59, 59), UTC).timestamp())
    if end <= now:
        raise InputError("persist-until", f"{day.isoformat()} is over. Choose a later day, or leave it empty.")
    return end
