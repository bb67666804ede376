"""Step 1: reads the form into the options of an order."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import get_args

from app.acme.challenge import CHALLENGE_TYPES
from app.ca.catalog import CertificateAuthority, find_ca_or_none, usable_ca
from app.errors import FieldError
from app.install.targets import Target, find_target
from app.issuance.issuance import OrderOptions
from app.pki.private_key_detection import looks_like_private_key
from app.ports import KeySpec
from app.ui.form.account import AccountForm
from app.ui.form.csr import check_request, to_choice
from app.ui.form.fields import ErrorCollector, ca_field
from app.ui.form.names import Reading, read_names
from app.ui.form.target import NOT_SURE, check_key


@dataclass(frozen=True)
class Form:
    """The values of the form's fields, named as in the page's hooks."""

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
    provider: str = ""
    providers: tuple[tuple[str, str], ...] = ()
    target: str = NOT_SURE
    dns_allow: bool = False
    dns_allow_keep: bool = False
    account: AccountForm = field(default_factory=AccountForm)

    @property
    def key_type_made(self) -> str:
        """The kind of key that would be made; "" for a certificate request of one's own, which has its key already."""
        return "" if self.csr.strip() else self.key_type


def read_form(
    form: Form,
    authorities: tuple[CertificateAuthority, ...],
    now: float = 0.0,
    targets: tuple[Target, ...] = (),
) -> tuple[OrderOptions | None, tuple[FieldError, ...]]:
    """The choices that the form holds, or None and everything that must be corrected, in the order of the form.

    `now` is the moment in Unix seconds: an expiry date in the past is refused. `targets` are the places that the page knows: a
    key that the chosen one is known to refuse is refused.
    """
    errors = ErrorCollector(FieldError)
    reading = read_form_names(form, authorities)
    errors.add(reading.error)
    authority = errors.read_at(ca_field(form.ca), lambda: usable_ca(authorities, form.ca, form.directory_url))
    others = tuple(pair for pair in form.challenges if pair[1] != form.challenge)
    kinds = (form.challenge, *(kind for _, kind in others))
    errors.add(_unknown_kind(kinds))
    until = errors.read(lambda: read_persist_until(form.persist_until, now)) if "dns-persist-01" in kinds else None
    errors.add(_profile_fault(form.profile))
    request, fault = check_request(form.csr, reading.identifiers, authority)
    errors.add(fault)
    spec = request.spec if request else errors.read(lambda: _key_spec(form.key_type))
    target = find_target(targets, form.target)
    errors.add(check_key(target, spec, "csr" if request else "key-type") if spec else None)
    errors.add(None if form.agree_tos else FieldError("agree-tos", "terms-box-empty"))
    if errors.errors or authority is None or spec is None:
        return None, tuple(errors.errors)
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
        target=target.id if target else "",
    )
    return choices, ()


def form_of(choices: OrderOptions, authorities: tuple[CertificateAuthority, ...]) -> Form:
    """The form that asks for `choices` again, with a new key in place of a certificate request that a person brought.

    A CA that is not in the list any more is named by its directory URL. The box for the terms is not ticked.
    """
    listed = choices.ca != "custom" and find_ca_or_none(authorities, choices.ca, choices.directory) is not None
    until = choices.persist_until
    return Form(
        domains="\n".join(identifier.typed for identifier in choices.identifiers),
        ca=choices.ca if listed else "custom",
        directory_url="" if listed else choices.directory,
        challenge=choices.challenge,
        key_type="ec-p256" if choices.csr else choices.key_spec,
        agree_tos=False,
        persist_until="" if until is None else datetime.fromtimestamp(until, UTC).date().isoformat(),
        challenges=choices.challenges,
        profile=choices.profile,
        target=choices.target or NOT_SURE,
    )


def read_form_names(form: Form, authorities: tuple[CertificateAuthority, ...]) -> Reading:
    """The names box as it is read for the proof and the CA that are chosen. Never raises."""
    authority = find_ca_or_none(authorities, form.ca, form.directory_url)  # an unknown one is shown beside its field
    public, redundant_taken = (authority.trusted, authority.redundant_names != "no") if authority else (False, True)
    return read_names(form.domains, form.challenge, form.challenges, public=public, redundant_taken=redundant_taken)


def _unknown_kind(kinds: tuple[str, ...]) -> FieldError | None:
    known = all(kind in CHALLENGE_TYPES for kind in kinds)
    return None if known else FieldError("challenge", "unknown-proof")


def _profile_fault(profile: str) -> FieldError | None:
    return FieldError("profile", "private-key-in-profile") if looks_like_private_key(profile) else None


def _key_spec(key_type: str) -> KeySpec:
    for spec in get_args(KeySpec):
        if spec == key_type:
            return spec  # type: ignore[no-any-return] # get_args forgets the type
    raise FieldError("key-type", "no-key-type")


def read_persist_until(text: str, now: float) -> int | None:
    """The last second of the day `text` (2027-12-31, UTC) in Unix seconds, or None where none is given.

    Raises `FieldError` for what is no date, or one that is over at `now` (Unix seconds).
    """
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise FieldError("persist-until", "persist-until-no-date") from error
    end = int(datetime.combine(day, time(23, 59, 59), UTC).timestamp())
    if end <= now:
        raise FieldError("persist-until", "persist-until-past", day=datetime.combine(day, time(), UTC))
    return end
