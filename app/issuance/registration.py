"""When newAccount is sent (RFC 8555 §7.3), and what happens where the CA does not know an account, or does not any more.

newAccount is sent only where no account URL is saved: CAs whose credentials (EAB) count once refuse it the second time. When a
CA then says that it does not know the account, one of two things has happened. Either it was made a moment ago and not every
server of the CA has heard of it: the same is asked again after a pause. Or the CA has lost it, as a practice CA does that is
started anew: then the key is registered again. Where that leads to another account than the saved one, nothing goes on before a
person has said so.
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
from app.errors import FieldError, KeystayError
from app.issuance.issuance import ORDER_GONE, Issuance

MAX_SPREAD: Final = 60.0
"""Seconds after newAccount in which a CA may still deny the account: its servers read from replicas."""

SPREAD_PAUSES: Final = (1.0, 2.0, 4.0)  # seconds


class TermsError(FieldError):
    """The CA has terms that were not linked when the person agreed: they are at `url`, and must be agreed to."""

    def __init__(self, url: str) -> None:
        super().__init__(
            "agree-tos", "The CA names its own terms. The link beside the box leads there now: read them, and agree."
        )
        self.url = url


class OtherAccountError(KeystayError):
    """The CA gives another account for the key of `account`: `url`. Nothing was signed with it."""

    def __init__(self, account: StoredAccount, url: str) -> None:
        super().__init__("The CA has another account for this key.", detail=f"{account.url} → {url}")
        self.account = account
        self.url = url


class Registration:
    """Opens accounts at CAs, for one visit."""

    def __init__(self, accounts: AccountStore, locks: RecordLocks) -> None:
        self._accounts = accounts
        self._locks = locks
        self._clock = accounts.ports.clock
        self._made: dict[str, float] = {}  # when the CA gave the account, in Unix seconds, by its id

    async def open(self, client: Client, id_: str, *, terms_agreed: bool) -> str:
        """The URL of the account `id_`: the saved one, or else that of newAccount, with what the person wanted.

        The client is one that `Accounts.client` made for this `id_`, so the record is there. Raises `TermsError` and
        `FieldError` (`eab-kid`) where a person must say more first, before anything is sent, and what `register` raises.
        """
        account = await self._accounts.saved(id_)
        if account and account.url:
            await self._accounts.save(replace(account, used=self._clock.now()))
            return account.url
        kept = NewAccount(contact=account.contact, terms=account.terms) if account else NewAccount()
        wanted = self._accounts.wanted.get(id_, kept)
        _check(client, wanted)
        try:
            url = await _register(client, wanted, terms_agreed=terms_agreed)
        except ClosedAccountError:
            if account:  # this key is of no use at this CA any more: the next try makes another one
                await self._accounts.ports.keys.delete(account.key)
            raise
        self._made[id_] = self._clock.now()
        if account:
            await self._accounts.save(replace(account, url=url, used=self._clock.now(), contact=(), terms=""))
        return url

    async def take(
        self, issuance: Issuance, authority: CertificateAuthority, step: Callable[[], Awaitable[Issuance]]
    ) -> Issuance:
        """What `step` gives; it is taken again where the CA does not know the account of `issuance`, but can be made to.

        Raises `OtherAccountError` where the CA has another account for the key now, `FieldError` (`agree-tos`, `eab-kid`)
        where a person must say more before the key is registered again, and what `step` and `register` raise.
        """
        try:
            return await step()
        except ProblemError as error:
            account = await self._accounts.holder(issuance.choices.directory, issuance.account_url)
            if not _is_unknown(error) or account is None:
                raise
        moved = None
        if self._clock.now() - self._made.get(account.id, 0.0) <= MAX_SPREAD:
            moved = await self._retake(step)
        if moved is None:
            await self._register_again(authority, account, terms_agreed=issuance.choices.terms_agreed)
            moved = await self._retake(step)
        return moved or await step()

    async def _retake(self, step: Callable[[], Awaitable[Issuance]]) -> Issuance | None:
        """What `step` gives after one pause or more; None where the CA still does not know the account."""
        for pause in SPREAD_PAUSES:
            await self._clock.sleep(pause)
            try:
                return await step()
            except ProblemError as error:
                if not _is_unknown(error):
                    raise
        return None

    async def _register_again(self, authority: CertificateAuthority, account: StoredAccount, *, terms_agreed: bool) -> None:
        if not terms_agreed:
            raise FieldError("agree-tos", _AGREE_AGAIN)
        self._accounts.check_chosen(account)
        wanted = self._accounts.wanted.get(account.id, NewAccount())
        async with self._locks.acquire_all([account_name(account.directory)]):
            client = await self._accounts.client(authority, account.id)
            if client.directory.external_account_required and wanted.external is None:
                raise FieldError("eab-kid", _CREDENTIALS_AGAIN)
            url = await _register(client, wanted, terms_agreed=True)
        if url != account.url:
            raise OtherAccountError(account, url)
        self._made[account.id] = self._clock.now()

    async def adopt(self, issuance: Issuance, other: OtherAccountError) -> Issuance:
        """The person wants the other account in place of the saved one: keep that, and give the issuance as it stands then.

        An order that the lost account had made is lost, too. Raises `StorageError`.
        """
        now = self._clock.now()
        async with self._locks.acquire_all([account_name(other.account.directory)]):
            account = await self._accounts.saved(other.account.id) or other.account
            await self._accounts.save(replace(account, url=other.url, used=now))
        self._made[account.id] = now
        if not issuance.order_url:
            return issuance.moved("asked", now, account_url="")
        gone = Problem(ORDER_GONE, "The CA does not know the account that made this order any more.")
        return issuance.moved("failed", now, problem=gone)


_AGREE_AGAIN: Final = (
    "The CA does not know the account of this browser any more, and only you can agree to its terms for a new one. Fill in the "
    "names, tick the box and press Start."
)


_CREDENTIALS_AGAIN: Final = (
    "The CA does not know the account of this browser any more, and takes new ones only with credentials from its website. "
    "Choose “A new account” as the account at the CA, fill them in and press Start."
)


async def _register(client: Client, wanted: NewAccount, *, terms_agreed: bool) -> str:
    """Send newAccount.

    Credentials that count once may have done so in a request whose answer was lost: then the account is there.
    """
    try:
        return await register(client, terms_agreed=terms_agreed, contact=wanted.contact, external=wanted.external)
    except ProblemError as error:
        found = await _found(client) if wanted.external else None
        if found:
            return found
        if error.problem.type == "externalAccountRequired" and not wanted.external:
            raise _external_account_needed() from error
        raise


async def _found(client: Client) -> str | None:
    try:
        return await find(client)
    except ProblemError:
        return None


def _is_unknown(error: ProblemError) -> bool:
    return error.problem.type == "accountDoesNotExist"


def covers(linked: str, terms: str) -> bool:
    """Whether somebody who agreed to the page `linked` has agreed to these `terms`: the same page, or one of the same site.

    Let's Encrypt, for one, lists all its terms at one address, and its directory names the newest of them.
    """
    return linked == terms or (bool(linked) and origin_of(linked) == origin_of(terms))


def _check(client: Client, wanted: NewAccount) -> None:
    """What the directory says must be known before newAccount (RFC 8555 §7.1.1, §7.3.3, §7.3.4)."""
    if client.directory.external_account_required and wanted.external is None:
        raise _external_account_needed()
    terms = safe_link(client.directory.terms_of_service)
    if terms and not covers(wanted.terms, terms):
        raise TermsError(terms)


def _external_account_needed() -> FieldError:
    return FieldError(
        "eab-kid",
        "This CA takes new accounts only with credentials from its website (a key ID and an HMAC key). Fill them in and press "
        "Start again.",
    )
