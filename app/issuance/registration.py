"""Registers accounts by newAccount (RFC 8555 §7.3), and handles CAs that do not know an account, or no longer do.

newAccount is sent only where no account URL is saved: CAs whose credentials (EAB) are valid once refuse it the second time.
When a CA then says that it does not know the account, there are two possible reasons. Either the account is new and not all
servers of the CA know it yet: the request is repeated after a pause. Or the CA has lost it, as a practice CA does when it is
restarted: then the key is registered again. Where that leads to another account than the saved one, a person must agree before
anything goes on.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from app.accounts.account_store import AccountStore
from app.accounts.record_locks import RecordLocks
from app.accounts.stored_account import NewAccount, StoredAccount, account_name
from app.acme.account import ClosedAccountError, find, register
from app.acme.client import Client
from app.acme.problem import Problem, ProblemError
from app.acme.urls import origin_of, safe_link
from app.ca.catalog import CertificateAuthority
from app.errors import InputError, KeystayError
from app.issuance.issuance import ACCOUNT_LOST, ORDER_GONE, Issuance

MAX_REPLICATION_DELAY: Final = 60.0
"""Seconds after newAccount in which a CA may still not know the account, because its servers read from replicas."""

REPLICATION_PAUSES: Final = (1.0, 2.0, 4.0)  # seconds


class TermsError(InputError):
    """The CA has terms other than those that were linked when the person agreed. They are at `url`, and must be agreed to."""

    def __init__(self, url: str) -> None:
        super().__init__("terms-not-agreed")
        self.url = url


class OtherAccountError(KeystayError):
    """The CA has another account for the key of `account`, at `url`. Nothing was requested with that."""

    def __init__(self, account: StoredAccount, url: str) -> None:
        super().__init__("other-account", detail=f"{account.url} → {url}")
        self.account = account
        self.url = url


class Registration:
    """Registers accounts at CAs, and remembers for one visit when it did."""

    def __init__(self, accounts: AccountStore, locks: RecordLocks) -> None:
        self._accounts = accounts
        self._locks = locks
        self._clock = accounts.ports.clock
        self._registered: dict[str, float] = {}  # when newAccount succeeded, in Unix seconds, by the account's id

    async def open_account(
        self, client: Client, id_: str, account: StoredAccount | None, *, terms_agreed: bool
    ) -> tuple[str, StoredAccount | None]:
        """The URL of the account `id_`, the saved one or else that of newAccount, and the record that must be saved now.

        newAccount gets what the person chose. The `client` and the record `account` are those that `AccountStore.client_of`
        gave for this `id_`, while its lock was held. Raises `TermsError` and `InputError` where a person must say more first,
        before anything is sent, and what `register` raises.
        """
        if account and account.url:
            return account.url, replace(account, used=self._clock.now())
        saved = NewAccount(contact=account.contact, terms=account.terms) if account else NewAccount()
        wanted = self._accounts.wanted.get(id_, saved)
        _check(client, wanted)
        try:
            url = await _register(client, wanted, terms_agreed=terms_agreed)
        except ClosedAccountError:
            if account:  # this key cannot be used at this CA any more: the next try makes another one
                await self._accounts.ports.keys.delete(account.key)
            raise
        self._registered[id_] = self._clock.now()
        return url, account and replace(account, url=url, used=self._clock.now(), contact=(), terms="")

    async def run_step(
        self, issuance: Issuance, authority: CertificateAuthority, step: Callable[[], Awaitable[Issuance]]
    ) -> Issuance:
        """The result of `step`, which is repeated where the CA does not know the account of `issuance` yet, or no longer.

        Raises `OtherAccountError` where the CA has another account for the key now, `InputError` where a person must say more
        before the key is registered again, and what `step` and `register` raise.
        """
        try:
            return await step()
        except ProblemError as error:
            account = await self._accounts.find_by_url(issuance.choices.directory, issuance.account_url)
            if not _is_unknown(error) or account is None:
                raise
        moved = None
        if self._clock.now() - self._registered.get(account.id, 0.0) <= MAX_REPLICATION_DELAY:
            moved = await self._retry(step)
        if moved is None:
            await self._register_again(authority, account, terms_agreed=issuance.choices.terms_agreed)
            moved = await self._retry(step)
        return moved or await step()

    async def _retry(self, step: Callable[[], Awaitable[Issuance]]) -> Issuance | None:
        """The result of `step` after one pause or more; None where the CA still does not know the account."""
        for pause in REPLICATION_PAUSES:
            await self._clock.sleep(pause)
            try:
                return await step()
            except ProblemError as error:
                if not _is_unknown(error):
                    raise
        return None

    async def _register_again(self, authority: CertificateAuthority, account: StoredAccount, *, terms_agreed: bool) -> None:
        if not terms_agreed:
            raise InputError("terms-for-new-account")
        self._accounts.check_chosen(account)
        wanted = self._accounts.wanted.get(account.id, NewAccount())
        async with self._locks.acquire_all([account_name(account.directory)]):
            client = await self._accounts.client(authority, account.id)
            if client.directory.external_account_required and wanted.external is None:
                raise InputError("credentials-for-new-account")
            url = await _register(client, wanted, terms_agreed=True)
        if url != account.url:
            raise OtherAccountError(account, url)
        self._registered[account.id] = self._clock.now()

    async def adopt(self, issuance: Issuance, other: OtherAccountError) -> Issuance:
        """Save the other account in place of the lost one, as the person wants, and return the issuance as it is then.

        An order that the lost account had made is lost, too. Raises `StorageError`.
        """
        now = self._clock.now()
        async with self._locks.acquire_all([account_name(other.account.directory)]):
            account = await self._accounts.saved(other.account.id) or other.account
            await self._accounts.save(replace(account, url=other.url, used=now))
        self._registered[account.id] = now
        if not issuance.order_url:
            return issuance.moved("asked", now, account_url="")
        gone = Problem(ORDER_GONE, ACCOUNT_LOST)
        return issuance.moved("failed", now, problem=gone)


async def _register(client: Client, wanted: NewAccount, *, terms_agreed: bool) -> str:
    """Send newAccount.

    Credentials that are valid once may have been used by a request whose response was lost: then the account exists.
    """
    try:
        return await register(client, terms_agreed=terms_agreed, contact=wanted.contact, external=wanted.external)
    except ProblemError as error:
        found = await _found(client) if wanted.external else None
        if found:
            return found
        if error.problem.type == "externalAccountRequired" and not wanted.external:
            raise InputError("credentials-needed") from error
        raise


async def _found(client: Client) -> str | None:
    try:
        return await find(client)
    except ProblemError:
        return None


def _is_unknown(error: ProblemError) -> bool:
    return error.problem.type == "accountDoesNotExist"


def covers(linked: str, terms: str) -> bool:
    """Whether agreeing to the page `linked` included these `terms`: the same page, or one at the same origin.

    Let's Encrypt, for example, lists all its terms on one page, and its directory names the newest of them.
    """
    return linked == terms or (bool(linked) and origin_of(linked) == origin_of(terms))


def _check(client: Client, wanted: NewAccount) -> None:
    """Check what the directory requires before newAccount (RFC 8555 §7.1.1, §7.3.3, §7.3.4)."""
    if client.directory.external_account_required and wanted.external is None:
        raise InputError("credentials-needed")
    terms = safe_link(client.directory.terms_of_service)
    if terms and not covers(wanted.terms, terms):
        raise TermsError(terms)
