"""After a rehearsal at a CA for trials: the same order at the CA whose certificates browsers trust."""

from dataclasses import dataclass, replace

from app.accounts.stored_account import NewAccount
from app.ca.catalog import CertificateAuthority, production_of, unreachable
from app.errors import DamagedKeyError, InputError
from app.issuance.issuance import Issuance, OrderOptions
from app.issuance.registration import covers
from app.issuance.workflow import Workflow


@dataclass(frozen=True)
class ProductionOrder:
    """What to order from the CA `authority`. `account` is what to register there, None where an account is here.

    Where `is_complete` is False, a person must say more first: agree to terms, choose an account, or bring credentials.
    """

    authority: CertificateAuthority
    choices: OrderOptions
    account: NewAccount | None = None
    is_complete: bool = True


async def production_order(workflow: Workflow, issuance: Issuance) -> ProductionOrder:
    """The order of `issuance` again, at the CA for which its own is the rehearsal: the same names, proofs and kinds of keys.

    An account that is here orders; a new one is like that of the rehearsal. Raises `InputError` where there is no such CA that
    this page reaches, or where the persistent DNS record has expired, and `StorageError`.
    """
    rehearsed_at, clock = workflow.authority(issuance), workflow.ports.clock
    production = production_of(workflow.authorities, rehearsed_at)
    if production is None:
        raise InputError("unknown-ca")
    if production.reachability == "none":
        raise unreachable(production)
    old = issuance.choices
    if old.persist_until is not None and old.persist_until <= clock.now():
        raise InputError("persist-until-over")
    there_anew = replace(old, ca=production.id, directory=production.directory, account="", terms_agreed=False, replaces="")
    choices = replace(there_anew, same_key_as="", keep_key=False)  # as the form would order it: with a new key
    there = await workflow.accounts.at(production.directory)
    ready = [account.id for account in there if not account.must_be_chosen]
    if ready:  # its terms were agreed to when it was made
        return ProductionOrder(production, replace(choices, account=ready[0]))
    account = await _like_that_of(workflow, issuance, rehearsed_at)
    if there or production.external_account or not _agreed(issuance, account, rehearsed_at, production):
        return ProductionOrder(production, choices, is_complete=False)
    id_ = await workflow.accounts.new_id(production.directory)
    return ProductionOrder(production, replace(choices, account=id_, terms_agreed=True), account)


async def _like_that_of(workflow: Workflow, issuance: Issuance, authority: CertificateAuthority) -> NewAccount:
    """A new account like the one that made `issuance`. Its contact is known in the visit that registered it only."""
    wanted = workflow.accounts.wanted.get(issuance.choices.account)
    if wanted:
        return replace(wanted, external=None)
    account = await workflow.accounts.find_by_url(authority.directory, issuance.account_url)
    terms = authority.terms or ""
    try:
        key = await workflow.ports.keys.load(account.key) if account else None
    except DamagedKeyError:
        key = None
    if account is None or key is None:
        return NewAccount(terms=terms)
    return NewAccount(key_spec=key.spec, extractable=account.extractable, terms=terms)


def _agreed(
    issuance: Issuance, account: NewAccount, rehearsed_at: CertificateAuthority, production: CertificateAuthority
) -> bool:
    """Whether the terms that the person agreed to for the rehearsal are those of `production`: one link for both."""
    same = production.terms is not None and production.terms == rehearsed_at.terms
    return issuance.choices.terms_agreed and same and covers(account.terms, production.terms or "")
