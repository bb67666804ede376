"""Records and backups of the version before this one open here, with the same values, and are written back as they were.

`fixtures/records-393cc38.json` and `fixtures/backup-393cc38.keystay` were made by the code of commit 393cc38: it ordered at a
scripted CA, and each record that it saved was kept, with what that code read from it (`values`). The records of version 1 were
made by the code before commit d739d79, which knew no other version; `rewritten` is what 393cc38 made of them.
"""

import json
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from app.accounts.stored_account import StoredAccount, read_account
from app.backup.content import Backup, read_backup
from app.backup.restore import restore
from app.issuance.issuance import Issuance, State
from app.issuance.record import issuance_to_json, publication_to_json
from app.issuance.record_checks import read_checked
from tests.adapters import NativeCipher
from tests.unit.backups import PASSPHRASE
from tests.unit.scripted_ca import ScriptedCA
from tests.unit.visit import Visit

FIXTURES: Final = Path(__file__).parent / "fixtures"
FIXTURE: Final = json.loads((FIXTURES / "records-393cc38.json").read_text("utf-8"))
ORDERS: Final = FIXTURE["orders"]
ACCOUNTS: Final = FIXTURE["accounts"]
OLD_ORDERS: Final = FIXTURE["version 1"]["orders"]
OLD_ACCOUNTS: Final = FIXTURE["version 1"]["accounts"]


def as_json(record: object) -> Any:
    """What the store or a backup gives back of `record`."""
    return json.loads(json.dumps(record))


def values_of(issuance: Issuance) -> dict[str, Any]:
    """What the fixture has of an order as `values`."""
    window = issuance.window
    return {
        "state": issuance.state,
        "created": issuance.created,
        "since": issuance.since,
        "certificate_key": issuance.certificate_key,
        "proof_key": issuance.proof_key,
        "identifiers": [name.value for name in issuance.choices.identifiers],
        "kinds": list(issuance.choices.kinds),
        "publications": [publication_to_json(publication) for publication in issuance.publications],
        "proofs": [
            [
                proof.identifier.value,
                proof.status,
                proof.is_over,
                proof.is_unanswered,
                proof.can_be_answered_again,
                issuance.kind_of(proof),
            ]
            for proof in issuance.proofs_as_typed
        ],
        "problem": issuance.problem.full_detail if issuance.problem else None,
        "window": [window.start, window.end, window.explanation_url, window.asked] if window else None,
    }


def account_values(account: StoredAccount) -> dict[str, Any]:
    """What the fixture has of an account as `values`."""
    return {
        "id": account.id,
        "directory": account.directory,
        "key": account.key,
        "url": account.url,
        "next_key": account.next_key,
        "extractable": account.extractable,
        "made": account.made,
        "used": account.used,
        "contact": list(account.contact),
        "terms": account.terms,
        "restored": account.restored,
        "must_be_chosen": account.must_be_chosen,
    }


def test_fixture_has_an_order_in_every_state() -> None:
    assert {entry["values"]["state"] for entry in ORDERS.values()} == set(get_args(State))


@pytest.mark.parametrize("entry", ORDERS.values(), ids=list(ORDERS))
def test_order_of_the_version_before_opens_and_is_written_back_as_it_was(entry: dict[str, Any]) -> None:
    issuance = read_checked(entry["record"])
    assert as_json(values_of(issuance)) == entry["values"]
    assert as_json(issuance_to_json(issuance)) == entry["record"]
    assert list(issuance_to_json(issuance)) == list(entry["record"])


@pytest.mark.parametrize("entry", OLD_ORDERS.values(), ids=list(OLD_ORDERS))
def test_order_of_version_1_opens_and_becomes_one_of_version_2(entry: dict[str, Any]) -> None:
    issuance = read_checked(entry["record"])
    assert as_json(values_of(issuance)) == entry["values"]
    assert as_json(issuance_to_json(issuance)) == entry["rewritten"]


@pytest.mark.parametrize("entry", ACCOUNTS.values(), ids=list(ACCOUNTS))
def test_account_of_the_version_before_opens_and_is_written_back_as_it_was(entry: dict[str, Any]) -> None:
    account = read_account(entry["record"])
    assert account_values(account) == entry["values"]
    assert as_json(account.to_json()) == entry["record"]
    assert list(account.to_json()) == list(entry["record"])


@pytest.mark.parametrize("entry", OLD_ACCOUNTS.values(), ids=list(OLD_ACCOUNTS))
def test_account_of_version_1_opens_and_becomes_one_of_version_2(entry: dict[str, Any]) -> None:
    account = read_account(entry["record"])
    assert account_values(account) == entry["values"]
    assert as_json(account.to_json()) == entry["rewritten"]


async def old_backup() -> Backup:
    """The backup that 393cc38 made."""
    return await read_backup(NativeCipher(), (FIXTURES / "backup-393cc38.keystay").read_bytes(), PASSPHRASE)


async def test_backup_of_the_version_before_opens_with_the_passphrase() -> None:
    backup, expected = await old_backup(), FIXTURE["backup"]
    assert [as_json(account.to_json()) for account in backup.accounts] == expected["accounts"]
    assert [as_json(issuance_to_json(issuance)) for issuance in backup.issuances] == expected["issuances"]
    assert {key.name: key.thumbprint for key in backup.keys.values()} == expected["keys"]
    assert (list(backup.left_behind), backup.unreadable) == (expected["left_behind"], ())
    assert list(backup.to_json()) == ["accounts", "issuances", "keys", "left_behind"]
    assert {tuple(entry) for entry in backup.to_json()["keys"]} == {("name", "spec", "spki", "pkcs8")}


async def test_backup_of_the_version_before_is_restored_as_that_version_would() -> None:
    visit, expected = Visit(ca=ScriptedCA("shop.example")), FIXTURE["backup"]["restored"]
    came = await restore(visit.workflow, await old_backup())
    assert {
        "accounts": [account.id for account in came.accounts],
        "issuances": [issuance.id for issuance in came.issuances],
        "stuck": [issuance.id for issuance in came.blocked_issuances],
        "left_out": [[entry.part, entry.position] for entry in came.skipped],
        "keys": came.keys,
    } == expected
    for issuance in came.issuances:
        assert (await visit.ports.keys.load(issuance.certificate_key) is not None) == (issuance.id != "every-kind")
