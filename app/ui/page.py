"""The page for an issuance: the step, what it waits for, what is done, and what is wrong."""

from collections.abc import Sequence
from typing import Final

from app.ca.catalog import CertificateAuthority
from app.dns.checks.report import DnsReport
from app.dns.choices import ProviderChoices
from app.dns.resolvers import Resolver, resolvers_for
from app.errors import LostKeyError
from app.install.targets import Target
from app.issuance.failed_validations import RemainingTries, remaining_tries
from app.issuance.issuance import Issuance, State
from app.issuance.workflow import Workflow
from app.keys.inventory import lacks_account_key
from app.text.errors import message_for
from app.text.issuance import (
    all_names,
    form_title,
    issued_title,
    key_facts,
    names_in_short,
    order_summary,
    proof_facts,
    started_at,
    waiting_words,
)
from app.text.message import Message
from app.text.resolver_list import whom_it_asks
from app.ui.steps.certificate import certificate_view
from app.ui.steps.dns_check import dns_check
from app.ui.steps.progress import prove_progress
from app.ui.steps.prove import prove_view, trouble_of
from app.ui.steps.prove_models import OrderFacts, ProveProgress
from app.ui.views import STEP_OF, PageModel

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
    tries: Sequence[RemainingTries] = (),
    verify_waits: bool = False,
    to_ask: tuple[Resolver, ...] = (),
    report: DnsReport | None = None,
    target: Target | None = None,
) -> PageModel:
    """The page as the record says it is, with DNS records as the providers of `dns` want them.

    `is_follower` tells that another tab works on it and this one only shows it. `tries` are what the CA still allows after a
    failed order. `verify_waits` tells that a click on the button of step 2 waits for other work. `production` is the CA for
    which `authority` is the rehearsal, or None. `to_ask` are the resolvers that the page may ask once a person allows it, empty
    where that was said. `report` is what was found in DNS, None where nobody is asked. `target` is where the certificate goes,
    None where that is not known. Raises `CertificateError` where the saved chain is damaged.
    """
    step = STEP_OF[issuance.state]
    certificate = certificate_view(issuance, authority, production, target) if step == "certificate" else None
    prove = prove_view(issuance, dns, authority.name, practice=authority.records is not None) if step == "prove" else None
    check = dns_check(report, prove.records.entries, dns, authority.name) if prove and report and not prove.failed else None
    progress = (
        prove_progress(issuance, authority, len(prove.cards), working=busy or is_follower, tries=tries, check=check)
        if prove
        else None
    )
    return PageModel(
        step=step,
        busy=busy,
        title=page_title(issuance, progress, revoked=bool(certificate and certificate.revoked)),
        is_follower=is_follower,
        can_leave=busy and step == "prove",
        can_poll_now=busy and issuance.state in _POLLING,
        waiting=waiting_words(issuance, authority) if busy or is_follower else "",
        since=issuance.since,
        trouble=trouble_of(issuance),
        order=order_facts(issuance, authority, target) if step == "prove" else None,
        progress=progress,
        # A click that comes while the page is still busy with something else is not lost: `OpenOrder.do_next`.
        can_verify=step == "prove" and not is_follower and not verify_waits and (not busy or issuance.state == "proving"),
        verify_waits=verify_waits,
        ask_dns=_whom_it_would_ask(issuance, authority, to_ask) if not is_follower else "",
        prove=prove,
        check=check,
        certificate=certificate,
    )


def _whom_it_would_ask(issuance: Issuance, authority: CertificateAuthority, resolvers: tuple[Resolver, ...]) -> str:
    """Which `resolvers` the page would ask about what is to be published, if a person allows it; "" where there are none."""
    return whom_it_asks(resolvers) if issuance.state == "proving" and resolvers_for(authority, resolvers) else ""


def order_facts(issuance: Issuance, authority: CertificateAuthority, target: Target | None = None) -> OrderFacts:
    """What was ordered, as the record says, and for which `target` if that is known."""
    return OrderFacts(
        title=names_in_short(issuance),
        summary=order_summary(issuance, authority, target),
        names=all_names(issuance),
        proof=proof_facts(issuance),
        ca=authority.name,
        profile=issuance.choices.profile,
        key=key_facts(issuance),
        started=started_at(issuance),
    )


def page_title(issuance: Issuance, progress: ProveProgress | None, *, revoked: bool) -> str:
    """The page's title, for the list of tabs: what a person does there, where the order stands (`progress`), or the result."""
    if progress:
        return progress.title
    return issued_title(issuance, revoked=revoked) if issuance.state == "issued" else form_title()


async def tries_left(workflow: Workflow, issuance: Issuance) -> tuple[RemainingTries, ...]:
    """What the CA still allows for the names that failed in `issuance`, where that is known. Raises `StorageError`."""
    allowed = workflow.authority(issuance).failures_per_hour
    if issuance.state != "failed" or not allowed:
        return ()
    return remaining_tries(issuance, await workflow.saved(), allowed, workflow.ports.clock.now())


async def blocking_message(workflow: Workflow, issuance: Issuance) -> Message | None:
    """Why `issuance` cannot go on here or needs a person, or None where it goes on or is done. Raises `StorageError`."""
    from app.text.proof_failure import failed_message, trouble

    authority = workflow.authority(issuance)
    if issuance.state == "failed":
        return failed_message(issuance, authority)
    if await lacks_account_key(workflow, issuance):
        return message_for(LostKeyError("account-key-missing"))
    return trouble(issuance, authority)
