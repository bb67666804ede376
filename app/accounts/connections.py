"""The CAs of this visit, the accounts at them, and one client for each account that is used."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

from app.accounts.account_store import AccountStore
from app.accounts.record_checks import is_account_id
from app.accounts.record_locks import RecordLocks
from app.accounts.stored_account import RECORD_PREFIX, StoredAccount
from app.acme.client import Client
from app.ca.catalog import CertificateAuthority, find_ca
from app.ports import Ports


class OpenOrder(Protocol):
    """An order that cannot be finished without its account; a change of the account must know these things about it."""

    @property
    def record_name(self) -> str:
        """The key of its record in the store, which is also the name of its lock."""
        ...

    @property
    def order_url(self) -> str:
        """Its URL at the CA, or "" before it is placed."""
        ...


class Connections(ABC):
    """Base class: what the commands on accounts work with. `app.issuance` implements the methods that are about orders."""

    def __init__(self, ports: Ports, authorities: tuple[CertificateAuthority, ...]) -> None:
        self.ports = ports
        self.authorities = authorities
        self.locks = RecordLocks(ports.tabs)
        self.accounts = AccountStore(ports, self.locks)
        self._clients: dict[str, Client] = {}

    def ca_of_account(self, account: StoredAccount) -> CertificateAuthority:
        """The CA of `account`. Raises `InputError` where the list no longer has it."""
        return find_ca(self.authorities, account.ca, account.directory)

    async def connect_account(self, authority: CertificateAuthority, id_: str) -> Client:
        """A new client with the key of the account `id_`, cached for the rest of the visit."""
        client, _ = await self.connect_saved(authority, id_, await self.accounts.saved(id_))
        return client

    async def connect_saved(
        self, authority: CertificateAuthority, id_: str, account: StoredAccount | None
    ) -> tuple[Client, StoredAccount | None]:
        """As `connect_account`, where `account` is what is saved under this id; and what is saved then."""
        client, account = await self.accounts.client_of(authority, id_, account)
        self._clients[id_] = client
        return client, account

    def known_client(self, id_: str) -> Client | None:
        """The cached client for the account `id_`, or None."""
        return self._clients.get(id_)

    def known_client_at(self, directory: str, url: str) -> Client | None:
        """The cached client for the account `url` at the CA with this `directory`, or None."""
        at_ca = (client for id_, client in self._clients.items() if is_account_id(id_, directory))
        return next((client for client in at_ca if client.account_url == url), None)

    def is_known(self, client: Client) -> bool:
        """Whether `client` was not dropped since it was made."""
        return client in self._clients.values()

    def drop_client(self, account: str) -> None:
        """The account with this id has changed: make a new client at the next use."""
        self._clients.pop(account, None)

    def on_record_written(self, name: str) -> None:
        """Another tab has written the record `name`: an account may have another key now."""
        self.drop_client(name.removeprefix(RECORD_PREFIX))

    def reset(self) -> None:
        """Everything was deleted: clear what is in memory, too."""
        self._clients.clear()
        self.accounts.wanted.clear()

    @abstractmethod
    async def open_orders(self, account: StoredAccount) -> Sequence[OpenOrder]:
        """The orders that cannot end without `account`. Raises `StorageError`."""

    @abstractmethod
    async def read_proofs_anew(self, account: StoredAccount) -> None:
        """Make the open orders of `account` read what to publish again: its key changed, and they have the old thumbprint.

        Raises `StorageError`.
        """
