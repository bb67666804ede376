"""Revokes a certificate (RFC 8555 §7.6): by the account that ordered it, or by its own key."""

from dataclasses import replace
from typing import Final

from app.accounts.commands import import_pasted_key
from app.acme.client import connect
from app.acme.problem import ProblemError
from app.acme.revocation import revoke
from app.ca.catalog import CertificateAuthority
from app.errors import InputError
from app.issuance.issuance import Issuance
from app.issuance.workflow import Workflow
from app.pki.certificate import Certificate
from app.pki.pem import read_certificates
from app.ports import KeySpec

PASTED_KEY: Final = "pasted for a revocation"
"""The name in the key store of a key that was pasted; it is there only while the request is signed."""


async def revoke_issued(workflow: Workflow, issuance: Issuance, reason: int) -> tuple[Issuance, bool]:
    """Revoke the certificate of `issuance`, signed by the account, and save that it is revoked.

    The flag is False where the CA says that it was revoked already. Raises what `app.acme.revocation.revoke` raises.
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
    changed = replace(issuance, revoked=workflow.ports.clock.now(), revoked_for=reason)
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

    The key is in the key store while the request is signed, and is deleted then. Raises `InputError` where it is damaged or
    not the certificate's, and what `app.acme.revocation.revoke` raises.
    """
    ports = workflow.ports
    try:
        handle = await import_pasted_key(ports.keys, PASTED_KEY, key, extractable=False)
        if handle.public_spki != certificate.public_spki:
            raise InputError("key-of-another-certificate")
        client = await connect(ports.http, ports.clock, authority, handle)
        await revoke(client, der, reason)
    finally:
        await ports.keys.delete(PASTED_KEY)
