"""A certificate once more, with the same choices."""

from dataclasses import replace

from app.errors import InputError
from app.issuance.issuance import Issuance, OrderOptions
from app.issuance.workflow import Workflow


async def renewal_choices(workflow: Workflow, issuance: Issuance) -> OrderOptions:
    """What to order in order to renew `issuance`; whether it says `replaces` is found out when it is ordered.

    The account is the one that ordered before, or else the one at this CA that ordered last. No agreement to the CA's terms
    is claimed: RFC 8555 §7.3 asks for it when an account is made, and ignores it for one that exists. So an account must be
    here, since only a person can agree for a new one; a CA with new terms says so itself (§7.3.3).

    Raises `InputError` where this browser has no account at the CA, where a person must choose the account, and where a DNS
    record that stays was to end before now: without an end it would count for ever, which nobody asked for.
    """
    choices, accounts = issuance.choices, workflow.accounts
    holder = await accounts.holder(choices.directory, issuance.account_url)
    there = [holder] if holder else await accounts.at(choices.directory)
    if not there:
        raise InputError("no-account-to-renew-with")
    if choices.persist_until is not None and choices.persist_until <= workflow.ports.clock.now():
        raise InputError("persist-until-over")
    account = next((account for account in there if account.id == choices.account), there[0])
    accounts.check_chosen(account)
    return replace(choices, account=account.id, terms_agreed=False, replaces="")
