"""Restores a backup in this browser.

`app.backup.restore_plan` decides what is written. A key whose parts do not fit costs only its own entry; any other write that
fails undoes all that were made before it.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from app.accounts.stored_account import StoredAccount, account_name
from app.backup.browser_content import read_browser_content
from app.backup.content import Backup, BackupKey, Part
from app.backup.restore_plan import Change, Plan, SkippedEntry, accounts_of, issuances_of, plan_restore
from app.errors import DamagedKeyError, StorageError
from app.issuance.issuance import Issuance
from app.issuance.store import record_name
from app.issuance.workflow import Workflow
from app.keys.inventory import without_account_key
from app.ports import JsonRecord, Ports


@dataclass(frozen=True)
class Restored:
    """The outcome: what is new or has advanced, and what was here already (`unchanged_…`).

    `keyless` are accounts that were skipped because the file does not have their key. `blocked_issuances` are orders that were
    restored, but cannot go on here, because they need an account that this browser does not have. `skipped` is everything else
    in the file that was not restored. `keys` is the number of keys that no record uses.
    """

    accounts: tuple[StoredAccount, ...]
    issuances: tuple[Issuance, ...]
    unchanged_accounts: tuple[StoredAccount, ...]
    unchanged_issuances: tuple[Issuance, ...]
    keyless: tuple[StoredAccount, ...]
    blocked_issuances: tuple[Issuance, ...]
    skipped: tuple[SkippedEntry, ...]
    keys: int


async def preview(workflow: Workflow, backup: Backup) -> Plan:
    """What `restore` would write now. Writes nothing. Raises `StorageError`."""
    return plan_restore(workflow, backup, await read_browser_content(workflow))


async def restore(workflow: Workflow, backup: Backup) -> Restored:
    """Write what `backup` has and this browser does not have.

    Raises `OtherTabError` where another tab works on one of its orders, and `StorageError`; then nothing has changed.
    """
    transaction = _Transaction(workflow.ports)
    orders = [record_name(id_) for id_ in dict.fromkeys(issuance.id for issuance in backup.issuances)]
    accounts = [account_name(account.directory) for account in backup.accounts]
    async with workflow.locks.try_all(orders), workflow.locks.acquire_all(accounts):
        plan = await preview(workflow, backup)
        try:
            done = [change for change in plan.changes if await _write(transaction, change, plan)]
            restored = await _restored(workflow, plan, done)
        except BaseException:
            await transaction.roll_back(0)
            raise
    for account in restored.accounts:
        workflow.drop_client(account.id)
    return restored


async def _write(transaction: "_Transaction", change: Change, plan: Plan) -> bool:
    """Write one entry. Where one of its keys is not what the file says, undo that entry and add it to `plan.skipped`."""
    before = transaction.count
    try:
        for name, key in change.keys:
            await transaction.put_key(name, key)
    except DamagedKeyError as error:
        await transaction.roll_back(before)
        part: Part = "account" if change.account else "order" if change.issuance else "key"
        plan.skipped.append(SkippedEntry(part, error, change.account, change.issuance))
        return False
    if change.record:
        await transaction.put_record(*change.record)
    return True


async def _restored(workflow: Workflow, plan: Plan, done: list[Change]) -> Restored:
    issuances = issuances_of(done)
    lacking = await without_account_key(workflow, issuances)
    return Restored(
        accounts=accounts_of(done),
        issuances=issuances,
        unchanged_accounts=tuple(plan.unchanged_accounts),
        unchanged_issuances=tuple(plan.unchanged_issuances),
        keyless=tuple(plan.keyless),
        blocked_issuances=tuple(issuance for issuance in issuances if issuance.id in lacking),
        skipped=tuple(plan.skipped),
        keys=sum(change.record is None for change in done),
    )


class _Transaction:
    """Writes, and remembers how to undo each write."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._undo: list[Callable[[], Awaitable[object]]] = []

    async def put_record(self, record_key: str, record: JsonRecord) -> None:
        """Write a record."""
        store = self._ports.store
        before = await store.get(record_key)
        self._undo.append(lambda: store.delete(record_key) if before is None else store.put(record_key, before))
        await store.put(record_key, record)

    async def put_key(self, name: str, key: BackupKey) -> None:
        """Write `key` under `name`. Raises `DamagedKeyError` where its private and public key do not fit together."""
        keys = self._ports.keys
        before = await keys.load(name)
        if before is None:
            self._undo.append(lambda: keys.delete(name))
        else:
            old, spec = await keys.export_pkcs8(name), before.spec
            self._undo.append(lambda: keys.import_pkcs8(name, old, spec, extractable=True))
        handle = await keys.import_pkcs8(name, key.pkcs8, key.spec, extractable=True)
        if handle.public_spki != key.spki:
            raise DamagedKeyError("key-of-another-public-key")

    @property
    def count(self) -> int:
        """The number of writes that can be undone."""
        return len(self._undo)

    async def roll_back(self, count: int) -> None:
        """Undo all writes but the first `count`, the last one first."""
        while len(self._undo) > count:
            undo = self._undo.pop()
            with suppress(StorageError):  # one that fails must not prevent the others
                await undo()
