"""What a person reads in the list of orders and certificates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from app.issuance.issuance import Issuance, State
from app.issuance.store import StoredIssuance
from app.text.catalog import N_, _
from app.text.message import Question
from app.text.sentences import sentence

_OPEN: Final[Mapping[State, str]] = {
    "asked": N_("started on {day:date}, not ordered yet"),
    "registered": N_("started on {day:date}, not ordered yet"),
    "ordered": N_("ordered on {day:date}"),
    "proving": N_("waiting for your proof since {day:date}"),
    "verifying": N_("being checked by the CA since {day:date}"),
    "ready": N_("proven on {day:date}, the certificate is being made"),
    "finalizing": N_("proven on {day:date}, the certificate is being made"),
    "downloading": N_("made on {day:date}, waiting to be downloaded"),
}

Age = Literal["issued", "due", "ended"]
"""How a certificate stands: not yet to be renewed, to be renewed now, or no longer valid."""

_AGES: Final[Mapping[tuple[Age, bool], str]] = {
    ("issued", False): N_("issued, ends on {end:date}, renew around {renewal:date}"),
    ("issued", True): N_("issued, ends on {end:date}, renew around {renewal:date}, its key was destroyed here"),
    ("due", False): N_("issued, ends on {end:date}: renew it now"),
    ("due", True): N_("issued, ends on {end:date}: renew it now; its key was destroyed here"),
    ("ended", False): N_("ended on {end:date}"),
    ("ended", True): N_("ended on {end:date}, its key was destroyed here"),
}
"""By how the certificate stands and whether its key was destroyed."""


def open_words(issuance: Issuance) -> str:
    """Where an order that has not ended stands, and since when."""
    return _(_OPEN[issuance.state], day=issuance.since)


def failed_words(issuance: Issuance, reason: str) -> str:
    """When an order failed and why; `reason` is a title of a message, or ""."""
    if not reason:
        return _("failed on {day:date}", day=issuance.since)
    return _("failed on {day:date}: {reason}", day=issuance.since, reason=reason)


def lacks_key_words() -> str:
    """Of an order whose account's key is not here."""
    return _("cannot go on here: its account’s key is not in this browser")


def revoked_words(issuance: Issuance) -> str:
    """Of a certificate that is revoked."""
    if issuance.key_destroyed:
        return _("revoked on {day:date}, its key was destroyed here", day=issuance.revoked)
    return _("revoked on {day:date}", day=issuance.revoked)


def age_words(age: Age, end: datetime, renewal: float, *, key_destroyed: bool) -> str:
    """Of a certificate that ends at `end` and should be renewed around `renewal` (Unix seconds)."""
    return _(_AGES[age, key_destroyed], end=end, renewal=renewal)


def damaged_certificate_words() -> str:
    """Of an order whose saved certificate cannot be read."""
    return _("its certificate is damaged")


def unreadable_title() -> str:
    """The title of a record that cannot be read."""
    return _("An order that cannot be read")


def unreadable_words(stored: StoredIssuance) -> str:
    """Why a record cannot be read."""
    return sentence(stored.fault) if stored.fault else ""


# ---- deleting one ----


def nothing_deleted() -> str:
    """After a no."""
    return _("Nothing was deleted.")


def deleted() -> str:
    """After a yes."""
    return _("It is deleted.")


def deleting_question(issuance: Issuance | None, names: str) -> Question:
    """The question before `issuance`, with these `names`, is deleted, and what that means; None is one that cannot be read."""
    issued = issuance is not None and issuance.state == "issued"
    return Question(
        title=_("Delete this for good?"),
        text=_certificate_text(names) if issued else _order_text(names) if issuance else _unreadable_text(),
        yes=_("Delete it"),
        no=_("Keep it"),
        tick=_("I have downloaded what I need.") if issued else "",
    )


def _certificate_text(names: str) -> str:
    return _(
        "The certificate for {names} is deleted from this browser, with its private key if the browser has it. Servers "
        "that use it keep using it. It stays valid, and you can revoke it here only until you delete it.",
        names=names,
    )


def _order_text(names: str) -> str:
    return _(
        "The order for {names} is deleted from this browser, with its keys. Nothing changes at the CA: an open order ends "
        "by itself.",
        names=names,
    )


def _unreadable_text() -> str:
    return _("The order is deleted from this browser, with its keys. Nothing changes at the CA: an open order ends by itself.")
