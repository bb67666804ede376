"""The issuance store: load, list and delete the saved issuances, readable or not; choose the chain."""

from dataclasses import dataclass, replace

from app.accounts.stored_account import CERTIFICATE_KEY, PROOF_KEY
from app.errors import StorageError
from app.issuance.issuance import ENDED, RECORD_PREFIX, Issuance
from app.issuance.record_checks import read_stored
from app.issuance.workflow import Workflow
from app.ports import JsonRecord


@dataclass(frozen=True)
class StoredIssuance:
    """A record of the store. `issuance` is None where it cannot be read, and `fault` says why."""

    id: str
    issuance: Issuance | None
    fault: StorageError | None = None


def record_name(id_: str) -> str:
    """The key in the store of the issuance with this id, which is also the name of its lock."""
    return RECORD_PREFIX + id_


async def record_names(workflow: Workflow) -> list[str]:
    """The keys in the store of all issuances. Raises `StorageError`."""
    return [key for key in await workflow.ports.store.keys() if key.startswith(RECORD_PREFIX)]


async def load(workflow: Workflow, id_: str) -> Issuance | None:
    """The issuance as it is stored now, or None. Raises `StorageError` where it is damaged or of a newer version."""
    record = await workflow.ports.store.get(record_name(id_))
    return None if record is None else read_stored(record, id_)


async def all_stored(workflow: Workflow) -> list[StoredIssuance]:
    """All records: first the open ones, then those that have ended, each newest first; last those that cannot be read.

    Raises `StorageError` where none can be listed.
    """
    records = await workflow.ports.store.get_all(RECORD_PREFIX)
    return sorted((_read(record, key.removeprefix(RECORD_PREFIX)) for key, record in records.items()), key=_place)


def _read(record: JsonRecord | StorageError, id_: str) -> StoredIssuance:
    try:
        return StoredIssuance(id_, read_stored(record, id_))
    except StorageError as error:
        return StoredIssuance(id_, None, error)


def _place(stored: StoredIssuance) -> tuple[int, float]:
    if stored.issuance is None:
        return 2, 0.0
    return int(stored.issuance.state in ENDED), -stored.issuance.created


async def take_chain(workflow: Workflow, issuance: Issuance, n: int) -> Issuance:
    """Use the chain number `n` of `issuance.chains` from now on, and save that. Raises `StorageError`."""
    changed = replace(issuance, certificate_pem=issuance.chains[n])
    await workflow.save(changed)
    return changed


async def take_target(workflow: Workflow, issuance: Issuance, target: str) -> Issuance:
    """Save that the certificate goes to the target with this id; "" is none. Raises `StorageError`."""
    changed = replace(issuance, choices=replace(issuance.choices, target=target))
    await workflow.save(changed)
    return changed


async def take_keep_key(workflow: Workflow, issuance: Issuance, *, keep: bool) -> Issuance:
    """Save whether a renewal shall use the key of this certificate again. Raises `StorageError`."""
    changed = replace(issuance, choices=replace(issuance.choices, keep_key=keep))
    await workflow.save(changed)
    return changed


async def delete(workflow: Workflow, id_: str) -> None:
    """Delete the record with this id, readable or not, and its keys. At the CA nothing changes: an open order expires there.

    Raises `OtherTabError` where another tab works on it, and `StorageError`.
    """
    async with workflow.locks.try_all([record_name(id_)]):
        for prefix in (CERTIFICATE_KEY, PROOF_KEY):
            await workflow.ports.keys.delete(prefix + id_)
        await workflow.ports.store.delete(record_name(id_))
