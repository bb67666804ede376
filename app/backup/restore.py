"""Bringing a backup into this browser.

`app.backup.restore_plan` decides what is written. A key that does not hold together takes its own entry away only; any other
write that fails takes back all that were made before it.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from app.accounts.stored_account import StoredAccount, account_name
from app.backup.browser_content import read_inventory
from app.backup.content import Backup, BackupKey, Part
from app.backup.restore_plan import Change, LeftOut, Plan, accounts_of, issuances_of, plan_restore
from app.errors import DamagedKeyError, StorageError
from app.issuance.issuance import Issuance
from app.issuance.store import record_name
from app.issuance.workflow import Workflow
from app.keys.inventory import without_account_key
from app.ports import JsonRecord, Ports


@dataclass(frozen=True)
class Restored:
    """What came of it: what is new or further on now, and what was here already and stayed.

    `keyless` are accounts of the file without their key: they were left out. `stuck` are orders that were restored, but
    cannot go on here, since they need an account that this browser does not have. `left_out` is whatever else of the file is
    not here now. `keys` counts the keys that no record names.
    """

    accounts: tuple[StoredAccount, ...]
    issuances: tuple[Issuance, ...]
    kept_accounts: tuple[StoredAccount, ...]
    kept_issuances: tuple[Issuance, ...]
    keyless: tuple[StoredAccount, ...]
    stuck: tuple[Issuance, ...]
    left_out: tuple[LeftOut, ...]
    keys: int


async def preview(workflow: Workflow, backup: Backup) -> Plan:
    """What `restore` would write as things are now; nothing is written. Raises `StorageError`."""
    return plan_restore(workflow, backup, await read_inventory(workflow))


async def restore(workflow: Workflow, backup: Backup) -> Restored:
    """Write what `backup` has and this browser has not.

    Raises `ElsewhereError` where another tab works on one of its orders, and `StorageError`; then nothing has changed.
    """
    writing = _Writing(workflow.ports)
    orders = [record_name(id_) for id_ in dict.fromkeys(issuance.id for issuance in backup.issuances)]
    accounts = [account_name(account.directory) for account in backup.accounts]
    async with workflow.locks.try_all(orders), workflow.locks.acquire_all(accounts):
        plan = await preview(workflow, backup)
        try:
            done = [change for change in plan.changes if await _write(writing, change, plan)]
            restored = await _restored(workflow, plan, done)
        except BaseException:
            await writing.take_back(0)
            raise
    for account in restored.accounts:
        workflow.drop_client(account.id)
    return restored


async def _write(writing: "_Writing", change: Change, plan: Plan) -> bool:
    """Write one entry; where one of its keys is not what the file says, take that entry back and note it in `plan`."""
    before = writing.count
    try:
        for name, key in change.keys:
            await writing.keep_key(name, key)
    except DamagedKeyError as error:
        await writing.take_back(before)
        part: Part = "account" if change.account else "order" if change.issuance else "key"
        plan.left_out.append(LeftOut(part, str(error), change.account, change.issuance))
        return False
    if change.record:
        await writing.keep_record(*change.record)
    return True


async def _restored(workflow: Workflow, plan: Plan, done: list[Change]) -> Restored:
    issuances = issuances_of(done)
    stuck = await without_account_key(workflow, issuances)
    return Restored(
        accounts=accounts_of(done),
        issuances=issuances,
        kept_accounts=tuple(plan.kept_accounts),
        kept_issuances=tuple(plan.kept_issuances),
        keyless=tuple(plan.keyless),
        stuck=tuple(issuance for issuance in issuances if issuance.id in stuck),
        left_out=tuple(plan.left_out),
        keys=sum(change.record is None for change in done),
    )


class _Writing:
    """Writes, and remembers how to take each write back."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._undo: list[Callable[[], Awaitable[object]]] = []

    async def keep_record(self, record_key: str, record: JsonRecord) -> None:
        """Write a record."""
        store = self._ports.store
        before = await store.get(record_key)
        self._undo.append(lambda: store.delete(record_key) if before is None else store.put(record_key, before))
        await store.put(record_key, record)

    async def keep_key(self, name: str, key: BackupKey) -> None:
        """Write `key` under `name`. Raises `DamagedKeyError` where its halves do not fit together."""
        keys = self._ports.keys
        before = await keys.load(name)
        if before is None:
            self._undo.append(lambda: keys.delete(name))
        else:
            old, spec = await keys.export_pkcs8(name), before.spec
            self._undo.append(lambda: keys.import_pkcs8(name, old, spec, extractable=True))
        handle = await keys.import_pkcs8(name, key.pkcs8, key.spec, extractable=True)
        if handle.public_spki != key.spki:
            raise DamagedKeyError("Its key is not the one that its public half says.")

    @property
    def count(self) -> int:
        """How many writes can be taken back."""
        return len(self._undo)

    async def take_back(self, count: int) -> None:
        """Undo all writes but the first `count`, the last one first."""
        while len(self._undo) > count:
            undo = self._undo.pop()
            with suppress(StorageError):  # one that fails must not keep the others from being taken back
                await undo()
