"""Accounts as this browser keeps them: one a CA, by its directory URL, with the name of its key in the key store."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from app.acme.account import find, register
from app.acme.authority import Authority
from app.acme.client import Client, connect
from app.acme.eab import ExternalAccount
from app.acme.problem import ProblemError
from app.errors import InputError, LostKeyError, StorageError
from app.ports import JsonRecord, KeyHandle, KeySpec, Ports

RECORD_PREFIX: Final = "account "
VERSION: Final = 1


@dataclass(frozen=True)
class NewAccount:
    """What a person wants of an account that is made now; nothing of it is kept but the key.

    `contact` are `mailto:` URLs, `external` the CA's credentials (EAB), `terms` the page of terms that was linked when the
    person agreed, "" where none was.
    """

    contact: tuple[str, ...] = ()
    external: ExternalAccount | None = None
    key_spec: KeySpec = "ec-p256"
    extractable: bool = False
    terms: str = ""


@dataclass(frozen=True)
class SavedAccount:
    """An account at the CA with this `directory`; `ca` is its id in cas.json or "custom".

    `key` names its key in the key store. `url` is "" until the CA has said it. `next_key` names the key of a change that is
    under way, or "". `extractable` tells whether the key may be taken out.
    """

    ca: str
    directory: str
    key: str
    url: str = ""
    next_key: str = ""
    extractable: bool = False

    def to_json(self) -> JsonRecord:
        """The record as plain JSON, with its version."""
        return {"version": VERSION, **vars(self)}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "SavedAccount":
        """Read a saved record. Raises `StorageError` for one of another version or a damaged one."""
        members = dict(record)
        if members.pop("version", None) != VERSION:
            raise StorageError("A saved account was made by another version of Keystay, so it cannot be used here.")
        try:
            return cls(**members)
        except TypeError as error:
            raise StorageError("A saved account is damaged and cannot be used.", detail=repr(error)) from error


class TermsError(InputError):
    """The CA has terms that were not linked when the person agreed: they are at `url`, and must be agreed to."""

    def __init__(self, url: str) -> None:
        super().__init__(
            "agree-tos", "The CA names its own terms. The link beside the box leads there now: read them, and agree."
        )
        self.url = url


class Accounts:
    """The accounts of this browser."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self.wanted: dict[str, NewAccount] = {}
        """What a person asked for in this visit, by directory URL. It holds secrets, so it is never saved."""

    async def saved(self, directory: str) -> SavedAccount | None:
        """The account at this CA, if there is one. Raises `StorageError`."""
        record = await self.ports.store.get(RECORD_PREFIX + directory)
        return SavedAccount.from_json(record) if record else None

    async def save(self, account: SavedAccount) -> None:
        """Keep the record. Raises `StorageError`."""
        await self.ports.store.put(RECORD_PREFIX + account.directory, account.to_json())

    async def all(self) -> list[SavedAccount]:
        """All accounts that a CA knows and that can be read. Raises `StorageError` where none can be asked for."""
        found = []
        for key in await self.ports.store.keys():
            if key.startswith(RECORD_PREFIX):
                with suppress(StorageError):  # a damaged one must not hide the others
                    found.append(await self.saved(key.removeprefix(RECORD_PREFIX)))
        return [account for account in found if account and account.url]

    async def forget(self, account: SavedAccount) -> None:
        """Delete the account and its key from this browser; the CA keeps its side. Raises `StorageError`."""
        for name in filter(None, (account.key, account.next_key)):
            await self.ports.keys.delete(name)
        await self.ports.store.delete(RECORD_PREFIX + account.directory)

    async def settle(self, account: SavedAccount, *, took: bool) -> SavedAccount:
        """End a change of the key: the new one counts, if the CA `took` it, and the other one is forgotten."""
        kept, gone = (account.next_key, account.key) if took else (account.key, account.next_key)
        settled = replace(account, key=kept, next_key="", extractable=account.extractable and not took)
        await self.save(settled)
        await self.ports.keys.delete(gone)
        return settled

    async def settled(self, authority: Authority) -> SavedAccount | None:
        """The account; where a change of its key was begun, the CA is asked which key it has."""
        account = await self.saved(authority.directory)
        if account is None or not account.next_key:
            return account
        new = await self.ports.keys.load(account.next_key)
        return await self.settle(account, took=new is not None and await self._has(authority, new, account.url))

    async def _has(self, authority: Authority, key: KeyHandle, url: str) -> bool:
        """Whether the account at `url` has this `key`."""
        try:
            found = await find(await connect(self.ports.http, self.ports.clock, authority, key))
        except ProblemError as error:
            if error.problem.type != "accountDoesNotExist":
                raise
            return False
        return found == url

    async def has_key(self, directory: str, url: str) -> bool:
        """Whether this browser holds the key of the account `url` at the CA with this `directory`. Raises `StorageError`."""
        account = await self.saved(directory)
        return account is not None and account.url == url and await self.ports.keys.load(account.key) is not None

    async def check_key(self, directory: str, url: str) -> None:
        """Raises `LostKeyError` where this browser does not hold the key of the account `url`."""
        if not await self.has_key(directory, url):
            raise LostKeyError("This browser does not hold the key of the account that made this order.")

    async def client(self, authority: Authority) -> Client:
        """A new client for the CA with the account's key, which is made at first use. Raises what `connect` raises."""
        account = await self.settled(authority)
        key = await self._key(authority, account)
        client = await connect(self.ports.http, self.ports.clock, authority, key)
        client.account_url = account.url or None if account else None
        return client

    async def _key(self, authority: Authority, account: SavedAccount | None) -> KeyHandle:
        """The account's key. As long as the CA has no account for it, it follows what the person chose last."""
        directory = authority.directory
        wanted = self.wanted.get(directory)
        name = account.key if account else RECORD_PREFIX + directory
        key = await self.ports.keys.load(name)
        registered = account is not None and account.url
        chosen = wanted or NewAccount()
        fits = key and account and (key.spec, account.extractable) == (chosen.key_spec, chosen.extractable)
        if key and (registered or fits or wanted is None):
            return key
        await self.save(SavedAccount(authority.id, directory, name, extractable=chosen.extractable))
        return await self.ports.keys.generate(name, chosen.key_spec, extractable=chosen.extractable)

    async def open(self, client: Client, authority: Authority, *, terms_agreed: bool) -> str:
        """Register the client's key with what the person wanted, or find its account; give the account's URL.

        Raises `TermsError` and `InputError` (`eab-kid`) where a person must say more first, before anything is sent, and
        what `register` raises.
        """
        account = await self.saved(authority.directory)
        wanted = self.wanted.get(authority.directory, NewAccount())
        if not (account and account.url):
            _check(client, wanted)
        try:
            url = await register(client, terms_agreed=terms_agreed, contact=wanted.contact, external=wanted.external)
        except ProblemError as error:
            if error.problem.type != "externalAccountRequired" or wanted.external:
                raise
            raise _external_account_needed() from error
        known = account or SavedAccount(authority.id, authority.directory, RECORD_PREFIX + authority.directory)
        if known.url != url:
            await self.save(replace(known, url=url))
        return url


def _check(client: Client, wanted: NewAccount) -> None:
    """What the directory says must be known before newAccount (RFC 8555 §7.1.1, §7.3.3, §7.3.4)."""
    if client.directory.external_account_required and wanted.external is None:
        raise _external_account_needed()
    terms = client.directory.terms_of_service or ""
    if terms.startswith("https://") and not wanted.terms:
        raise TermsError(terms)


def _external_account_needed() -> InputError:
    return InputError(
        "eab-kid",
        "This CA takes new accounts only with credentials from its website (a key ID and an HMAC key). "
        "Fill them in and press Start again.",
    )
