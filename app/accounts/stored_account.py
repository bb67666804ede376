"""The record of one account, and what a person wants of an account that is still to be made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.accounts.record_checks import LAST_MOMENT, check_account_id, check_url, is_word, need
from app.acme.eab import ExternalAccount
from app.acme.urls import MAX_ADDRESS, check_same_origin
from app.errors import ProtocolError, UnreadableRecordError
from app.ports import JsonRecord, KeySpec

RECORD_PREFIX: Final = "account "
VERSION: Final = 2
CERTIFICATE_KEY: Final = "certificate "
PROOF_KEY: Final = "proof "
ORDER_KEYS: Final = (CERTIFICATE_KEY, PROOF_KEY)
"""What the names of an order's keys begin with, in the key store. No account may name one of these."""
MAX_CONTACTS: Final = 10

_CONTACT: Final = re.compile(r"mailto:[!-~]{3,300}")


@dataclass(frozen=True)
class NewAccount:
    """What a person wants of an account that is made now. Until the CA has made it, all but the CA's credentials is kept.

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
    store. `url` is "" until the CA has said it. `next_key` names the key of a change that is under way, or "". `extractable`
    tells whether the key may be taken out. `made` is when it came into this browser, `used` when it ordered last, in Unix
    seconds; 0 where nobody knows. `contact` and `terms` are those of `NewAccount`, until the CA has made the account.
    `restored` tells that it came from a backup.
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
    def must_be_chosen(self) -> bool:
        """Whether it orders only where a person chose it: until it has ordered from here, its key may be a stranger's."""
        return self.restored and not self.used

    def to_json(self) -> JsonRecord:
        """The record as plain JSON, with its version."""
        return {"version": VERSION, **vars(self)}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "StoredAccount":
        """Read a saved record. Raises `StorageError` for one of a newer version or a damaged one."""
        members = dict(record)
        version = members.pop("version", None)
        if type(version) is not int or not 1 <= version <= VERSION:
            raise UnreadableRecordError("A saved account was made by another version of Keystay, so it cannot be used here.")
        if version == 1:  # which knew one account a CA
            members["id"] = members.get("directory")
        try:
            account = cls(**{**members, "contact": _as_tuple(members.get("contact", []))})
            _check_types(account)
        except TypeError as error:
            raise UnreadableRecordError("A saved account is damaged and cannot be used.", detail=repr(error)[:500]) from error
        return account


def _as_tuple(value: object) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError(type(value))
    return tuple(value)


def _check_types(account: StoredAccount) -> None:
    """Raises `TypeError` where a member is not of the type that it should be, or a moment that no calendar knows."""
    model = StoredAccount("", "", "", "")
    if not all(isinstance(address, str) for address in account.contact):
        raise TypeError("contact")
    for name, value in vars(account).items():
        kinds = (int, float) if name in ("made", "used") else (type(getattr(model, name)),)
        if type(value) not in kinds or (type(value) in (int, float) and not 0 <= value <= LAST_MOMENT):
            raise TypeError(name)


def check_account(account: StoredAccount) -> None:
    """Refuse an account that the page would not have made itself."""
    directory = account.directory
    need(is_word(account.ca), "It is for a CA without a proper id.")
    check_same_origin(directory, directory)
    check_account_id(account.id, directory)
    check_url(account.url, directory)
    need(account.key and account.key != account.next_key, "It names no key, or one key twice.")
    need(
        not account.key.startswith(ORDER_KEYS) and not account.next_key.startswith(ORDER_KEYS), "It names the key of an order."
    )
    need(len(account.contact) <= MAX_CONTACTS, "It has too many contact addresses.")
    need(all(map(_CONTACT.fullmatch, account.contact)), "It has a contact that is no e-mail address.")
    need(account.terms.isprintable() and len(account.terms) <= MAX_ADDRESS, "It has terms at an address that is none.")


def read_account(record: Mapping[str, Any]) -> StoredAccount:
    """Read and check an account from storage or from a backup. Raises `StorageError` for one that cannot be used."""
    account = StoredAccount.from_json(record)
    try:
        check_account(account)
    except (ValueError, ProtocolError) as error:
        raise UnreadableRecordError(f"A saved account is damaged and cannot be used. {error}") from error
    return account


def account_name(directory: str) -> str:
    """What a tab claims while it makes or changes accounts at the CA with this `directory`."""
    return RECORD_PREFIX + directory
