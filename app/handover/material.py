"""Gathers what moves from the record of an issued order and from the keys in this browser."""

from app.accounts.stored_account import StoredAccount
from app.errors import InputError, LostKeyError
from app.handover.plan import Plan, PrivateKeys
from app.handover.proofs import Proof
from app.issuance.issuance import Issuance
from app.issuance.workflow import Workflow
from app.pki.certificate import read_chain


def check_movable(issuance: Issuance) -> tuple[str, ...]:
    """The names of the certificate of `issuance`. Raises `InputError` where it cannot move.

    Its key must be here, and programs on servers differ in whether and how they ask for addresses: so a certificate with one
    does not move.
    """
    if issuance.choices.csr or issuance.key_destroyed:
        raise InputError("move-out-no-key")
    if any(identifier.type != "dns" for identifier in issuance.choices.identifiers):
        raise InputError("move-out-address")
    return tuple(identifier.value for identifier in issuance.choices.identifiers)


async def account_of(workflow: Workflow, issuance: Issuance) -> StoredAccount:
    """The account that made `issuance`. Raises `LostKeyError` where its key is not in this browser, and `StorageError`."""
    account = await workflow.accounts.find_by_url(issuance.choices.directory, issuance.account_url)
    if account is None:
        raise LostKeyError("account-key-missing")
    return account


async def read_plan(workflow: Workflow, issuance: Issuance, proof: Proof) -> Plan:
    """What of `issuance` moves. Raises what `check_movable` and `account_of` raise, and `CertificateError`."""
    names = check_movable(issuance)
    key = await workflow.ports.keys.load((await account_of(workflow, issuance)).key)
    if key is None:
        raise LostKeyError("account-key-missing")
    return Plan(
        names=names,
        chain=read_chain(issuance.certificate_pem),
        directory=issuance.choices.directory,
        account_url=issuance.account_url,
        order_url=issuance.order_url,
        finalize_url=issuance.finalize_url,
        certificate_url=issuance.certificate_url,
        key_spec=issuance.choices.key_spec,
        account_spec=key.spec,
        profile=issuance.choices.profile,
        proof=proof,
        now=workflow.ports.clock.now(),
    )


async def read_keys(workflow: Workflow, issuance: Issuance) -> PrivateKeys:
    """The keys that move with `issuance`. Raises `StorageError` where one of them cannot be taken out, and as `account_of`."""
    keys, account = workflow.ports.keys, await account_of(workflow, issuance)
    handle = await keys.load(account.key)
    if handle is None:
        raise LostKeyError("account-key-missing")
    return PrivateKeys(
        account=await keys.export_pkcs8(account.key),
        account_public=handle.public_spki,
        certificate=await keys.export_pkcs8(issuance.certificate_key),
    )
