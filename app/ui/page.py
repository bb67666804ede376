"""The page for an issuance: the step, what it waits for, what is done, and what is wrong."""

from typing import Final

from app.ca.catalog import CertificateAuthority
from app.dns.choices import ProviderChoices
from app.errors import LostKeyError
from app.issuance.failed_validations import remaining_tries
from app.issuance.issuance import Issuance, State
from app.issuance.workflow import Workflow
from app.keys.inventory import lacks_account_key
from app.text.error_messages import message_for
from app.text.issuance import ended_title, form_title, names_summary, publishing_title, waiting_words
from app.text.message import Message
from app.text.proof_failure import failed_message, trouble
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

_POLLING: Final[tuple[State, ...]] = ("verifying", "finalizing")
"""The states in which the CA is asked again and again."""


def order_page(
    issuance: Issuance,
    authority: CertificateAuthority,
    dns: ProviderChoices,
    production: CertificateAuthority | None = None,
    *,
    busy: bool,
    is_follower: bool,
) -> PageModel:
    """The page as the record says it is, with DNS records as the providers of `dns` want them.

    `is_follower` tells that another tab works on it and this one only shows it.

    `production` is the CA for which `authority` is the rehearsal, or None. Raises `CertificateError` where the saved chain is
    damaged.
    """
    step = STEP_OF[issuance.state]
    certificate = certificate_view(issuance, authority, production) if step == "certificate" else None
    return PageModel(
        step=step,
        busy=busy,
        title=page_title(issuance, revoked=bool(certificate and certificate.revoked)),
        is_follower=is_follower,
        can_leave=busy and step == "prove",
        can_poll_now=busy and issuance.state in _POLLING,
        waiting=waiting_words(issuance, authority) if busy or is_follower else "",
        since=issuance.since,
        names_summary=names_summary(issuance, authority),
        prove_summary=prove_summary(issuance),
        prove_title=prove_title(issuance),
        trouble=trouble_of(issuance),
        prove=None if step == "names" else prove_view(issuance, dns, authority.name, practice=authority.records is not None),
        certificate=certificate,
    )


def page_title(issuance: Issuance, *, revoked: bool) -> str:
    """The page's title, for the list of tabs: what a person does there, or the result."""
    if issuance.state in ("failed", "issued"):
        return ended_title(issuance, revoked=revoked)
    return publishing_title() if STEP_OF[issuance.state] == "prove" else form_title()


async def blocking_message(workflow: Workflow, issuance: Issuance) -> Message | None:
    """Why `issuance` cannot go on here or needs a person, or None where it goes on or is done. Raises `StorageError`."""
    authority = workflow.authority(issuance)
    if issuance.state == "failed":
        allowed = authority.failures_per_hour
        left = remaining_tries(issuance, await workflow.saved(), allowed, workflow.ports.clock.now()) if allowed else ()
        return failed_message(issuance, authority, left)
    if await lacks_account_key(workflow, issuance):
        return message_for(LostKeyError("account-key-missing"))
    return trouble(issuance, authority)
