"""The record of one account, and what a person chooses for an account that is not registered yet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.accounts.record_checks import LAST_MOMENT, check_account_id, check_url, is_word, require
from app.accounts.record_locks import ACCOUNT_PREFIX
from app.acme.eab import ExternalAccount
from app.acme.urls import MAX_ADDRESS, check_same_origin
from app.errors import ProtocolError, RecordFaultError, UnreadableRecordError
from app.ports import JsonRecord, KeySpec

RECORD_PREFIX: Final = ACCOUNT_PREFIX
VERSION: Final = 2
CERTIFICATE_KEY: Final = "certificate "
PROOF_KEY: Final = "proof "
ORDER_KEYS: Final = (CERTIFICATE_KEY, PROOF_KEY)
"""What the names of an order's keys begin with, in the key store. An account must not name one of these."""
MAX_CONTACTS: Final = 10

_CONTACT: Final = re.compile(r"mailto:[!-~]{3,300}")


@dataclass(frozen=True)
class NewAccount:
    """What a person chooses for a new account. All but the CA's credentials is saved until the account is registered.

    `contact` are `mailto:` URLs, `external` the CA's credentials (EAB), `terms` the page of terms that was linked when the
    person agreed, "" where none was.
    """

    contact: tuple[str, ...] = ()
    external: ExternalAccount | None = None
    key_spec: KeySpec = "ec-p256"
    extractable: bool = False
    terms: str = ""


@dataclass(frozen=True)
class StoredAccount:
    """An account at the CA with this `directory`; `ca` is its id in cas.json or "custom".

    `id` is the directory for the first account at a CA, and has a number behind it for more. `key` names its key in the key
    store. `url` is "" until the account is registered. `next_key` names the new key of an unfinished key change, or "".
    `extractable` tells whether the key can be exported. `made` is when it came into this browser, `used` when it ordered last,
    in Unix seconds; 0 is unknown. `contact` and `terms` are those of `NewAccount`, until the account is registered. `restored`
    tells that it came from a backup.
    """

    id: str
    ca: str
    directory: str
    key: str
    url: str = ""
    next_key: str = ""
    extractable: bool = False
    made: float = 0.0
    used: float = 0.0
    contact: tuple[str, ...] = ()
    terms: str = ""
    restored: bool = False

    @property
    def record_name(self) -> str:
        """The key of this record in the store."""
        return RECORD_PREFIX + self.id

    @property
    def must_be_chosen(self) -> bool:
        """Whether a person must choose it first: until it has ordered from here, the file's author may have its key, too."""
        return self.restored and not self.used

    def to_json(self) -> JsonRecord:
        """The record as plain JSON, with its version."""
        return {
            "version": VERSION,
            "id": self.id,
            "ca": self.ca,
            "directory": self.directory,
            "key": self.key,
            "url": self.url,
            "next_key": self.next_key,
            "extractable": self.extractable,
            "made": self.made,
            "used": self.used,
            "contact": self.contact,
            "terms": self.terms,
            "restored": self.restored,
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "StoredAccount":
        """Read a saved record. Raises `StorageError` where it is damaged or of a newer version."""
        members = dict(record)
        version = members.pop("version", None)
        if type(version) is not int or not 1 <= version <= VERSION:
            raise UnreadableRecordError("account-of-another-version")
        if version == 1:  # which knew one account a CA
            members["id"] = members.get("directory")
        try:
            account = cls(**{**members, "contact": _as_tuple(members.get("contact", []))})
            _check_types(account)
        except TypeError as error:
            raise UnreadableRecordError("account-damaged", detail=repr(error)[:500]) from error
        return account


def _as_tuple(value: object) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError(type(value))
    return tuple(value)


def _check_types(account: StoredAccount) -> None:
    """Raises `TypeError` where a member has a wrong type, or is a time out of range."""
    model = StoredAccount("", "", "", "")
    if not all(isinstance(address, str) for address in account.contact):
        raise TypeError("contact")
    for name, value in vars(account).items():
        kinds = (int, float) if name in ("made", "used") else (type(getattr(model, name)),)
        if type(value) not in kinds or (type(value) in (int, float) and not 0 <= value <= LAST_MOMENT):
            raise TypeError(name)


def check_account(account: StoredAccount) -> None:
    """Refuse an account that this page would not have saved itself. Raises `RecordFaultError` or `AddressError`."""
    directory = account.directory
    require(is_word(account.ca), "record-ca-id")
    check_same_origin(directory, directory)
    check_account_id(account.id, directory)
    check_url(account.url, directory)
    require(account.key and account.key != account.next_key, "account-key-names")
    require(not account.key.startswith(ORDER_KEYS) and not account.next_key.startswith(ORDER_KEYS), "account-key-of-an-order")
    require(len(account.contact) <= MAX_CONTACTS, "account-contact-count")
    require(all(map(_CONTACT.fullmatch, account.contact)), "account-contact-address")
    require(account.terms.isprintable() and len(account.terms) <= MAX_ADDRESS, "account-terms-url")


def read_account(record: Mapping[str, Any]) -> StoredAccount:
    """Read and check an account from storage or from a backup. Raises `StorageError` for one that cannot be used."""
    account = StoredAccount.from_json(record)
    try:
        check_account(account)
    except (RecordFaultError, ProtocolError) as error:
        raise UnreadableRecordError("account-damaged", reason=error) from error
    return account


def account_name(directory: str) -> str:
    """The name of the lock for registering and changing accounts at the CA with this `directory`."""
    return RECORD_PREFIX + directory
