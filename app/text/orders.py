"""What a person reads of one order or certificate in the list: how it stands, and the words on its buttons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.issuance.issuance import Issuance, State
from app.issuance.saved_records import StoredIssuance
from app.text.catalog import N_, _, ngettext
from app.text.message import sentences
from app.text.sentences import sentence


@dataclass(frozen=True)
class Words:
    """How an order stands, in a sentence that catches the eye, and what else there is to say; either may be ""."""

    headline: str
    more: str = ""


_OPEN: Final[Mapping[State, str]] = {
    "asked": N_("Not ordered yet."),
    "registered": N_("Not ordered yet."),
    "ordered": N_("Ordered, not proven yet."),
    "verifying": N_("{ca} was asked to look at what you published."),
    "ready": N_("Proven. The certificate comes next."),
    "finalizing": N_("Proven. The certificate comes next."),
    "downloading": N_("The certificate is made, but not fetched yet."),
}
_WAITS: Final[Mapping[str, str]] = {
    "dns-01": N_("Waits for your DNS records."),
    "dns-account-01": N_("Waits for your DNS records."),
    "dns-persist-01": N_("Waits for your DNS records."),
    "http-01": N_("Waits for the files on your web server."),
    "tls-alpn-01": N_("Waits for your answer on port 443."),
}
"""Type of challenge (RFC 8555 §8) → what an order with this one alone waits for."""

_LABELS: Final[Mapping[tuple[str, str], str]] = {
    ("open", "open"): N_("Continue"),
    ("open", "failed"): N_("See why"),
    ("open", "stuck"): N_("See why"),
    ("renew", "issued"): N_("Renew now"),
    ("renew", "due"): N_("Renew"),
}
"""The words of a button where they hang on the status."""


def open_words(issuance: Issuance, ca: str, now: float) -> Words:
    """Where an order at `ca` that has not ended stands, and since when."""
    since = sentences(_since(issuance.since, now), _same_key(issuance))
    if issuance.state != "proving":
        return Words(_(_OPEN[issuance.state], ca=ca), since)
    if any(proof.problem for proof in issuance.proofs):
        return Words(_("A proof failed. You can try again."), since)
    waits = {_WAITS[issuance.kind_of(proof)] for proof in issuance.proofs} or {_WAITS[kind] for kind in issuance.choices.kinds}
    return Words(_(waits.pop()) if len(waits) == 1 else _("Waits for what you publish."), since)


def _since(moment: float, now: float) -> str:
    if _is_today(moment, now):
        return _("Since {moment:minute} today.", moment=moment)
    return _("Since {day:date}.", day=moment)


def _is_today(moment: float, now: float) -> bool:
    """Whether `moment` is on the same day as `now` (both Unix seconds) by the clock of this computer."""
    day, today = (datetime.fromtimestamp(one, UTC).astimezone().date() for one in (moment, now))
    return day == today


def failed_words(issuance: Issuance, reason: str, now: float) -> Words:
    """When an order failed and why; `reason` is a title of a message, or ""."""
    if _is_today(issuance.since, now):
        when = _("That was at {moment:minute} today.", moment=issuance.since)
    else:
        when = _("That was on {day:date}.", day=issuance.since)
    # Translators: {reason} is the title of a message, without a full stop.
    return Words(_("Not issued."), sentences(_("{reason}.", reason=reason) if reason else "", when))


def lacks_key_words() -> Words:
    """Of an order whose account's key is not here."""
    return Words(_("Cannot go on here."), _("The key of its account is not in this browser."))


def revoked_words(issuance: Issuance) -> Words:
    """Of a certificate that is revoked."""
    return Words(_("Revoked on {day:date}.", day=issuance.revoked), sentences(_("Do not use it."), _key(issuance)))


def valid_words(end: datetime, renewal: str, issuance: Issuance) -> Words:
    """Of a certificate that ends at `end`. `renewal` says when to renew it, or is "" where a newer one is here."""
    return Words(_("Valid until {end:date}.", end=end), sentences(renewal or _replaced(), _key(issuance)))


def come_back(renewal: float, *, hours: bool) -> str:
    """Around when to renew, in Unix seconds; with the time of day where the certificate's life is counted in `hours`."""
    if hours:
        return _("Come back around {renewal:datetime}.", renewal=renewal)
    return _("Come back around {renewal:date}.", renewal=renewal)


def due_words(end: datetime, now: float, issuance: Issuance) -> Words:
    """Of a certificate that ends at `end` and should be renewed `now` (Unix seconds)."""
    days = (end.date() - datetime.fromtimestamp(now, UTC).date()).days  # as the day is said: in UTC
    if days < 1:
        headline = _("Ends today, on {end:date}.", end=end)
    else:
        headline = ngettext("Ends in {n} day, on {end:date}.", "Ends in {n} days, on {end:date}.", days, end=end)
    return Words(headline, sentences(_("Renew it now."), _key(issuance)))


def ended_words(end: datetime, issuance: Issuance, *, replaced: bool) -> Words:
    """Of a certificate that ended at `end`; `replaced` tells that a newer one is here."""
    return Words(_("Ended on {end:date}.", end=end), sentences(_replaced() if replaced else "", _key(issuance)))


def _replaced() -> str:
    return _("A newer certificate has taken its place.")


def _key(issuance: Issuance) -> str:
    if issuance.key_destroyed:
        return _("Its private key was destroyed in this browser.")
    return _same_key(issuance)


def _same_key(issuance: Issuance) -> str:
    """That its key is not its own alone; "" where it is."""
    return _("With the same key as the certificate before.") if issuance.choices.same_key_as else ""


def damaged_certificate_words() -> Words:
    """Of an order whose saved certificate cannot be read."""
    return Words(_("The saved certificate is damaged."), _("You can order it again."))


def unreadable_title() -> str:
    """The title of a record that cannot be read."""
    return _("An order that cannot be read")


def unreadable_words(stored: StoredIssuance) -> str:
    """Why a record cannot be read."""
    return sentence(stored.fault) if stored.fault else ""


# ---- buttons ----


def label(action: str, status: str) -> str:
    """The words on the button for `action` of an entry with this `status`."""
    if action == "change":
        return _("Change the names")
    if action == "remind":
        return _("Add to calendar")
    if action == "delete":
        return _("Delete")
    return _(_LABELS.get((action, status), N_("Open") if action == "open" else N_("Order again")))
