"""Accounts as this browser keeps them: any number at a CA, each by an id of ours, with the name of its key in the key store."""

from collections.abc import Callable
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
from app.errors import DamagedKeyError, FieldError, StorageError, UnreadableRecordError
from app.ports import KeyHandle, Ports

NEW: Final = "new"  # chosen instead of an account that is there
MAX_KEY_DELAY: Final = 10.0
"""Seconds after a key change in which a CA may still check signatures by the old key; Boulder may for five."""


class AccountStore:
    """The accounts of this browser."""

    def __init__(self, ports: Ports, locks: RecordLocks) -> None:
        self.ports = ports
        self._locks = locks
        self._chosen: set[tuple[str, float]] = set()  # id and `made` of accounts that a person chose by hand in this visit
        self.wanted: dict[str, NewAccount] = {}
        """What a person asked for in this visit, by account. It may hold the CA's credentials: these are never saved."""
        self._changed: dict[str, float] = {}  # when the key was changed in this visit, by account
        self.on_secret: Callable[[bytes], None] = lambda _: None
        """Told of each secret that is in use from now on, so that whoever watches the network knows it."""

    def wish(self, id_: str, wanted: NewAccount) -> None:
        """Take what a person wants of the account `id_`, if it must be made."""
        if wanted.external:
            self.on_secret(wanted.external.key)
        self.wanted[id_] = wanted

    async def saved(self, id_: str) -> StoredAccount | None:
        """The account with this id, if there is one. Raises `StorageError`."""
        record = await self.ports.store.get(RECORD_PREFIX + id_)
        account = None if record is None else read_account(record)
        if account and account.id != id_:
            raise UnreadableRecordError("A saved account is damaged and cannot be used. It is kept under another one’s name.")
        return account

    async def save(self, account: StoredAccount) -> None:
        """Keep the record. Raises `StorageError`."""
        await self.ports.store.put(RECORD_PREFIX + account.id, account.to_json())

    async def all(self) -> list[StoredAccount]:
        """All accounts that a CA knows and that can be read. Raises `StorageError` where none can be asked for."""
        return [account for account in await self.readable() if account.url]

    async def readable(self) -> list[StoredAccount]:
        """All accounts that can be read, also those that no CA knows yet. Raises `StorageError` where none can be asked for."""
        return (await self._read_all())[0]

    async def unreadable(self) -> list[str]:
        """The ids of accounts that cannot be read. Raises `StorageError` where none can be asked for."""
        return (await self._read_all())[1]

    async def _read_all(self) -> tuple[list[StoredAccount], list[str]]:
        found: list[StoredAccount] = []
        bad: list[str] = []
        for key in await self.ports.store.keys():
            if key.startswith(RECORD_PREFIX):
                id_ = key.removeprefix(RECORD_PREFIX)
                account = None
                with suppress(StorageError):  # a damaged one must not hide the others
                    account = await self.saved(id_)
                if account:
                    found.append(account)
                else:
                    bad.append(id_)
        return found, bad

    async def at(self, directory: str) -> list[StoredAccount]:
        """The accounts at this CA: the one that ordered last first, those that must be chosen last. Raises `StorageError`."""
        there = [account for account in await self.all() if account.directory == directory]
        return sorted(there, key=lambda account: (not account.must_be_chosen, account.used), reverse=True)

    async def new_id(self, directory: str) -> str:
        """The id for one more account at this CA. It stays the same until the CA has that account. Raises `StorageError`."""
        unknown = {RECORD_PREFIX + account.id for account in await self.readable() if not account.url}
        taken = set(await self.ports.store.keys()) - unknown
        ids = (directory if number == 1 else f"{directory} {number}" for number in count(1))
        return next(id_ for id_ in ids if RECORD_PREFIX + id_ not in taken)

    async def chosen_id(self, directory: str, chosen: str) -> str:
        """The id of the account that orders at this CA: the one that a person has `chosen`, or else the last used.

        It is one more for `NEW`, and where there is none but those that must be chosen. Raises `StorageError`.
        """
        there = await self.at(directory)
        for account in there:
            if account.id == chosen:
                self._chosen.add((account.id, account.made))
                return chosen
        ready = [account.id for account in there if not account.must_be_chosen]
        return ready[0] if ready and chosen != NEW else await self.new_id(directory)

    def check_chosen(self, account: StoredAccount | None) -> None:
        """Refuse to order with an account from a backup that no person has chosen. Raises `FieldError` (`account-choice`)."""
        if account and account.must_be_chosen and (account.id, account.made) not in self._chosen:
            raise FieldError(
                "account-choice",
                "The account for this came from a backup, and has not ordered from this browser yet. Go back to the form, fill "
                "in the names, choose that account under “Account at the CA”, and press Start.",
            )

    async def forget(self, account: StoredAccount) -> None:
        """Delete the account and its key from this browser; the CA keeps its side. Raises `StorageError`."""
        for name in filter(None, (account.key, account.next_key)):
            await self.ports.keys.delete(name)
        await self.ports.store.delete(RECORD_PREFIX + account.id)

    async def settle(self, account: StoredAccount, *, took: bool) -> StoredAccount:
        """End a change of the key: the new one counts, if the CA `took` it, and the other one is forgotten."""
        kept, gone = (account.next_key, account.key) if took else (account.key, account.next_key)
        settled = replace(account, key=kept, next_key="", extractable=account.extractable and not took)
        if took:
            self._changed[account.id] = self.ports.clock.now()
        await self.save(settled)
        await self.ports.keys.delete(gone)
        return settled

    async def settled(self, authority: CertificateAuthority, id_: str) -> StoredAccount | None:
        """The account; where a change of its key was begun, the CA is asked which key it has."""
        account = await self.saved(id_)
        if account is None or not account.next_key:
            return account
        async with self._locks.acquire_all([account_name(account.directory)]):  # another tab may be in the middle of it
            account = await self.saved(id_)
            if account is None or not account.next_key:
                return account
            new = await self.ports.keys.load(account.next_key)
            return await self.settle(account, took=new is not None and await self._has(authority, new, account.url))

    async def _has(self, authority: CertificateAuthority, key: KeyHandle, url: str) -> bool:
        """Whether the account at `url` has this `key`."""
        client = await connect(self.ports.http, self.ports.clock, authority, key)
        client.new_key_until = self.ports.clock.now() + MAX_KEY_DELAY
        try:
            found = await find(client)
        except ClosedAccountError as error:  # it is the account all the same
            found = error.url
        except ProblemError as error:
            if error.problem.type == "externalAccountRequired":  # it looks no account up by its key: ask the account itself
                return await self._reads(client, url)
            if error.problem.type != "accountDoesNotExist":
                raise
            return False
        return found == url

    @staticmethod
    async def _reads(client: Client, url: str) -> bool:
        """Whether the client's key opens the account at `url`."""
        client.account_url = url
        try:
            await ask_account(client)
        except ProblemError as error:
            if error.problem.type not in ("malformed", "unauthorized"):
                raise
            return False
        return True

    async def holder(self, directory: str, url: str) -> StoredAccount | None:
        """The account `url` at the CA with this `directory`, if this browser holds its key. Raises `StorageError`."""
        for account in await self.at(directory):
            with suppress(DamagedKeyError):  # one that is damaged must not hide the others
                if account.url == url and await self.ports.keys.load(account.key) is not None:
                    return account
        return None

    async def client(self, authority: CertificateAuthority, id_: str) -> Client:
        """A new client for the CA with the account's key, which is made at first use. Raises what `connect` raises."""
        account = await self.settled(authority, id_)
        key = await self._key(authority, id_, account)
        await self._keep_wishes(id_)
        client = await connect(self.ports.http, self.ports.clock, authority, key)
        client.account_url = account.url or None if account else None
        client.new_key_until = self._changed.get(id_, 0.0) + MAX_KEY_DELAY
        return client

    async def _key(self, authority: CertificateAuthority, id_: str, account: StoredAccount | None) -> KeyHandle:
        """The account's key. As long as the CA has no account for it, it follows what the person chose last."""
        wanted = self.wanted.get(id_)
        name = account.key if account else RECORD_PREFIX + id_
        key = await self.ports.keys.load(name)
        registered = account is not None and account.url
        chosen = wanted or NewAccount()
        fits = key and account and (key.spec, account.extractable) == (chosen.key_spec, chosen.extractable)
        if key and (registered or fits or wanted is None):
            return key
        made = self.ports.clock.now()
        await self.save(StoredAccount(id_, authority.id, authority.directory, name, extractable=chosen.extractable, made=made))
        return await self.ports.keys.generate(name, chosen.key_spec, extractable=chosen.extractable)

    async def _keep_wishes(self, id_: str) -> None:
        """What a person wanted of an account that is still to be made outlives the page, so that nobody is asked twice."""
        account, wanted = await self.saved(id_), self.wanted.get(id_)
        if account and wanted and not account.url:
            await self.save(replace(account, contact=wanted.contact, terms=wanted.terms))
