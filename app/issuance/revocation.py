"""What can be done with a certificate once it is there: another chain, when to renew it, and revocation."""

from dataclasses import replace
from typing import Final

from app.accounts.pasted_key import take_pasted_key
from app.acme.client import connect
from app.acme.directory import read_directory
from app.acme.problem import ProblemError
from app.acme.renewal_info import read_window
from app.acme.retry import read_again
from app.acme.revocation import revoke
from app.ca.catalog import CertificateAuthority, find_ca
from app.errors import FieldError
from app.issuance.issuance import Issuance
from app.issuance.workflow import Workflow
from app.pki.certificate import Certificate, renewal_id
from app.pki.pem import read_certificates
from app.ports import KeySpec

PASTED_KEY: Final = "pasted for a revocation"
"""The key store's name for a key that was pasted; it is there only while the request is signed."""


async def take_chain(workflow: Workflow, issuance: Issuance, n: int) -> Issuance:
    """Take the chain number `n` of `issuance.chains` from now on, and save that. Raises `StorageError`."""
    changed = replace(issuance, certificate_pem=issuance.chains[n])
    await workflow.save(changed)
    return changed


async def ask_window(workflow: Workflow, issuance: Issuance) -> Issuance:
    """Ask the CA when it would like the certificate renewed, and save that. No account and no key are used.

    Raises what `read_directory` and `read_window` raise.
    """
    http, clock = workflow.ports.http, workflow.ports.clock
    authority = find_ca(workflow.authorities, issuance.choices.ca, issuance.choices.directory)
    directory = await read_again(clock, lambda: read_directory(http, clock, authority))
    name = renewal_id(issuance.certificate_pem)
    window = await read_again(clock, lambda: read_window(http, clock, authority, directory, name))
    changed = replace(issuance, window=window)
    await workflow.save(changed)
    return changed


async def revoke_issued(workflow: Workflow, issuance: Issuance, reason: int) -> tuple[Issuance, bool]:
    """Revoke the certificate of `issuance`, signed by the account, and save that it is.

    The flag is False where the CA says that it was revoked before. Raises what `app.acme.revocation.revoke` raises.
    """
    der = read_certificates(issuance.certificate_pem)[0]
    client = await workflow.client(issuance)
    fresh = True
    try:
        await revoke(client, der, reason)
    except ProblemError as error:
        if error.problem.type != "alreadyRevoked":
            raise
        fresh = False
    changed = replace(issuance, revoked=workflow.ports.clock.now())
    await workflow.save(changed)
    return changed, fresh


async def revoke_by_key(
    workflow: Workflow,
    authority: CertificateAuthority,
    certificate: Certificate,
    der: bytes,
    key: tuple[KeySpec, bytes],
    reason: int,
) -> None:
    """Revoke `certificate` (`der`) at `authority` with the certificate's own `key` (kind and DER PKCS#8), without an account.

    The key is a handle in the key store while the request is signed, and then forgotten. Raises `FieldError` where it is
    damaged or not the certificate's, and what `app.acme.revocation.revoke` raises.
    """
    ports = workflow.ports
    try:
        handle = await take_pasted_key(ports.keys, PASTED_KEY, key, "revoke-key", extractable=False)
        if handle.public_spki != certificate.public_spki:
            raise FieldError("revoke-key", "This key belongs to another certificate.")
        client = await connect(ports.http, ports.clock, authority, handle)
        await revoke(client, der, reason)
    finally:
        await ports.keys.delete(PASTED_KEY)
