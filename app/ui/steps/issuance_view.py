"""Where an issuance stands, as the whole page shows it: the step, what is waited for, what is done already."""

from typing import Final

from app.ca.catalog import CertificateAuthority
from app.issuance.issuance import Issuance, State
from app.ui.form.order import PROOF_WORDS
from app.ui.steps.certificate import certificate_view
from app.ui.steps.prove import prove_summary, prove_title, prove_view, trouble_of
from app.ui.views import PageModel, Step

STEP_OF: Final[dict[State, Step]] = {
    "asked": "names",
    "registered": "names",
    "ordered": "names",
    "proving": "prove",
    "verifying": "prove",
    "ready": "prove",
    "finalizing": "prove",
    "downloading": "prove",
    "issued": "certificate",
    "failed": "prove",
}
"""The step in which each state is shown."""

_WAITING: Final[dict[State, str]] = {
    "asked": "Making the account key and calling {ca}.",
    "registered": "Ordering the certificate from {ca}.",
    "ordered": "Asking {ca} what it wants to see.",
    "verifying": "{ca} is looking at what you published.",
    "ready": "Making the certificate’s key and handing in the request.",
    "finalizing": "{ca} is making the certificate.",
    "downloading": "Fetching the certificate and checking it.",
}


_POLLING: Final[tuple[State, ...]] = ("verifying", "finalizing")
"""The states in which the CA is asked again and again."""


def waiting_words(issuance: Issuance, authority: CertificateAuthority) -> str:
    """What is waited for while the state of `issuance` lasts; "" where it waits for a person or has ended."""
    if issuance.state == "verifying" and not issuance.proofs:
        return f"{authority.name} asked for no proof. Waiting until the order is ready."
    return _WAITING.get(issuance.state, "").format(ca=authority.name)


def standing(issuance: Issuance, authority: CertificateAuthority, *, busy: bool, is_follower: bool) -> PageModel:
    """The page as the record says it is. `is_follower` tells that another tab works on it and this one only shows it.

    Raises `CertificateError` where the saved chain is damaged.
    """
    step = STEP_OF[issuance.state]
    certificate = certificate_view(issuance) if step == "certificate" else None
    kinds = [PROOF_WORDS[kind][0] for kind in issuance.choices.kinds]
    return PageModel(
        step=step,
        busy=busy,
        title=page_title(issuance, revoked=bool(certificate and certificate.revoked)),
        is_follower=is_follower,
        can_leave=busy and step == "prove",
        can_look=busy and issuance.state in _POLLING,
        waiting=waiting_words(issuance, authority) if busy or is_follower else "",
        since=issuance.since,
        names_summary=" · ".join([names_in_short(issuance), authority.name, *kinds]),
        prove_summary=prove_summary(issuance),
        prove_title=prove_title(issuance),
        trouble=trouble_of(issuance),
        prove=None if step == "names" else prove_view(issuance, practice=authority.records is not None),
        certificate=certificate,
    )


def page_title(issuance: Issuance, *, revoked: bool) -> str:
    """The page in a few words, for the list of tabs: what a person does there, or what came of it."""
    names = names_in_short(issuance)
    if issuance.state == "failed":
        return f"Failed: no certificate for {names}"
    if issuance.state == "issued":
        return f"{'Revoked certificate' if revoked else 'Certificate'} for {names}"
    return "Prove control" if STEP_OF[issuance.state] == "prove" else "Get a certificate"


def names_in_short(issuance: Issuance) -> str:
    """The names of an order in one line: all of them up to three, else the first and how many more."""
    first, *others = (identifier.readable for identifier in issuance.choices.identifiers)
    if len(others) < 3:
        return ", ".join([first, *others])
    return f"{first} and {len(others)} more"
