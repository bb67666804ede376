"""The records of all issuances as they are kept, also those that cannot be read; and the end of one."""

from dataclasses import dataclass

from app.accounts.stored_account import CERTIFICATE_KEY, PROOF_KEY
from app.errors import StorageError
from app.issuance.issuance import ENDED, RECORD_PREFIX, Issuance
from app.issuance.record_checks import read_stored
from app.issuance.workflow import Workflow


@dataclass(frozen=True)
class StoredIssuance:
    """A record of the store. `issuance` is None where it cannot be read, and `fault` is the sentence that says why."""

    id: str
    issuance: Issuance | None
    fault: str = ""


def record_name(id_: str) -> str:
    """The key in the store of the issuance with this id; a tab claims it under this name, too."""
    return RECORD_PREFIX + id_


async def load(workflow: Workflow, id_: str) -> Issuance | None:
    """The issuance as it is kept now, or None. Raises `StorageError` for one of a newer version or a damaged one."""
    record = await workflow.ports.store.get(record_name(id_))
    return None if record is None else read_stored(record, id_)


async def all_stored(workflow: Workflow) -> list[StoredIssuance]:
    """All records: first those that are open, then those that have ended, each newest first; last what cannot be read.

    Raises `StorageError` where none can be asked for.
    """
    found = [await _kept(workflow, key.removeprefix(RECORD_PREFIX)) for key in await record_names(workflow)]
    return sorted(found, key=_place)


async def record_names(workflow: Workflow) -> list[str]:
    """The keys in the store of all issuances. Raises `StorageError`."""
    return [key for key in await workflow.ports.store.keys() if key.startswith(RECORD_PREFIX)]


async def _kept(workflow: Workflow, id_: str) -> StoredIssuance:
    try:
        issuance = await load(workflow, id_)
    except StorageError as error:
        return StoredIssuance(id_, None, str(error))
    return StoredIssuance(id_, issuance, "" if issuance else "A saved order is damaged: nothing is left of it.")


def _place(kept: StoredIssuance) -> tuple[int, float]:
    if kept.issuance is None:
        return 2, 0.0
    return int(kept.issuance.state in ENDED), -kept.issuance.created


async def delete(workflow: Workflow, id_: str) -> None:
    """Delete the record with this id, readable or not, with its keys. At the CA nothing changes: an open order ends by itself.

    Raises `ElsewhereError` where another tab works on it, and `StorageError`.
    """
    async with workflow.locks.try_all([record_name(id_)]):
        for kind in (CERTIFICATE_KEY, PROOF_KEY):
            await workflow.ports.keys.delete(kind + id_)
        await workflow.ports.store.delete(record_name(id_))
