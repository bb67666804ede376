"""What can be done with a certificate once it is there: another chain, and revocation."""

from dataclasses import replace

from app.acme.problem import ProblemError
from app.acme.revocation import revoke
from app.flow.advance import Flow
from app.flow.issuance import Issuance
from app.pki.pem import read_certificates


async def take_chain(flow: Flow, issuance: Issuance, n: int) -> Issuance:
    """Take the chain number `n` of `issuance.chains` from now on, and save that. Raises `StorageError`."""
    changed = replace(issuance, certificate_pem=issuance.chains[n])
    await flow.save(changed)
    return changed


async def revoke_issued(flow: Flow, issuance: Issuance, reason: int) -> tuple[Issuance, bool]:
    """Revoke the certificate of `issuance`, signed by the account, and save that it is.

    The flag is False where the CA says that it was revoked before. Raises what `app.acme.revocation.revoke` raises.
    """
    der = read_certificates(issuance.certificate_pem)[0]
    client = await flow.client(issuance)
    fresh = True
    try:
        await revoke(client, der, reason)
    except ProblemError as error:
        if error.problem.type != "alreadyRevoked":
            raise
        fresh = False
    changed = replace(issuance, revoked=flow.ports.clock.now())
    await flow.save(changed)
    return changed, fresh
