"""What restoring a backup would write: decided before anything is written, from one look at what this browser has.

A backup is a stranger's until proven otherwise. So accounts and keys get their names here, never from the file; no key that is
here already goes but that of the same order before anything was handed in for it; and what does not hold is left out,
entry by entry. An account that came from a file orders only where a person chose it (`StoredAccount.must_be_chosen`).
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from app.accounts.stored_account import RECORD_PREFIX as ACCOUNT_PREFIX
from app.accounts.stored_account import StoredAccount
from app.backup.browser_content import Inventory
from app.backup.content import Backup, BackupKey, Part
from app.ca.catalog import find_ca
from app.errors import CertificateError, FieldError, KeystayError, ProtocolError
from app.issuance.issuance import Issuance, State
from app.issuance.record import issuance_to_json
from app.issuance.record_checks import check_foreign, thumbprints
from app.issuance.store import record_name
from app.issuance.workflow import Workflow
from app.pki.certificate import read_chain
from app.pki.certification_request import request_key
from app.ports import JsonRecord

_NOTHING_HANDED_IN: Final[tuple[State, ...]] = ("asked", "registered", "ordered", "proving", "verifying")
"""The states in which no certificate can have been made for the key of an order."""


@dataclass(frozen=True)
class Change:
    """What is written for one entry of the file: its keys by their names here, and its record."""

    keys: tuple[tuple[str, BackupKey], ...]
    account: StoredAccount | None = None
    issuance: Issuance | None = None

    @property
    def record(self) -> tuple[str, JsonRecord] | None:
        """The key in the store and the record, or None for a key that no record names."""
        if self.account:
            return ACCOUNT_PREFIX + self.account.id, self.account.to_json()
        return (record_name(self.issuance.id), issuance_to_json(self.issuance)) if self.issuance else None


@dataclass(frozen=True)
class LeftOut:
    """An entry of the file that is not restored, and why. `position` counts the entries of its part from 1."""

    part: Part
    why: str
    account: StoredAccount | None = None
    issuance: Issuance | None = None
    position: int = 0


@dataclass
class Plan:
    """What would be written (`changes`), what is here already, accounts without their key, and what is left out."""

    changes: list[Change] = field(default_factory=list)
    kept_accounts: list[StoredAccount] = field(default_factory=list)
    kept_issuances: list[Issuance] = field(default_factory=list)
    keyless: list[StoredAccount] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def plan_restore(workflow: Workflow, backup: Backup, here: Inventory) -> Plan:
    """What restoring `backup` would do in a browser that has what is `here`; `here` is used up."""
    planner = _Planner(workflow, backup, here)
    planner.plan.left_out += [LeftOut(bad.part, bad.why, position=bad.position) for bad in backup.unreadable]
    for account in backup.accounts:
        planner.add_account(account)
    for issuance in backup.issuances:
        planner.add_issuance(issuance)
    for key in backup.keys.values():
        planner.add_left_over(key)
    return planner.plan


class _RefusalError(KeystayError):
    """An entry is left out; the sentence says why."""


class _Planner:
    def __init__(self, workflow: Workflow, backup: Backup, here: Inventory) -> None:
        self.plan = Plan()
        self._flow = workflow
        self._now = workflow.ports.clock.now()
        self._backup = backup
        self._here = here
        self._ids: dict[str, str] = {}  # of accounts: the file's id → the one here
        self._thumbprints: dict[tuple[str, str], set[str]] = {}  # by directory and URL of an account
        self._seen: set[str] = set()  # ids of orders of the file
        self._named: set[str] = set()  # names of keys that records of the file use

    def add_account(self, account: StoredAccount) -> None:
        names = [name for name in (account.key, account.next_key) if name]
        try:
            self._check_ca(account.ca, account.directory)
            if not account.url:
                raise _RefusalError("The CA has not made this account yet, so it holds nothing to restore.")
            known = self._here.usable_account(account.directory, account.url)
            if known:
                self._ids.setdefault(account.id, known.id)
                self.plan.kept_accounts.append(account)
            elif account.key not in self._backup.keys:
                self.plan.keyless.append(account)
            elif not self._named.isdisjoint(names):
                raise _RefusalError("Its key is another one’s as well.")
            else:
                self._bring_in(account)
        except _RefusalError as refusal:
            self.plan.left_out.append(LeftOut("account", str(refusal), account=account))
        self._named.update(names)

    def _bring_in(self, account: StoredAccount) -> None:
        """A new account here, with an id and names for its keys that nothing has yet."""
        id_ = self._here.new_account_id(account.directory)
        name, next_name = self._here.new_key_name(ACCOUNT_PREFIX + id_), ""
        keys = [(name, self._backup.keys[account.key])]
        if account.next_key and account.next_key in self._backup.keys:
            next_name = self._here.new_key_name(f"{ACCOUNT_PREFIX}{id_} next")
            keys.append((next_name, self._backup.keys[account.next_key]))
        mine = replace(
            account,
            id=id_,
            key=name,
            next_key=next_name,
            extractable=True,
            made=self._now,
            used=0.0,
            contact=(),
            terms="",
            restored=True,
        )
        self._here.add_account(mine)
        self._ids.setdefault(account.id, id_)
        prints = self._thumbprints.setdefault((mine.directory, mine.url), set())
        prints.update(key.thumbprint for _, key in keys)
        self.plan.changes.append(Change(tuple(keys), account=mine))

    def add_issuance(self, issuance: Issuance) -> None:
        self._named.update((issuance.certificate_key, issuance.proof_key))
        try:
            self._check_issuance(issuance)
            change = self._change(issuance)
        except _RefusalError as refusal:
            self.plan.left_out.append(LeftOut("order", str(refusal), issuance=issuance))
            return
        if change:
            self.plan.changes.append(change)
        else:
            self.plan.kept_issuances.append(issuance)

    def _check_ca(self, ca: str, directory: str) -> None:
        """The CA must be one of this page's list, under the address that it has there."""
        try:
            known = find_ca(self._flow.authorities, ca, directory).directory == directory
        except FieldError:
            known = False
        if not known:
            raise _RefusalError("This copy of Keystay does not know its CA, or knows it by another address.")

    def _check_issuance(self, issuance: Issuance) -> None:
        self._check_ca(issuance.choices.ca, issuance.choices.directory)
        if issuance.id in self._seen:
            raise _RefusalError("The file has it twice.")
        self._seen.add(issuance.id)
        try:
            check_foreign(issuance, self._now)
        except (ValueError, ProtocolError) as error:
            raise _RefusalError(str(error)) from error
        own = self._thumbprints.get((issuance.choices.directory, issuance.account_url))
        if issuance.state in ("proving", "verifying") and own and not thumbprints(issuance) <= own:
            raise _RefusalError("What it would have you publish is for another account’s key.")

    def _change(self, issuance: Issuance) -> Change | None:
        """What brings the order in, or None where this browser has it as far as the file, or further."""
        if record_name(issuance.id) not in self._here.records:
            return Change(self._keys_of(issuance, None), issuance=self._at_account(issuance))
        here = self._here.issuances.get(issuance.id)
        if here is None:  # of a newer version, perhaps: it stays as it is
            return None
        if not _is_same_order(here, issuance):
            raise _RefusalError("This browser has another order of the same number.")
        if here.since < issuance.since:
            return Change(self._keys_of(issuance, here), issuance=self._at_account(issuance))
        return self._key_back(here)

    def _key_back(self, here: Issuance) -> Change | None:
        """The record stays, but its key may be gone: then the file's is welcome, if it is the certificate's own."""
        key = None if here.certificate_key in self._here.keys else self._certificate_key(here)
        if key is None:
            return None
        return Change(((here.certificate_key, key),), issuance=replace(here, key_destroyed=0.0))

    def _at_account(self, issuance: Issuance) -> Issuance:
        """The order, at the account here that the file means; where it means none, at the CA's first one."""
        choices = issuance.choices
        return replace(issuance, choices=replace(choices, account=self._ids.get(choices.account, choices.directory)))

    def _keys_of(self, issuance: Issuance, here: Issuance | None) -> tuple[tuple[str, BackupKey], ...]:
        """The keys to write for an order that comes in; `here` is how far this browser has it."""
        certificate, proof = self._certificate_key(issuance), self._backup.keys.get(issuance.proof_key)
        keys = []
        if certificate and self._is_free(issuance.certificate_key, certificate, here):
            keys.append((issuance.certificate_key, certificate))
        if proof and proof.spec == "ec-p256" and issuance.proof_key not in self._here.keys:
            keys.append((issuance.proof_key, proof))
        if any(self._here.owners.get(name, record_name(issuance.id)) != record_name(issuance.id) for name, _ in keys):
            raise _RefusalError("Another record of this browser uses the name of its key.")
        return tuple(keys)

    def _is_free(self, name: str, key: BackupKey, here: Issuance | None) -> bool:
        """Whether `key` must be written under `name`: not where it is there. No other key goes that may still be of use."""
        if name not in self._here.keys:
            return True
        there = self._here.keys[name]
        if there and there.public_spki == key.spki:
            return False
        if here and here.state in _NOTHING_HANDED_IN and there and there.extractable:
            return True
        raise _RefusalError("This browser has another key under its name. Destroy that one first, if you do not need it.")

    def _certificate_key(self, issuance: Issuance) -> BackupKey | None:
        """The file's key for the certificate of `issuance`, if it fits. One that does not is told, and left out."""
        key = self._backup.keys.get(issuance.certificate_key)
        if key is None:
            return None
        public = _public_key(issuance)
        if key.spki == public or (not public and key.spec == issuance.choices.key_spec):
            return key
        self.plan.left_out.append(LeftOut("key", "It is not the key of this certificate.", issuance=issuance))
        return None

    def add_left_over(self, key: BackupKey) -> None:
        """A key that no record of the file names is kept under a name of its own, unless this browser has that key."""
        if key.name not in self._named and not self._here.has_key(key.spki):
            name = self._here.new_key_name(f"left-over {hashlib.sha256(key.spki).hexdigest()[:16]}")
            self.plan.changes.append(Change(((name, key),)))


def _is_same_order(here: Issuance, issuance: Issuance) -> bool:
    same = here.created == issuance.created and here.order_url in ("", issuance.order_url)
    ours, theirs = here.choices, issuance.choices
    return same and (ours.identifiers, ours.ca, ours.directory) == (theirs.identifiers, theirs.ca, theirs.directory)


def _public_key(issuance: Issuance) -> bytes:
    """The public key (DER) that the certificate of `issuance` has or will have, as far as the record says; else b""."""
    try:
        if issuance.certificate_pem:
            return read_chain(issuance.certificate_pem).certificate.public_spki
        return request_key(base64.b64decode(issuance.choices.csr)) if issuance.choices.csr else b""
    except (CertificateError, FieldError, ValueError) as error:  # of a record that is here
        raise _RefusalError("Its certificate in this browser is damaged.") from error


def accounts_of(changes: Iterable[Change]) -> tuple[StoredAccount, ...]:
    """The accounts among `changes`."""
    return tuple(change.account for change in changes if change.account)


def issuances_of(changes: Iterable[Change]) -> tuple[Issuance, ...]:
    """The orders among `changes`."""
    return tuple(change.issuance for change in changes if change.issuance)
