"""The accounts saved in this browser: any number at a CA, each by an id of ours, with the name of its key in the key store."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import Final

from app.accounts.record_locks import RecordLocks
from app.accounts.stored_account import RECORD_PREFIX, NewAccount, StoredAccount, account_name, read_account
from app.acme.account import ClosedAccountError, find
from app.acme.account import read_account as ask_account
from app.acme.client import Client, connect
from app.acme.problem import ProblemError
from app.ca.catalog import CertificateAuthority
from app.errors import DamagedKeyError, InputError, RecordFaultError, StorageError, UnreadableRecordError
from app.ports import JsonRecord, KeyHandle, Ports

NEW: Final = "new"  # chosen in place of an existing account
MAX_KEY_DELAY: Final = 10.0
"""Seconds after a key change in which a CA may still verify signatures by the old key; Boulder may for five."""


class AccountStore:
    """The accounts of this browser."""

    def __init__(self, ports: Ports, locks: RecordLocks) -> None:
        self.ports = ports
        self._locks = locks
        self._chosen: set[tuple[str, float]] = set()  # id and `made` of accounts that a person chose in this visit
        self.wanted: dict[str, NewAccount] = {}
        """What a person chose for new accounts in this visit, by id; with the CA's credentials, which are never saved."""
        self._key_changed: dict[str, float] = {}  # time of a key change in this visit, by the account's id
        self.on_secret: Callable[[bytes], None] = lambda _: None
        """Called with each secret that is in use from now on, so that the secret scanner knows it."""

    def set_wanted(self, id_: str, wanted: NewAccount) -> None:
        """Remember what a person chose for the account `id_`, in case it must be registered."""
        if wanted.external:
            self.on_secret(wanted.external.key)
        self.wanted[id_] = wanted

    async def saved(self, id_: str) -> StoredAccount | None:
        """The account with this id, if there is one. Raises `StorageError`."""
        record = await self.ports.store.get(RECORD_PREFIX + id_)
        return None if record is None else _read(record, id_)

    async def save(self, account: StoredAccount) -> None:
        """Save the record. Raises `StorageError`."""
        await self.ports.store.put(account.record_name, account.to_json())

    async def all(self) -> list[StoredAccount]:
        """All registered accounts that can be read. Raises `StorageError` where none can be listed."""
        return [account for account in await self.readable() if account.url]

    async def readable(self) -> list[StoredAccount]:
        """All accounts that can be read, also those not registered yet. Raises `StorageError` where none can be listed."""
        return (await self._read_all())[0]

    async def unreadable(self) -> list[str]:
        """The ids of accounts that cannot be read. Raises `StorageError` where none can be listed."""
        return (await self._read_all())[1]

    async def _read_all(self) -> tuple[list[StoredAccount], list[str]]:
        readable: list[StoredAccount] = []
        unreadable: list[str] = []
        for key, record in (await self.ports.store.get_all(RECORD_PREFIX)).items():
            id_ = key.removeprefix(RECORD_PREFIX)
            try:
                readable.append(_read(record, id_))
            except StorageError:  # a damaged one must not hide the others
                unreadable.append(id_)
        return readable, unreadable

    async def at(self, directory: str) -> list[StoredAccount]:
        """The accounts at this CA, the most recently used first, those that must be chosen last. Raises `StorageError`."""
        return _registered_at(directory, await self.readable())

    async def new_id(self, directory: str) -> str:
        """The id for one more account at this CA. It stays the same until that is registered. Raises `StorageError`."""
        return _new_id(directory, *await self._read_all())

    async def chosen_id(self, directory: str, chosen: str) -> str:
        """The id of the account that orders at this CA: the one that a person has `chosen`, or else the last used.

        It is the id of a new account for `NEW`, and where all others must be chosen first. Raises `StorageError`.
        """
        readable, unreadable = await self._read_all()
        accounts = _registered_at(directory, readable)
        for account in accounts:
            if account.id == chosen:
                self._chosen.add((account.id, account.made))
                return chosen
        ready = [account.id for account in accounts if not account.must_be_chosen]
        return ready[0] if ready and chosen != NEW else _new_id(directory, readable, unreadable)

    def check_chosen(self, account: StoredAccount | None) -> None:
        """Refuse to order with an account from a backup that no person has chosen. Raises `InputError`."""
        if account and account.must_be_chosen and (account.id, account.made) not in self._chosen:
            raise InputError("account-not-chosen")

    async def forget(self, account: StoredAccount) -> None:
        """Delete the account and its key from this browser; at the CA it stays. Raises `StorageError`."""
        for name in filter(None, (account.key, account.next_key)):
            await self.ports.keys.delete(name)
        await self.ports.store.delete(RECORD_PREFIX + account.id)

    async def finish_key_change(self, account: StoredAccount, *, accepted: bool) -> StoredAccount:
        """End a key change: the account has the new key if the CA `accepted` it, and the other key is deleted."""
        current, unused = (account.next_key, account.key) if accepted else (account.key, account.next_key)
        extractable = account.extractable
        if accepted:
            self._key_changed[account.id] = self.ports.clock.now()
            key = await self.ports.keys.load(current)
            extractable = key is not None and key.extractable
        changed = replace(account, key=current, next_key="", extractable=extractable)
        await self.save(changed)
        await self.ports.keys.delete(unused)
        return changed

    async def resolve_key_change(self, authority: CertificateAuthority, id_: str) -> StoredAccount | None:
        """The account `id_`. Where a key change was begun and not finished, ask the CA which key it has, and finish it."""
        return await self._resolve_key_change(authority, await self.saved(id_))

    async def _resolve_key_change(self, authority: CertificateAuthority, account: StoredAccount | None) -> StoredAccount | None:
        if account is None or not account.next_key:
            return account
        async with self._locks.acquire_all([account_name(account.directory)]):  # another tab may be changing it
            account = await self.saved(account.id)
            if account is None or not account.next_key:
                return account
            new = await self.ports.keys.load(account.next_key)
            return await self.finish_key_change(
                account, accepted=new is not None and await self._has_key(authority, new, account.url)
            )

    async def _has_key(self, authority: CertificateAuthority, key: KeyHandle, url: str) -> bool:
        """Whether the account at `url` has this `key`."""
        client = await connect(self.ports.http, self.ports.clock, authority, key)
        client.new_key_until = self.ports.clock.now() + MAX_KEY_DELAY
        try:
            found = await find(client)
        except ClosedAccountError as error:  # it is the account's key nevertheless
            found = error.url
        except ProblemError as error:
            if error.problem.type == "externalAccountRequired":  # this CA finds no account by its key: ask the account itself
                return await self._opens(client, url)
            if error.problem.type != "accountDoesNotExist":
                raise
            return False
        return found == url

    @staticmethod
    async def _opens(client: Client, url: str) -> bool:
        """Whether the client's key opens the account at `url`."""
        client.account_url = url
        try:
            await ask_account(client)
        except ProblemError as error:
            if error.problem.type not in ("malformed", "unauthorized"):
                raise
            return False
        return True

    async def find_by_url(self, directory: str, url: str) -> StoredAccount | None:
        """The account `url` at the CA with this `directory`, if this browser holds its key. Raises `StorageError`."""
        for account in await self.at(directory):
            with suppress(DamagedKeyError):  # a damaged key must not hide the others
                if account.url == url and await self.ports.keys.load(account.key) is not None:
                    return account
        return None

    async def client(self, authority: CertificateAuthority, id_: str) -> Client:
        """A new client for the CA with the account's key, which is generated at first use. Raises what `connect` raises."""
        client, _ = await self.client_of(authority, id_, await self.saved(id_))
        return client

    async def client_of(
        self, authority: CertificateAuthority, id_: str, account: StoredAccount | None
    ) -> tuple[Client, StoredAccount | None]:
        """As `client`, where `account` is what is saved under this id; and what is saved then."""
        account = await self._resolve_key_change(authority, account)
        key, account = await self._key(authority, id_, account)
        client = await connect(self.ports.http, self.ports.clock, authority, key)
        client.account_url = account.url or None if account else None
        client.new_key_until = self._key_changed.get(id_, 0.0) + MAX_KEY_DELAY
        return client, account

    async def _key(
        self, authority: CertificateAuthority, id_: str, account: StoredAccount | None
    ) -> tuple[KeyHandle, StoredAccount | None]:
        """The account's key, and the record. Until the account is registered, both are as the person wanted them last."""
        wanted = self.wanted.get(id_)
        name = account.key if account else RECORD_PREFIX + id_
        if account or wanted is None:
            key = await self.ports.keys.load(name)
            if key and (account is None or account.url or wanted is None):
                return key, account
            if key and account and wanted and (key.spec, account.extractable) == (wanted.key_spec, wanted.extractable):
                return key, await self._save_wanted(account, wanted)
        chosen, made = wanted or NewAccount(), self.ports.clock.now()
        new = StoredAccount(id_, authority.id, authority.directory, name, extractable=chosen.extractable, made=made)
        saved = await self._save_wanted(new, chosen)
        return await self.ports.keys.generate(name, chosen.key_spec, extractable=chosen.extractable), saved

    async def _save_wanted(self, account: StoredAccount, wanted: NewAccount) -> StoredAccount:
        """Save what a person chose for an account that is not registered yet, so that they are not asked twice."""
        saved = replace(account, contact=wanted.contact, terms=wanted.terms)
        await self.save(saved)
        return saved


def _registered_at(directory: str, accounts: Iterable[StoredAccount]) -> list[StoredAccount]:
    """Those of `accounts` that are registered at this CA, the most recently used first, those that must be chosen last."""
    there = [account for account in accounts if account.url and account.directory == directory]
    return sorted(there, key=lambda account: (not account.must_be_chosen, account.used), reverse=True)


def _new_id(directory: str, readable: Iterable[StoredAccount], unreadable: Iterable[str]) -> str:
    """The id for one more account at this CA beside these: that of one which is not registered yet may be used again."""
    taken = {account.id for account in readable if account.url} | set(unreadable)
    ids = (directory if number == 1 else f"{directory} {number}" for number in count(1))
    return next(id_ for id_ in ids if id_ not in taken)


def _read(record: JsonRecord | StorageError, id_: str) -> StoredAccount:
    """The account in the `record` that is stored under `id_`. Raises `StorageError`, also one in place of the record."""
    if isinstance(record, StorageError):
        raise record
    account = read_account(record)
    if account.id != id_:
        raise UnreadableRecordError("account-damaged", reason=RecordFaultError("record-under-another-name"))
    return account
