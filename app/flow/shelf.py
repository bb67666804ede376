"""The records of all issuances as they are kept, also those that cannot be read; and the end of one."""

from dataclasses import dataclass

from app.errors import StorageError
from app.flow.accounts import SavedAccount
from app.flow.advance import RECORD_PREFIX, Flow
from app.flow.issuance import CERTIFICATE_KEY, ENDED, PROOF_KEY, Issuance
from app.flow.record_checks import read_saved


@dataclass(frozen=True)
class Kept:
    """A record of the store. `issuance` is None where it cannot be read, and `fault` is the sentence that says why."""

    id: str
    issuance: Issuance | None
    fault: str = ""


def record_name(id_: str) -> str:
    """The key in the store of the issuance with this id; a tab claims it under this name, too."""
    return RECORD_PREFIX + id_


async def load(flow: Flow, id_: str) -> Issuance | None:
    """The issuance as it is kept now, or None. Raises `StorageError` for one of a newer version or a damaged one."""
    record = await flow.ports.store.get(record_name(id_))
    return None if record is None else read_saved(record, id_)


async def all_kept(flow: Flow) -> list[Kept]:
    """All records: first those that are open, then those that have ended, each newest first; last what cannot be read.

    Raises `StorageError` where none can be asked for.
    """
    found = [await _kept(flow, key.removeprefix(RECORD_PREFIX)) for key in await record_names(flow)]
    return sorted(found, key=_place)


async def record_names(flow: Flow) -> list[str]:
    """The keys in the store of all issuances. Raises `StorageError`."""
    return [key for key in await flow.ports.store.keys() if key.startswith(RECORD_PREFIX)]


async def _kept(flow: Flow, id_: str) -> Kept:
    try:
        issuance = await load(flow, id_)
    except StorageError as error:
        return Kept(id_, None, str(error))
    return Kept(id_, issuance, "" if issuance else "A saved order is damaged: nothing is left of it.")


def _place(kept: Kept) -> tuple[int, float]:
    if kept.issuance is None:
        return 2, 0.0
    return int(kept.issuance.state in ENDED), -kept.issuance.created


async def open_orders(flow: Flow, account: SavedAccount) -> list[Issuance]:
    """The issuances that cannot end without this account. Raises `StorageError`."""

    def needs(issuance: Issuance) -> bool:
        ordered = issuance.account_url == account.url if issuance.account_url else issuance.choices.account == account.id
        return ordered and issuance.state not in ENDED

    return [issuance for issuance in await flow.saved() if needs(issuance)]


async def delete(flow: Flow, id_: str) -> None:
    """Delete the record with this id, readable or not, with its keys. At the CA nothing changes: an open order ends by itself.

    Raises `ElsewhereError` where another tab works on it, and `StorageError`.
    """
    async with flow.claims.only_here([record_name(id_)]):
        for kind in (CERTIFICATE_KEY, PROOF_KEY):
            await flow.ports.keys.delete(kind + id_)
        await flow.ports.store.delete(record_name(id_))
