"""The records and keys of this browser, read once, so that thousands of entries of a backup can be compared with them."""

from collections import Counter
from dataclasses import dataclass, field

from app.accounts.stored_account import RECORD_PREFIX as ACCOUNT_PREFIX
from app.accounts.stored_account import StoredAccount
from app.errors import DamagedKeyError, StorageError
from app.issuance.issuance import RECORD_PREFIX as ISSUANCE_PREFIX
from app.issuance.issuance import Issuance
from app.issuance.store import load, record_name
from app.issuance.workflow import Workflow
from app.ports import KeyHandle


@dataclass
class BrowserContent:
    """All records and keys. `records` are their keys in the store, also of records that cannot be read.

    `keys` are by name, None for a damaged one; `owners` are the records that use a key, by the key's name, also where that key
    is missing. `issuances` are by id.
    """

    records: set[str] = field(default_factory=set)
    issuances: dict[str, Issuance] = field(default_factory=dict)
    keys: dict[str, KeyHandle | None] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    _accounts: dict[tuple[str, str], list[StoredAccount]] = field(default_factory=dict)  # by directory and URL
    _public: set[bytes] = field(default_factory=set)
    _reserved: set[str] = field(default_factory=set)  # names for keys that are about to be written
    _numbers: Counter[str] = field(default_factory=Counter)  # by directory: how many ids were tried

    def add_key(self, name: str, handle: KeyHandle | None) -> None:
        """Add the key that is stored under `name`."""
        self.keys[name] = handle
        if handle:
            self._public.add(handle.public_spki)

    def add_account(self, account: StoredAccount) -> None:
        """Add an account that is here, or is about to be written."""
        record = ACCOUNT_PREFIX + account.id
        self.records.add(record)
        self._accounts.setdefault((account.directory, account.url), []).append(account)
        for name in filter(None, (account.key, account.next_key)):
            self.owners[name] = record

    def add_issuance(self, issuance: Issuance) -> None:
        """Add an order that is here."""
        self.issuances[issuance.id] = issuance
        for name in (issuance.certificate_key, issuance.proof_key):
            self.owners[name] = record_name(issuance.id)

    def usable_account(self, directory: str, url: str) -> StoredAccount | None:
        """The account `url` at this CA, if its key is here, or about to be written."""
        accounts = self._accounts.get((directory, url), ())
        return next((account for account in accounts if self.keys.get(account.key) or account.key in self._reserved), None)

    def has_key(self, public_spki: bytes) -> bool:
        """Whether a key with this public key (DER) is here."""
        return public_spki in self._public

    def new_account_id(self, directory: str) -> str:
        """An id for one more account at this CA that no record has."""
        while True:
            self._numbers[directory] += 1
            number = self._numbers[directory]
            id_ = directory if number == 1 else f"{directory} {number}"
            if ACCOUNT_PREFIX + id_ not in self.records:
                return id_

    def new_key_name(self, wanted: str) -> str:
        """`wanted`, or that with a number behind it: a name that no key has and that no record uses. It is reserved then."""
        name, number = wanted, 1
        while name in self.keys or name in self.owners or name in self._reserved:
            number += 1
            name = f"{wanted} ({number})"
        self._reserved.add(name)
        return name


async def read_browser_content(workflow: Workflow) -> BrowserContent:
    """What this browser holds now; what cannot be read counts as well. Raises `StorageError` where nothing can be listed."""
    content = BrowserContent()
    for name in await workflow.ports.keys.names():
        try:
            content.add_key(name, await workflow.ports.keys.load(name))
        except DamagedKeyError:
            content.add_key(name, None)
    for record in await workflow.ports.store.keys():
        content.records.add(record)
        try:
            await _add(workflow, content, record)
        except StorageError:
            continue
    return content


async def _add(workflow: Workflow, content: BrowserContent, record: str) -> None:
    """Add the record that is stored under the key `record`. Raises `StorageError` where it cannot be read."""
    if record.startswith(ACCOUNT_PREFIX):
        account = await workflow.accounts.saved(record.removeprefix(ACCOUNT_PREFIX))
        if account:
            content.add_account(account)
    elif record.startswith(ISSUANCE_PREFIX):
        issuance = await load(workflow, record.removeprefix(ISSUANCE_PREFIX))
        if issuance:
            content.add_issuance(issuance)
