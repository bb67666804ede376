"""Step 1: the form, read into the choices of an issuance."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final, TypeVar, get_args

from app.acme.challenge import CHALLENGE_TYPES
from app.ca.catalog import CertificateAuthority, find_ca, usable_ca
from app.errors import FieldError
from app.issuance.issuance import OrderOptions
from app.pki.private_key_detection import looks_like_private_key
from app.ports import KeySpec
from app.ui.form.account import AccountForm
from app.ui.form.csr import check_request, to_choice
from app.ui.form.names import Reading, read_names

T = TypeVar("T")

TERMS_NEEDED: Final = "The CA wants you to agree to its terms before it issues anything."

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


class _Faults:
    """Collects what must be mended, in the order of the form, so that a person sees all of it at once."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def note(self, error: FieldError | None) -> None:
        """Keep `error`, if there is one."""
        if error:
            self.errors.append(error)

    def read(self, reader: Callable[[], T]) -> T | None:
        """What `reader` gives, or None where it raises an `FieldError`, which is kept."""
        try:
            return reader()
        except FieldError as error:
            self.errors.append(error)
            return None


def read_form(
    form: Form, authorities: tuple[CertificateAuthority, ...], now: float = 0.0
) -> tuple[OrderOptions | None, tuple[FieldError, ...]]:
    """The choices that the form holds, or None and everything that must be mended, in the order of the form.

    `now` is the moment in Unix seconds: what shall last until a day that is over is refused.
    """
    faults = _Faults()
    reading = read_form_names(form, authorities)
    faults.note(reading.error)
    authority = faults.read(lambda: usable_ca(authorities, form.ca, form.directory_url))
    others = tuple(pair for pair in form.challenges if pair[1] != form.challenge)
    kinds = (form.challenge, *(kind for _, kind in others))
    faults.note(_unknown_kind(kinds))
    until = faults.read(lambda: read_persist_until(form.persist_until, now)) if "dns-persist-01" in kinds else None
    faults.note(_profile_fault(form.profile))
    request, fault = check_request(form.csr, reading.identifiers, authority)
    faults.note(fault)
    spec = request.spec if request else faults.read(lambda: _key_spec(form.key_type))
    faults.note(None if form.agree_tos else FieldError("agree-tos", TERMS_NEEDED))
    if faults.errors or authority is None or spec is None:
        return None, tuple(faults.errors)
    choices = OrderOptions(
        reading.identifiers,
        form.ca,
        authority.directory,
        form.account.choice,
        form.challenge,
        spec,
        terms_agreed=True,
        challenges=others,
        persist_until=until,
        profile=form.profile,
        csr=to_choice(request) if request else "",
    )
    return choices, ()


def read_form_names(form: Form, authorities: tuple[CertificateAuthority, ...]) -> Reading:
    """The names box as it is read for the proof and the CA that are chosen. Never raises."""
    try:
        authority = find_ca(authorities, form.ca, form.directory_url)
        public, redundant_taken = authority.trusted, authority.redundant_names != "no"
    except FieldError:  # which is said beside the field of the CA
        public, redundant_taken = False, True
    return read_names(form.domains, form.challenge, form.challenges, public=public, redundant_taken=redundant_taken)


def _unknown_kind(kinds: tuple[str, ...]) -> FieldError | None:
    known = all(kind in CHALLENGE_TYPES for kind in kinds)
    return None if known else FieldError("challenge", "Choose how you prove control.")


def _profile_fault(profile: str) -> FieldError | None:
    message = "This looks like a private key, so it is not sent. Choose a profile from the list."
    return FieldError("profile", message) if looks_like_private_key(profile) else None


def _key_spec(key_type: str) -> KeySpec:
    for spec in get_args(KeySpec):
        if spec == key_type:
            return spec  # type: ignore[no-any-return] # get_args forgets the type
    raise FieldError("key-type", "Choose a key type.")


def read_persist_until(text: str, now: float) -> int | None:
    """The last second of the day `text` (2027-12-31, UTC) in Unix seconds, or None where none is given.

    Raises `FieldError` for what is no date, or one that is over at `now` (Unix seconds).
    """
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise FieldError("persist-until", "This is not a date. Write it as 2027-12-31, or leave it empty.") from error
    end = int(datetime.combine(day, time(23, 59, 59), UTC).timestamp())
    if end <= now:
        raise FieldError("persist-until", f"{day.isoformat()} is over. Choose a later day, or leave it empty.")
    return end
