"""Decides what restoring a backup writes, before anything is written, from what this browser holds.

A backup is untrusted. So accounts and keys get their names here, never from the file; no key that is here already is replaced,
except that of the same order before a request was submitted for it; and entries that fail the checks are skipped. An
account that came from a file orders only where a person chose it (`StoredAccount.must_be_chosen`).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from app.accounts.stored_account import RECORD_PREFIX as ACCOUNT_PREFIX
from app.accounts.stored_account import StoredAccount
from app.backup.browser_content import BrowserContent
from app.backup.content import Backup, BackupKey, Part
from app.ca.catalog import find_ca
from app.errors import CertificateError, InputError, KeystayError, ProtocolError, RecordFaultError
from app.issuance.issuance import Issuance, State
from app.issuance.record import issuance_to_json
from app.issuance.record_checks import check_restored, thumbprints
from app.issuance.store import record_name
from app.issuance.workflow import Workflow
from app.pki.certificate import read_chain
from app.pki.certification_request import request_key
from app.ports import JsonRecord

_NOTHING_SUBMITTED: Final[tuple[State, ...]] = ("asked", "registered", "ordered", "proving", "verifying")
"""The states in which no certificate can exist for the key of an order."""


@dataclass(frozen=True)
class Change:
    """What is written for one entry of the file: its keys, with their names here, and its record."""

    keys: tuple[tuple[str, BackupKey], ...]
    account: StoredAccount | None = None
    issuance: Issuance | None = None

    @property
    def record(self) -> tuple[str, JsonRecord] | None:
        """The key in the store and the record, or None for a key that no record uses."""
        if self.account:
            return ACCOUNT_PREFIX + self.account.id, self.account.to_json()
        return (record_name(self.issuance.id), issuance_to_json(self.issuance)) if self.issuance else None


@dataclass(frozen=True)
class SkippedEntry:
    """An entry of the file that is not restored, and the `reason`. `position` counts the entries of its part from 1."""

    part: Part
    reason: KeystayError
    account: StoredAccount | None = None
    issuance: Issuance | None = None
    position: int = 0


@dataclass
class Plan:
    """What would be written (`changes`), what is here already, accounts without their key, and what is left out."""

    changes: list[Change] = field(default_factory=list)
    unchanged_accounts: list[StoredAccount] = field(default_factory=list)
    unchanged_issuances: list[Issuance] = field(default_factory=list)
    keyless: list[StoredAccount] = field(default_factory=list)
    skipped: list[SkippedEntry] = field(default_factory=list)


def plan_restore(workflow: Workflow, backup: Backup, browser: BrowserContent) -> Plan:
    """What restoring `backup` would do in a browser that holds `browser`, to which the changes are added."""
    planner = _Planner(workflow, backup, browser)
    planner.plan.skipped += [SkippedEntry(bad.part, bad.reason, position=bad.position) for bad in backup.unreadable]
    for account in backup.accounts:
        planner.add_account(account)
    for issuance in backup.issuances:
        planner.add_issuance(issuance)
    for key in backup.keys.values():
        planner.add_unused_key(key)
    return planner.plan


class _Planner:
    """Plans entry by entry. One that is refused raises `RecordFaultError` and is added to `plan.skipped`."""

    def __init__(self, workflow: Workflow, backup: Backup, browser: BrowserContent) -> None:
        self.plan = Plan()
        self._workflow = workflow
        self._now = workflow.ports.clock.now()
        self._backup = backup
        self._browser = browser
        self._ids: dict[str, str] = {}  # of accounts: the file's id → the one here
        self._thumbprints: dict[tuple[str, str], set[str]] = {}  # by directory and URL of an account
        self._seen: set[str] = set()  # ids of orders of the file
        self._used_names: set[str] = set()  # of keys, by records of the file

    def add_account(self, account: StoredAccount) -> None:
        names = [name for name in (account.key, account.next_key) if name]
        try:
            self._check_ca(account.ca, account.directory)
            if not account.url:
                raise RecordFaultError("account-not-made-yet")
            known = self._browser.usable_account(account.directory, account.url)
            if known:
                self._ids.setdefault(account.id, known.id)
                self.plan.unchanged_accounts.append(account)
            elif account.key not in self._backup.keys:
                self.plan.keyless.append(account)
            elif not self._used_names.isdisjoint(names):
                raise RecordFaultError("account-key-shared")
            else:
                self._add_new_account(account)
        except RecordFaultError as fault:
            self.plan.skipped.append(SkippedEntry("account", fault, account=account))
        self._used_names.update(names)

    def _add_new_account(self, account: StoredAccount) -> None:
        """Add the account as a new one, with an unused id and unused names for its keys."""
        id_ = self._browser.new_account_id(account.directory)
        name, next_name = self._browser.new_key_name(ACCOUNT_PREFIX + id_), ""
        keys = [(name, self._backup.keys[account.key])]
        if account.next_key and account.next_key in self._backup.keys:
            next_name = self._browser.new_key_name(f"{ACCOUNT_PREFIX}{id_} next")
            keys.append((next_name, self._backup.keys[account.next_key]))
        added = replace(
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
        self._browser.add_account(added)
        self._ids.setdefault(account.id, id_)
        prints = self._thumbprints.setdefault((added.directory, added.url), set())
        prints.update(key.thumbprint for _, key in keys)
        self.plan.changes.append(Change(tuple(keys), account=added))

    def add_issuance(self, issuance: Issuance) -> None:
        self._used_names.update((issuance.certificate_key, issuance.proof_key))
        try:
            self._check_issuance(issuance)
            change = self._change(issuance)
        except (RecordFaultError, ProtocolError) as fault:
            self.plan.skipped.append(SkippedEntry("order", fault, issuance=issuance))
            return
        if change:
            self.plan.changes.append(change)
        else:
            self.plan.unchanged_issuances.append(issuance)

    def _check_ca(self, ca: str, directory: str) -> None:
        """The CA must be in this page's list, with the same directory URL."""
        try:
            known = find_ca(self._workflow.authorities, ca, directory).directory == directory
        except InputError:
            known = False
        if not known:
            raise RecordFaultError("entry-of-an-unknown-ca")

    def _check_issuance(self, issuance: Issuance) -> None:
        self._check_ca(issuance.choices.ca, issuance.choices.directory)
        if issuance.id in self._seen:
            raise RecordFaultError("entry-twice")
        self._seen.add(issuance.id)
        check_restored(issuance, self._now)
        own = self._thumbprints.get((issuance.choices.directory, issuance.account_url))
        if issuance.state in ("proving", "verifying") and own and not thumbprints(issuance) <= own:
            raise RecordFaultError("order-publication-for-another-key")

    def _change(self, issuance: Issuance) -> Change | None:
        """What adds the order, or None where this browser has it in the same state or a later one."""
        if record_name(issuance.id) not in self._browser.records:
            return Change(self._keys_of(issuance, None), issuance=self._at_account(issuance))
        here = self._browser.issuances.get(issuance.id)
        if here is None:  # unreadable, perhaps of a newer version: it stays as it is
            return None
        if not _is_same_order(here, issuance):
            raise RecordFaultError("order-id-taken")
        if here.since < issuance.since:
            return Change(self._keys_of(issuance, here), issuance=self._at_account(issuance))
        return self._restored_key(here)

    def _restored_key(self, here: Issuance) -> Change | None:
        """The record stays. If its key is missing here, the file's key is added, provided it is the certificate's."""
        key = None if here.certificate_key in self._browser.keys else self._certificate_key(here)
        if key is None:
            return None
        return Change(((here.certificate_key, key),), issuance=replace(here, key_destroyed=0.0))

    def _at_account(self, issuance: Issuance) -> Issuance:
        """The order, with the account here that is the one in the file; without one, with the id of the CA's first."""
        choices = issuance.choices
        return replace(issuance, choices=replace(choices, account=self._ids.get(choices.account, choices.directory)))

    def _keys_of(self, issuance: Issuance, here: Issuance | None) -> tuple[tuple[str, BackupKey], ...]:
        """The keys to write for an order that is added; `here` is this browser's version of it."""
        certificate, proof = self._certificate_key(issuance), self._backup.keys.get(issuance.proof_key)
        keys = []
        if certificate and self._is_free(issuance.certificate_key, certificate, here):
            keys.append((issuance.certificate_key, certificate))
        if proof and proof.spec == "ec-p256" and issuance.proof_key not in self._browser.keys:
            keys.append((issuance.proof_key, proof))
        if any(self._browser.owners.get(name, record_name(issuance.id)) != record_name(issuance.id) for name, _ in keys):
            raise RecordFaultError("key-name-taken")
        return tuple(keys)

    def _is_free(self, name: str, key: BackupKey, here: Issuance | None) -> bool:
        """Whether to write `key` under `name`: not where it is there already. A key that may be needed is not replaced."""
        if name not in self._browser.keys:
            return True
        present = self._browser.keys[name]
        if present and present.public_spki == key.spki:
            return False
        if here and here.state in _NOTHING_SUBMITTED and present and present.extractable:
            return True
        raise RecordFaultError("key-name-of-another-key")

    def _certificate_key(self, issuance: Issuance) -> BackupKey | None:
        """The file's key for the certificate of `issuance`, if it fits. One that does not fit is left out."""
        key = self._backup.keys.get(issuance.certificate_key)
        if key is None:
            return None
        public = _public_key(issuance)
        if key.spki == public or (not public and key.spec == issuance.choices.key_spec):
            return key
        self.plan.skipped.append(SkippedEntry("key", RecordFaultError("key-not-of-this-certificate"), issuance=issuance))
        return None

    def add_unused_key(self, key: BackupKey) -> None:
        """Add a key that no record of the file uses under a new name, unless this browser has that key."""
        if key.name not in self._used_names and not self._browser.has_key(key.spki):
            name = self._browser.new_key_name(f"left-over {hashlib.sha256(key.spki).hexdigest()[:16]}")
            self.plan.changes.append(Change(((name, key),)))


def _is_same_order(here: Issuance, issuance: Issuance) -> bool:
    same_order = here.created == issuance.created and here.order_url in ("", issuance.order_url)
    ours, theirs = here.choices, issuance.choices
    return same_order and (ours.identifiers, ours.ca, ours.directory) == (theirs.identifiers, theirs.ca, theirs.directory)


def _public_key(issuance: Issuance) -> bytes:
    """The public key (DER) that the certificate of `issuance` has or will have, as far as the record says; else b""."""
    try:
        if issuance.certificate_pem:
            return read_chain(issuance.certificate_pem).certificate.public_spki
        return request_key(issuance.choices.csr_der) if issuance.choices.csr else b""
    except (CertificateError, InputError, ValueError) as error:  # of a record that is here
        raise RecordFaultError("stored-certificate-damaged") from error


def accounts_of(changes: Iterable[Change]) -> tuple[StoredAccount, ...]:
    """The accounts among `changes`."""
    return tuple(change.account for change in changes if change.account)


def issuances_of(changes: Iterable[Change]) -> tuple[Issuance, ...]:
    """The orders among `changes`."""
    return tuple(change.issuance for change in changes if change.issuance)
