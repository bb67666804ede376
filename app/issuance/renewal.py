"""Renewal: when it is time, as the CA says (RFC 9773) or by the life of the certificate; and the options of the old order."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from app.acme.client import find_directory, read_again
from app.acme.renewal_info import RenewalWindow, read_window
from app.acme.revocation import KEY_COMPROMISE
from app.ca.catalog import find_ca
from app.errors import CertificateError, InputError, KeptKeyError
from app.issuance.issuance import Issuance, OrderOptions
from app.issuance.workflow import Workflow
from app.pki.certificate import Validity, read_chain, renewal_id

UNSAID_INTERVAL: Final = 6 * 3600.0
MIN_INTERVAL: Final = 60.0
MAX_INTERVAL: Final = 86400.0
"""Seconds between two questions when to renew a certificate: where the CA did not say, at least, and at most."""

SHORT_LIFE: Final = timedelta(days=10)
"""A certificate that lives no longer is short-lived: its renewal has a time of day. Those of Let’s Encrypt live 160 hours."""


def when_to_renew(window: RenewalWindow | None, validity: Validity) -> datetime:
    """When to renew: as the CA said, but not before it said so. A window that comes too late does not count."""
    if window is None or datetime.fromtimestamp(window.start, UTC) >= validity.not_after:
        return renewal_moment(validity)
    return datetime.fromtimestamp(max(window.start, window.asked), UTC)


def renewal_moment(validity: Validity) -> datetime:
    """When two thirds of the certificate's life are over: early enough for a second try."""
    life: timedelta = validity.not_after - validity.not_before
    return validity.not_before + life * 2 / 3


def is_short_lived(validity: Validity) -> bool:
    """Whether hours count when the certificate is renewed."""
    return validity.not_after - validity.not_before <= SHORT_LIFE


def with_window(issuance: Issuance, window: RenewalWindow) -> Issuance:
    """`issuance` with the `window` that its CA has just sent, and when it may be asked again."""
    return replace(issuance, window=replace(window, retry_after=None), ask_again=window.asked + interval(window.retry_after))


def interval(retry_after: float | None) -> float:
    """Seconds until a CA is asked again when to renew a certificate: its Retry-After, within limits (RFC 9773 §4.3.2)."""
    return UNSAID_INTERVAL if retry_after is None else min(max(retry_after, MIN_INTERVAL), MAX_INTERVAL)


async def ask_window(workflow: Workflow, issuance: Issuance) -> Issuance:
    """Ask the CA when it would like the certificate renewed, and save its answer. No account and no key are used.

    Raises what `read_directory` and `read_window` raise.
    """
    http, clock = workflow.ports.http, workflow.ports.clock
    authority = find_ca(workflow.authorities, issuance.choices.ca, issuance.choices.directory)
    directory = await find_directory(http, clock, authority)
    name = renewal_id(issuance.certificate_pem)
    window = await read_again(clock, lambda: read_window(http, clock, authority, directory, name))
    changed = with_window(issuance, window)
    await workflow.save(changed)
    return changed


async def renewal_choices(workflow: Workflow, issuance: Issuance, *, new_key: bool = False) -> OrderOptions:
    """What to order to renew `issuance`. Whether the order says `replaces` is decided when it is placed.

    The account is the one that ordered before, or else the one that ordered last at this CA. No agreement to the CA's terms is
    claimed: RFC 8555 §7.3 asks for it when an account is made, and ignores it for one that exists. So an account must be here,
    because only a person can agree for a new one; a CA with new terms says so itself (§7.3.3).

    The certificate keeps its key where a person wanted that, unless a `new_key` is asked for, this certificate is revoked, or
    another one with this key is because the key was in the wrong hands. Raises `KeptKeyError` where the key is not here.

    Raises `InputError` where this browser has no account at the CA, where a person must choose the account, and where the
    persistent DNS record of the last order has expired: without an end it would be valid for ever, which nobody asked for.
    """
    choices, accounts = issuance.choices, workflow.accounts
    holder = await accounts.find_by_url(choices.directory, issuance.account_url)
    usable = [holder] if holder else await accounts.at(choices.directory)
    if not usable:
        raise InputError("no-account-to-renew-with")
    if choices.persist_until is not None and choices.persist_until <= workflow.ports.clock.now():
        raise InputError("persist-until-over")
    account = next((account for account in usable if account.id == choices.account), usable[0])
    accounts.check_chosen(account)
    kept = "" if new_key else await _kept_key(workflow, issuance)
    return replace(choices, account=account.id, terms_agreed=False, replaces="", same_key_as=kept)


async def _kept_key(workflow: Workflow, issuance: Issuance) -> str:
    """The id of `issuance` where its renewal shall use its key again, and may; else ""."""
    if not issuance.choices.keep_key or issuance.choices.csr or issuance.state != "issued" or issuance.revoked:
        return ""
    key = await workflow.ports.keys.load(issuance.certificate_key)
    if key is None:
        raise KeptKeyError
    return "" if _is_compromised(key.public_spki, await workflow.saved()) else issuance.id


def _is_compromised(public_spki: bytes, saved: Iterable[Issuance]) -> bool:
    """Whether a certificate with this key (DER SubjectPublicKeyInfo) was revoked because the key was in the wrong hands."""
    revoked = (one.certificate_pem for one in saved if one.revoked and one.revoked_for == KEY_COMPROMISE)
    return any(_has_key(pem, public_spki) for pem in revoked)


def _has_key(pem: str, public_spki: bytes) -> bool:
    """Whether the saved certificate `pem` has this key. A damaged one must not keep another from being renewed."""
    try:
        return read_chain(pem).certificate.public_spki == public_spki
    except CertificateError:
        return False
