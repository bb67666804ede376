"""The CAs of this visit, the accounts at them, and one client for each account that is used."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

from app.accounts.account_store import AccountStore
from app.accounts.record_locks import RecordLocks
from app.accounts.stored_account import RECORD_PREFIX, StoredAccount
from app.acme.client import Client
from app.ca.catalog import CertificateAuthority, find_ca
from app.ports import Ports


class OpenOrder(Protocol):
    """An order that cannot end without its account, as far as a change of the account must know it."""

    @property
    def record_name(self) -> str:
        """The key of its record in the store; a tab that works on it holds the lock of this name."""
        ...

    @property
    def order_url(self) -> str:
        """Its URL at the CA, or "" before it is placed."""
        ...


class Connections(ABC):
    """What commands on accounts work with. `app.issuance` knows the orders, and fills in what is asked about them."""

    def __init__(self, ports: Ports, authorities: tuple[CertificateAuthority, ...]) -> None:
        self.ports = ports
        self.authorities = authorities
        self.locks = RecordLocks(ports.tabs)
        self.accounts = AccountStore(ports, self.locks)
        self._clients: dict[str, Client] = {}

    def ca_of_account(self, account: StoredAccount) -> CertificateAuthority:
        """The CA of `account`. Raises `InputError` where the list does not have it any more."""
        return find_ca(self.authorities, account.ca, account.directory)

    async def connect_account(self, authority: CertificateAuthority, id_: str) -> Client:
        """A new client with the key of the account `id_`, kept for the rest of the visit."""
        self._clients[id_] = client = await self.accounts.client(authority, id_)
        return client

    def known_client(self, id_: str) -> Client | None:
        """The client that this visit has for the account `id_`."""
        return self._clients.get(id_)

    def drop_client(self, account: str) -> None:
        """The account with this id has changed: make a new client at next use."""
        self._clients.pop(account, None)

    def heard(self, name: str) -> None:
        """Another tab has written the record `name`. Of an account it may be the key that is another one now."""
        self.drop_client(name.removeprefix(RECORD_PREFIX))

    def start_anew(self) -> None:
        """Everything was deleted: forget what this visit knows beside it."""
        self._clients.clear()
        self.accounts.wanted.clear()

    @abstractmethod
    async def open_orders(self, account: StoredAccount) -> Sequence[OpenOrder]:
        """The orders that cannot end without `account`. Raises `StorageError`."""

    @abstractmethod
    async def read_proofs_anew(self, account: StoredAccount) -> None:
        """The account has another key: what its open orders publish carries the old thumbprint. Raises `StorageError`."""
